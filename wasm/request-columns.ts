/** Open requests as columns that grow and shrink by one: a slot for each, freed slots used again. */
import type { Area } from '../src/contracts/request.ts';
import type { TimeWindow } from '../src/contracts/units.ts';
import { packArea } from './packed-area.ts';
import type { RequestColumns } from './world.ts';

export interface GrowingRequests extends RequestColumns {
  /** The area must be one (`areaProblem`), the window must not be empty. Returns the slot. */
  add(area: Area, window: TimeWindow): number;
  remove(slot: number): void;
}

const grown = (column: Float64Array, length: number): Float64Array<ArrayBuffer> => {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
};

export const createRequestColumns = (expected = 64): GrowingRequests => {
  const free: number[] = [];
  const rings: (Float64Array | null)[] = [];
  const areas: (Area | null)[] = [];
  let capacity = expected;
  const columns = {
    count: 0,
    xyz: new Float64Array(3 * capacity),
    inner: new Float64Array(capacity),
    outer: new Float64Array(capacity),
    window: new Float64Array(2 * capacity),
    rings,
    areas,
    add: (area: Area, { from, to }: TimeWindow): number => {
      const slot = free.pop() ?? columns.count++;
      if (slot >= capacity) {
        capacity = Math.max(64, 2 * capacity);
        columns.xyz = grown(columns.xyz, 3 * capacity);
        columns.inner = grown(columns.inner, capacity);
        columns.outer = grown(columns.outer, capacity);
        columns.window = grown(columns.window, 2 * capacity);
      }
      const packed = packArea(area);
      columns.xyz.set(packed.xyz, 3 * slot);
      columns.inner[slot] = packed.inner;
      columns.outer[slot] = packed.outer;
      columns.window[2 * slot] = from;
      columns.window[2 * slot + 1] = to;
      rings[slot] = packed.rings;
      areas[slot] = area;
      return slot;
    },
    remove: (slot: number): void => {
      columns.inner[slot] = -1;
      columns.outer[slot] = -1;
      rings[slot] = null;
      areas[slot] = null;
      free.push(slot);
    },
  };
  return columns;
};
