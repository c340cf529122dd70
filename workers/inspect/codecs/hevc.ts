/** HEVC as the audit reads it: NAL units, random access and leading pictures, messages (ITU-T H.265 §7.3, §7.4.2.2, annexes B and D). */
import type { Finding } from '../findings.ts';
import { Bits, fillerFinding, seiFinding, unescape, unitsOf, wasteFindings } from './nal-units.ts';
import { NO_CONFIGURATION, type Configuration, type FrameParts, type Framing, type VideoRules } from './video-rules.ts';

/**
 * Buffering, recovery point, arrangement, orientation, active sets, decoding units, temporal layers, picture hash, mastering, light
 * level, transfer characteristics, ambient light. Picture timing (1) and time code (136) may carry the time of day.
 */
const HARMLESS_MESSAGES = new Set([0, 6, 45, 47, 129, 130, 131, 132, 137, 144, 147, 148]);

/** nal_unit_type values, table 7-1. */
const RADL_N = 6;
const RASL_R = 9;
const BLA_W_LP = 16;
const CRA = 21;
const FIRST_NON_PICTURE = 32;

const typeOf = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 0x3f;
/** nuh_layer_id: pictures of further layers (stereo, scalability) are none that a decoder shows. */
const layerOf = (unit: Uint8Array): number => (((unit[0] ?? 0) & 1) << 5) | ((unit[1] ?? 0) >> 3);

const split = (frame: Uint8Array, framing: Framing): FrameParts | null => {
  const found = unitsOf(frame, framing);
  if (found === null || found.units.length === 0) return null;
  const picture: Uint8Array[] = [];
  const companions: Uint8Array[] = [];
  const findings: (Finding | null)[] = [...wasteFindings(found.waste)];
  let cleanStart = false;
  let leading = false;
  let needsEnd = false;
  let shows = 0;
  let endsSequence = false;
  for (const unit of found.units) {
    if (unit.length < 2) return null;
    const type = typeOf(unit);
    endsSequence = false;
    if (layerOf(unit) > 0) companions.push(unit);
    else if (type < FIRST_NON_PICTURE) {
      picture.push(unit);
      if (type >= BLA_W_LP && type <= CRA) cleanStart = true;
      if (type === CRA) needsEnd = true;
      if (type >= RADL_N && type <= RASL_R) leading = true;
      if (((unit[2] ?? 0) & 0x80) !== 0) shows += 1;
    } else if (type === 39 || type === 40) findings.push(seiFinding(unit, 2, HARMLESS_MESSAGES));
    else if (type === 38) findings.push(fillerFinding(unit, 2));
    else if (type === 35 && unit.length <= 3) continue;
    else if ((type === 36 || type === 37) && unit.length === 2) endsSequence = true;
    else companions.push(unit);
  }
  return {
    picture,
    companions,
    cleanStart,
    openStart: cleanStart,
    leading,
    shows,
    hides: 0,
    endsSequence,
    needsEnd,
    findings: findings.filter((finding) => finding !== null),
  };
};

/** Reads an hvcC leniently (ISO/IEC 14496-15 §8.3.3.1): what cannot be read announces no sets. */
const configuration = (description: Uint8Array | null): Configuration => {
  if (description === null || description.length < 23 || description[0] !== 1) return NO_CONFIGURATION;
  const parameterSets: Uint8Array[] = [];
  const arrays = description[22] ?? 0;
  let at = 23;
  for (let array = 0; array < arrays && at + 3 <= description.length; array += 1) {
    const count = (description[at + 1] ?? 0) * 256 + (description[at + 2] ?? 0);
    at += 3;
    for (let index = 0; index < count && at + 2 <= description.length; index += 1) {
      const length = (description[at] ?? 0) * 256 + (description[at + 1] ?? 0);
      const unit = description.subarray(at + 2, at + 2 + length);
      // Messages may lie in an hvcC too; only parameter sets count here.
      if (typeOf(unit) >= 32 && typeOf(unit) <= 34) parameterSets.push(unit);
      at += 2 + length;
    }
  }
  return { framing: (((description[21] ?? 3) & 3) + 1) as Framing, parameterSets };
};

/** profile_tier_level() of §7.3.3, skipped. */
const skipProfile = (bits: Bits, subLayers: number): void => {
  bits.take(32);
  bits.take(32);
  bits.take(32);
  const present: (readonly [number, number])[] = [];
  for (let index = 0; index < subLayers; index += 1) present.push([bits.bit(), bits.bit()]);
  if (subLayers > 0) bits.take((8 - subLayers) * 2);
  for (const [profile, level] of present) {
    if (profile === 1) bits.take(88);
    if (level === 1) bits.take(8);
  }
};

const formatOf = (set: Uint8Array): string | null => {
  if (typeOf(set) !== 33) return null;
  const bits = new Bits(unescape(set.subarray(2)));
  bits.take(4);
  const subLayers = bits.take(3);
  bits.bit();
  skipProfile(bits, subLayers);
  bits.golomb();
  const chroma = bits.golomb();
  if (chroma === 3) bits.bit();
  const width = bits.golomb();
  const height = bits.golomb();
  if (bits.bit() === 1) for (let side = 0; side < 4; side += 1) bits.golomb();
  const depth = 8 + bits.golomb();
  return bits.overrun ? null : `${width}×${height}, chroma ${chroma}, ${depth} bit`;
};

/** Video, sequence and picture parameter sets of the pictures that are shown. */
const isSetting = (unit: Uint8Array): boolean => layerOf(unit) === 0 && typeOf(unit) >= 32 && typeOf(unit) <= 34;

export const HEVC_RULES: VideoRules = { codec: 'hevc', configuration, split, formatOf, isSetting };
