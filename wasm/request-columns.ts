/** Open requests as columns that grow and shrink by one: a slot for each, chosen by the caller. */
import type { Area } from '../src/contracts/request.ts';
import type { TimeWindow } from '../src/contracts/units.ts';
import { packArea } from './packed-area.ts';
import type { RequestColumns } from './world.ts';

export interface GrowingRequests extends RequestColumns {
  /** The area must be one (`areaProblem`), the window must not be empty. */
  put(slot: number, area: Area, window: TimeWindow): void;
  remove(slot: number): void;
}

/** Room from the beginning: growing by steps of a few would touch fresh memory again and again. */
export const USUAL_REQUESTS = 4_096;

const grown = (column: Float64Array, length: number): Float64Array<ArrayBuffer> => {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
};

export const createRequestColumns = (expected = USUAL_REQUESTS): GrowingRequests => {
  const rings = new Map<number, Float64Array>();
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
    put: (slot: number, area: Area, { from, to }: TimeWindow): void => {
      if (slot >= capacity) {
        capacity = Math.max(64, 2 * capacity, slot + 1);
        columns.xyz = grown(columns.xyz, 3 * capacity);
        columns.inner = grown(columns.inner, capacity);
        columns.outer = grown(columns.outer, capacity);
        columns.window = grown(columns.window, 2 * capacity);
      }
      // Slots that were skipped are empty.
      for (; columns.count < slot; columns.count += 1) columns.remove(columns.count);
      if (columns.count === slot) columns.count += 1;
      const packed = packArea(area);
      columns.xyz[3 * slot] = packed.xyz[0];
      columns.xyz[3 * slot + 1] = packed.xyz[1];
      columns.xyz[3 * slot + 2] = packed.xyz[2];
      columns.inner[slot] = packed.inner;
      columns.outer[slot] = packed.outer;
      columns.window[2 * slot] = from;
      columns.window[2 * slot + 1] = to;
      if (packed.rings) rings.set(slot, packed.rings);
      else rings.delete(slot);
      areas[slot] = area;
    },
    remove: (slot: number): void => {
      columns.inner[slot] = -1;
      columns.outer[slot] = -1;
      rings.delete(slot);
      areas[slot] = null;
    },
  };
  return columns;
};
