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

/**
 * Starts in camera time and lengths, as kept, plus the camera's clock offset; the same arithmetic as `recordingInterval`. Takes over the
 * arrays. Recordings without a length are left out; Infinity means still being written.
 */
export const orderRecordings = (
  starts: Float64Array,
  lengths: Float64Array,
  tag: Uint32Array,
  offset: Ms,
): OrderedRecordings => {
  const order = isOrdered(starts)
    ? null
    : Uint32Array.from(starts, (_, i) => i).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b);
  const from = new Float64Array(starts.length);
  const to = new Float64Array(starts.length);
  const reach = new Float64Array(starts.length);
  const tags = new Uint32Array(starts.length);
  let count = 0;
  let farthest = -Infinity;
  let longest = 0;
  let tidy = true;
  for (let i = 0; i < starts.length; i += 1) {
    const at = order === null ? i : (order[i] ?? 0);
    const begin = (starts[at] ?? 0) + offset;
    const end = begin + (lengths[at] ?? 0);
    if (!(end > begin)) continue;
    if (end < farthest) tidy = false;
    else farthest = end;
    longest = Math.max(longest, end - begin);
    from[count] = begin;
    to[count] = end;
    reach[count] = farthest;
    tags[count] = tag[at] ?? 0;
    count += 1;
  }
  if (count === starts.length) return { from, to, reach, tidy, tag: tags, longest };
  return {
    from: from.slice(0, count),
    to: to.slice(0, count),
    reach: reach.slice(0, count),
    tidy,
    tag: tags.slice(0, count),
    longest,
  };
};

/** A column with one more value at `at`; a view of the same memory where that has room behind it. */
const widened = <Column extends Float64Array | Uint32Array>(column: Column, at: number, value: number): Column => {
  const { length, BYTES_PER_ELEMENT: width } = column;
  const room = column.buffer.byteLength - column.byteOffset >= (length + 1) * width;
  const Kind = column.constructor as new (buffer: ArrayBufferLike, offset?: number, length?: number) => Column;
  const buffer = room ? column.buffer : new ArrayBuffer(Math.max(64, 2 * length) * width);
  const wider = new Kind(buffer, room ? column.byteOffset : 0, length + 1);
  if (!room) wider.set(column);
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
  const before = columns.reach[at - 1] ?? -Infinity;
  const from = widened(columns.from, at, begin);
  const to = widened(columns.to, at, end);
  const reach = widened(columns.reach, at, Math.max(before, end));
  for (let i = at + 1; i <= count && (reach[i] ?? 0) < end; i += 1) reach[i] = end;
  const tidy = columns.tidy && end >= before && (at === count || end <= (to[at + 1] ?? Infinity));
  const longest = Math.max(columns.longest, end - begin);
  return { from, to, reach, tidy, tag: widened(columns.tag, at, tag), longest };
};
