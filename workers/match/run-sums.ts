/** What a run adds to its request: recordings, doubtful ones, and the covered part of the window. */
import { isUnconfirmed, numberOf } from '../../src/core/recording-chunks.ts';
import { evenlyAt, firstOver } from '../../wasm/bisect.ts';
import type { OrderedRecordings } from '../../wasm/recording-columns.ts';
import type { RequestColumns } from '../../wasm/world.ts';

/** By request slot. */
export interface RequestSums {
  readonly camerasInside: Uint32Array<ArrayBuffer>;
  readonly recordings: Uint32Array<ArrayBuffer>;
  readonly unconfirmed: Uint32Array<ArrayBuffer>;
  readonly overlapMs: Float64Array<ArrayBuffer>;
}

export const createSums = (slots: number): RequestSums => ({
  camerasInside: new Uint32Array(slots),
  recordings: new Uint32Array(slots),
  unconfirmed: new Uint32Array(slots),
  overlapMs: new Float64Array(slots),
});

export const grownSums = (sums: RequestSums, slots: number): RequestSums => {
  const grown = createSums(slots);
  grown.camerasInside.set(sums.camerasInside);
  grown.recordings.set(sums.recordings);
  grown.unconfirmed.set(sums.unconfirmed);
  grown.overlapMs.set(sums.overlapMs);
  return grown;
};

export const clearSums = (sums: RequestSums, slot: number): void => {
  sums.camerasInside[slot] = 0;
  sums.recordings[slot] = 0;
  sums.unconfirmed[slot] = 0;
  sums.overlapMs[slot] = 0;
};

/** Doubtful times are rare: cameras without any need not look at the tags. */
export const hasDoubts = ({ tag }: OrderedRecordings): boolean => tag.some(isUnconfirmed);

/** Recordings of a run, each once though both its readings may overlap, and how many of them are doubtful. */
const countDistinct = (
  { to, tag }: OrderedRecordings,
  low: number,
  high: number,
  start: number,
): readonly [recordings: number, unconfirmed: number] => {
  const seen = new Set<number>();
  let unconfirmed = 0;
  for (let i = low; i < high; i += 1) {
    const own = tag[i] ?? 0;
    if (!((to[i] ?? 0) > start) || seen.has(numberOf(own))) continue;
    seen.add(numberOf(own));
    if (isUnconfirmed(own)) unconfirmed += 1;
  }
  return [seen.size, unconfirmed];
};

/** Length of the window that the recordings of a run cover, what overlaps counted once. */
const coveredMs = ({ from, to }: OrderedRecordings, low: number, high: number, start: number, end: number): number => {
  let covered = start;
  let sum = 0;
  for (let i = low; i < high; i += 1) {
    const a = Math.max(from[i] ?? 0, covered);
    const b = Math.min(to[i] ?? 0, end);
    if (b <= a) continue;
    sum += b - a;
    covered = b;
  }
  return sum;
};

/** Beyond this it would be a long way back from an instant to where the first recording that reaches it may begin. */
const LONG_MS = 3_600_000;

/** An index before which no recording reaches past `start`; mostly that of the first that does. */
const whereToBegin = ({ from, reach, longest }: OrderedRecordings, start: number): number => {
  const guess = evenlyAt(from, start);
  if (longest > LONG_MS) return firstOver(reach, start, 0, reach.length, guess);
  // Only one column is touched. A millisecond more, because sums of fractions are rounded.
  return firstOver(from, start - longest - 1, 0, from.length, guess);
};

/** Adds what one camera has for a request inside which it lies to the request's sums (`sign` 1), or takes it away (−1): one search, one pass. */
export const addCamera = (
  sums: RequestSums,
  { window }: RequestColumns,
  columns: OrderedRecordings,
  doubts: boolean,
  request: number,
  sign: 1 | -1,
): void => {
  const { from, to } = columns;
  const start = window[2 * request] ?? 0;
  const end = window[2 * request + 1] ?? 0;
  const low = whereToBegin(columns, start);
  let count = 0;
  let covered = start;
  let overlapMs = 0;
  let i = low;
  for (; i < from.length; i += 1) {
    const begins = from[i] ?? 0;
    if (begins >= end) break;
    const ends = to[i] ?? 0;
    if (ends > start) count += 1;
    const until = ends < end ? ends : end;
    if (until <= covered) continue;
    overlapMs += until - (begins > covered ? begins : covered);
    covered = until;
  }
  sums.camerasInside[request] = (sums.camerasInside[request] ?? 0) + sign;
  if (count === 0) return;
  const [recordings, unconfirmed] = doubts ? countDistinct(columns, low, i, start) : [count, 0];
  sums.recordings[request] = (sums.recordings[request] ?? 0) + sign * recordings;
  sums.unconfirmed[request] = (sums.unconfirmed[request] ?? 0) + sign * unconfirmed;
  sums.overlapMs[request] = (sums.overlapMs[request] ?? 0) + sign * overlapMs;
};

/** Adds a run, as made for all at once, to its request's sums. */
export const addRun = (
  sums: RequestSums,
  { window }: RequestColumns,
  columns: OrderedRecordings,
  doubts: boolean,
  rows: Uint32Array,
  at: number,
): void => {
  const request = rows[at] ?? 0;
  const low = rows[at + 1] ?? 0;
  const high = rows[at + 2] ?? 0;
  const count = rows[at + 3] ?? 0;
  sums.camerasInside[request] = (sums.camerasInside[request] ?? 0) + 1;
  if (count === 0) return;
  const start = window[2 * request] ?? 0;
  const end = window[2 * request + 1] ?? 0;
  const [recordings, unconfirmed] = doubts ? countDistinct(columns, low, high, start) : [count, 0];
  sums.recordings[request] = (sums.recordings[request] ?? 0) + recordings;
  sums.unconfirmed[request] = (sums.unconfirmed[request] ?? 0) + unconfirmed;
  sums.overlapMs[request] = (sums.overlapMs[request] ?? 0) + coveredMs(columns, low, high, start, end);
};
