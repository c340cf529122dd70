/** Elements of EBML (RFC 8794), the form of WebM: ids as their bytes say, sizes exact, numbers as short as they can be. */
import { concat, u8, type Bytes } from './mp4-boxes.ts';

/** An element with this id (marker bits included) around its content. */
export const element = (id: number, ...content: readonly Uint8Array[]): Bytes => {
  const body = concat(content);
  return concat([idBytes(id), elementSize(body.length), body]);
};

export const idBytes = (id: number): Bytes => {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return u8(...bytes);
};

/** A variable-length size, RFC 8794 §4; `length` bytes or as few as hold it. */
export const elementSize = (size: number, length?: number): Bytes => {
  let bytes = length ?? 1;
  // All ones mean an unknown size.
  if (length === undefined) while (size >= 2 ** (7 * bytes) - 1) bytes++;
  const out = new Array<number>(bytes).fill(0);
  let rest = size;
  for (let index = bytes - 1; index >= 0; index--) {
    out[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  out[0] = (out[0] ?? 0) | (0x80 >> (bytes - 1));
  return u8(...out);
};

export const unsigned = (id: number, value: number): Bytes => {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return element(id, u8(...bytes));
};

/** Always `length` bytes, for positions that are known late. */
export const unsignedWide = (id: number, value: number, length: number): Bytes => {
  const bytes = new Array<number>(length).fill(0);
  let rest = value;
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return element(id, u8(...bytes));
};

export const float64 = (id: number, value: number): Bytes => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, bytes);
};

export const text = (id: number, value: string): Bytes => element(id, new TextEncoder().encode(value));
