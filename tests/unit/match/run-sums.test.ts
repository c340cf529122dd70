/** What one recording more adds to a window, against counting millisecond by millisecond. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderRecordings } from '../../../wasm/recording-columns.ts';
import { overlapWith, uncovered } from '../../../workers/match/run-sums.ts';

const LAST = 40;
const stretch = fc
  .tuple(fc.integer({ min: 0, max: LAST - 1 }), fc.integer({ min: 1, max: LAST / 2 }))
  .map(([from, length]) => ({ from, to: from + length }));

it('one recording more adds what no other covers', () => {
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 8 }), stretch, stretch, (kept, added, window) => {
      const columns = orderRecordings(
        Float64Array.from(kept, ({ from }) => from),
        Float64Array.from(kept, ({ from, to }) => to - from),
        new Uint32Array(kept.length),
        0,
      );
      const isIn = (at: number) => (one: { readonly from: number; readonly to: number }) =>
        one.from <= at && at < one.to;
      const expected = Array.from({ length: 2 * LAST }, (_, at) => at).filter(
        (at) => isIn(at)(added) && isIn(at)(window) && !kept.some(isIn(at)),
      );
      const fresh = uncovered(columns, added.from, added.to);
      expect(overlapWith(fresh, window.from, window.to)).toBe(expected.length);
    }),
    { numRuns: 2_000 },
  );
});

it('one that is still being written covers everything from its start on', () => {
  const columns = orderRecordings(Float64Array.of(0, 50), Float64Array.of(10, Infinity), new Uint32Array(2), 0);
  expect(uncovered(columns, 5, Infinity)).toEqual([10, 50]);
  expect(overlapWith(uncovered(columns, -5, 70), -10, 30)).toBe(25);
});
