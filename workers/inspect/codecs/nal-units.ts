/** NAL units of H.264 and HEVC: where they begin and end, their messages, and the bits of their headers (annexes B and D of both). */
import type { Finding } from '../findings.ts';
import type { Framing } from './video-rules.ts';

export interface Units {
  readonly units: readonly Uint8Array[];
  /** Bytes that belong to no unit and to no unit's length: cameras leave some, clips may not. */
  readonly waste: number;
}

const unitsByLength = (frame: Uint8Array, lengthSize: number): Units | null => {
  const units: Uint8Array[] = [];
  let waste = 0;
  let at = 0;
  while (at + lengthSize <= frame.length) {
    let length = 0;
    for (let index = 0; index < lengthSize; index += 1) length = length * 256 + (frame[at + index] ?? 0);
    at += lengthSize;
    if (at + length > frame.length) return null;
    if (length === 0) waste += lengthSize;
    else units.push(frame.subarray(at, at + length));
    at += length;
  }
  return { units, waste: waste + frame.length - at };
};

/** Annex B: units between start codes; the zero bytes before the next start code belong to nobody. */
const unitsByStartCode = (frame: Uint8Array): Units => {
  const starts: number[] = [];
  for (let at = 0; at + 3 <= frame.length; at += 1) {
    if (frame[at] === 0 && frame[at + 1] === 0 && frame[at + 2] === 1) starts.push((at += 2) + 1);
  }
  const units = starts.flatMap((start, index) => {
    const next = starts[index + 1];
    let end = next === undefined ? frame.length : next - 3;
    while (end > start && frame[end - 1] === 0) end -= 1;
    return end > start ? [frame.subarray(start, end)] : [];
  });
  return { units, waste: 0 };
};

/** Splits a frame; null when a unit runs past its end. */
export const unitsOf = (frame: Uint8Array, framing: Framing): Units | null =>
  framing === null ? unitsByStartCode(frame) : unitsByLength(frame, framing);

/** Removes the emulation prevention bytes of §7.4.1.1. */
export const unescape = (unit: Uint8Array): Uint8Array => {
  const kept = new Uint8Array(unit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept[length] = byte;
    length += 1;
  }
  return kept.subarray(0, length);
};

/** The payload types in an SEI unit whose header has `header` bytes; null when its sizes do not add up. */
export const seiTypes = (unit: Uint8Array, header: number): readonly number[] | null => {
  const bytes = unescape(unit);
  const types: number[] = [];
  let at = header;
  const number = (): number => {
    let value = 0;
    while (bytes[at] === 0xff) {
      value += 255;
      at += 1;
    }
    value += bytes[at] ?? Number.NaN;
    at += 1;
    return value;
  };
  // The last byte is the stop bit and its zeros.
  while (at < bytes.length - 1) {
    types.push(number());
    at += number();
    if (!(at < bytes.length)) return null;
  }
  return types;
};

/** Messages that steer the decoder and say nothing else; any other is a finding. */
export const seiFinding = (unit: Uint8Array, header: number, harmless: ReadonlySet<number>): Finding | null => {
  const types = seiTypes(unit, header);
  if (types === null) return { rule: 'sei-user-data', detail: 'a message whose size does not add up' };
  const unwanted = types.find((type) => !harmless.has(type));
  if (unwanted === undefined) return null;
  const kind =
    unwanted === 4 || unwanted === 5 ? `user data (SEI type ${unwanted})` : `a message of SEI type ${unwanted}`;
  return { rule: 'sei-user-data', detail: kind };
};

export const fillerFinding = (unit: Uint8Array, header: number): Finding | null =>
  unit.slice(header, -1).every((byte) => byte === 0xff) && unit.at(-1) === 0x80
    ? null
    : { rule: 'unaccounted-bytes', detail: 'a filler unit that is filled with something else' };

export const wasteFindings = (waste: number): readonly Finding[] =>
  waste === 0 ? [] : [{ rule: 'unaccounted-bytes', detail: `${waste} bytes that belong to no unit` }];

/** Reads bits from the left; past the end every bit is 0. */
export class Bits {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get overrun(): boolean {
    return this.at > this.#bytes.length * 8;
  }

  bit(): number {
    const byte = this.#bytes[this.at >> 3] ?? 0;
    const value = (byte >> (7 - (this.at & 7))) & 1;
    this.at += 1;
    return value;
  }

  take(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.bit();
    return value;
  }

  /** ue(v), H.264 §9.1, HEVC §9.2. */
  golomb(): number {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 32) zeros += 1;
    return 2 ** zeros - 1 + this.take(zeros);
  }

  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
