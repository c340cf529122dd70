/** The requests around one camera, as slots in the order of their windows' starts: looked up, inserted, removed. */
import type { RequestColumns } from '../../wasm/world.ts';

export class CameraRequests {
  #slots: Uint32Array;
  count: number;

  constructor(slots: Uint32Array) {
    this.#slots = slots;
    this.count = slots.length;
  }

  at(index: number): number {
    return this.#slots[index] ?? 0;
  }

  /** First index whose window starts at `start` or later; of those that start then, at `slot` or later. */
  indexOf({ window }: RequestColumns, start: number, slot: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const request = this.at(middle);
      const from = window[2 * request] ?? 0;
      if (from < start || (from === start && request < slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(index: number, slot: number): void {
    if (this.count === this.#slots.length) {
      const longer = new Uint32Array(Math.max(16, 2 * this.count));
      longer.set(this.#slots);
      this.#slots = longer;
    }
    this.#slots.copyWithin(index + 1, index, this.count);
    this.#slots[index] = slot;
    this.count += 1;
  }

  remove(index: number): void {
    this.#slots.copyWithin(index, index + 1, this.count);
    this.count -= 1;
  }
}
