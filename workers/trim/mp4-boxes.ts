/** ISO base media boxes as byte arrays: just enough to write a clip with nothing in it that is not named here. */

const encoder = new TextEncoder();

export type Bytes = Uint8Array<ArrayBuffer>;

export const concat = (parts: readonly Uint8Array[]): Bytes => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

export const ascii = (text: string): Bytes => encoder.encode(text);

/** Big-endian integers of 1, 2, 4 or 8 bytes. Values beyond the width are a bug of the caller. */
export const u8 = (...values: readonly number[]): Bytes => new Uint8Array(values);
export const u16 = (...values: readonly number[]): Bytes =>
  numbers(values, 2, (view, at, value) => view.setUint16(at, value));
export const u32 = (...values: readonly number[]): Bytes => u32List(values);
export const u64 = (...values: readonly number[]): Bytes => u64List(values);
export const i64 = (...values: readonly number[]): Bytes =>
  numbers(values, 8, (view, at, value) => view.setBigInt64(at, BigInt(value)));

/** The same for tables of any length, which must not be spread over the call stack. */
export const u32List = (values: readonly number[]): Bytes =>
  numbers(values, 4, (view, at, value) => view.setUint32(at, value));
export const i32List = (values: readonly number[]): Bytes =>
  numbers(values, 4, (view, at, value) => view.setInt32(at, value));
export const u64List = (values: readonly number[]): Bytes =>
  numbers(values, 8, (view, at, value) => view.setBigUint64(at, BigInt(value)));

const numbers = (
  values: readonly number[],
  width: number,
  put: (view: DataView, at: number, value: number) => void,
): Bytes => {
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  values.forEach((value, index) => put(view, index * width, value));
  return out;
};

export const box = (type: string, ...parts: readonly Uint8Array[]): Bytes => {
  const payload = concat(parts);
  return concat([u32(payload.length + 8), ascii(type), payload]);
};

/** A box with version and 24-bit flags (ISO/IEC 14496-12 §4.2). */
export const fullBox = (type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Bytes =>
  box(type, u32(((version << 24) | flags) >>> 0), ...parts);

/** Runs of equal neighbours as `[count, value]`, for stts and ctts. */
export const runs = (values: readonly number[]): (readonly [number, number])[] => {
  const out: [number, number][] = [];
  for (const value of values) {
    const last = out.at(-1);
    if (last && last[1] === value) last[0]++;
    else out.push([1, value]);
  }
  return out;
};

/** An MPEG-4 descriptor (ISO/IEC 14496-1 §8.3.3) with the shortest length field. */
export const descriptor = (tag: number, ...parts: readonly Uint8Array[]): Bytes => {
  const payload = concat(parts);
  const length: number[] = [];
  for (let rest = payload.length; length.length === 0 || rest > 0; rest >>= 7) {
    length.unshift((rest & 0x7f) | (length.length > 0 ? 0x80 : 0));
  }
  return concat([u8(tag, ...length), payload]);
};
