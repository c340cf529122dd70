/** One camera's run with one request: which of its recordings overlap the window. */
import { firstNotUnder, firstOver } from './bisect.ts';
import { RUN_WORDS, type RecordingColumns, type RequestColumns } from './world.ts';

/** Of the recordings `low … high − 1`, all of which begin before a window's end, how many end after its start. */
const countEndingAfter = (to: Float64Array, low: number, high: number, start: number): number => {
  let count = 0;
  for (let i = low; i < high; i += 1) if ((to[i] ?? 0) > start) count += 1;
  return count;
};

/** Writes the run at word `at` of `rows` and returns its `low`, from which the search for a later window may begin. */
export const writeRun = (
  rows: Uint32Array,
  at: number,
  requests: RequestColumns,
  request: number,
  { from, to, reach, tidy }: RecordingColumns,
  searchFrom = 0,
): number => {
  const start = requests.window[2 * request] ?? 0;
  const end = requests.window[2 * request + 1] ?? 0;
  const low = firstOver(reach, start, searchFrom, reach.length);
  const high = firstNotUnder(from, end, low, from.length);
  rows[at] = request;
  rows[at + 1] = low;
  rows[at + 2] = high;
  rows[at + 3] = tidy ? high - low : countEndingAfter(to, low, high, start);
  return low;
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
