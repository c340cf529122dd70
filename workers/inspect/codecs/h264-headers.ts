/** H.264 sequence sets and slice headers, as far as field pairs and the order of pictures need them (ITU-T H.264 §7.3.2.1, §7.3.3). */
import { Bits, unescape } from './nal-units.ts';

export interface SequenceFacts {
  readonly id: number;
  /** Coded size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly chroma: number;
  readonly depth: number;
  readonly separatePlanes: boolean;
  readonly frameNumberBits: number;
  readonly orderType: number;
  readonly orderBits: number;
  readonly framesOnly: boolean;
  /** How many pictures may be decoded before one that is shown before them; 0 where the sequence does not say. */
  readonly reordered: number;
}

/** Profiles whose sequence set carries chroma format and depth. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

const skipScalingList = (bits: Bits, size: number): void => {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + bits.signedGolomb() + 256) & 255;
    if (next !== 0) last = next;
  }
};

/** hrd_parameters(), §E.1.2, skipped. */
const skipBuffering = (bits: Bits): void => {
  const count = Math.min(32, bits.golomb() + 1);
  bits.take(8);
  for (let index = 0; index < count; index += 1) {
    bits.golomb();
    bits.golomb();
    bits.bit();
  }
  bits.take(20);
};

/** max_num_reorder_frames at the end of vui_parameters(), §E.1.1; 0 when it is not there. */
const readReordering = (bits: Bits): number => {
  if (bits.bit() === 1 && bits.take(8) === 255) bits.take(32);
  if (bits.bit() === 1) bits.bit();
  if (bits.bit() === 1) {
    bits.take(4);
    if (bits.bit() === 1) bits.take(24);
  }
  if (bits.bit() === 1) {
    bits.golomb();
    bits.golomb();
  }
  if (bits.bit() === 1) bits.at += 65;
  const network = bits.bit() === 1;
  if (network) skipBuffering(bits);
  const coded = bits.bit() === 1;
  if (coded) skipBuffering(bits);
  if (network || coded) bits.bit();
  bits.bit();
  if (bits.bit() === 0) return 0;
  bits.bit();
  for (let index = 0; index < 4; index += 1) bits.golomb();
  return Math.min(16, bits.golomb());
};

/** Null when the unit is no sequence set or is cut short. */
export const readSequence = (unit: Uint8Array): SequenceFacts | null => {
  if (((unit[0] ?? 0) & 0x1f) !== 7 || unit.length < 5) return null;
  const bits = new Bits(unescape(unit.subarray(1)));
  const profile = bits.take(8);
  bits.take(16);
  const id = bits.golomb();
  let chroma = 1;
  let depth = 8;
  let separatePlanes = false;
  if (HIGH_PROFILES.has(profile)) {
    chroma = bits.golomb();
    if (chroma === 3) separatePlanes = bits.bit() === 1;
    depth = 8 + Math.max(bits.golomb(), bits.golomb());
    bits.bit();
    if (bits.bit() === 1) {
      for (let list = 0; list < (chroma === 3 ? 12 : 8); list += 1)
        if (bits.bit() === 1) skipScalingList(bits, list < 6 ? 16 : 64);
    }
  }
  const frameNumberBits = bits.golomb() + 4;
  const orderType = bits.golomb();
  let orderBits = 0;
  if (orderType === 0) orderBits = bits.golomb() + 4;
  else if (orderType === 1) {
    bits.bit();
    bits.signedGolomb();
    bits.signedGolomb();
    const cycle = Math.min(255, bits.golomb());
    for (let index = 0; index < cycle; index += 1) bits.signedGolomb();
  }
  bits.golomb();
  bits.bit();
  const width = (bits.golomb() + 1) * 16;
  const mapUnits = bits.golomb() + 1;
  const framesOnly = bits.bit() === 1;
  if (bits.overrun) return null;
  const height = mapUnits * 16 * (framesOnly ? 1 : 2);
  if (!framesOnly) bits.bit();
  bits.bit();
  if (bits.bit() === 1) for (let side = 0; side < 4; side += 1) bits.golomb();
  const reordered = bits.bit() === 1 ? readReordering(bits) : 0;
  return {
    ...{ id, width, height, chroma, depth, separatePlanes, frameNumberBits, orderType, orderBits, framesOnly },
    reordered: bits.overrun ? 0 : reordered,
  };
};

export interface SliceFacts {
  readonly idr: boolean;
  readonly reference: boolean;
  readonly frameNumber: number;
  readonly field: 'frame' | 'top' | 'bottom';
  /** pic_order_cnt_lsb; 0 where the sequence orders pictures otherwise. */
  readonly order: number;
  readonly sequence: SequenceFacts;
}

/** Keeps the parameter sets that a stream has announced so far, to read slice headers by. */
export class H264Headers {
  readonly #sequences = new Map<number, SequenceFacts>();
  /** Sequence id by picture set id. */
  readonly #pictures = new Map<number, number>();

  /** Takes note of a sequence or picture set; ignores every other unit. */
  learn(unit: Uint8Array): void {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type === 7) {
      const facts = readSequence(unit);
      if (facts !== null) this.#sequences.set(facts.id, facts);
    } else if (type === 8) {
      const bits = new Bits(unescape(unit.subarray(1, 16)));
      const id = bits.golomb();
      this.#pictures.set(id, bits.golomb());
    }
  }

  /** The header of a slice; null when its parameter sets are not known. */
  slice(unit: Uint8Array): SliceFacts | null {
    const bits = new Bits(unescape(unit.subarray(1, 40)));
    bits.golomb();
    bits.golomb();
    const sequence = this.#sequences.get(this.#pictures.get(bits.golomb()) ?? -1);
    if (sequence === undefined) return null;
    if (sequence.separatePlanes) bits.take(2);
    const frameNumber = bits.take(sequence.frameNumberBits);
    const isField = !sequence.framesOnly && bits.bit() === 1;
    const isBottom = isField && bits.bit() === 1;
    const idr = ((unit[0] ?? 0) & 0x1f) === 5;
    if (idr) bits.golomb();
    const order = sequence.orderType === 0 ? bits.take(sequence.orderBits) : 0;
    return {
      idr,
      reference: ((unit[0] ?? 0) & 0x60) !== 0,
      frameNumber,
      field: isField ? (isBottom ? 'bottom' : 'top') : 'frame',
      order,
      sequence,
    };
  }
}
