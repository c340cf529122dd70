/** H.264 as the audit reads it: NAL units, which of them are the picture, which carry messages (ITU-T H.264 §7.3, annexes B and D). */
import type { Finding } from './findings.ts';
import type { FrameParts, Framing, VideoRules } from './video-rules.ts';

/** Messages that steer the decoder and say nothing else: buffering, timing, recovery point, arrangement, orientation, mastering. */
const HARMLESS_MESSAGES = new Set([0, 1, 6, 45, 47, 137, 144]);

interface Units {
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

/** Removes the emulation prevention bytes of §7.4.1.1. */
const unescape = (unit: Uint8Array): Uint8Array => {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
};

/** The payload types in an SEI unit (§7.3.2.3.1); null when its sizes do not add up. */
export const seiTypes = (unit: Uint8Array): readonly number[] | null => {
  const bytes = unescape(unit);
  const types: number[] = [];
  let at = 1;
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

const seiFinding = (unit: Uint8Array): Finding | null => {
  const types = seiTypes(unit);
  if (types === null) return { rule: 'sei-user-data', detail: 'a message whose size does not add up' };
  const unwanted = types.find((type) => !HARMLESS_MESSAGES.has(type));
  if (unwanted === undefined) return null;
  const kind =
    unwanted === 4 || unwanted === 5 ? `user data (SEI type ${unwanted})` : `a message of SEI type ${unwanted}`;
  return { rule: 'sei-user-data', detail: kind };
};

const paddingFinding = (unit: Uint8Array): Finding | null =>
  unit.slice(1, -1).every((byte) => byte === 0xff) && unit.at(-1) === 0x80
    ? null
    : { rule: 'unaccounted-bytes', detail: 'a filler unit that is filled with something else' };

const split = (frame: Uint8Array, framing: Framing): FrameParts | null => {
  const found = framing === null ? unitsByStartCode(frame) : unitsByLength(frame, framing);
  if (found === null || found.units.length === 0) return null;
  const picture: Uint8Array[] = [];
  const companions: Uint8Array[] = [];
  const findings: (Finding | null)[] = [];
  if (found.waste > 0)
    findings.push({ rule: 'unaccounted-bytes', detail: `${found.waste} bytes that belong to no unit` });
  let cleanStart = false;
  for (const unit of found.units) {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type >= 1 && type <= 5) {
      picture.push(unit);
      if (type === 5) cleanStart = true;
    } else if (type === 6) findings.push(seiFinding(unit));
    else if (type === 12) findings.push(paddingFinding(unit));
    else if ((type === 9 && unit.length <= 2) || ((type === 10 || type === 11) && unit.length === 1)) continue;
    else companions.push(unit);
  }
  return { picture, companions, cleanStart, findings: findings.filter((finding) => finding !== null) };
};

/** Reads an avcC leniently: a source's may be anything; what cannot be read simply announces no sets. */
const configuration = (description: Uint8Array | null): { framing: Framing; parameterSets: readonly Uint8Array[] } => {
  if (description === null || description.length < 7 || description[0] !== 1)
    return { framing: null, parameterSets: [] };
  const parameterSets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (description[at] ?? 0) & mask;
    at += 1;
    for (let index = 0; index < count && at + 2 <= description.length; index += 1) {
      const length = (description[at] ?? 0) * 256 + (description[at + 1] ?? 0);
      parameterSets.push(description.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return { framing: (((description[4] ?? 3) & 3) + 1) as Framing, parameterSets };
};

export const H264_RULES: VideoRules = { codec: 'avc', configuration, split };
