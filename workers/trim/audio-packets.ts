/** Reads the audio packets that lie wholly inside the window and describes them for the clip. */
import { EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { ClipSample } from './mp4-writer.ts';
import { readAdts, withoutLeadingFill } from './aac.ts';
import { aacSampleEntry } from './sample-entries.ts';
import { bytesOf } from './source.ts';

export interface AudioCut {
  readonly timescale: number;
  readonly sampleEntry: Bytes;
  /** Ticks count from the first sample. Never empty. */
  readonly samples: readonly ClipSample[];
  readonly endTicks: number;
  /** Presentation time of the first sample on the source's timeline, in seconds. */
  readonly startsAt: number;
}

/** Reads sound in step with the picture: in an interleaved file each stretch of bytes is then read once. */
export interface AudioReader {
  /** Reads on up to `time` (seconds). */
  readUntil(time: number): Promise<void>;
  /** Reads the rest. Null when no packet lies wholly inside the window. */
  finish(): Promise<AudioCut | null>;
}

/** A packet belongs iff `from ≤ start` and `end ≤ to`, in whole microseconds. */
export const openAudio = async (
  track: InputAudioTrack,
  from: number,
  to: number,
): Promise<Result<AudioReader, TrimRefusal>> => {
  const codec = await track.getCodec();
  const config = await track.getDecoderConfig();
  const sink = new EncodedPacketSink(track);
  const start = (await sink.getPacket(from)) ?? (await sink.getFirstPacket());
  const framing = start && config && !config.description ? readAdts(start.data) : null;
  const specific = config?.description ? bytesOf(config.description) : framing?.audioSpecificConfig;
  if (codec !== 'aac' || !config || !specific) {
    return failure(
      'unsupported-audio',
      `Only AAC sound can be kept so far; this recording has ${codec ?? 'sound of an unknown kind'}. Cut it without sound.`,
    );
  }
  const timescale = Math.round(await track.getTimeResolution());
  const first = Math.round(from * 1e6);
  const end = Math.round(to * 1e6);
  const kept: { readonly data: Uint8Array; readonly at: number; readonly duration: number }[] = [];
  let next = start;

  const readUntil = async (time: number): Promise<void> => {
    while (next && next.timestamp < time) {
      const startsAt = Math.round(next.timestamp * 1e6);
      const endsAt = Math.round((next.timestamp + next.duration) * 1e6);
      if (next.timestamp >= 0 && startsAt >= first && endsAt <= end) {
        const data = withoutLeadingFill(next.data.subarray(framing?.bytes ?? 0));
        kept.push({ data, at: next.timestamp, duration: next.duration });
      }
      next = endsAt < end ? await sink.getNextPacket(next) : null;
    }
  };

  return ok({
    readUntil,
    finish: async () => {
      await readUntil(to);
      const [earliest] = kept;
      const latest = kept.at(-1);
      if (!earliest || !latest) return null;
      const ticks = (seconds: number): number => Math.round(seconds * timescale);
      return {
        timescale,
        sampleEntry: aacSampleEntry(config.numberOfChannels, config.sampleRate, specific),
        samples: kept.map(({ data, at }) => ({ data, ticks: ticks(at) - ticks(earliest.at), sync: true })),
        endTicks: ticks(latest.at) - ticks(earliest.at) + Math.max(1, ticks(latest.duration)),
        startsAt: earliest.at,
      };
    },
  });
};
