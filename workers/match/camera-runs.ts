/** One camera's runs in the order of the windows' starts: looked up, inserted, removed. */
import { RUN_WORDS, type RequestColumns } from '../../wasm/world.ts';

export class CameraRuns {
  rows: Uint32Array;
  count: number;

  constructor(rows: Uint32Array) {
    this.rows = rows;
    this.count = rows.length / RUN_WORDS;
  }

  request(index: number): number {
    return this.rows[index * RUN_WORDS] ?? 0;
  }

  /** First index whose window starts at `start` or later; of those that start then, at `slot` or later. */
  indexOf({ window }: RequestColumns, start: number, slot: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const request = this.request(middle);
      const from = window[2 * request] ?? 0;
      if (from < start || (from === start && request < slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room at `index` and returns the word at which the run is to be written. */
  insert(index: number): number {
    const at = index * RUN_WORDS;
    const used = this.count * RUN_WORDS;
    if (used + RUN_WORDS > this.rows.length) {
      const longer = new Uint32Array(Math.max(16 * RUN_WORDS, 2 * used));
      longer.set(this.rows);
      this.rows = longer;
    }
    this.rows.copyWithin(at + RUN_WORDS, at, used);
    this.count += 1;
    return at;
  }

  remove(index: number): void {
    const at = index * RUN_WORDS;
    this.rows.copyWithin(at, at + RUN_WORDS, this.count * RUN_WORDS);
    this.count -= 1;
  }
}
