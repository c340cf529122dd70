/** Reads stretches of a recording, and counts how much it read. */
import { SourceDamaged } from './source.ts';

/** Stretches asked for one after another are read together up to this size. */
const LARGEST_RUN = 1 << 20;

export interface Stretch {
  readonly offset: number;
  readonly size: number;
}

export class BlobReader {
  readonly blob: Blob;
  bytesRead = 0;
  #at = 0;
  #held: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(blob: Blob) {
    this.blob = blob;
  }

  get size(): number {
    return this.blob.size;
  }

  /** The bytes from `start` to `end`, fewer where the recording ends before. Never more than is asked for is read. */
  async upTo(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start >= this.#at && end <= this.#at + this.#held.length) {
      return this.#held.subarray(start - this.#at, end - this.#at);
    }
    const bytes = new Uint8Array(await this.blob.slice(start, end).arrayBuffer());
    this.bytesRead += bytes.length;
    return bytes;
  }

  /** Exactly `size` bytes; throws `SourceDamaged` when the recording ends before. */
  async exactly(offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(size >= 0) || offset + size > this.size) {
      throw new SourceDamaged(`It ends before byte ${offset + size}, where a packet should be.`);
    }
    return this.upTo(offset, offset + size);
  }

  /** Like `exactly`, but reads `ahead` bytes at once and keeps them for what is asked next: for walking along a file. */
  async walking(offset: number, size: number, ahead = LARGEST_RUN): Promise<Uint8Array<ArrayBuffer>> {
    if (!(offset >= this.#at && offset + size <= this.#at + this.#held.length)) {
      this.#held = await this.upTo(offset, Math.min(this.size, offset + Math.max(size, ahead)));
      this.#at = offset;
    }
    return this.exactly(offset, size);
  }

  /** The first stretch's bytes; those that follow it without a gap are read with it and kept. `next` gives them one by one. */
  async run(first: Stretch, next: () => Stretch | null): Promise<Uint8Array<ArrayBuffer>> {
    const inside = first.offset >= this.#at && first.offset + first.size <= this.#at + this.#held.length;
    if (!inside) {
      let end = first.offset + first.size;
      for (let more = next(); more !== null && more.offset === end; more = next()) {
        if (end + more.size - first.offset > LARGEST_RUN) break;
        end += more.size;
      }
      this.#held = await this.exactly(first.offset, Math.min(end, this.size) - first.offset);
      this.#at = first.offset;
    }
    return this.exactly(first.offset, first.size);
  }
}
