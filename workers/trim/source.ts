/** Opens a recording for cutting: its tracks, its timeline, its parameter sets; or a named refusal. Reads byte ranges only. */
import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { parseAvcC, type AvcConfiguration } from './h264.ts';
import { readSourceFacts, type SourceFacts, type TrackFacts } from './source-facts.ts';

export interface OpenSource {
  readonly input: Input;
  readonly video: VideoSource;
  /** The default audio track, or null. */
  readonly audio: InputAudioTrack | null;
  /** Facts of the container, null for containers that are not ISO base media. */
  readonly facts: SourceFacts | null;
  /** Bytes read so far. */
  bytesRead(): number;
}

export interface VideoSource {
  readonly track: InputVideoTrack;
  readonly sink: EncodedPacketSink;
  readonly timescale: number;
  /** `avcC` of the source, or null when its parameter sets come with the pictures (Annex B). */
  readonly configuration: AvcConfiguration | null;
  readonly facts: TrackFacts | null;
  /** First tick that the source's edit list no longer presents; Infinity without one. */
  readonly endTicks: number;
}

/** Opens the recording. The caller disposes `input`. */
export const openSource = async (source: Blob): Promise<Result<OpenSource, TrimRefusal>> => {
  if (source.size === 0) return failure('empty-file', 'This file is empty: it has no bytes at all.');
  // Slices, not streams: a stream reads ahead of what is asked for, twice the window's bytes when this was measured.
  const blobSource = new BlobSource(source, { useStreamReader: false });
  let bytesRead = 0;
  blobSource.on('read', ({ start, end }) => {
    bytesRead += end - start;
  });
  const input = new Input({ source: blobSource, formats: ALL_FORMATS });
  const opened = await openTracks(input, source, () => bytesRead);
  if (!opened.ok) input.dispose();
  return opened;
};

const openTracks = async (
  input: Input,
  source: Blob,
  bytesRead: () => number,
): Promise<Result<OpenSource, TrimRefusal>> => {
  if (!(await input.canRead())) return failure('not-a-video', 'This file is not a video that can be read here.');
  const track = await mainTrack(await input.getVideoTracks());
  if (!track) return failure('no-video-track', 'This file holds no video that can be read here.');
  const facts = await readSourceFacts(source);
  const own = facts?.tracks.find((candidate) => candidate.id === track.id) ?? null;
  if (own?.sampleEntries.some((entry) => entry === 'encv')) {
    return failure('encrypted', 'This recording is encrypted by its maker; it cannot be cut.');
  }
  if (own && own.sampleEntries.length > 1) {
    return failure('unsupported-structure', 'This recording changes its format midway; it cannot be cut yet.');
  }
  const edits = own?.edits.filter((edit) => edit.mediaTime >= 0) ?? [];
  if (edits.length > 1) {
    return failure(
      'unsupported-structure',
      'This recording is edited together from several pieces; it cannot be cut yet.',
    );
  }
  const codec = await track.getCodec();
  if (codec !== 'avc') {
    return failure(
      'unsupported-codec',
      `Only H.264 video can be cut so far; this recording is ${codec ?? 'of an unknown codec'}.`,
    );
  }
  const config = await track.getDecoderConfig();
  if (!config) return failure('damaged', 'The recording does not say how its video is coded.');
  const configuration = config.description ? parseAvcC(bytesOf(config.description)) : null;
  if (config.description && !configuration)
    return failure('damaged', 'The recording’s H.264 configuration is damaged.');
  const timescale = Math.round(await track.getTimeResolution());
  return ok({
    input,
    video: {
      track,
      sink: new EncodedPacketSink(track),
      timescale,
      configuration,
      facts: own,
      endTicks: editEnd(edits[0], facts, timescale, own),
    },
    audio: await mainTrack(await input.getAudioTracks()),
    facts,
    bytesRead,
  });
};

/** The first track in the file that is marked as default and whose codec is known; else the first known; a cover picture is neither. */
const mainTrack = async <Track extends InputTrack>(tracks: readonly Track[]): Promise<Track | null> => {
  let first: Track | null = null;
  for (const track of tracks) {
    if ((await track.getCodec()) === null) continue;
    if ((await track.getDisposition()).default) return track;
    first ??= track;
  }
  return first ?? tracks[0] ?? null;
};

/** The edit's end on the track's presentation timeline: empty edits before it, then its own duration. 0 means to the end (fragmented files). */
const editEnd = (
  edit: TrackFacts['edits'][number] | undefined,
  facts: SourceFacts | null,
  timescale: number,
  track: TrackFacts | null,
): number => {
  if (!edit || edit.duration === 0 || !facts || !track) return Infinity;
  const empty = track.edits.slice(0, track.edits.indexOf(edit)).reduce((sum, { duration }) => sum + duration, 0);
  return Math.round(((empty + edit.duration) * timescale) / facts.movieTimescale);
};

/** The bytes of a decoder configuration, which WebCodecs types as any buffer source. */
export const bytesOf = (source: AllowSharedBufferSource): Uint8Array =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
