/** HEVC as far as the cut needs it: NAL units, parameter sets and their ids, `hvcC`, and random access points (ITU-T H.265). */
import { BitReader, isOverwritten, lengthPrefixed, setKey } from './nal-units.ts';
import { afterGolomb, replaceZero, withEmulationPrevention, withoutEmulationPrevention } from './parameter-set-ids.ts';
import type { RandomAccess } from './plan.ts';

/** nal_unit_type values, table 7-1. */
const NAL = {
  lastSlice: 9,
  firstIrap: 16,
  lastIrap: 21,
  vps: 32,
  sps: 33,
  pps: 34,
  endOfSequence: 36,
  prefixSei: 39,
  suffixSei: 40,
} as const;

/** The id that re-encoded pictures' parameter sets are given: the largest of VPS and SPS (u(4), ue 0…15), see `parameter-set-ids.ts`. */
const NEW_ID = 15;

const nalType = (nal: Uint8Array): number => ((nal[0] ?? 0) >> 1) & 0x3f;
const layerId = (nal: Uint8Array): number => (((nal[0] ?? 0) & 1) << 5) | ((nal[1] ?? 0) >> 3);
const isIrap = (type: number): boolean => type >= NAL.firstIrap && type <= NAL.lastIrap;
const isSlice = (type: number): boolean => type <= NAL.lastSlice || isIrap(type);

export interface HevcSets {
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

export interface HevcConfiguration extends HevcSets {
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
}

/** Reads an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1.2). Null when it is cut short. */
export const parseHvcC = (record: Uint8Array): HevcConfiguration | null => {
  if (record.length < 23 || record[0] !== 1) return null;
  const sets = { vps: [] as Uint8Array[], sps: [] as Uint8Array[], pps: [] as Uint8Array[] };
  let at = 23;
  for (let array = 0; array < (record[22] ?? 0); array++) {
    const count = ((record[at + 1] ?? 0) << 8) | (record[at + 2] ?? 0);
    at += 3;
    for (let index = 0; index < count; index++) {
      const length = ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0);
      if (at + 2 + length > record.length) return null;
      addSet(sets, record.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return { lengthSize: ((record[21] ?? 3) & 3) + 1, ...sets };
};

const addSet = (sets: { vps: Uint8Array[]; sps: Uint8Array[]; pps: Uint8Array[] }, unit: Uint8Array): void => {
  const type = nalType(unit);
  if (layerId(unit) !== 0) return;
  if (type === NAL.vps) sets.vps.push(unit);
  else if (type === NAL.sps) sets.sps.push(unit);
  else if (type === NAL.pps) sets.pps.push(unit);
};

/** Writes an HEVCDecoderConfigurationRecord with four-byte lengths and complete arrays. The first SPS names profile and format; the level is the highest of all. */
export const buildHvcC = ({ vps, sps, pps }: HevcSets): Uint8Array<ArrayBuffer> => {
  const [first] = sps;
  if (!first) throw new RangeError('an hvcC needs at least one SPS');
  const facts = readHevcSps(first);
  const profile = facts.profileTierLevel.slice();
  profile[11] = Math.max(...sps.map((set) => readHevcSps(set).profileTierLevel[11] ?? 0));
  const bytes = [1, ...profile, 0xf0, 0, 0xfc, 0xfc | facts.chromaFormat, 0xf8 | (facts.lumaDepth - 8)];
  bytes.push(0xf8 | (facts.chromaDepth - 8), 0, 0, (facts.temporalLayers << 3) | (facts.temporalNesting << 2) | 3, 3);
  const lists = [
    [NAL.vps, vps],
    [NAL.sps, sps],
    [NAL.pps, pps],
  ] as const;
  for (const [type, units] of lists) {
    bytes.push(0x80 | type, units.length >> 8, units.length & 0xff);
    for (const unit of units) bytes.push(unit.length >> 8, unit.length & 0xff, ...unit);
  }
  return new Uint8Array(bytes);
};

export interface HevcSpsFacts {
  /** general_profile_space … general_level_idc, twelve bytes as `hvcC` repeats them. */
  readonly profileTierLevel: Uint8Array;
  readonly temporalLayers: number;
  readonly temporalNesting: number;
  readonly id: number;
  readonly chromaFormat: number;
  readonly lumaDepth: number;
  readonly chromaDepth: number;
}

/** A sequence parameter set up to its bit depths, §7.3.2.2.1 and §7.3.3. */
export const readHevcSps = (sps: Uint8Array): HevcSpsFacts => {
  const payload = withoutEmulationPrevention(sps.subarray(2));
  const [first = 0] = payload;
  const subLayers = (first >> 1) & 7;
  const bits = new BitReader(payload);
  bits.skip(8 + 96);
  const flags = Array.from({ length: subLayers }, () => ({ profile: bits.bit() === 1, level: bits.bit() === 1 }));
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const { profile, level } of flags) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
  const id = bits.exponentialGolomb();
  const chromaFormat = bits.exponentialGolomb();
  if (chromaFormat === 3) bits.skip(1);
  bits.exponentialGolomb();
  bits.exponentialGolomb();
  if (bits.bit() === 1) for (let side = 0; side < 4; side++) bits.exponentialGolomb();
  return {
    profileTierLevel: payload.slice(1, 13),
    temporalLayers: subLayers + 1,
    temporalNesting: first & 1,
    ...{ id, chromaFormat },
    lumaDepth: 8 + bits.exponentialGolomb(),
    chromaDepth: 8 + bits.exponentialGolomb(),
  };
};

export interface CleanHevcUnit {
  /** Coded picture data with four-byte lengths: slices, and parameter sets that `known` does not hold. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly access: RandomAccess;
  readonly slices: number;
  readonly seiMessages: number;
  /** A slice holds a stretch of zeros (`isOverwritten`). */
  readonly overwritten: boolean;
}

/**
 * Keeps what decodes the base layer's picture and drops the rest: SEI, delimiters, filler, other layers, vendors' units. The first new
 * set empties `known`: sets of one id may come by turns, and from then on each has to stay where it is.
 */
export const cleanHevcUnit = (units: readonly Uint8Array[], known: Set<string>): CleanHevcUnit => {
  const kept: Uint8Array[] = [];
  let access: RandomAccess = 'none';
  let [seiMessages, slices] = [0, 0];
  let overwritten = false;
  for (const unit of units) {
    const type = nalType(unit);
    if (type === NAL.prefixSei || type === NAL.suffixSei) seiMessages++;
    if (layerId(unit) !== 0) continue;
    if (isSlice(type)) {
      kept.push(unit);
      slices++;
      overwritten ||= isOverwritten(unit);
      if (isIrap(type)) access = 'leading';
    } else if (type >= NAL.vps && type <= NAL.pps && !known.has(setKey(unit))) {
      kept.push(unit);
      known.clear();
    }
  }
  return { data: lengthPrefixed(kept), access, slices, seiMessages, overwritten };
};

/** The parameter sets among an access unit's NAL units. */
export const hevcSetsOf = (units: readonly Uint8Array[]): HevcSets => {
  const sets = { vps: [] as Uint8Array[], sps: [] as Uint8Array[], pps: [] as Uint8Array[] };
  for (const unit of units) addSet(sets, unit);
  return sets;
};

/** Whether the ids that re-encoded pictures take are free among the source's sets: VPS and SPS 15, PPS 15…30 as `ids`. */
export const freeHevcIds = ({ vps, sps, pps }: HevcSets, count: number): readonly number[] | null => {
  if (count > 1 && sps.length === 0) return null;
  if (vps.some((set) => (set[2] ?? 0) >> 4 === NEW_ID) || sps.some((set) => readHevcSps(set).id === NEW_ID))
    return null;
  const taken = new Set(
    pps.map((set) => new BitReader(withoutEmulationPrevention(set.subarray(2, 16))).exponentialGolomb()),
  );
  const free = Array.from({ length: 16 }, (_, index) => 30 - index).filter((id) => !taken.has(id));
  return free.length >= count ? free.slice(0, count) : null;
};

/**
 * An encoder's NAL unit, whose ids are all 0, with VPS and SPS id 15 and PPS id `ppsId` (15…30). Slices and PPS ids grow by
 * eight bits, so that their data stay aligned. Null for a unit that uses other ids or is none of these.
 */
export const withHevcIds = (unit: Uint8Array, ppsId: number): Uint8Array<ArrayBuffer> | null => {
  const type = nalType(unit);
  const payload = withoutEmulationPrevention(unit.subarray(2)).slice();
  const rewritten = rewritePayload(type, payload, ppsId);
  if (!rewritten) return null;
  const escaped = withEmulationPrevention(rewritten);
  const whole = new Uint8Array(2 + escaped.length);
  whole.set(unit.subarray(0, 2));
  whole.set(escaped, 2);
  return whole;
};

const rewritePayload = (type: number, payload: Uint8Array, ppsId: number): Uint8Array | null => {
  const [first = 0] = payload;
  if (type === NAL.vps || type === NAL.sps) {
    // vps_video_parameter_set_id and sps_video_parameter_set_id are the first four bits (§7.3.2.1, §7.3.2.2).
    if (first >> 4 !== 0) return null;
    payload[0] = (NEW_ID << 4) | (first & 0x0f);
    return type === NAL.vps ? payload : replaceZero(payload, spsIdAt(payload), NEW_ID);
  }
  if (type === NAL.pps) {
    // pps_pic_parameter_set_id, then pps_seq_parameter_set_id: from the last to the first, so that positions stay true.
    const own = replaceZero(payload, 1, NEW_ID);
    return own && afterGolomb(own, 0) === 1 ? replaceZero(own, 0, ppsId) : null;
  }
  if (!isSlice(type)) return null;
  // first_slice_segment_in_pic_flag, no_output_of_prior_pics_flag of random access pictures, slice_pic_parameter_set_id (§7.3.6.1).
  return replaceZero(payload, isIrap(type) ? 2 : 1, ppsId);
};

/** The bit at which sps_seq_parameter_set_id stands: behind profile_tier_level of one temporal layer, as encoders here write it. */
const spsIdAt = (payload: Uint8Array): number => ((((payload[0] ?? 0) >> 1) & 7) === 0 ? 8 + 96 : Infinity);

/** end_of_seq_rbsp: a random access picture behind it starts a coded video sequence of its own (§7.4.2.4.4), whatever its type. */
export const END_OF_SEQUENCE = Uint8Array.from([NAL.endOfSequence << 1, 1]);
