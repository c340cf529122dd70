/** NAL units, the packets of H.264 and HEVC: how they are framed, and their bits. */

/**
 * Splits a sample into NAL units; `lengthSize` null means Annex B start codes. Null when a length runs past the end or is 0: decoders then
 * drop the sample (FFmpeg's h2645_parse.h, get_nalsize).
 */
export const splitNalUnits = (data: Uint8Array, lengthSize: number | null): Uint8Array[] | null =>
  lengthSize === null ? splitAnnexB(data) : splitLengthPrefixed(data, lengthSize);

const splitLengthPrefixed = (data: Uint8Array, lengthSize: number): Uint8Array[] | null => {
  const units: Uint8Array[] = [];
  let at = 0;
  while (at + lengthSize <= data.length) {
    let length = 0;
    for (let index = 0; index < lengthSize; index++) length = length * 256 + (data[at + index] ?? 0);
    at += lengthSize;
    if (length === 0 || length > data.length - at) return null;
    units.push(data.subarray(at, at + length));
    at += length;
  }
  return units;
};

const splitAnnexB = (data: Uint8Array): Uint8Array[] => {
  const starts: number[] = [];
  for (let at = 0; at + 2 < data.length; at++) {
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1) {
      starts.push(at + 3);
      at += 2;
    }
  }
  return starts.flatMap((start, index) => {
    const next = starts[index + 1];
    let end = next === undefined ? data.length : next - 3;
    while (end > start && data[end - 1] === 0) end--;
    return end > start ? [data.subarray(start, end)] : [];
  });
};

/** More zeros than any writer leaves between units that it puts into one by mistake, and far fewer than a card's block has. */
const ZEROS = 16;

/**
 * Whether a unit holds a stretch of zeros. No encoder writes three (H.264 §7.4.1, H.265 §7.4.2.2: they would be taken for framing), so that
 * something was written over it, mostly a card's block that was lost. Zeros at its end are padding.
 */
export const isOverwritten = (unit: Uint8Array): boolean => {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  // So long a stretch has one of these places in it.
  for (let at = ZEROS - 1; at < end; at += ZEROS) {
    if (unit[at] !== 0) continue;
    let [first, behind] = [at, at + 1];
    while (first > 0 && unit[first - 1] === 0) first--;
    while (unit[behind] === 0) behind++;
    if (behind - first >= ZEROS) return true;
  }
  return false;
};

/** A parameter set's content as a map key. */
export const setKey = (set: Uint8Array): string => String.fromCharCode(...set);

/** NAL units with four-byte lengths before each, as clips carry them. */
export const lengthPrefixed = (units: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const data = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(data.buffer);
  let at = 0;
  for (const unit of units) {
    view.setUint32(at, unit.length);
    data.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return data;
};

/** Reads bits from the left; past the end every bit is 0. */
export class BitReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  bit(): number {
    const byte = this.bytes[this.at >> 3] ?? 0;
    return (byte >> (7 - (this.at++ & 7))) & 1;
  }

  /** u(n), at most 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** ue(v), H.264 §9.1. */
  exponentialGolomb(): number {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 32) zeros++;
    let value = 1;
    for (let index = 0; index < zeros; index++) value = value * 2 + this.bit();
    return value - 1;
  }

  /** se(v), H.264 §9.1.1. */
  signedExponentialGolomb(): number {
    const code = this.exponentialGolomb();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
