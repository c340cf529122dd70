/**
 * Many cameras' recordings together, in order of time. A new request finds what all of them have for its window in one stretch of memory;
 * from camera to camera it would be in as many places, each of which has to be fetched first.
 */
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import { firstNotUnder } from '../../wasm/bisect.ts';
import type { OrderedRecordings } from '../../wasm/recording-columns.ts';

/** So far the order goes: to sort within it would cost more than to look at some recordings in vain. */
const QUARTER_MS = 900_000;

/** Whoever looks for what reaches into a window has to look back as far as the longest recording. */
const LONGEST_MS = 3_600_000;

/** Start, end and camera of a recording, one after the other. */
const NUMBERS = 3;

export interface CameraRecordings {
  readonly columns: OrderedRecordings;
  /** Some may be second readings of others. */
  readonly doubts: boolean;
}

export class RecordingsByTime {
  /** The quarters of an hour, counted from the epoch, in which a recording begins; ascending. */
  readonly #quarters: Float64Array;
  /** Of each quarter its first recording, and after the last one where they end. */
  readonly #first: Uint32Array;
  /** Quarter by quarter; within one, those of one camera follow each other by their starts. */
  readonly #recordings: Float64Array;
  /** None that is here is longer. */
  readonly #longest: Ms;
  /** By camera: whether its recordings are here. */
  readonly #has: Uint8Array;
  /** By camera: up to when its recordings cover the window that is asked about; Infinity where it is not asked. */
  readonly #covered: Float64Array;

  /** Takes in the cameras without doubts and without recordings over an hour, as they are now. */
  constructor(cameras: readonly CameraRecordings[]) {
    this.#has = Uint8Array.from(cameras, ({ columns, doubts }) => Number(!doubts && columns.longest <= LONGEST_MS));
    this.#covered = new Float64Array(cameras.length).fill(Infinity);
    const taken = cameras.flatMap(({ columns }, camera) => (this.has(camera) ? [{ camera, columns }] : []));
    this.#longest = taken.reduce((longest, { columns }) => Math.max(longest, columns.longest), 0);
    const { quarters, quarterOf } = sortIn(taken.map(({ columns }) => columns.from));
    this.#quarters = quarters;
    this.#first = beginnings(quarterOf, quarters.length);
    this.#recordings = new Float64Array(NUMBERS * quarterOf.length);
    const next = this.#first.slice();
    let filled = 0;
    for (const { camera, columns } of taken) {
      const { length } = columns.from;
      put(camera, columns, quarterOf.subarray(filled, filled + length), next, this.#recordings);
      filled += length;
    }
  }

  has(camera: number): boolean {
    return this.#has[camera] === 1;
  }

  /** Its recordings are others now. */
  leave(camera: number): void {
    this.#has[camera] = 0;
  }

  /** What those of `cameras` that are here have for a window: recordings, and how much of it each camera's cover, added up. */
  coverOf(
    cameras: readonly number[],
    start: EpochMs,
    end: EpochMs,
  ): { readonly recordings: number; readonly overlapMs: Ms } {
    const covered = this.#covered;
    for (const camera of cameras) if (this.has(camera)) covered[camera] = start;
    // A millisecond more, because sums of fractions are rounded.
    const low = this.#firstFrom(quarterOfInstant(start - this.#longest - 1));
    const high = this.#firstFrom(Math.ceil(end / QUARTER_MS));
    const found = this.#recordings;
    let recordings = 0;
    let overlapMs = 0;
    for (let i = NUMBERS * low; i < NUMBERS * high; i += NUMBERS) {
      const begins = found[i] ?? 0;
      const ends = found[i + 1] ?? 0;
      const camera = found[i + 2] ?? 0;
      const until = covered[camera] ?? Infinity;
      if (begins >= end || ends <= start || until === Infinity) continue;
      recordings += 1;
      // Without branches, which would depend on nothing that a processor can foresee.
      const stop = Math.min(ends, end);
      overlapMs += Math.max(stop - Math.max(begins, until), 0);
      covered[camera] = Math.max(stop, until);
    }
    for (const camera of cameras) covered[camera] = Infinity;
    return { recordings, overlapMs };
  }

  /** The first recording that begins in `quarter` or later. */
  #firstFrom(quarter: number): number {
    return this.#first[firstNotUnder(this.#quarters, quarter, 0, this.#quarters.length)] ?? 0;
  }
}

const quarterOfInstant = (instant: EpochMs): number => Math.floor(instant / QUARTER_MS);

/** All the quarters in which something begins, and for each instant in turn which of them. */
const sortIn = (
  columns: readonly Float64Array[],
): { readonly quarters: Float64Array; readonly quarterOf: Uint32Array } => {
  const numbers = new Map<number, number>();
  const quarterOf = new Uint32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const column of columns) {
    let number = 0;
    let ends = -Infinity;
    for (let i = 0; i < column.length; i += 1) {
      const begins = column[i] ?? 0;
      if (begins >= ends) {
        const quarter = quarterOfInstant(begins);
        number = numbers.get(quarter) ?? numbers.size;
        if (number === numbers.size) numbers.set(quarter, number);
        ends = (quarter + 1) * QUARTER_MS;
      }
      quarterOf[filled++] = number;
    }
  }
  // Numbered as they came; now by their order.
  const quarters = Float64Array.from(numbers.keys()).sort();
  const order = new Uint32Array(quarters.length);
  for (const [place, quarter] of quarters.entries()) order[numbers.get(quarter) ?? 0] = place;
  for (let i = 0; i < quarterOf.length; i += 1) quarterOf[i] = order[quarterOf[i] ?? 0] ?? 0;
  return { quarters, quarterOf };
};

/** Where each of `kinds` kinds begins when they are put one after the other, and where the last ends. */
const beginnings = (kindOf: Uint32Array, kinds: number): Uint32Array => {
  const first = new Uint32Array(kinds + 1);
  for (let i = 0; i < kindOf.length; i += 1) first[(kindOf[i] ?? 0) + 1] = (first[(kindOf[i] ?? 0) + 1] ?? 0) + 1;
  for (let kind = 0; kind < kinds; kind += 1) first[kind + 1] = (first[kind + 1] ?? 0) + (first[kind] ?? 0);
  return first;
};

/** One camera's recordings, each where the next of its quarter belongs. */
const put = (
  camera: number,
  { from, to }: OrderedRecordings,
  quarterOf: Uint32Array,
  next: Uint32Array,
  recordings: Float64Array,
): void => {
  for (let i = 0; i < from.length; i += 1) {
    const quarter = quarterOf[i] ?? 0;
    const at = next[quarter] ?? 0;
    next[quarter] = at + 1;
    recordings[NUMBERS * at] = from[i] ?? 0;
    recordings[NUMBERS * at + 1] = to[i] ?? 0;
    recordings[NUMBERS * at + 2] = camera;
  }
};
