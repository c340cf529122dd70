/** The planner against streams whose references are known: what is copied decodes by itself, what is decoded suffices. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrimMode } from '../../../../src/contracts/trim-api.ts';
import { planCut, type CutPlan, type PlanPacket, type RandomAccess } from '../../../../workers/trim/plan.ts';

interface Picture extends Omit<PlanPacket, 'belongs'> {
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

const group: fc.Arbitrary<Group> = fc.record({
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
const streamOf = (groups: readonly Group[], startsAmid: boolean): readonly Picture[] => {
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

const anyCut = fc
  .record({
    groups: fc.array(group, { minLength: 1, maxLength: 6 }),
    startsAmid: fc.boolean(),
    from: fc.integer({ min: -4, max: 70 }),
    length: fc.integer({ min: 1, max: 60 }),
    mode: fc.constantFrom<TrimMode>('exact', 'exact', 'original', 'redacted'),
  })
  .map(({ groups, startsAmid, from, length, mode }) => {
    const stream = streamOf(groups, startsAmid);
    const packets = stream.map(({ ticks, access, hidden }): PlanPacket => ({
      ...{ ticks, access, belongs: hidden !== 'only' && ticks >= from && ticks < from + length },
      ...(hidden === undefined ? {} : { hidden }),
    }));
    return { stream, packets, plan: planCut(packets, mode), mode };
  });

/** Which of these packets decode when they alone, in this order, are given to a decoder. */
const decodable = (stream: readonly Picture[], given: readonly number[]): ReadonlySet<number> => {
  const decoded = new Set<number>();
  for (const index of given) if (stream[index]?.needs.every((needed) => decoded.has(needed))) decoded.add(index);
  return decoded;
};

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, step) => from + step);

const framesOf = (packets: readonly PlanPacket[], { head, body, tail }: CutPlan): readonly number[] => [
  ...(head?.frames ?? []),
  ...(body ?? []).filter((index) => packets[index]?.hidden !== 'only'),
  ...(tail?.frames ?? []),
];

const check = (property: (cut: typeof anyCut extends fc.Arbitrary<infer Cut> ? Cut : never) => void): void =>
  fc.assert(fc.property(anyCut, property), { numRuns: 5000 });

describe('planCut, over streams with known references', () => {
  it('keeps exactly the frames of the window, each once; original mode a stretch of them', () => {
    check(({ packets, plan, mode }) => {
      const wanted = packets.flatMap(({ belongs }, index) => (belongs ? [index] : []));
      if (!plan.ok) {
        expect(plan.reason).toBe(wanted.length === 0 ? 'nothing-in-window' : 'no-keyframe-in-window');
        if (wanted.length > 0) expect(mode).toBe('original');
        return;
      }
      const kept = framesOf(packets, plan.value);
      expect(new Set(kept).size).toBe(kept.length);
      if (mode !== 'original') expect(kept.toSorted((a, b) => a - b)).toEqual(wanted);
      const ticksOf = (index: number): number => packets[index]?.ticks ?? NaN;
      const [first, last] = [Math.min(...kept.map(ticksOf)), Math.max(...kept.map(ticksOf))];
      const between = wanted.filter((index) => ticksOf(index) >= first && ticksOf(index) <= last);
      expect(kept.toSorted((a, b) => a - b)).toEqual(between);
    });
  });

  it('every packet that a copied one needs is copied too, and stands before it', () => {
    check(({ stream, plan }) => {
      if (!plan.ok || !plan.value.body) return;
      expect(plan.value.body.filter((index) => !decodable(stream, plan.value.body ?? []).has(index))).toEqual([]);
    });
  });

  it('the stretches to decode hold all that their frames need, as far as the recording has it', () => {
    check(({ stream, plan }) => {
      if (!plan.ok) return;
      const whole = decodable(stream, range(0, stream.length));
      for (const segment of [plan.value.head, plan.value.tail]) {
        if (!segment) continue;
        const decoded = decodable(stream, range(segment.decodeFrom, segment.decodeTo));
        expect(segment.frames.filter((index) => whole.has(index) && !decoded.has(index))).toEqual([]);
      }
    });
  });

  it('no hidden picture is copied behind the last keyframe: nothing of a later moment is in the clip', () => {
    check(({ packets, plan }) => {
      if (!plan.ok || !plan.value.body) return;
      const { body } = plan.value;
      const lastKey = body.findLastIndex((index) => packets[index]?.access !== 'none');
      expect(body.slice(lastKey).filter((index) => (packets[index]?.hidden ?? 'none') !== 'none')).toEqual([]);
    });
  });

  it('head, body and tail follow each other in time, and each copied packet belongs or is hidden before a keyframe', () => {
    check(({ packets, plan }) => {
      if (!plan.ok) return;
      const { head, body, tail } = plan.value;
      const shown = (body ?? []).filter((index) => packets[index]?.hidden !== 'only');
      expect(shown.every((index) => packets[index]?.belongs)).toBe(true);
      const parts = [head?.frames ?? [], shown, tail?.frames ?? []]
        .filter((part) => part.length > 0)
        .map((part) => part.map((index) => packets[index]?.ticks ?? NaN));
      parts.slice(1).forEach((part, index) => {
        expect(Math.min(...part)).toBeGreaterThan(Math.max(...(parts[index] ?? [])));
      });
    });
  });
});
