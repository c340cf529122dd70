/** H.264 as far as the cut needs it: NAL units, parameter sets and their ids, `avcC`, and random access points. */
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

/** Splits a sample into NAL units; `lengthSize` null means Annex B start codes. Null when a length runs past the end. */
export const splitNalUnits = (data: Uint8Array, lengthSize: number | null): Uint8Array[] | null =>
  lengthSize === null ? splitAnnexB(data) : splitLengthPrefixed(data, lengthSize);

const splitLengthPrefixed = (data: Uint8Array, lengthSize: number): Uint8Array[] | null => {
  const units: Uint8Array[] = [];
  let at = 0;
  while (at + lengthSize <= data.length) {
    let length = 0;
    for (let index = 0; index < lengthSize; index++) length = length * 256 + (data[at + index] ?? 0);
    at += lengthSize;
    if (length > data.length - at) return null;
    if (length > 0) units.push(data.subarray(at, at + length));
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

export interface CleanAccessUnit {
  /** Coded picture data with four-byte lengths: slices, and parameter sets that `known` does not hold. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly access: RandomAccess;
  readonly slices: number;
  readonly seiMessages: number;
}

/**
 * Keeps what decodes the picture (slices and new parameter sets) and drops the rest: SEI, delimiters, filler, auxiliary
 * and extension units, none of which changes a decoded sample of the base view.
 */
export const cleanAccessUnit = (units: readonly Uint8Array[], known: ReadonlySet<string>): CleanAccessUnit => {
  const kept: Uint8Array[] = [];
  let access: RandomAccess = 'none';
  let seiMessages = 0;
  let slices = 0;
  for (const unit of units) {
    const type = nalType(unit);
    if (type >= NAL.slice && type <= NAL.idr) {
      kept.push(unit);
      slices++;
      if (type === NAL.idr) access = 'clean';
    } else if (type === NAL.sei) {
      seiMessages++;
      if (access === 'none' && hasImmediateRecoveryPoint(unit)) access = 'open';
    } else if ((type === NAL.sps || type === NAL.pps) && !known.has(setKey(unit))) {
      kept.push(unit);
    }
  }
  return { data: lengthPrefixed(kept), access, slices, seiMessages };
};

/** A parameter set's content as a map key. */
export const setKey = (set: Uint8Array): string => String.fromCharCode(...set);

/** The parameter sets among an access unit's NAL units. */
export const parameterSetsOf = (units: readonly Uint8Array[]): ParameterSets => ({
  sps: units.filter((unit) => nalType(unit) === NAL.sps),
  pps: units.filter((unit) => nalType(unit) === NAL.pps),
});

/** `count` ids that no given SPS or PPS uses, at most 31 (the largest SPS id); null when too few are free. */
export const freeParameterSetIds = ({ sps, pps }: ParameterSets, count: number): readonly number[] | null => {
  const taken = new Set<number>();
  for (const set of sps) taken.add(readSps(set).id);
  for (const set of pps) {
    const bits = new BitReader(withoutEmulationPrevention(set.subarray(1, 16)));
    taken.add(bits.exponentialGolomb());
    taken.add(bits.exponentialGolomb());
  }
  const free = Array.from({ length: 31 }, (_, index) => 31 - index).filter((id) => !taken.has(id));
  return free.length >= count ? free.slice(0, count) : null;
};

interface SpsFacts {
  readonly id: number;
  readonly chromaFormat: number;
  readonly lumaDepth: number;
  readonly chromaDepth: number;
}

/** The first fields of a sequence parameter set, H.264 §7.3.2.1.1. */
export const readSps = (sps: Uint8Array): SpsFacts => {
  const bits = new BitReader(withoutEmulationPrevention(sps.subarray(4, 64)));
  const id = bits.exponentialGolomb();
  if (!HIGH_PROFILES.has(sps[1] ?? 0)) return { id, chromaFormat: 1, lumaDepth: 8, chromaDepth: 8 };
  const chromaFormat = bits.exponentialGolomb();
  if (chromaFormat === 3) bits.bit();
  const lumaDepth = 8 + bits.exponentialGolomb();
  const chromaDepth = 8 + bits.exponentialGolomb();
  return { id, chromaFormat, lumaDepth, chromaDepth };
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

const lengthPrefixed = (units: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
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

/** Removes emulation prevention bytes, H.264 §7.4.1.1. */
const withoutEmulationPrevention = (bytes: Uint8Array): Uint8Array => {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out.push(byte);
  }
  return new Uint8Array(out);
};

/** Reads bits from the left; past the end every bit is 0. */
class BitReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  bit(): number {
    const byte = this.bytes[this.at >> 3] ?? 0;
    return (byte >> (7 - (this.at++ & 7))) & 1;
  }

  /** ue(v), H.264 §9.1. */
  exponentialGolomb(): number {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 32) zeros++;
    let value = 1;
    for (let index = 0; index < zeros; index++) value = value * 2 + this.bit();
    return value - 1;
  }
}
