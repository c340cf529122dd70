/** Random streams of groups of pictures whose references are known, in decode order. */
import * as fc from 'fast-check';
import type { PlanPacket, RandomAccess } from '../../../../workers/trim/plan.ts';

export interface Picture extends Omit<PlanPacket, 'belongs'> {
  /** Indices of the earlier packets that decoding it takes directly. */
  readonly needs: readonly number[];
  readonly isLeading: boolean;
}

/** One group of pictures as random choices; `weights` orders and links its pictures. */
interface Group {
  readonly access: Exclude<RandomAccess, 'none'>;
  readonly leading: number;
  readonly weights: readonly number[];
  readonly hidden: readonly ('none' | 'some' | 'only')[];
}

export const group: fc.Arbitrary<Group> = fc.record({
  access: fc.constantFrom('clean', 'leading', 'open'),
  leading: fc.nat(3),
  weights: fc.array(fc.nat(1_000_000), { maxLength: 9 }),
  hidden: fc.array(fc.constantFrom('none', 'none', 'none', 'some', 'only'), { minLength: 10, maxLength: 10 }),
});

/** Shown pictures have even ticks, so that hidden ones fit between. */
const TICK = 2;

/**
 * A stream of groups by the rules of H.264, HEVC and VP9: behind a clean start nothing reaches back; leading pictures may
 * refer to the group before (not beyond its start), trailing ones to neither leading ones nor the group before. Hidden pictures only in
 * streams without leading ones, as in VP8, VP9 and AV1.
 */
export const streamOf = (groups: readonly Group[], startsAmid: boolean): readonly Picture[] => {
  const stream: Picture[] = [];
  let clock = 0;
  let previous: readonly number[] = [];
  for (const [number, { access, leading, weights, hidden }] of groups.entries()) {
    const before = previous.slice(-6);
    const isAmid = startsAmid && number === 0;
    const leadingCount = access === 'clean' || number === 0 ? 0 : leading;
    const key = stream.length;
    const keyTicks = clock + leadingCount * TICK;
    stream.push({ ticks: keyTicks, access: isAmid ? 'none' : access, needs: [], isLeading: false });
    for (let index = 0; index < leadingCount; index++) {
      const pick = weights[index] ?? 0;
      const needs = [key, ...before.filter((_, at) => (pick >> at) & 1)];
      stream.push({ ticks: clock + index * TICK, access: 'none', needs, isLeading: true });
    }
    // Presentation order of the trailing pictures is the order of their weights; a hidden one comes just before its turn.
    const shown = weights.map((_, index) => index).filter((index) => access !== 'clean' || hidden[index] !== 'only');
    const turns = new Map(
      [...shown].sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0)).map((index, turn) => [index, turn]),
    );
    const own = [key];
    for (const [index, weight] of weights.entries()) {
      const turn = turns.get(index);
      const ticks = turn === undefined ? keyTicks + index * TICK + 1 : keyTicks + (turn + 1) * TICK;
      const kind = access === 'clean' ? (hidden[index] ?? 'none') : 'none';
      const needs = own.filter((_, at) => (weight >> at) & 1 || at === own.length - 1);
      own.push(stream.length);
      stream.push({ ticks, access: 'none', needs, isLeading: false, hidden: kind });
    }
    previous = own;
    clock = keyTicks + (shown.length + 1) * TICK;
  }
  return stream;
};

/** Which of these packets decode when they alone, in this order, are given to a decoder. */
export const decodable = (stream: readonly Picture[], given: readonly number[]): ReadonlySet<number> => {
  const decoded = new Set<number>();
  for (const index of given) if (stream[index]?.needs.every((needed) => decoded.has(needed))) decoded.add(index);
  return decoded;
};
