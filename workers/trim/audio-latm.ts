/** AAC out of LATM/LOAS, the transport that some MPEG-TS recorders use instead of ADTS (ISO/IEC 14496-3 §1.7). */

export interface LatmStream {
  readonly audioSpecificConfig: Uint8Array;
  /** One access unit for each element given, in its place; null where an element is damaged. */
  readonly payloads: readonly (Uint8Array | null)[];
}

interface Bits {
  at: number;
  readonly bytes: Uint8Array;
}

const SYNC = 0x2b7;
const SYNC_BYTES = 3;

/**
 * Reads AudioMuxElements as FFmpeg's parser gives them, each behind its 3-byte sync layer. Null for what goes beyond one programme with
 * one layer and one frame an element, which is all that broadcasters and cameras send.
 */
export const readLatm = (elements: readonly Uint8Array[]): LatmStream | null => {
  let config: Uint8Array | null = null;
  const payloads: (Uint8Array | null)[] = [];
  for (const bytes of elements) {
    const bits = { at: 0, bytes };
    if (take(bits, 11) !== SYNC) {
      payloads.push(null);
      continue;
    }
    bits.at = SYNC_BYTES * 8;
    if (take(bits, 1) === 0) {
      const own = readStreamMuxConfig(bits);
      if (!own || (config && !equal(own, config))) return null;
      config = own;
    }
    payloads.push(config ? readPayload(bits) : null);
  }
  return config ? { audioSpecificConfig: config, payloads } : null;
};

/** StreamMuxConfig (table 1.42) of version 0; gives the AudioSpecificConfig, byte-aligned. */
const readStreamMuxConfig = (bits: Bits): Uint8Array | null => {
  const plain = take(bits, 1) === 0 && take(bits, 1) === 1;
  if (!plain || take(bits, 6) !== 0 || take(bits, 4) !== 0 || take(bits, 3) !== 0) return null;
  const begin = bits.at;
  if (!skipAudioSpecificConfig(bits)) return null;
  const length = bits.at - begin;
  const config = copyBits(bits.bytes, begin, length);
  if (take(bits, 3) !== 0) return null;
  take(bits, 8);
  if (take(bits, 1) === 1) {
    for (let more = true; more;) {
      more = take(bits, 1) === 1;
      take(bits, 8);
    }
  }
  if (take(bits, 1) === 1) take(bits, 8);
  return config;
};

const SBR = 5;
const PARAMETRIC_STEREO = 29;

/** AudioSpecificConfig (table 1.15) of the general audio kinds with a channel configuration; false for others. */
const skipAudioSpecificConfig = (bits: Bits): boolean => {
  let objectType = takeObjectType(bits);
  takeFrequency(bits);
  if (take(bits, 4) === 0) return false;
  if (objectType === SBR || objectType === PARAMETRIC_STEREO) {
    takeFrequency(bits);
    objectType = takeObjectType(bits);
  }
  if (![1, 2, 3, 4].includes(objectType)) return false;
  take(bits, 1);
  if (take(bits, 1) === 1) take(bits, 14);
  return take(bits, 1) === 0;
};

const takeObjectType = (bits: Bits): number => {
  const type = take(bits, 5);
  return type === 31 ? 32 + take(bits, 6) : type;
};

const takeFrequency = (bits: Bits): void => {
  if (take(bits, 4) === 15) take(bits, 24);
};

/** PayloadLengthInfo and PayloadMux (tables 1.44, 1.45): the access unit, moved to a byte boundary. */
const readPayload = (bits: Bits): Uint8Array | null => {
  let length = 0;
  for (let byte = 255; byte === 255;) {
    byte = take(bits, 8);
    length += byte;
  }
  return bits.at + length * 8 <= bits.bytes.length * 8 ? copyBits(bits.bytes, bits.at, length * 8) : null;
};

const take = (bits: Bits, count: number): number => {
  let value = 0;
  for (let bit = 0; bit < count; bit++, bits.at++) {
    value = value * 2 + (((bits.bytes[bits.at >> 3] ?? 0) >> (7 - (bits.at & 7))) & 1);
  }
  return value;
};

/** Bits from anywhere, moved to begin a byte; the last byte is filled with zeros. */
const copyBits = (bytes: Uint8Array, from: number, count: number): Uint8Array => {
  const out = new Uint8Array(Math.ceil(count / 8));
  const shift = from & 7;
  for (let index = 0; index < out.length; index++) {
    const at = (from >> 3) + index;
    out[index] = (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) >> (8 - shift);
  }
  const rest = count & 7;
  if (rest > 0) out[out.length - 1] = (out.at(-1) ?? 0) & (0xff << (8 - rest));
  return out;
};

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
