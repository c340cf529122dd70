/** The cut as a pure decision: which packets are copied, which frames are re-encoded, and what must be decoded for that. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimMode } from '../../src/contracts/trim-api.ts';

/**
 * Where a decoder may start. `clean`: nothing after it in decode order needs or precedes anything before it (H.264 IDR).
 * `open`: frames presented at or after it decode, those presented before it may not (recovery point, open GOP).
 */
export type RandomAccess = 'clean' | 'open' | 'none';

/** One coded frame; tables are in decode order. */
export interface PlanPacket {
  /** Presentation time in track ticks. */
  readonly ticks: number;
  /** Inside the window and inside the presented part of the source. */
  readonly belongs: boolean;
  readonly access: RandomAccess;
}

/** Frames to decode and encode anew. Indices into the packet table. */
export interface ReencodeSegment {
  /** Decode `[decodeFrom, decodeTo)` in decode order. */
  readonly decodeFrom: number;
  readonly decodeTo: number;
  /** The frames kept, in presentation order. */
  readonly frames: readonly number[];
}

export interface CutPlan {
  readonly head: ReencodeSegment | null;
  /** Packets copied as they are: `[from, to)` in decode order. */
  readonly body: { readonly from: number; readonly to: number } | null;
  readonly tail: ReencodeSegment | null;
}

/** Every frame the plan keeps, in presentation order. */
export const keptFrames = (packets: readonly PlanPacket[], plan: CutPlan): readonly number[] => {
  const kept = [...(plan.head?.frames ?? []), ...(plan.tail?.frames ?? [])];
  if (plan.body) for (let index = plan.body.from; index < plan.body.to; index++) kept.push(index);
  return kept.sort((a, b) => ticksAt(packets, a) - ticksAt(packets, b));
};

/**
 * Plans a cut over one track's packet table. The table must hold every frame that belongs, every packet from a random
 * access point at or before the first of them, and the packets between.
 *
 * - `exact`: head + body + tail are exactly the frames that belong;
 * - `original`: body alone, or `no-keyframe-in-window`;
 * - `redacted`: everything that belongs is re-encoded, as head.
 */
export const planCut = (
  packets: readonly PlanPacket[],
  mode: TrimMode,
): Result<CutPlan, 'nothing-in-window' | 'no-keyframe-in-window'> => {
  const inside = packets.flatMap((packet, index) => (packet.belongs ? [index] : []));
  if (inside.length === 0) return failure('nothing-in-window', 'No frame of this recording lies in the window.');
  if (mode === 'redacted') return ok({ head: segment(packets, inside), body: null, tail: null });

  const body = planBody(packets);
  if (mode === 'original') {
    return body
      ? ok({ head: null, body, tail: null })
      : failure('no-keyframe-in-window', 'No part of this window can be shown from the camera’s own bits alone.');
  }
  if (!body) return ok({ head: segment(packets, inside), body: null, tail: null });
  const before = inside.filter((index) => index < body.from);
  const after = inside.filter((index) => index >= body.to);
  return ok({
    head: before.length > 0 ? segment(packets, before) : null,
    body,
    tail: after.length > 0 ? segment(packets, after) : null,
  });
};

const ticksAt = (packets: readonly PlanPacket[], index: number): number => {
  const packet = packets[index];
  if (!packet) throw new RangeError(`no packet ${index}`);
  return packet.ticks;
};

/**
 * The body starts at the first clean access point that belongs and from which nothing presented earlier follows, and
 * runs while packets belong. A prefix in decode order is always decodable; frames behind its end go to the tail, and
 * the prefix is shortened until all of them are presented after all of it, as the tail starts a new coded sequence.
 */
const planBody = (packets: readonly PlanPacket[]): { from: number; to: number } | null => {
  let earliestAfter = Infinity;
  const earliestBelongingFrom = new Array<number>(packets.length + 1).fill(Infinity);
  for (let index = packets.length - 1; index >= 0; index--) {
    const packet = packets[index];
    if (packet?.belongs) earliestAfter = Math.min(earliestAfter, packet.ticks);
    earliestBelongingFrom[index] = earliestAfter;
  }
  const from = packets.findIndex(
    (packet, index) =>
      packet.belongs && packet.access === 'clean' && (earliestBelongingFrom[index] ?? Infinity) >= packet.ticks,
  );
  if (from < 0) return null;

  let to = from;
  while (packets[to]?.belongs) to++;
  const latest: number[] = [];
  for (let index = from; index < to; index++) {
    latest.push(Math.max(latest.at(-1) ?? -Infinity, ticksAt(packets, index)));
  }
  while (to > from && (latest[to - 1 - from] ?? -Infinity) >= (earliestBelongingFrom[to] ?? Infinity)) to--;
  return to > from ? { from, to } : null;
};

const segment = (packets: readonly PlanPacket[], frames: readonly number[]): ReencodeSegment => {
  const ordered = [...frames].sort((a, b) => ticksAt(packets, a) - ticksAt(packets, b));
  const firstTicks = ticksAt(packets, ordered[0] ?? 0);
  const firstIndex = frames.reduce((least, index) => Math.min(least, index), Infinity);
  const lastIndex = frames.reduce((most, index) => Math.max(most, index), 0);
  let decodeFrom = firstIndex;
  while (decodeFrom > 0) {
    const packet = packets[decodeFrom];
    if (packet && packet.access !== 'none' && packet.ticks <= firstTicks) break;
    decodeFrom--;
  }
  return { decodeFrom, decodeTo: lastIndex + 1, frames: ordered };
};
