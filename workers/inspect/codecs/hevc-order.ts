/** The output order of HEVC pictures (ITU-T H.265 §7.3.6.1, §8.3.1), for containers that keep decode times only. */
import { Bits, unescape, unitsOf } from './nal-units.ts';
import { HEVC_RULES } from './hevc.ts';
import type { Framing } from './video-rules.ts';

interface SequenceFacts {
  readonly orderBits: number;
  readonly separatePlanes: boolean;
  /** sps_max_num_reorder_pics of the highest temporal layer. */
  readonly reordered: number;
}

interface PictureSet {
  readonly sequence: number;
  readonly dependentSlices: boolean;
  readonly outputFlag: boolean;
  readonly extraBits: number;
}

const typeOf = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 0x3f;

const skipProfile = (bits: Bits, subLayers: number): void => {
  bits.at += 96;
  const present: (readonly [number, number])[] = [];
  for (let index = 0; index < subLayers; index += 1) present.push([bits.bit(), bits.bit()]);
  if (subLayers > 0) bits.at += (8 - subLayers) * 2;
  for (const [profile, level] of present) bits.at += profile * 88 + level * 8;
};

const readSequence = (unit: Uint8Array): { readonly id: number; readonly facts: SequenceFacts } => {
  const bits = new Bits(unescape(unit.subarray(2)));
  bits.take(4);
  const subLayers = bits.take(3);
  bits.bit();
  skipProfile(bits, subLayers);
  const id = bits.golomb();
  const chroma = bits.golomb();
  const separatePlanes = chroma === 3 && bits.bit() === 1;
  bits.golomb();
  bits.golomb();
  if (bits.bit() === 1) for (let side = 0; side < 4; side += 1) bits.golomb();
  bits.golomb();
  bits.golomb();
  const orderBits = bits.golomb() + 4;
  const eachLayer = bits.bit() === 1;
  let reordered = 0;
  for (let layer = eachLayer ? 0 : subLayers; layer <= subLayers; layer += 1) {
    bits.golomb();
    reordered = bits.golomb();
    bits.golomb();
  }
  return { id, facts: { orderBits, separatePlanes, reordered } };
};

export class HevcOrder {
  readonly #framing: Framing;
  readonly #sequences = new Map<number, SequenceFacts>();
  readonly #pictures = new Map<number, PictureSet>();
  #previous = 0;
  reordered = 0;

  constructor(configuration: Uint8Array | null) {
    const { framing, parameterSets } = HEVC_RULES.configuration(configuration);
    this.#framing = framing;
    for (const set of parameterSets) this.#learn(set);
  }

  #learn(unit: Uint8Array): void {
    if (typeOf(unit) === 33) {
      const { id, facts } = readSequence(unit);
      this.#sequences.set(id, facts);
      this.reordered = Math.max(this.reordered, facts.reordered);
    } else if (typeOf(unit) === 34) {
      const bits = new Bits(unescape(unit.subarray(2, 16)));
      const id = bits.golomb();
      const sequence = bits.golomb();
      const dependentSlices = bits.bit() === 1;
      const outputFlag = bits.bit() === 1;
      this.#pictures.set(id, { sequence, dependentSlices, outputFlag, extraBits: bits.take(3) });
    }
  }

  /** A number by which pictures of one sequence sort; null when the packet's parameter sets are not known. */
  read(packet: Uint8Array): { readonly order: number; readonly restarts: boolean } | null {
    for (const unit of unitsOf(packet, this.#framing)?.units ?? []) {
      const type = typeOf(unit);
      if (type === 33 || type === 34) this.#learn(unit);
      if (type >= 32) continue;
      const bits = new Bits(unescape(unit.subarray(2, 40)));
      // Only the first slice of a picture has its header whole.
      if (bits.bit() === 0) continue;
      if (type >= 16 && type <= 23) bits.bit();
      const set = this.#pictures.get(bits.golomb());
      const sequence = set === undefined ? undefined : this.#sequences.get(set.sequence);
      if (set === undefined || sequence === undefined) return null;
      bits.take(set.extraBits);
      bits.golomb();
      if (set.outputFlag) bits.bit();
      if (sequence.separatePlanes) bits.take(2);
      if (type === 19 || type === 20) {
        this.#previous = 0;
        return { order: 0, restarts: true };
      }
      const range = 2 ** sequence.orderBits;
      const low = bits.take(sequence.orderBits);
      const before = ((this.#previous % range) + range) % range;
      let high = this.#previous - before;
      if (low < before && before - low >= range / 2) high += range;
      else if (low > before && low - before > range / 2) high -= range;
      const order = high + low;
      // Pictures that others refer to carry the count on: temporal layer 0, neither leading nor without references.
      const reference = type > 15 || (type % 2 === 1 && type < 6);
      if (reference && ((unit[1] ?? 0) & 7) === 1) this.#previous = order;
      return { order, restarts: false };
    }
    return null;
  }
}
