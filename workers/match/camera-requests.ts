/** The requests around one camera, as slots in the order of their windows' starts. Those that came lately are put in order when it is needed. */
import type { RequestColumns } from '../../wasm/world.ts';

const grown = (slots: Uint32Array): Uint32Array => {
  const longer = new Uint32Array(Math.max(16, 2 * slots.length));
  longer.set(slots);
  return longer;
};

export class CameraRequests {
  #slots: Uint32Array;
  /** The first so many are in order. */
  #ordered: number;
  count: number;

  constructor(slots: Uint32Array) {
    this.#slots = slots;
    this.count = slots.length;
    this.#ordered = slots.length;
  }

  /** In no order, until `order`. */
  at(index: number): number {
    return this.#slots[index] ?? 0;
  }

  add(slot: number): void {
    if (this.count === this.#slots.length) this.#slots = grown(this.#slots);
    this.#slots[this.count] = slot;
    this.count += 1;
  }

  /** By start, then by slot. */
  order({ window }: RequestColumns): void {
    if (this.#ordered === this.count) return;
    const before = (a: number, b: number): number => (window[2 * a] ?? 0) - (window[2 * b] ?? 0) || a - b;
    const late = this.#slots.slice(this.#ordered, this.count).sort(before);
    // From the back, into the room that the late ones leave.
    let kept = this.#ordered - 1;
    let come = late.length - 1;
    for (let to = this.count - 1; come >= 0; to -= 1) {
      const isKept = kept >= 0 && before(this.at(kept), late[come] ?? 0) > 0;
      this.#slots[to] = isKept ? this.at(kept) : (late[come] ?? 0);
      if (isKept) kept -= 1;
      else come -= 1;
    }
    this.#ordered = this.count;
  }

  /** First index whose window starts at `start` or later; of those that start then, at `slot` or later. Puts all in order. */
  indexOf(requests: RequestColumns, start: number, slot: number): number {
    this.order(requests);
    const { window } = requests;
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

  /** One that is in it. */
  remove(requests: RequestColumns, slot: number): void {
    const index = this.indexOf(requests, requests.window[2 * slot] ?? 0, slot);
    this.#slots.copyWithin(index, index + 1, this.count);
    this.count -= 1;
    this.#ordered = this.count;
  }
}
