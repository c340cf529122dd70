/** The planner keeps exactly the frames of the window, for any packet table. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptFrames, planCut, type PlanPacket, type RandomAccess } from '../../../../workers/trim/plan.ts';

/** Packets in decode order from `[pts, access]`, with those in `[from, to)` belonging. */
const table = (rows: readonly (readonly [number, RandomAccess?])[], from: number, to: number): PlanPacket[] =>
  rows.map(([ticks, access = 'none']) => ({ ticks, access, belongs: ticks >= from && ticks < to }));

const planned = (packets: readonly PlanPacket[], mode: 'exact' | 'original' | 'redacted' = 'exact') => {
  const plan = planCut(packets, mode);
  if (!plan.ok) throw new Error(plan.reason);
  return plan.value;
};

const ticksOf = (packets: readonly PlanPacket[], indices: readonly number[]): number[] =>
  indices.map((index) => packets[index]?.ticks ?? NaN);

/** Two closed groups of IPPP, then one of IBBP in decode order. */
const CLOSED = [[0, 'clean'], [1], [2], [3], [4, 'clean'], [5], [6], [7], [8, 'clean'], [11], [9], [10]] as const;

describe('planCut', () => {
  it('re-encodes up to the first keyframe and copies the rest', () => {
    const packets = table(CLOSED, 2, 8);
    const plan = planned(packets);
    expect(ticksOf(packets, plan.head?.frames ?? [])).toEqual([2, 3]);
    expect(plan.head).toMatchObject({ decodeFrom: 0, decodeTo: 4 });
    expect(plan.body).toEqual([4, 5, 6, 7]);
    expect(plan.tail).toBeNull();
  });

  it('re-encodes frames that decode only behind a frame from after the window', () => {
    const packets = table(CLOSED, 4, 11);
    const plan = planned(packets);
    expect(plan.head).toBeNull();
    expect(plan.body).toEqual([4, 5, 6, 7, 8]);
    expect(ticksOf(packets, plan.tail?.frames ?? [])).toEqual([9, 10]);
    expect(plan.tail).toMatchObject({ decodeFrom: 8, decodeTo: 12 });
  });

  it('re-encodes a window inside one group of pictures as a whole', () => {
    const plan = planned(table(CLOSED, 5, 7));
    expect(plan.body).toBeNull();
    expect(plan.head).toMatchObject({ decodeFrom: 4, decodeTo: 7, frames: [5, 6] });
  });

  it('never starts the body at an open access point: its leading pictures need the group before', () => {
    const packets = table([[0, 'clean'], [1], [4, 'open'], [2], [3], [5], [8, 'clean'], [9]], 2, 10);
    const plan = planned(packets);
    expect(plan.body).toEqual([6, 7]);
    expect(ticksOf(packets, plan.head?.frames ?? [])).toEqual([2, 3, 4, 5]);
    expect(plan.head?.decodeFrom).toBe(0);
  });

  it('starts the body at a picture whose leading pictures can be left out, and encodes those with the head', () => {
    const packets = table([[0, 'leading'], [1], [4, 'leading'], [2], [3], [5], [6], [7]], 1, 7);
    const plan = planned(packets);
    expect(ticksOf(packets, plan.head?.frames ?? [])).toEqual([1, 2, 3]);
    expect(plan.head).toMatchObject({ decodeFrom: 0, decodeTo: 5 });
    expect(plan.body).toEqual([2, 5, 6]);
    expect(plan.tail).toBeNull();
  });

  it('leaves out leading pictures from before the window', () => {
    const packets = table([[0, 'leading'], [1], [4, 'leading'], [2], [3], [5]], 4, 7);
    expect(planned(packets)).toEqual({ head: null, body: [2, 5], tail: null });
  });

  it('decodes from an open access point when nothing presented before it is wanted', () => {
    const plan = planned(table([[0, 'clean'], [1], [4, 'open'], [2], [3], [5], [6]], 5, 7));
    expect(plan.head).toMatchObject({ decodeFrom: 2, decodeTo: 7 });
  });

  it('keeps the camera’s own bits alone in original mode, or says that there are none', () => {
    const packets = table(CLOSED, 2, 11);
    const plan = planned(packets, 'original');
    expect(plan).toMatchObject({ head: null, tail: null, body: [4, 5, 6, 7, 8] });
    expect(planCut(table(CLOSED, 5, 7), 'original')).toMatchObject({ ok: false, reason: 'no-keyframe-in-window' });
  });

  it('re-encodes everything in redacted mode', () => {
    const plan = planned(table(CLOSED, 2, 10), 'redacted');
    expect(plan.body).toBeNull();
    expect(plan.head?.frames).toHaveLength(8);
  });

  it('names a window without frames', () => {
    expect(planCut(table(CLOSED, 20, 30), 'exact')).toMatchObject({ ok: false, reason: 'nothing-in-window' });
  });
});

const accessPoint = fc.constantFrom<RandomAccess>('clean', 'leading', 'open');

/** Groups of pictures with any reordering inside; the leading pictures of an open group come from before its keyframe. */
const anyTable = fc
  .array(fc.tuple(accessPoint, fc.array(fc.nat(1000), { minLength: 0, maxLength: 12 }), fc.nat(3)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((groups) => {
    const rows: { ticks: number; access: RandomAccess }[] = [];
    let clock = 0;
    for (const [access, order, leadingWanted] of groups) {
      const leading = access !== 'clean' && rows.length > 0 ? leadingWanted : 0;
      rows.push({ ticks: clock + leading, access });
      for (let index = 0; index < leading; index++) rows.push({ ticks: clock + index, access: 'none' });
      order
        .map((weight, index) => ({ weight, ticks: clock + leading + 1 + index }))
        .sort((a, b) => a.weight - b.weight)
        .forEach(({ ticks }) => rows.push({ ticks, access: 'none' }));
      clock += leading + 1 + order.length;
    }
    return rows;
  });

describe('planCut, for any packet table', () => {
  const anyWindow = fc.tuple(anyTable, fc.nat(60), fc.integer({ min: 1, max: 60 }));

  it('head + body + tail are exactly the frames of the window, each once, and no seam goes back in time', () => {
    fc.assert(
      fc.property(anyWindow, ([rows, from, length]) => {
        const packets = rows.map((row) => ({ ...row, belongs: row.ticks >= from && row.ticks < from + length }));
        const plan = planCut(packets, 'exact');
        const wanted = packets.flatMap((packet, index) => (packet.belongs ? [index] : []));
        if (!plan.ok) {
          expect(wanted).toEqual([]);
          return;
        }
        const kept = keptFrames(packets, plan.value);
        expect([...kept].sort((a, b) => a - b)).toEqual(wanted);
        const { head, body, tail } = plan.value;
        const bodyTicks = ticksOf(packets, body ?? []);
        const headTicks = ticksOf(packets, head?.frames ?? []);
        const tailTicks = ticksOf(packets, tail?.frames ?? []);
        if (body && head) expect(Math.max(...headTicks)).toBeLessThan(Math.min(...bodyTicks));
        if (body && tail) expect(Math.max(...bodyTicks)).toBeLessThan(Math.min(...tailTicks));
      }),
      { numRuns: 2000 },
    );
  });

  it('the body starts clean and holds every packet that decoding it takes; segments decode from an access point', () => {
    fc.assert(
      fc.property(anyWindow, ([rows, from, length]) => {
        const packets = rows.map((row) => ({ ...row, belongs: row.ticks >= from && row.ticks < from + length }));
        const plan = planCut(packets, 'exact');
        if (!plan.ok) return;
        const { head, body, tail } = plan.value;
        if (body) {
          const [first = -1] = body;
          const start = packets[first];
          expect(['clean', 'leading']).toContain(start?.access);
          expect(body.every((index) => packets[index]?.belongs)).toBe(true);
          const leftOut = packets.slice(first, (body.at(-1) ?? -1) + 1).filter((_, at) => !body.includes(first + at));
          expect(leftOut.every(({ ticks }) => start?.access === 'leading' && ticks < start.ticks)).toBe(true);
        }
        for (const segment of [head, tail]) {
          if (!segment) continue;
          expect(Math.min(...segment.frames)).toBeGreaterThanOrEqual(segment.decodeFrom);
          expect(Math.max(...segment.frames)).toBe(segment.decodeTo - 1);
          const start = packets[segment.decodeFrom];
          const first = packets[segment.frames[0] ?? -1];
          if (segment.decodeFrom > 0) {
            expect(start?.access).not.toBe('none');
            expect(start?.ticks).toBeLessThanOrEqual(first?.ticks ?? NaN);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
