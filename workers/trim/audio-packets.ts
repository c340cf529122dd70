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

/** Null when no packet lies wholly inside. A packet belongs iff `from ≤ start` and `end ≤ to`, in whole microseconds. */
export const readAudio = async (
  track: InputAudioTrack,
  from: number,
  to: number,
): Promise<Result<AudioCut | null, TrimRefusal>> => {
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
  if (!start) return ok(null);
  const samples: ClipSample[] = [];
  let startsAt = 0;
  let startTicks = 0;
  let endTicks = 0;
  for await (const packet of sink.packets(start)) {
    if (Math.round(packet.timestamp * 1e6) >= end) break;
    if (packet.timestamp < 0 || Math.round(packet.timestamp * 1e6) < first) continue;
    if (Math.round((packet.timestamp + packet.duration) * 1e6) > end) break;
    const ticks = Math.round(packet.timestamp * timescale);
    if (samples.length === 0) {
      startsAt = packet.timestamp;
      startTicks = ticks;
    }
    samples.push({
      data: withoutLeadingFill(packet.data.subarray(framing?.bytes ?? 0)),
      ticks: ticks - startTicks,
      sync: true,
    });
    endTicks = ticks - startTicks + Math.max(1, Math.round(packet.duration * timescale));
  }
  if (samples.length === 0) return ok(null);
  const sampleEntry = aacSampleEntry(config.numberOfChannels, config.sampleRate, specific);
  return ok({ timescale, sampleEntry, samples, endTicks, startsAt });
};
