/** H.264 as far as the cut needs it: NAL units, parameter sets and their ids, `avcC`, and random access points. */
import { BitReader, isOverwritten, lengthPrefixed, setKey } from './nal-units.ts';
import { withoutEmulationPrevention } from './parameter-set-ids.ts';
import type { RandomAccess } from './plan.ts';

/** nal_unit_type values, ITU-T H.264 table 7-1. */
const NAL = { slice: 1, sliceC: 4, idr: 5, sei: 6, sps: 7, pps: 8 } as const;
const SEI_RECOVERY_POINT = 6;
/** Profiles whose SPS carries chroma format and bit depths, H.264 §7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

const nalType = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f;

export interface ParameterSets {
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

export interface AvcConfiguration extends ParameterSets {
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
}

/** Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1.2). Null when it is cut short. */
export const parseAvcC = (record: Uint8Array): AvcConfiguration | null => {
  if (record.length < 7 || record[0] !== 1) return null;
  let at = 5;
  const readSets = (count: number): Uint8Array[] | null => {
    const sets: Uint8Array[] = [];
    for (let index = 0; index < count; index++) {
      const length = ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0);
      if (at + 2 + length > record.length) return null;
      sets.push(record.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    return sets;
  };
  const sps = readSets((record[at++] ?? 0) & 0x1f);
  const pps = sps && readSets(record[at++] ?? 0);
  return sps && pps ? { lengthSize: ((record[4] ?? 3) & 3) + 1, sps, pps } : null;
};

/** Writes an AVCDecoderConfigurationRecord with four-byte NAL lengths. The first SPS names profile and chroma format; the level is the highest of all. */
export const buildAvcC = ({ sps, pps }: ParameterSets): Uint8Array<ArrayBuffer> => {
  const first = sps[0];
  if (!first) throw new RangeError('an avcC needs at least one SPS');
  const level = Math.max(...sps.map((set) => set[3] ?? 0));
  const bytes = [1, first[1] ?? 0, first[2] ?? 0, level, 0xff, 0xe0 | sps.length];
  const append = (set: Uint8Array): void => void bytes.push(set.length >> 8, set.length & 0xff, ...set);
  sps.forEach(append);
  bytes.push(pps.length);
  pps.forEach(append);
  if (HIGH_PROFILES.has(first[1] ?? 0)) {
    const { chromaFormat, lumaDepth, chromaDepth } = readSps(first);
    bytes.push(0xfc | chromaFormat, 0xf8 | (lumaDepth - 8), 0xf8 | (chromaDepth - 8), 0);
  }
  return new Uint8Array(bytes);
};

export interface CleanAccessUnit {
  /** Coded picture data with four-byte lengths: slices, and parameter sets that `known` does not hold. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly access: RandomAccess;
  readonly slices: number;
  readonly seiMessages: number;
  /** A slice holds a stretch of zeros (`isOverwritten`). */
  readonly overwritten: boolean;
}

/**
 * Keeps what decodes the picture (slices and new parameter sets) and drops the rest: SEI, delimiters, filler, auxiliary
 * and extension units, none of which changes a decoded sample of the base view. The first new set empties `known`: some
 * cameras (AVCHD) send sets of one id by turns, and from then on each has to stay where it is.
 */
export const cleanAccessUnit = (units: readonly Uint8Array[], known: Set<string>): CleanAccessUnit => {
  const kept: Uint8Array[] = [];
  let access: RandomAccess = 'none';
  let seiMessages = 0;
  let slices = 0;
  let overwritten = false;
  for (const unit of units) {
    const type = nalType(unit);
    if (type >= NAL.slice && type <= NAL.idr) {
      kept.push(unit);
      slices++;
      overwritten ||= isOverwritten(unit);
      if (type === NAL.idr) access = 'clean';
    } else if (type === NAL.sei) {
      seiMessages++;
      if (access === 'none' && hasImmediateRecoveryPoint(unit)) access = 'open';
    } else if ((type === NAL.sps || type === NAL.pps) && !known.has(setKey(unit))) {
      kept.push(unit);
      known.clear();
    }
  }
  return { data: lengthPrefixed(kept), access, slices, seiMessages, overwritten };
};

/** The parameter sets among an access unit's NAL units. */
export const parameterSetsOf = (units: readonly Uint8Array[]): ParameterSets => ({
  sps: units.filter((unit) => nalType(unit) === NAL.sps),
  pps: units.filter((unit) => nalType(unit) === NAL.pps),
});

/** `count` ids of 15…30 (see `edge-encoder.ts`) that no given SPS or PPS uses; null when too few are free. */
export const freeParameterSetIds = ({ sps, pps }: ParameterSets, count: number): readonly number[] | null => {
  const taken = new Set<number>();
  for (const set of sps) taken.add(readSps(set).id);
  for (const set of pps) {
    const bits = new BitReader(withoutEmulationPrevention(set.subarray(1, 16)));
    taken.add(bits.exponentialGolomb());
    taken.add(bits.exponentialGolomb());
  }
  const free = Array.from({ length: 16 }, (_, index) => 30 - index).filter((id) => !taken.has(id));
  return free.length >= count ? free.slice(0, count) : null;
};

export interface SpsFacts {
  readonly id: number;
  readonly chromaFormat: number;
  readonly lumaDepth: number;
  readonly chromaDepth: number;
  readonly frameNumBits: number;
  /** pic_order_cnt_type; for type 0 also the bits of pic_order_cnt_lsb. */
  readonly orderCount: { readonly type: number; readonly bits: number };
  /** Every picture is a frame: no field pictures, no field macroblocks. */
  readonly framesOnly: boolean;
  /** Colour planes coded apart, which puts a plane id into slice headers. */
  readonly separatePlanes: boolean;
  /** Size in pixels after cropping. */
  readonly width: number;
  readonly height: number;
}

/** A sequence parameter set up to its cropping, H.264 §7.3.2.1.1. */
export const readSps = (sps: Uint8Array): SpsFacts => {
  const bits = new BitReader(withoutEmulationPrevention(sps.subarray(4)));
  const ue = (): number => bits.exponentialGolomb();
  const id = ue();
  let [chromaFormat, lumaDepth, chromaDepth, separatePlanes] = [1, 8, 8, false];
  if (HIGH_PROFILES.has(sps[1] ?? 0)) {
    chromaFormat = ue();
    if (chromaFormat === 3) separatePlanes = bits.bit() === 1;
    lumaDepth = 8 + ue();
    chromaDepth = 8 + ue();
    bits.skip(1);
    if (bits.bit() === 1) skipScalingLists(bits, chromaFormat === 3 ? 12 : 8);
  }
  const frameNumBits = ue() + 4;
  const orderCount = readPictureOrder(bits);
  ue();
  bits.skip(1);
  const widthInMacroblocks = ue() + 1;
  const heightInMapUnits = ue() + 1;
  const framesOnly = bits.bit() === 1;
  if (!framesOnly) bits.skip(1);
  bits.skip(1);
  const [left, right, top, bottom] = bits.bit() === 1 ? [ue(), ue(), ue(), ue()] : [0, 0, 0, 0];
  const fields = framesOnly ? 1 : 2;
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = (chromaFormat === 1 ? 2 : 1) * fields;
  return {
    ...{ id, chromaFormat, lumaDepth, chromaDepth, frameNumBits, orderCount, framesOnly, separatePlanes },
    width: widthInMacroblocks * 16 - (left + right) * cropX,
    height: heightInMapUnits * 16 * fields - (top + bottom) * cropY,
  };
};

/** scaling_list(), H.264 §7.3.2.1.1.1: only its length in bits matters here. */
const skipScalingLists = (bits: BitReader, count: number): void => {
  for (let list = 0; list < count; list++) {
    if (bits.bit() === 0) continue;
    let [last, next] = [8, 8];
    for (let index = 0; index < (list < 6 ? 16 : 64) && next !== 0; index++) {
      next = (last + bits.signedExponentialGolomb() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
};

const readPictureOrder = (bits: BitReader): SpsFacts['orderCount'] => {
  const type = bits.exponentialGolomb();
  const countBits = type === 0 ? bits.exponentialGolomb() + 4 : 0;
  if (type !== 1) return { type, bits: countBits };
  bits.skip(1);
  bits.exponentialGolomb();
  bits.exponentialGolomb();
  const cycle = Math.min(255, bits.exponentialGolomb());
  for (let index = 0; index < cycle; index++) bits.exponentialGolomb();
  return { type, bits: 0 };
};

/** Which field a slice belongs to, and of which frame: what joins two field pictures into one frame. */
export interface FieldFacts {
  readonly frameNumber: number;
  readonly parity: 'top' | 'bottom';
}

/** The field of the first slice among `units`; null when it is coded as a frame (H.264 §7.3.3). */
export const fieldOf = (units: readonly Uint8Array[], sps: SpsFacts): FieldFacts | null => {
  if (sps.framesOnly) return null;
  const slice = units.find((unit) => nalType(unit) === NAL.slice || nalType(unit) === NAL.idr);
  if (!slice) return null;
  const bits = new BitReader(withoutEmulationPrevention(slice.subarray(1, 32)));
  for (let field = 0; field < 3; field++) bits.exponentialGolomb();
  if (sps.separatePlanes) bits.skip(2);
  const frameNumber = bits.bits(sps.frameNumBits);
  if (bits.bit() === 0) return null;
  return { frameNumber, parity: bits.bit() === 1 ? 'bottom' : 'top' };
};

/** Recovery point with recovery_frame_cnt 0: pictures from here on in output order decode (H.264 §D.2.8). */
const hasImmediateRecoveryPoint = (sei: Uint8Array): boolean => {
  const bytes = withoutEmulationPrevention(sei.subarray(1));
  let at = 0;
  const readVariable = (): number => {
    let value = 0;
    while (bytes[at] === 0xff) {
      value += 255;
      at++;
    }
    return value + (bytes[at++] ?? 0);
  };
  while (at + 2 < bytes.length) {
    const type = readVariable();
    const size = readVariable();
    if (type === SEI_RECOVERY_POINT) return new BitReader(bytes.subarray(at)).exponentialGolomb() === 0;
    at += size;
  }
  return false;
};

/** Whether a set is of another picture size than `facts`. */
export const hasOtherSize = (sps: Uint8Array, facts: SpsFacts): boolean => {
  const { width, height } = readSps(sps);
  return width !== facts.width || height !== facts.height;
};
