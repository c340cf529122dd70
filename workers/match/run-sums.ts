/** What one camera adds to a request: recordings, doubtful ones, and the covered part of the window. */
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import { isUnconfirmed, numberOf } from '../../src/core/recording-chunks.ts';
import { evenlyAt, firstOver } from '../../wasm/bisect.ts';
import type { OrderedRecordings } from '../../wasm/recording-columns.ts';
import { type Cover, cover } from '../../wasm/sweep.ts';
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
export const hasDoubts = ({ tag }: OrderedRecordings): boolean => {
  for (let i = 0; i < tag.length; i += 1) if (isUnconfirmed(tag[i] ?? 0)) return true;
  return false;
};

/** Recordings of a run, each once though both its readings may overlap, and how many of them are doubtful. */
const countDistinct = (
  { to, tag }: OrderedRecordings,
  low: number,
  high: number,
  start: number,
): { readonly recordings: number; readonly unconfirmed: number } => {
  const seen = new Set<number>();
  let unconfirmed = 0;
  for (let i = low; i < high; i += 1) {
    const own = tag[i] ?? 0;
    if (!((to[i] ?? 0) > start) || seen.has(numberOf(own))) continue;
    seen.add(numberOf(own));
    if (isUnconfirmed(own)) unconfirmed += 1;
  }
  return { recordings: seen.size, unconfirmed };
};

/** Beyond this it would be a long way back from an instant to where the first recording that reaches it may begin. */
const LONG_MS = 3_600_000;

/** An index before which no recording reaches past `start`; mostly that of the first that does. */
const whereToBegin = (columns: OrderedRecordings, start: number): number => {
  const { from, longest } = columns;
  const guess = evenlyAt(from, start);
  // Only one column is touched, and the running greatest end is not made. A millisecond more, because sums of fractions are rounded.
  if (longest <= LONG_MS) return firstOver(from, start - longest - 1, 0, from.length, guess);
  return firstOver(columns.reach, start, 0, from.length, guess);
};

/** What one camera has for a window: one search, one pass. */
export const coverOf = (columns: OrderedRecordings, start: EpochMs, end: EpochMs): Cover =>
  cover(columns, whereToBegin(columns, start), start, end);

/** The stretches of `from`…`to` that no recording covers yet, as starts and ends in turn. */
export const uncovered = (columns: OrderedRecordings, from: EpochMs, to: EpochMs): readonly EpochMs[] => {
  const gaps: EpochMs[] = [];
  let covered = from;
  for (let i = whereToBegin(columns, from); i < columns.from.length && covered < to; i += 1) {
    const begins = columns.from[i] ?? 0;
    if (begins >= to) break;
    if (begins > covered) gaps.push(covered, begins);
    covered = Math.max(covered, columns.to[i] ?? 0);
  }
  if (covered < to) gaps.push(covered, to);
  return gaps;
};

/** How much of a window such stretches cover. */
export const overlapWith = (stretches: readonly EpochMs[], start: EpochMs, end: EpochMs): Ms => {
  let overlapMs = 0;
  for (let i = 0; i < stretches.length; i += 2) {
    const from = Math.max(stretches[i] ?? 0, start);
    const to = Math.min(stretches[i + 1] ?? 0, end);
    if (to > from) overlapMs += to - from;
  }
  return overlapMs;
};

/** What cameras, whose recordings are told, add to a request's sums; negative for what they had added. */
export const addSums = (
  sums: RequestSums,
  request: number,
  cameras: number,
  recordings: number,
  overlapMs: Ms,
): void => {
  sums.camerasInside[request] = (sums.camerasInside[request] ?? 0) + cameras;
  sums.recordings[request] = (sums.recordings[request] ?? 0) + recordings;
  sums.overlapMs[request] = (sums.overlapMs[request] ?? 0) + overlapMs;
};

/** Adds what one camera has for a request inside which it lies to the request's sums (`sign` 1), or takes it away (−1). */
export const addCamera = (
  sums: RequestSums,
  { window }: RequestColumns,
  columns: OrderedRecordings,
  doubts: boolean,
  request: number,
  sign: 1 | -1,
): void => {
  const start = window[2 * request] ?? 0;
  const { low, high, recordings, overlapMs } = coverOf(columns, start, window[2 * request + 1] ?? 0);
  if (!doubts) return addSums(sums, request, sign, sign * recordings, sign * overlapMs);
  const distinct = countDistinct(columns, low, high, start);
  addSums(sums, request, sign, sign * distinct.recordings, sign * overlapMs);
  sums.unconfirmed[request] = (sums.unconfirmed[request] ?? 0) + sign * distinct.unconfirmed;
};
