/** The order in which H.264 and HEVC pictures are shown, for recordings whose container does not say when each is. */
import { parseAvcC, readSps, type SpsFacts } from './h264.ts';
import { statedReordering } from './h264-signal.ts';
import { parseHvcC } from './hevc.ts';
import { BitReader, splitNalUnits } from './nal-units.ts';
import { withoutEmulationPrevention } from './parameter-set-ids.ts';

export interface OutputOrder {
  /** Picture order count: pictures of one sequence are shown in its ascending order. */
  readonly order: number;
  /** A sequence begins: everything before it is shown before it. */
  readonly restarts: boolean;
}

/** Reads one packet after another, in decode order. Null where a packet holds no picture, or its order cannot be told. */
export type OutputOrderReader = (packet: Uint8Array) => OutputOrder | null;

/** Null when `description` (avcC, hvcC; null for start codes) cannot be read. */
export const outputOrderReader = (codec: 'avc' | 'hevc', description: Uint8Array | null): OutputOrderReader | null =>
  codec === 'avc' ? avcOrder(description) : hevcOrder(description);

/** A reader behind a window's first bytes has everything of a slice header that matters in so many of them. */
const HEADER_BYTES = 64;

const bitsOf = (unit: Uint8Array, headerBytes: number, most = Infinity): BitReader =>
  new BitReader(withoutEmulationPrevention(unit.subarray(headerBytes, headerBytes + most)));

/** Counts on from the last picture that others refer to: only the low bits of each count are written (H.264 §8.2.1.1, H.265 §8.3.1). */
class OrderCount {
  private last = 0;

  /** `low`: pic_order_cnt_lsb of `bits` bits. */
  next(low: number, bits: number): number {
    const range = 2 ** bits;
    const lastLow = ((this.last % range) + range) % range;
    const high = this.last - lastLow;
    if (low < lastLow && lastLow - low >= range / 2) return high + range + low;
    if (low > lastLow && low - lastLow > range / 2) return high - range + low;
    return high + low;
  }

  /** The picture with this count is one that later ones are counted from. */
  keep(order: number): void {
    this.last = order;
  }
}

/** nal_unit_type values of H.264, table 7-1. */
const AVC = { slice: 1, partitionA: 2, idr: 5, sps: 7, pps: 8 } as const;

const avcOrder = (description: Uint8Array | null): OutputOrderReader | null => {
  const configuration = description && parseAvcC(description);
  if (description && !configuration) return null;
  const sequences = new Map<number, SpsFacts>();
  const sequenceOf = new Map<number, number>();
  const learn = (unit: Uint8Array): void => {
    if (((unit[0] ?? 0) & 31) === AVC.sps) {
      const facts = readSps(unit);
      sequences.set(facts.id, facts);
    } else {
      const bits = bitsOf(unit, 1, HEADER_BYTES);
      sequenceOf.set(bits.exponentialGolomb(), bits.exponentialGolomb());
    }
  };
  [...(configuration?.sps ?? []), ...(configuration?.pps ?? [])].forEach(learn);
  const count = new OrderCount();
  let decoded = 0;
  return (packet) => {
    for (const unit of splitNalUnits(packet, configuration?.lengthSize ?? null) ?? []) {
      const type = (unit[0] ?? 0) & 31;
      if (type === AVC.sps || type === AVC.pps) learn(unit);
      if (type !== AVC.slice && type !== AVC.partitionA && type !== AVC.idr) continue;
      const bits = bitsOf(unit, 1, HEADER_BYTES);
      bits.exponentialGolomb();
      bits.exponentialGolomb();
      const sps = sequences.get(sequenceOf.get(bits.exponentialGolomb()) ?? -1);
      const restarts = type === AVC.idr;
      if (!sps || sps.orderCount.type === 1) return null;
      decoded = restarts ? 0 : decoded + 1;
      if (sps.orderCount.type === 2) return { order: decoded, restarts };
      if (sps.separatePlanes) bits.skip(2);
      bits.skip(sps.frameNumBits);
      if (!sps.framesOnly && bits.bit() === 1) bits.skip(1);
      if (restarts) {
        bits.exponentialGolomb();
        count.keep(0);
      }
      const order = count.next(bits.bits(sps.orderCount.bits), sps.orderCount.bits);
      if (((unit[0] ?? 0) & 0x60) !== 0) count.keep(order);
      return { order, restarts };
    }
    return null;
  };
};

/** nal_unit_type values of HEVC, table 7-1. */
const HEVC = { lastLeading: 9, firstIrap: 16, idr: 19, idrWithoutLeading: 20, lastIrap: 23, sps: 33, pps: 34 } as const;

interface HevcSequence {
  readonly separatePlanes: boolean;
  readonly orderBits: number;
  /** sps_max_num_reorder_pics of all temporal layers together: by how many pictures one may be held back. */
  readonly reordered: number;
}

interface HevcPictureSet {
  readonly sequence: number;
  readonly outputFlag: boolean;
  readonly extraBits: number;
}

/** §7.3.2.2.1 up to sps_max_num_reorder_pics. */
const readHevcSequence = (unit: Uint8Array): { readonly id: number; readonly facts: HevcSequence } => {
  const bits = bitsOf(unit, 2);
  bits.skip(4);
  const subLayers = bits.bits(3);
  bits.skip(1 + 96);
  const flags = Array.from({ length: subLayers }, () => ({ profile: bits.bit(), level: bits.bit() }));
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const { profile, level } of flags) bits.skip(profile * 88 + level * 8);
  const id = bits.exponentialGolomb();
  const separatePlanes = bits.exponentialGolomb() === 3 && bits.bit() === 1;
  for (let field = 0; field < 2; field++) bits.exponentialGolomb();
  if (bits.bit() === 1) for (let side = 0; side < 4; side++) bits.exponentialGolomb();
  for (let field = 0; field < 2; field++) bits.exponentialGolomb();
  const orderBits = bits.exponentialGolomb() + 4;
  let reordered = 0;
  for (let layer = bits.bit() === 1 ? 0 : subLayers; layer <= subLayers; layer++) {
    bits.exponentialGolomb();
    reordered = bits.exponentialGolomb();
    bits.exponentialGolomb();
  }
  return { id, facts: { separatePlanes, orderBits, reordered } };
};

/** By how many pictures a stream's decoder may have to hold one back, as its first parameter set says; null where none says it. */
export const statedDepth = (codec: 'avc' | 'hevc', description: Uint8Array | null): number | null => {
  if (!description) return null;
  const sps = (codec === 'avc' ? parseAvcC(description) : parseHvcC(description))?.sps[0];
  if (!sps) return null;
  return codec === 'avc' ? statedReordering(sps) : readHevcSequence(sps).facts.reordered;
};

const hevcOrder = (description: Uint8Array | null): OutputOrderReader | null => {
  const configuration = description && parseHvcC(description);
  if (description && !configuration) return null;
  const sequences = new Map<number, HevcSequence>();
  const pictures = new Map<number, HevcPictureSet>();
  const typeOf = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 63;
  const learn = (unit: Uint8Array): void => {
    if (typeOf(unit) === HEVC.sps) {
      const { id, facts } = readHevcSequence(unit);
      sequences.set(id, facts);
    } else {
      const bits = bitsOf(unit, 2, HEADER_BYTES);
      const id = bits.exponentialGolomb();
      const sequence = bits.exponentialGolomb();
      bits.skip(1);
      pictures.set(id, { sequence, outputFlag: bits.bit() === 1, extraBits: bits.bits(3) });
    }
  };
  [...(configuration?.sps ?? []), ...(configuration?.pps ?? [])].forEach(learn);
  const count = new OrderCount();
  return (packet) => {
    for (const unit of splitNalUnits(packet, configuration?.lengthSize ?? null) ?? []) {
      const type = typeOf(unit);
      if (type === HEVC.sps || type === HEVC.pps) learn(unit);
      const isIrap = type >= HEVC.firstIrap && type <= HEVC.lastIrap;
      if (type > HEVC.lastLeading && !isIrap) continue;
      const bits = bitsOf(unit, 2, HEADER_BYTES);
      // Only a picture's first slice has the whole header.
      if (bits.bit() === 0) continue;
      if (isIrap) bits.skip(1);
      const set = pictures.get(bits.exponentialGolomb());
      const sequence = sequences.get(set?.sequence ?? -1);
      if (!set || !sequence) return null;
      if (type === HEVC.idr || type === HEVC.idrWithoutLeading) {
        count.keep(0);
        return { order: 0, restarts: true };
      }
      bits.skip(set.extraBits);
      bits.exponentialGolomb();
      if (set.outputFlag) bits.skip(1);
      if (sequence.separatePlanes) bits.skip(2);
      const order = count.next(bits.bits(sequence.orderBits), sequence.orderBits);
      // Counted from: pictures of temporal layer 0 that are neither leading nor without references (§8.3.1).
      const isLeading = type >= 6 && type <= HEVC.lastLeading;
      const isUnreferenced = type < HEVC.firstIrap && type % 2 === 0;
      if (!isLeading && !isUnreferenced && ((unit[1] ?? 0) & 7) === 1) count.keep(order);
      return { order, restarts: false };
    }
    return null;
  };
};
