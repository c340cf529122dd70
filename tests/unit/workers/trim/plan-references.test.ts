/** The planner against streams whose references are known: what is copied decodes by itself, what is decoded suffices. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrimMode } from '../../../../src/contracts/trim-api.ts';
import { planCut, type CutPlan, type PlanPacket } from '../../../../workers/trim/plan.ts';
import { decodable, group, streamOf } from './reference-streams.ts';

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
