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
import { guarded } from '../../src/core/guarded-source.ts';
import type { ForeignKind } from './foreign.ts';
import type { PacketTimes } from './packet-times.ts';
import { fragmentTimes } from './fragment-times.ts';
import { readSourceFacts, type SourceFacts, type TrackFacts } from './source-facts.ts';
import { streamOpener, type OpenStream } from './stream-opener.ts';

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

/** A recording opened for cutting. */
export interface Recording {
  readonly blob: Blob;
  readonly opened: OpenSource;
  /** Set when mediabunny cannot read the recording itself: `opened` is then a coarse copy of the window, without sound, read from `startAt` seconds. */
  readonly foreign: { readonly kind: ForeignKind; readonly startAt: number } | null;
}

export interface VideoSource {
  readonly track: InputVideoTrack;
  /** Position among the file's video tracks, from 0. */
  readonly index: number;
  readonly sink: EncodedPacketSink;
  readonly timescale: number;
  /**
   * Opens the track's pictures from a packet where decoding may begin. Null when the track cannot be copied from: its codec has no
   * place in a clip, or its format changes midway; then its window is encoded anew as a whole.
   */
  readonly openStream: OpenStream | null;
  readonly facts: TrackFacts | null;
  /** Frames at negative times are shown: nothing but an edit list hides frames before 0, and only of what is not in fragments. */
  readonly showsBeforeZero: boolean;
  /** Seconds by which players show frames earlier than mediabunny times them; see `timelineShift`. */
  readonly shift: number;
  /** Where the container leaves the times to the order of the pictures: when each packet is shown. Null where packets say it. */
  readonly times: PacketTimes | null;
  /** First tick that the source's edit list no longer presents; Infinity without one. */
  readonly endTicks: number;
}

/** Opens the recording. The caller disposes `input`. */
export const openSource = async (source: Blob): Promise<Result<OpenSource, TrimRefusal>> => {
  if (source.size === 0) return failure('empty-file', 'This file is empty: it has no bytes at all.');
  // Slices, not streams: a stream reads ahead of what is asked for, twice the window's bytes when this was measured.
  const blobSource = guarded(new BlobSource(source, { useStreamReader: false }));
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
  const facts = await readSourceFacts(source);
  const pictures = facts?.tracks.filter(({ handler }) => handler === 'vide') ?? [];
  if (pictures.length > 0 && pictures.every(({ sampleEntries }) => sampleEntries.includes('encv'))) {
    return failure('encrypted', 'This recording is encrypted by its maker; it cannot be cut.');
  }
  // Readers believe such an index, and are busy for minutes or out of memory before they find out.
  if (facts?.tracks.some(({ claimed }) => claimed > source.size) === true) {
    return failure(
      'damaged',
      'This recording’s index is damaged: it speaks of more pictures or sound than the file has bytes.',
    );
  }
  const track = await mainTrack(await input.getVideoTracks());
  if (!track) return failure('no-video-track', 'This file holds no video that can be read here.');
  const own = facts?.tracks.find((candidate) => candidate.id === track.id) ?? null;
  if (own?.sampleEntries.some((entry) => entry === 'encv')) {
    return failure('encrypted', 'This recording is encrypted by its maker; it cannot be cut.');
  }
  const edits = own?.edits.filter((edit) => edit.mediaTime >= 0) ?? [];
  const isOnePiece = (own?.sampleEntries.length ?? 1) === 1 && edits.length < 2;
  const sink = new EncodedPacketSink(track);
  const openStream = isOnePiece ? await streamOpener(track, sink) : null;
  const timescale = Math.round(await track.getTimeResolution());
  const times = facts && own ? await fragmentTimes(source, facts, own) : null;
  return ok({
    input,
    video: {
      track,
      index: (await input.getVideoTracks()).indexOf(track),
      sink,
      timescale,
      openStream,
      facts: own,
      showsBeforeZero: edits.length === 0 || facts?.hasMovieClock === false || facts?.isFragmented === true,
      shift: times ? 0 : await shiftOf(sink, facts, own, edits[0]),
      times,
      endTicks: editEnd(edits[0], facts, timescale, own),
    },
    audio: await defaultTrack(await input.getAudioTracks()),
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

/** The first track in the file that is marked as default, whatever its codec; else the first. */
const defaultTrack = async <Track extends InputTrack>(tracks: readonly Track[]): Promise<Track | null> => {
  for (const track of tracks) if ((await track.getDisposition()).default) return track;
  return tracks[0] ?? null;
};

/** The edit's end on the track's presentation timeline: empty edits before it, then its own duration. 0 means to the end; of fragments players show all. */
const editEnd = (
  edit: TrackFacts['edits'][number] | undefined,
  facts: SourceFacts | null,
  timescale: number,
  track: TrackFacts | null,
): number => {
  if (!edit || edit.duration === 0 || !facts || facts.isFragmented || !track) return Infinity;
  const seconds = emptyBefore(edit, facts, track) + edit.duration / facts.movieTimescale;
  return Math.round(seconds * timescale);
};

/** Seconds of empty edits before the media. */
const emptyBefore = (
  edit: TrackFacts['edits'][number] | undefined,
  facts: SourceFacts | null,
  track: TrackFacts | null,
): number => {
  if (!edit || !facts || !track) return 0;
  const empty = track.edits.slice(0, track.edits.indexOf(edit)).reduce((sum, { duration }) => sum + duration, 0);
  return empty / facts.movieTimescale;
};

/** FFmpeg applies edits to the samples of the movie box only, and moves fragments so that no frame comes before its decoding. */
const shiftOf = async (
  sink: EncodedPacketSink,
  facts: SourceFacts | null,
  track: TrackFacts | null,
  edit: TrackFacts['edits'][number] | undefined,
): Promise<number> => {
  if (!facts || !track) return 0;
  // mediabunny has applied what players ignore.
  if (!facts.hasMovieClock) return edit ? -edit.mediaTime / track.timescale : 0;
  if (facts.isFragmented) return (facts.earliestOffsets.get(track.id) ?? 0) / track.timescale;
  return edit ? timelineShift(sink, emptyBefore(edit, facts, track)) : 0;
};

/** Frames that may come before the first one shown, in decode order. */
const LONGEST_PREROLL = 600;

/**
 * An edit that begins inside a frame: players leave that frame out and begin with the next one, at once (FFmpeg's
 * `mov_fix_index`). `begin` is where the edit begins on the track's timeline, in seconds.
 */
const timelineShift = async (sink: EncodedPacketSink, begin: number): Promise<number> => {
  let first = Infinity;
  let behind = 0;
  let read = 0;
  for await (const { timestamp } of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (timestamp >= begin - 1e-6) {
      first = Math.min(first, timestamp);
      behind++;
    }
    if (behind > 32 || ++read > LONGEST_PREROLL) break;
  }
  return Number.isFinite(first) ? Math.max(0, first - begin) : 0;
};
