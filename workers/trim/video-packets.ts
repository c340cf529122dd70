/** Reads the packets a cut needs into a table: from a random access point before the window to the last frame of it. */
import type { EncodedPacket } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { cleanAccessUnit, parameterSetsOf, setKey, splitNalUnits, type ParameterSets } from './h264.ts';
import type { PlanPacket } from './plan.ts';
import type { VideoSource } from './source.ts';

export interface VideoPacket extends PlanPacket {
  readonly durationTicks: number;
  /** Coded picture data with four-byte NAL lengths and nothing else. */
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface VideoTable {
  readonly packets: readonly VideoPacket[];
  /** Parameter sets in force where the table begins. */
  readonly sets: ParameterSets;
  /** Every parameter set seen, for choosing an id that none of them uses. */
  readonly seen: ParameterSets;
  readonly seiMessages: number;
}

/**
 * A frame is presented at most 16 frames later than it is decoded (H.264 §A.3.1 bounds max_num_reorder_frames by
 * MaxDpbFrames, 16), 32 where each field is a packet: behind this many packets past the window nothing of it follows.
 */
const LONGEST_REORDERING = 32;
const LONGEST_SEARCH = 64;

/** Half-open window test in whole microseconds, so that a time printed with six digits means the frame it was printed for. */
export const windowTest = (from: number, to: number): ((seconds: number) => 'before' | 'inside' | 'after') => {
  const first = Math.round(from * 1e6);
  const end = Math.round(to * 1e6);
  return (seconds) => {
    const at = Math.round(seconds * 1e6);
    return at < first ? 'before' : at < end ? 'inside' : 'after';
  };
};

/** `onPacket` is awaited after each packet with its presentation time, for progress and for what is read in step. */
export const readVideoTable = async (
  video: VideoSource,
  from: number,
  to: number,
  onPacket: (timestamp: number) => Promise<void> | void,
): Promise<Result<VideoTable, TrimRefusal>> => {
  const { sink, timescale, configuration } = video;
  const place = windowTest(from, to);
  const start = await findStart(video, from);
  if (!start) return failure('nothing-in-window', 'This recording holds no frames.');
  const lengthSize = configuration?.lengthSize ?? null;

  const firstUnits = splitNalUnits(start.data, lengthSize);
  const sets: ParameterSets = configuration ?? parameterSetsOf(firstUnits ?? []);
  if (sets.sps.length === 0 || sets.pps.length === 0) {
    return failure('damaged', 'The recording’s H.264 parameter sets are missing where the cut would begin.');
  }
  const known = new Set([...sets.sps, ...sets.pps].map(setKey));
  const seen = { sps: [...sets.sps], pps: [...sets.pps] };
  const packets: VideoPacket[] = [];
  let seiMessages = 0;
  let behind = 0;
  for await (const packet of sink.packets(start)) {
    const units = splitNalUnits(packet.data, lengthSize);
    const ticks = Math.round(packet.timestamp * timescale);
    const where = place(packet.timestamp);
    if (!units) {
      if (where === 'inside')
        return failure('damaged-in-window', `The picture at ${packet.timestamp.toFixed(3)} s is damaged.`);
      continue;
    }
    const inBand = parameterSetsOf(units);
    seen.sps.push(...inBand.sps);
    seen.pps.push(...inBand.pps);
    const clean = cleanAccessUnit(units, known);
    seiMessages += clean.seiMessages;
    if (clean.slices === 0) continue;
    if (where === 'after' && clean.access === 'clean') break;
    packets.push({
      ticks,
      durationTicks: Math.max(1, Math.round(packet.duration * timescale)),
      belongs: where === 'inside' && ticks >= 0 && ticks < video.endTicks,
      access: clean.access,
      data: clean.data,
    });
    if (where === 'after' && ++behind > LONGEST_REORDERING) break;
    await onPacket(packet.timestamp);
  }
  return ok({ packets, sets, seen, seiMessages });
};

/** The last packet at or before `from` where a decoder may really start; the first packet when none is found. */
const findStart = async (
  { sink, configuration, timescale }: VideoSource,
  from: number,
): Promise<EncodedPacket | null> => {
  let at = from;
  for (let step = 0; step < LONGEST_SEARCH; step++) {
    const candidate = await sink.getKeyPacket(at);
    if (!candidate) break;
    const units = splitNalUnits(candidate.data, configuration?.lengthSize ?? null);
    if (units && cleanAccessUnit(units, new Set()).access !== 'none') return candidate;
    at = candidate.timestamp - 1 / timescale;
  }
  return sink.getFirstPacket();
};
