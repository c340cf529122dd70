/** One camera's recordings beside one window: which of them overlap it, and how much of it they cover. */
import type { EpochMs, Ms } from '../src/contracts/units.ts';
import { evenlyAt, firstNotUnder, firstOver } from './bisect.ts';
import { RUN_WORDS, type RecordingColumns, type RequestColumns } from './world.ts';

/**
 * Of the recordings `low … high − 1`, all of which begin before a window's end, how many end after its start. The first does, and whatever
 * begins in the window.
 */
const countEndingAfter = ({ from, to }: RecordingColumns, low: number, high: number, start: number): number => {
  let count = high - low;
  for (let i = low + 1; i < high && (from[i] ?? 0) < start; i += 1) if (!((to[i] ?? 0) > start)) count -= 1;
  return count;
};

/**
 * Writes the run at word `at` of `rows` and returns its `low`: a later window's is not before it, so the search may begin there. Without such a
 * beginning it begins where a camera that records evenly would have it.
 */
export const writeRun = (
  rows: Uint32Array,
  at: number,
  requests: RequestColumns,
  request: number,
  columns: RecordingColumns,
  searchFrom?: number,
): number => {
  const { from, reach, tidy } = columns;
  const start = requests.window[2 * request] ?? 0;
  const end = requests.window[2 * request + 1] ?? 0;
  const low = firstOver(reach, start, searchFrom ?? 0, reach.length, searchFrom ?? evenlyAt(from, start));
  const high = firstNotUnder(from, end, low, from.length);
  rows[at] = request;
  rows[at + 1] = low;
  rows[at + 2] = high;
  rows[at + 3] = tidy ? high - low : countEndingAfter(columns, low, high, start);
  return low;
};

/** What one camera has for a window. */
export interface Cover {
  /** Where the pass began. */
  readonly low: number;
  /** The first recording that begins after the window. */
  readonly high: number;
  readonly recordings: number;
  /** Of the window, what overlaps counted once. */
  readonly overlapMs: Ms;
}

/** One pass from `low`, before which no recording reaches past `start`. */
export const cover = ({ from, to }: RecordingColumns, low: number, start: EpochMs, end: EpochMs): Cover => {
  let recordings = 0;
  let covered = start;
  let overlapMs = 0;
  let high = low;
  for (; high < from.length; high += 1) {
    const begins = from[high] ?? 0;
    if (begins >= end) break;
    const ends = to[high] ?? 0;
    if (ends > start) recordings += 1;
    const until = ends < end ? ends : end;
    if (until <= covered) continue;
    overlapMs += until - (begins > covered ? begins : covered);
    covered = until;
  }
  return { low, high, recordings, overlapMs };
};

/** Room for runs that are not yet counted. */
export class RunBuffer {
  rows = new Uint32Array(1024 * RUN_WORDS);
  count = 0;

  /** Word at which the next run is to be written. */
  next(): number {
    const at = this.count * RUN_WORDS;
    this.count += 1;
    if (at + RUN_WORDS > this.rows.length) {
      const longer = new Uint32Array(this.rows.length * 2);
      longer.set(this.rows);
      this.rows = longer;
    }
    return at;
  }
}
