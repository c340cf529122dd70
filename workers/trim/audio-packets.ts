/** Opens a recording's sound: kept bit for bit where the clip has a place for it, coded anew where it has none. */
import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type EncodedPacket,
  type InputAudioTrack,
} from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { guarded } from '../../src/core/guarded-source.ts';
import { listSound, transcodeSound, type CoreSound } from './audio-core.ts';
import { gatherFrames, gatherPackets, type AudioCut, type SoundGatherer, type SoundWindow } from './audio-cut.ts';
import { soundFormat, type SoundFormat } from './audio-format.ts';
import { readMpegAudioHeader } from './audio-headers.ts';
import { matroskaCodecDelay } from './audio-matroska.ts';
import { announcesSound } from './audio-ts.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { foreignKind } from './foreign.ts';
import type { SourceFacts } from './source-facts.ts';
import { bytesOf } from './bytes-of.ts';

export type { AudioCut } from './audio-cut.ts';

/** Reads sound in step with the picture: in an interleaved file each stretch of bytes is then read once. */
export interface AudioReader {
  /** Reads on up to `time` (seconds). */
  readUntil(time: number): Promise<void>;
  /** Reads the rest. Null when no sound lies wholly inside the window. */
  finish(): Promise<AudioCut | null>;
  /** What became of the sound, for a person: said when it was coded anew or could not be read. */
  readonly removed: readonly string[];
}

export interface AudioOrigin {
  readonly core: FfmpegCore;
  /** The recording itself; its ffprobe timeline is the one that the window is on. */
  readonly source: Blob;
  readonly target: 'mp4' | 'webm';
  /** Facts of the container, null for containers that are not ISO base media. */
  readonly facts: SourceFacts | null;
}

/**
 * The sound of the window. `track` is null when mediabunny shows none: then FFmpeg is asked where there may be some. Plain samples
 * and G.711 are cut to the sample, other kinds to whole packets; what is coded anew, to the sample.
 */
export const openAudio = async (
  track: InputAudioTrack | null,
  from: number,
  to: number,
  origin: AudioOrigin,
): Promise<Result<AudioReader, TrimRefusal>> => {
  const isOwnClock = (await foreignKind(origin.source))?.startsWith('MPEG') === true;
  const window = {
    ...{ from, to, shownFrom: isOwnClock ? -Infinity : 0 },
    shownUntil: track ? shownUntil(track, origin.facts) : Infinity,
  };
  if (!track) return openHidden(origin, window);
  const codec = String((await track.getCodec()) ?? (await track.getInternalCodecId()));
  if (codec === 'enca') {
    return failure('encrypted', 'The sound of this recording is encrypted by its maker; cut it without sound.');
  }
  const rate = await track.getSampleRate();
  const channels = await track.getNumberOfChannels();
  const sound = { ...origin, stream: await streamOf(track, origin.facts) };
  if (changesMidway(track, origin)) return openTranscoded(sound, window, { codec, rate, channels });
  const config = await track.getDecoderConfig();
  const timescale = await track.getTimeResolution();
  const delay = origin.facts
    ? 0
    : Math.round((await matroskaCodecDelay(origin.source, track.id)) * timescale) / timescale;
  const sink = new EncodedPacketSink(track);
  const start = (await sink.getPacket(from + delay)) ?? (await sink.getFirstPacket());
  if (!start) return ok(silence([]));
  const description = config?.description ? bytesOf(config.description) : null;
  const format = soundFormat({ codec, channels, rate, description, packet: start.data });
  if (format && fits(format, origin.target)) {
    return ok(readPackets(sink, start, delay, format, window, timescale));
  }
  // A codec that mediabunny has no name for may be one that a clip can keep all the same: FFmpeg says which.
  const known = format !== null || (await track.getCodec()) !== null;
  if (!known) return openListed(sound, window);
  const named = readMpegAudioHeader(start.data)?.layer === 2 && codec === 'mp3' ? 'mp2' : codec;
  return openTranscoded(sound, window, { codec: named, rate, channels });
};

const fits = (format: SoundFormat, target: AudioOrigin['target']): boolean =>
  (target === 'webm' ? format.webm : format.sampleEntry) !== null;

const gatherer = (format: SoundFormat, window: SoundWindow, timescale: number): SoundGatherer =>
  format.pcm ? gatherFrames(format, format.pcm, window) : gatherPackets(format, window, Math.round(timescale));

/** Where the source's edit list ends the track: empty edits before it, then its own duration. */
const shownUntil = (track: InputAudioTrack, facts: SourceFacts | null): number => {
  const edits = facts?.tracks.find(({ id }) => id === track.id)?.edits ?? [];
  const media = edits.findIndex(({ mediaTime }) => mediaTime >= 0);
  const edit = edits[media];
  if (!facts || !edit || edit.duration === 0) return Infinity;
  return edits.slice(0, media + 1).reduce((sum, { duration }) => sum + duration, 0) / facts.movieTimescale;
};

/** More than one sample description: mediabunny does not tell which packets are under which. */
const changesMidway = (track: InputAudioTrack, { facts }: AudioOrigin): boolean =>
  (facts?.tracks.find(({ id }) => id === track.id)?.sampleEntries.length ?? 1) > 1;

/** FFmpeg knows tracks of MP4 and MPEG-TS by the same numbers as mediabunny; those of other containers by their order. */
const streamOf = async (track: InputAudioTrack, facts: SourceFacts | null): Promise<string> => {
  const numbered = facts !== null || (await track.input.getFormat()).name === 'MPEG Transport Stream';
  return numbered ? `0:i:${track.id}` : `0:a:${track.number - 1}`;
};

const readPackets = (
  sink: EncodedPacketSink,
  start: EncodedPacket,
  delay: number,
  format: SoundFormat,
  window: SoundWindow,
  timescale: number,
): AudioReader => {
  const gather = gatherer(format, window, timescale);
  let next: EncodedPacket | null = start;
  const readUntil = async (time: number): Promise<void> => {
    while (next && next.timestamp - delay < time) {
      const { data, timestamp, duration }: EncodedPacket = next;
      const following: EncodedPacket | null = timestamp - delay < window.to ? await sink.getNextPacket(next) : null;
      // The last packet of a Matroska cluster comes without a duration.
      const lasts = duration || (format.seconds(data) ?? Math.max(0, (following?.timestamp ?? timestamp) - timestamp));
      gather.offer({ data, at: timestamp - delay, duration: lasts });
      next = following;
    }
  };
  return {
    readUntil,
    finish: async () => {
      await readUntil(window.to);
      return gather.cut();
    },
    removed: [],
  };
};

const silence = (removed: readonly string[]): AudioReader => holding(null, removed);

const holding = (cut: AudioCut | null, removed: readonly string[]): AudioReader => ({
  readUntil: async () => undefined,
  finish: async () => cut,
  removed,
});

/** Sound that mediabunny does not show: a track without a description, or one of another container or transport. */
const openHidden = async (origin: AudioOrigin, window: SoundWindow): Promise<Result<AudioReader, TrimRefusal>> => {
  if (origin.facts) {
    const nameless = origin.facts.tracks.some(({ handler }) => handler === 'soun');
    return ok(silence(nameless ? ['sound: the recording does not say how it is coded'] : []));
  }
  if ((await hasReadableContainer(origin.source)) && !(await announcesSound(origin.source))) return ok(silence([]));
  return openListed({ ...origin, stream: '0:a:0' }, window);
};

const hasReadableContainer = async (source: Blob): Promise<boolean> => {
  using input = new Input({ source: guarded(new BlobSource(source)), formats: ALL_FORMATS });
  return await input.canRead();
};

/** By way of FFmpeg's list of packets: kept when it is of a kind that can be, else coded anew. */
const openListed = async (
  sound: CoreSound & AudioOrigin,
  window: SoundWindow,
): Promise<Result<AudioReader, TrimRefusal>> => {
  const listed = await listSound(sound, window);
  if (!listed.ok) return listed;
  const [first] = listed.value?.packets ?? [];
  if (!listed.value || !first) return ok(silence([]));
  const format = soundFormat({ ...listed.value, packet: first.data });
  if (!format || !fits(format, sound.target)) return openTranscoded(sound, window, listed.value);
  const gather = gatherer(format, window, listed.value.timescale);
  for (const packet of listed.value.packets) {
    gather.offer({ ...packet, duration: packet.duration || (format.seconds(packet.data) ?? 0) });
  }
  return ok(holding(gather.cut(), []));
};

const openTranscoded = async (
  sound: CoreSound & AudioOrigin,
  window: SoundWindow,
  { codec, rate, channels }: { readonly codec: string; readonly rate: number; readonly channels: number },
): Promise<Result<AudioReader, TrimRefusal>> => {
  const cut = await transcodeSound(sound, window, { target: sound.target, rate, channels });
  if (!cut.ok) return cut;
  const into = sound.target === 'webm' ? 'Opus' : 'AAC';
  return ok(holding(cut.value, cut.value ? [`the sound’s ${codec} coding: coded anew as ${into}`] : []));
};
