/** One camera's recordings made ready for the sweep: true time, ordered by start, with the reach that bisection needs. */
import type { Ms } from '../src/contracts/units.ts';
import { firstOver } from './bisect.ts';
import type { RecordingColumns } from './world.ts';

export interface OrderedRecordings extends RecordingColumns {
  /** What was given with each, such as where it is kept; in the same order. */
  readonly tag: Uint32Array;
  /** No recording is longer: who looks for one that reaches past an instant need not begin earlier before it than that. */
  readonly longest: Ms;
}

export const NO_RECORDINGS: OrderedRecordings = {
  from: new Float64Array(0),
  to: new Float64Array(0),
  reach: new Float64Array(0),
  tidy: true,
  tag: new Uint32Array(0),
  longest: 0,
};

const isOrdered = (column: Float64Array): boolean => {
  for (let i = 1; i < column.length; i += 1) if ((column[i] ?? 0) < (column[i - 1] ?? 0)) return false;
  return true;
};

class Columns implements OrderedRecordings {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly tag: Uint32Array;
  readonly tidy: boolean;
  readonly longest: Ms;
  #reach: Float64Array | null;

  constructor(from: Float64Array, to: Float64Array, tag: Uint32Array, tidy: boolean, longest: Ms) {
    this.from = from;
    this.to = to;
    this.tag = tag;
    this.tidy = tidy;
    this.longest = longest;
    this.#reach = tidy ? to : null;
  }

  get reach(): Float64Array {
    return (this.#reach ??= runningGreatest(this.to));
  }
}

/** Starts, lengths and tags in the order of the starts; equal ones as they were. */
const inOrder = (starts: Float64Array, lengths: Float64Array, tag: Uint32Array) => {
  if (isOrdered(starts)) return { starts, lengths, tag };
  const order = Uint32Array.from(starts, (_, i) => i).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b);
  return {
    starts: Float64Array.from(order, (i) => starts[i] ?? 0),
    lengths: Float64Array.from(order, (i) => lengths[i] ?? 0),
    tag: Uint32Array.from(order, (i) => tag[i] ?? 0),
  };
};

/** The greatest value so far, at each. */
const runningGreatest = (column: Float64Array): Float64Array => {
  const greatest = new Float64Array(column.length);
  let most = -Infinity;
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i] ?? 0;
    if (value > most) most = value;
    greatest[i] = most;
  }
  return greatest;
};

/**
 * Starts in camera time and lengths, as kept, plus the camera's clock offset; the same arithmetic as `recordingInterval`. Recordings without
 * a length are left out; Infinity means still being written. What need not change is not copied: the columns may be those that were given,
 * `reach` may be `to`, and is made when it is first asked for. At a cold start fresh memory costs more than the arithmetic.
 */
export const orderRecordings = (
  starts: Float64Array,
  lengths: Float64Array,
  tag: Uint32Array,
  offset: Ms,
): OrderedRecordings => {
  const kept = inOrder(starts, lengths, tag);
  const from = offset === 0 ? kept.starts : kept.starts.map((start) => start + offset);
  const to = new Float64Array(from.length);
  let farthest = -Infinity;
  let longest = 0;
  let tidy = true;
  let whole = true;
  for (let i = 0; i < from.length; i += 1) {
    const begin = from[i] ?? 0;
    const end = begin + (kept.lengths[i] ?? 0);
    to[i] = end;
    if (!(end > begin)) whole = false;
    if (end < farthest) tidy = false;
    else farthest = end;
    if (end - begin > longest) longest = end - begin;
  }
  if (!whole) {
    const some = (_: number, i: number): boolean => (to[i] ?? 0) > (from[i] ?? 0);
    return orderRecordings(kept.starts.filter(some), kept.lengths.filter(some), kept.tag.filter(some), offset);
  }
  return new Columns(from, to, kept.tag, tidy, longest);
};

/** Memory made here, with room behind the columns in it; what was given belongs to others, whatever lies behind it. */
const roomy = new WeakSet<ArrayBufferLike>();

/** A column with one more value at `at`; a view of the same memory where that has room behind it. */
const widened = <Column extends Float64Array | Uint32Array>(column: Column, at: number, value: number): Column => {
  const { length, BYTES_PER_ELEMENT: width } = column;
  const room = roomy.has(column.buffer) && column.buffer.byteLength >= (length + 1) * width;
  const Kind = column.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => Column;
  const buffer = room ? column.buffer : new ArrayBuffer(Math.max(64, 2 * length) * width);
  const wider = new Kind(buffer, 0, length + 1);
  if (!room) wider.set(column);
  roomy.add(buffer);
  wider.copyWithin(at + 1, at, length);
  wider[at] = value;
  return wider;
};

/** With one recording more, in true time; one without length is left out. The columns given are used up: their memory may be the new ones'. */
export const insertRecording = (
  columns: OrderedRecordings,
  begin: number,
  end: number,
  tag: number,
): OrderedRecordings => {
  if (!(end > begin)) return columns;
  const count = columns.from.length;
  const last = columns.from[count - 1] ?? -Infinity;
  const at = begin >= last ? count : firstOver(columns.from, begin, 0, count);
  // Where the columns are tidy no earlier recording ends later than the last one before it.
  const before = columns.to[at - 1] ?? -Infinity;
  const from = widened(columns.from, at, begin);
  const to = widened(columns.to, at, end);
  const tidy = columns.tidy && end >= before && (at === count || end <= (to[at + 1] ?? Infinity));
  return new Columns(from, to, widened(columns.tag, at, tag), tidy, Math.max(columns.longest, end - begin));
};
