/** The cut as a pure decision: which packets are copied, which frames are re-encoded, and what must be decoded for that. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimMode } from '../../src/contracts/trim-api.ts';

/**
 * Where a decoder may start. `clean`: nothing after it in decode order needs or precedes anything before it (H.264 IDR,
 * keyframes of VP8, VP9, AV1). `leading`: the pictures right behind it that are presented before it may need what is
 * before it and can be left out (HEVC IDR, CRA, BLA: H.265 §3.72, no trailing picture refers to a leading one).
 * `open`: frames presented at or after it decode, but a stream may not begin there (H.264 recovery point).
 */
export type RandomAccess = 'clean' | 'leading' | 'open' | 'none';

/** One coded frame; tables are in decode order. */
export interface PlanPacket {
  /** Presentation time in track ticks. */
  readonly ticks: number;
  /** Inside the window and inside the presented part of the source. */
  readonly belongs: boolean;
  readonly access: RandomAccess;
  /**
   * Holds pictures that are not shown and may be of a later moment: `some` beside the shown one, `only` no other (such a
   * packet never belongs). Copied only where a keyframe of the window comes after it, so that nothing shown later needed it.
   */
  readonly hidden?: 'none' | 'some' | 'only';
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
  /** Packets copied as they are, in decode order; all from the first to the last but its leading pictures. */
  readonly body: readonly number[] | null;
  readonly tail: ReencodeSegment | null;
}

/** Every frame the plan keeps, in presentation order. */
export const keptFrames = (packets: readonly PlanPacket[], plan: CutPlan): readonly number[] => {
  const kept = [...(plan.head?.frames ?? []), ...(plan.body ?? []), ...(plan.tail?.frames ?? [])];
  return kept.sort((a, b) => ticksAt(packets, a) - ticksAt(packets, b));
};

/**
 * Plans a cut over one track's packet table. The table must hold every frame that belongs, every packet from a random
 * access point at or before the first of them, and the packets between.
 *
 * - `exact`: head + body + tail are exactly the frames that belong;
 * - `original`: body alone, or `no-keyframe-in-window`;
 * - `redacted`: everything that belongs is re-encoded, as head.
 *
 * Segments are decoded from the last access point at which that may begin, or from one `lead` access points earlier.
 */
export const planCut = (
  packets: readonly PlanPacket[],
  mode: TrimMode,
  lead = 0,
): Result<CutPlan, 'nothing-in-window' | 'no-keyframe-in-window'> => {
  const inside = packets.flatMap((packet, index) => (packet.belongs ? [index] : []));
  if (inside.length === 0) return failure('nothing-in-window', 'No frame of this recording lies in the window.');
  if (mode === 'redacted') return ok({ head: segment(packets, inside, lead), body: null, tail: null });

  const body = planBody(packets);
  if (mode === 'original') {
    return body && body.length > 0
      ? ok({ head: null, body, tail: null })
      : failure('no-keyframe-in-window', 'No part of this window can be shown from the camera’s own bits alone.');
  }
  if (!body || body.length === 0) return ok({ head: segment(packets, inside, lead), body: null, tail: null });
  const copied = new Set(body);
  const [first = 0] = body;
  const isBefore = (index: number): boolean => index < first || ticksAt(packets, index) < ticksAt(packets, first);
  const rest = inside.filter((index) => !copied.has(index));
  const before = rest.filter(isBefore);
  const after = rest.filter((index) => !isBefore(index));
  return ok({
    head: before.length > 0 ? segment(packets, before, lead) : null,
    body,
    tail: after.length > 0 ? segment(packets, after, lead) : null,
  });
};

const ticksAt = (packets: readonly PlanPacket[], index: number): number => {
  const packet = packets[index];
  if (!packet) throw new RangeError(`no packet ${index}`);
  return packet.ticks;
};

/**
 * The body starts at the first clean access point that belongs and from which nothing presented earlier follows, but
 * for leading pictures, and runs while packets belong. A prefix in decode order is always decodable; frames behind its
 * end go to the tail, and the prefix is shortened until all of them are presented after all of it, as the tail starts a
 * new coded sequence.
 */
const planBody = (packets: readonly PlanPacket[]): readonly number[] | null => {
  const earliestFrom = new Array<number>(packets.length + 1).fill(Infinity);
  for (let index = packets.length - 1; index >= 0; index--) {
    const later = earliestFrom[index + 1] ?? Infinity;
    earliestFrom[index] = packets[index]?.belongs ? Math.min(later, ticksAt(packets, index)) : later;
  }
  for (const [from, { belongs, access, ticks }] of packets.entries()) {
    if (!belongs || (access !== 'clean' && access !== 'leading')) continue;
    let trailing = from + 1;
    if (access === 'leading') while ((packets[trailing]?.ticks ?? Infinity) < ticks) trailing++;
    if ((earliestFrom[trailing] ?? Infinity) < ticks) continue;
    return bodyFrom(packets, from, trailing, earliestFrom);
  }
  return null;
};

const bodyFrom = (
  packets: readonly PlanPacket[],
  from: number,
  trailing: number,
  earliestFrom: readonly number[],
): readonly number[] => {
  const body = [from];
  for (let index = trailing; packets[index]?.belongs || packets[index]?.hidden === 'only'; index++) body.push(index);
  const latest: number[] = [];
  for (const index of body) latest.push(Math.max(latest.at(-1) ?? -Infinity, ticksAt(packets, index)));
  const isFollowedByEarlier = (): boolean => {
    const behind = body.length > 1 ? (body.at(-1) ?? from) + 1 : trailing;
    return (latest[body.length - 1] ?? -Infinity) >= (earliestFrom[behind] ?? Infinity);
  };
  // Each may undo the other: a keyframe that made hidden pictures harmless may have to go.
  for (let before = -1; before !== body.length;) {
    before = body.length;
    body.splice(lengthWithoutHidden(packets, body));
    while (body.length > 0 && isFollowedByEarlier()) body.pop();
  }
  return body;
};

/** How much of the body may stay: up to the first hidden picture that no later keyframe of the body makes harmless. */
const lengthWithoutHidden = (packets: readonly PlanPacket[], body: readonly number[]): number => {
  const lastKey = body.findLastIndex((index) => packets[index]?.access !== 'none');
  const hidden = body.findIndex((index, at) => at >= lastKey && (packets[index]?.hidden ?? 'none') !== 'none');
  return hidden < 0 ? body.length : hidden;
};

const segment = (packets: readonly PlanPacket[], frames: readonly number[], lead: number): ReencodeSegment => {
  const ordered = [...frames].sort((a, b) => ticksAt(packets, a) - ticksAt(packets, b));
  const firstTicks = ticksAt(packets, ordered[0] ?? 0);
  const firstIndex = frames.reduce((least, index) => Math.min(least, index), Infinity);
  const lastIndex = frames.reduce((most, index) => Math.max(most, index), 0);
  let decodeFrom = firstIndex;
  let earlier = lead;
  for (; decodeFrom > 0; decodeFrom--) {
    const packet = packets[decodeFrom];
    if (packet && packet.access !== 'none' && packet.ticks <= firstTicks && earlier-- === 0) break;
  }
  return { decodeFrom, decodeTo: lastIndex + 1, frames: ordered };
};
