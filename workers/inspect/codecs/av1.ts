/** AV1 as the audit reads it: open bitstream units, which of them are pictures, which carry messages (AV1 specification, §5.3, §5.9, §6.7). */
import type { Finding } from '../findings.ts';
import { Bits } from './nal-units.ts';
import { NO_CONFIGURATION, type Configuration, type FrameParts, type VideoRules } from './video-rules.ts';

/** obu_type values, §6.2.2. */
const OBU = {
  sequence: 1,
  delimiter: 2,
  header: 3,
  tiles: 4,
  metadata: 5,
  frame: 6,
  redundantHeader: 7,
  tileList: 8,
  padding: 15,
} as const;
/** High dynamic range: light level and mastering display. Any other metadata is a message (scalability, ITU-T T.35, time code). */
const HARMLESS_METADATA = new Set([1, 2]);

interface Unit {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly hasSize: boolean;
}

/** leb128(), §4.10.5; null when it does not end. */
const leb128 = (bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | null => {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { value, next: at + index + 1 };
  }
  return null;
};

/** The units of a temporal unit; only the last may come without its size. Null when one runs past the end. */
const unitsOf = (sample: Uint8Array): readonly Unit[] | null => {
  const units: Unit[] = [];
  let at = 0;
  while (at < sample.length) {
    const header = sample[at] ?? 0;
    if ((header & 0x80) !== 0) return null;
    const hasSize = (header & 2) !== 0;
    at += (header & 4) !== 0 ? 2 : 1;
    const size = hasSize ? leb128(sample, at) : { value: sample.length - at, next: at };
    if (size === null || size.next + size.value > sample.length) return null;
    units.push({ type: (header >> 3) & 15, payload: sample.subarray(size.next, size.next + size.value), hasSize });
    at = size.next + size.value;
  }
  return units;
};

/** What the first bits of a frame header say (§5.9.2), for sequences that are not single pictures. */
const headerOf = (payload: Uint8Array): { readonly key: boolean; readonly shown: boolean } => {
  const bits = new Bits(payload.subarray(0, 1));
  if (bits.bit() === 1) return { key: false, shown: true };
  const key = bits.take(2) === 0;
  return { key, shown: bits.bit() === 1 };
};

const metadataFinding = (payload: Uint8Array): Finding | null => {
  const type = leb128(payload, 0)?.value ?? 0;
  return HARMLESS_METADATA.has(type) ? null : { rule: 'sei-user-data', detail: `a metadata unit of type ${type}` };
};

const split = (sample: Uint8Array): FrameParts | null => {
  const units = unitsOf(sample);
  if (units === null || units.length === 0) return null;
  const picture: Uint8Array[] = [];
  const companions: Uint8Array[] = [];
  const findings: (Finding | null)[] = [];
  let announced = false;
  let still = false;
  let firstKey = false;
  let shows = 0;
  let hides = 0;
  for (const { type, payload } of units) {
    if (type === OBU.header || type === OBU.frame) {
      const header = still ? { key: true, shown: true } : headerOf(payload);
      if (shows + hides === 0) firstKey = header.key && header.shown;
      if (header.shown) shows += 1;
      else hides += 1;
    }
    if (type === OBU.header || type === OBU.frame || type === OBU.tiles || type === OBU.redundantHeader) {
      picture.push(payload);
    } else if (type === OBU.sequence) {
      announced = true;
      // seq_profile (3), still_picture (1), reduced_still_picture_header (1)
      still = ((payload[0] ?? 0) & 8) !== 0;
      companions.push(payload);
    } else if (type === OBU.metadata) findings.push(metadataFinding(payload));
    else if (type === OBU.delimiter && payload.length === 0) continue;
    else if (type === OBU.padding)
      findings.push({ rule: 'unaccounted-bytes', detail: `${payload.length} bytes of padding` });
    else companions.push(payload);
  }
  return {
    picture,
    companions,
    cleanStart: firstKey && announced,
    openStart: firstKey && announced,
    leading: false,
    shows,
    hides,
    endsSequence: false,
    needsEnd: false,
    findings: findings.filter((finding) => finding !== null),
  };
};

/** The sequence header of an av1C (AV1 in ISO base media, §2.3); what cannot be read announces none. */
const configuration = (description: Uint8Array | null): Configuration => {
  const units = description === null || description.length < 4 ? null : unitsOf(description.subarray(4));
  if (units === null) return NO_CONFIGURATION;
  return {
    framing: null,
    parameterSets: units.filter(({ type }) => type === OBU.sequence).map(({ payload }) => payload),
  };
};

/** Passes the operating points of a sequence header (§5.5.1), from behind `reduced_still_picture_header`. */
const skipOperatingPoints = (bits: Bits): void => {
  let delayBits = 0;
  let hasModel = false;
  if (bits.bit() === 1) {
    bits.take(32);
    bits.take(32);
    if (bits.bit() === 1) bits.golomb();
    hasModel = bits.bit() === 1;
    if (hasModel) {
      delayBits = bits.take(5) + 1;
      bits.take(32);
      bits.take(10);
    }
  }
  const hasDisplayDelay = bits.bit() === 1;
  for (let left = bits.take(5); left >= 0; left -= 1) {
    bits.take(12);
    if (bits.take(5) > 7) bits.bit();
    if (hasModel && bits.bit() === 1) bits.take(2 * delayBits + 1);
    if (hasDisplayDelay && bits.bit() === 1) bits.take(4);
  }
};

/** Size and depth that a sequence header announces (§5.5.1, §5.5.2); null for units that are none, or are cut short. */
const formatOf = (unit: Uint8Array): string | null => {
  const bits = new Bits(unit);
  const profile = bits.take(3);
  bits.bit();
  const isReduced = bits.bit() === 1;
  if (profile > 2) return null;
  if (isReduced) bits.take(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.take(4) + 1, bits.take(4) + 1];
  const [width, height] = [bits.take(widthBits) + 1, bits.take(heightBits) + 1];
  if (!isReduced && bits.bit() === 1) bits.take(7);
  bits.take(3);
  if (!isReduced) {
    bits.take(4);
    const ordersHints = bits.bit() === 1;
    if (ordersHints) bits.take(2);
    const choosesContentTools = bits.bit() === 1;
    const contentTools = choosesContentTools ? 2 : bits.bit();
    if (contentTools > 0 && bits.bit() === 0) bits.bit();
    if (ordersHints) bits.take(3);
  }
  bits.take(3);
  const depth = bits.bit() === 0 ? 8 : profile === 2 && bits.bit() === 1 ? 12 : 10;
  return bits.overrun ? null : `${width}×${height}, ${depth} bit`;
};

/** The units of an av1C as its strict reader wants them: types and payloads; null when they do not add up. */
export const configurationUnits = unitsOf;

export const AV1_RULES: VideoRules = { codec: 'av1', configuration, split, formatOf };
