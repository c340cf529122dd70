/** Reads big-endian fields from a stretch of the clip; every read is checked against the stretch's end. */
import { notAClip } from './findings.ts';

export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** What is being read, for messages. */
  readonly what: string;
  at: number;
  readonly #view: DataView;

  /** Offsets are absolute in `bytes`, which is the whole file. */
  constructor(bytes: Uint8Array, start: number, end: number, what: string) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.what = what;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Moves over `count` bytes and returns where they begin. Stops the audit when the stretch is shorter. */
  #take(count: number): number {
    if (count > this.left)
      notAClip(`${this.what} is cut short: ${count} bytes are wanted at byte ${this.at} and ${this.left} are there.`);
    const start = this.at;
    this.at += count;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u24(): number {
    return this.u8() * 0x10000 + this.u16();
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** A 64-bit unsigned number; above 2^53 nothing in a clip can be meant. */
  u64(): number {
    const value = this.u32() * 0x1_0000_0000 + this.u32();
    if (!Number.isSafeInteger(value)) notAClip(`${this.what} has a number above 2^53 before byte ${this.at}.`);
    return value;
  }

  take(count: number): Uint8Array {
    const start = this.#take(count);
    return this.bytes.subarray(start, start + count);
  }

  /** Four characters as Latin-1, as box types and brands are written. */
  fourcc(): string {
    return String.fromCharCode(...this.take(4));
  }
}
