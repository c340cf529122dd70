/** Recordings in order of time: for any window the same as one camera after the other, and the engine counts right while they are made, used and left. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Area } from '../../../src/contracts/request.ts';
import { orderRecordings, type OrderedRecordings } from '../../../wasm/recording-columns.ts';
import { reference } from '../../../wasm/reference.ts';
import { createLiveMatch } from '../../../workers/match/live-match.ts';
import { RecordingsByTime } from '../../../workers/match/recordings-by-time.ts';
import { coverOf } from '../../../workers/match/run-sums.ts';

const HOUR_MS = 3_600_000;

/** Halves of milliseconds, before the epoch and after it. */
const instant = fc.integer({ min: -6 * HOUR_MS, max: 6 * HOUR_MS }).map((half) => half / 2);
const length = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 90_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 90_000, max: HOUR_MS }) },
  // One that keeps its camera out now and then.
  { weight: 1, arbitrary: fc.constantFrom(HOUR_MS, HOUR_MS + 1, Infinity) },
);
const columns = fc.array(fc.tuple(instant, length), { maxLength: 40 }).map((rows) =>
  orderRecordings(
    Float64Array.from(rows, ([start]) => start),
    Float64Array.from(rows, ([, ms]) => ms),
    new Uint32Array(rows.length),
    0,
  ),
);
const cameras = fc.array(fc.record({ columns, doubts: fc.boolean() }), { maxLength: 6 });
const window = fc.oneof(
  fc.tuple(instant, fc.integer({ min: 1, max: 2 * HOUR_MS })),
  fc.tuple(instant, fc.constantFrom(0.5, 1, 900_000, 4_000 * HOUR_MS, Infinity)),
);

const oneByOne = (asked: readonly OrderedRecordings[], from: number, to: number) => {
  const found = asked.map((own) => coverOf(own, from, to));
  return {
    recordings: found.reduce((sum, { recordings }) => sum + recordings, 0),
    overlapMs: found.reduce((sum, { overlapMs }) => sum + overlapMs, 0),
  };
};

describe('all recordings in order of time', () => {
  it('have for a window what the cameras asked about have, one by one', () => {
    fc.assert(
      fc.property(
        cameras,
        fc.array(window, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.boolean()),
        (all, asks, coin) => {
          const together = new RecordingsByTime(all);
          for (const [from, ms] of asks) {
            const asked = [...all.keys()].filter(() => coin.next().value);
            const here = asked.filter((camera) => together.has(camera));
            const expected = oneByOne(
              here.flatMap((camera) => all[camera]?.columns ?? []),
              from,
              from + ms,
            );
            expect(together.coverOf(asked, from, from + ms)).toEqual(expected);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are those of cameras whose recordings are all certain and none over an hour, until they change', () => {
    const of = (ms: number, doubts = false) => ({
      columns: orderRecordings(Float64Array.of(0), Float64Array.of(ms), new Uint32Array(1), 0),
      doubts,
    });
    const together = new RecordingsByTime([of(HOUR_MS), of(HOUR_MS + 1), of(10, true), of(10)]);
    expect([0, 1, 2, 3].map((camera) => together.has(camera))).toEqual([true, false, false, true]);
    together.leave(3);
    expect(together.has(3)).toBe(false);
    expect(together.coverOf([0, 1, 2, 3], 0, 5)).toEqual({ recordings: 1, overlapMs: 5 });
  });
});

describe('a match that is kept up to date', () => {
  /** Enough requests that asking cameras alone becomes too dear, more than once. */
  it('gives late requests the sums that a comparison of everything gives', () => {
    const here: Area = { type: 'Circle', center: [0, 0], radiusM: 500 };
    const camera = (id: string, shiftMs: number) => ({
      id,
      place: [0, 0] as const,
      columns: orderRecordings(
        Float64Array.from({ length: 300 }, (_, i) => shiftMs + i * 60_000),
        new Float64Array(300).fill(40_000),
        new Uint32Array(300),
        0,
      ),
    });
    const live = createLiveMatch(reference);
    live.rebuild([camera('a', 0), camera('b', 7_000), camera('c', 31_000)]);
    for (let slot = 0; slot < 200; slot += 1) {
      live.putRequest(slot, here, { from: slot * 90_000, to: slot * 90_000 + 600_000 });
      // Where requests still to come ask for it.
      const soon = (slot + 5) * 90_000;
      if (slot % 20 === 10) live.addRecording('b', { from: soon + 1, to: soon + 50_001 }, 0);
      if (slot === 100) live.setRecordings('c', camera('c', 44_000).columns);
      if (slot === 150) live.removeCamera('a');
    }
    const anew = createLiveMatch(reference);
    for (let slot = 0; slot < 200; slot += 1) {
      anew.putRequest(slot, here, { from: slot * 90_000, to: slot * 90_000 + 600_000 });
    }
    anew.rebuild(live.cameras.map(({ id, place, columns: own }) => ({ id, place, columns: own })));
    expect(live.sums.recordings.slice(0, 200)).toEqual(anew.sums.recordings.slice(0, 200));
    expect(live.sums.overlapMs.slice(0, 200)).toEqual(anew.sums.overlapMs.slice(0, 200));
    expect(live.sums.camerasInside.slice(0, 200)).toEqual(anew.sums.camerasInside.slice(0, 200));
    expect(live.cameras.map(({ around }) => around.count)).toEqual([200, 200]);
  });
});
