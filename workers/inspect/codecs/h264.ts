/** H.264 as the audit reads it: NAL units, which of them are the picture, which carry messages (ITU-T H.264 §7.3, annexes B and D). */
import type { Finding } from '../findings.ts';
import { readSequence } from './h264-headers.ts';
import { Bits, fillerFinding, seiFinding, seiTypes, unitsOf, wasteFindings } from './nal-units.ts';
import type { Configuration, FrameParts, Framing, VideoRules } from './video-rules.ts';

/** Buffering, recovery point, arrangement, orientation, mastering, light level. Picture timing (1) may carry the time of day. */
const HARMLESS_MESSAGES = new Set([0, 6, 45, 47, 137, 144]);

const RECOVERY_POINT = 6;
/** slice_type, table 7-6; 5 more says that all slices of the picture are alike. */
const INTRA_SLICE = 2;

const split = (frame: Uint8Array, framing: Framing): FrameParts | null => {
  const found = unitsOf(frame, framing);
  if (found === null || found.units.length === 0) return null;
  const picture: Uint8Array[] = [];
  const companions: Uint8Array[] = [];
  const findings: (Finding | null)[] = [...wasteFindings(found.waste)];
  let cleanStart = false;
  let recovers = false;
  let intra = true;
  let shows = 0;
  for (const unit of found.units) {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type >= 1 && type <= 5) {
      picture.push(unit);
      if (type === 5) cleanStart = true;
      // Data partitions B and C have no header that says where they belong.
      if (type === 3 || type === 4) continue;
      const bits = new Bits(unit.subarray(1, 12));
      // The first macroblock is 0 where a picture begins.
      if (bits.golomb() === 0) shows += 1;
      if (bits.golomb() % 5 !== INTRA_SLICE) intra = false;
    } else if (type === 6) {
      if (seiTypes(unit, 1)?.includes(RECOVERY_POINT) === true) recovers = true;
      findings.push(seiFinding(unit, 1, HARMLESS_MESSAGES));
    } else if (type === 12) findings.push(fillerFinding(unit, 1));
    else if ((type === 9 && unit.length <= 2) || ((type === 10 || type === 11) && unit.length === 1)) continue;
    else companions.push(unit);
  }
  return {
    picture,
    companions,
    cleanStart,
    openStart: cleanStart || recovers || (intra && shows > 0),
    leading: false,
    shows,
    hides: 0,
    endsSequence: false,
    needsEnd: false,
    findings: findings.filter((finding) => finding !== null),
  };
};

/** Reads an avcC, or sets with start codes, leniently: a source's may be anything; what cannot be read simply announces no sets. */
const configuration = (description: Uint8Array | null): Configuration => {
  if (description?.[0] === 0) {
    const units = unitsOf(description, null)?.units ?? [];
    return { framing: null, parameterSets: units.filter(isSetting) };
  }
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

const formatOf = (set: Uint8Array): string | null => {
  const facts = readSequence(set);
  return facts === null ? null : `${facts.width}×${facts.height}, chroma ${facts.chroma}, ${facts.depth} bit`;
};

/** Sequence and picture parameter sets. */
const isSetting = (unit: Uint8Array): boolean => [7, 8].includes((unit[0] ?? 0) & 0x1f);

export const H264_RULES: VideoRules = { codec: 'avc', configuration, split, formatOf, isSetting };
