/** A track's sample tables spelt out in columns, in decode order: small enough for a day of recording (ISO/IEC 14496-12 §8.6–8.7). */
import { boxesIn, holds, u64, type IsoBox } from './iso-view.ts';
import { SourceDamaged } from './source.ts';

/** Times in the track's ticks, before any edit list. */
export interface SampleTable {
  readonly count: number;
  readonly offsets: Float64Array;
  readonly sizes: Float64Array;
  readonly decodeTicks: Float64Array;
  /** Composition offset: presentation minus decode time. */
  readonly shifts: Int32Array;
  readonly keys: Uint8Array;
  /** Index into the sample descriptions. */
  readonly descriptions: Uint8Array;
  /** End of the last sample in decode time. */
  readonly endTicks: number;
}

/** No recording has more: a day at sixty frames a second is five million. */
const MOST_SAMPLES = 20_000_000;

/** A table that grows while it is filled. */
export class TableBuilder {
  #room = 1024;
  count = 0;
  endTicks = 0;
  #offsets = new Float64Array(this.#room);
  #sizes = new Float64Array(this.#room);
  #decodeTicks = new Float64Array(this.#room);
  #shifts = new Int32Array(this.#room);
  #keys = new Uint8Array(this.#room);
  #descriptions = new Uint8Array(this.#room);

  add(
    offset: number,
    size: number,
    decodeTicks: number,
    shift: number,
    key: boolean,
    description: number,
    duration: number,
  ): void {
    if (this.count === this.#room) this.#grow();
    const at = this.count;
    this.#offsets[at] = offset;
    this.#sizes[at] = size;
    this.#decodeTicks[at] = decodeTicks;
    this.#shifts[at] = shift;
    this.#keys[at] = key ? 1 : 0;
    this.#descriptions[at] = Math.min(255, Math.max(0, description));
    this.endTicks = decodeTicks + duration;
    this.count += 1;
  }

  #grow(): void {
    if (this.#room >= MOST_SAMPLES) throw new SourceDamaged(`Its index lists more than ${MOST_SAMPLES} samples.`);
    this.#room *= 2;
    const larger = <Column extends Float64Array | Int32Array | Uint8Array>(column: Column, copy: Column): Column => {
      copy.set(column);
      return copy;
    };
    this.#offsets = larger(this.#offsets, new Float64Array(this.#room));
    this.#sizes = larger(this.#sizes, new Float64Array(this.#room));
    this.#decodeTicks = larger(this.#decodeTicks, new Float64Array(this.#room));
    this.#shifts = larger(this.#shifts, new Int32Array(this.#room));
    this.#keys = larger(this.#keys, new Uint8Array(this.#room));
    this.#descriptions = larger(this.#descriptions, new Uint8Array(this.#room));
  }

  table(): SampleTable {
    return {
      count: this.count,
      offsets: this.#offsets,
      sizes: this.#sizes,
      decodeTicks: this.#decodeTicks,
      shifts: this.#shifts,
      keys: this.#keys,
      descriptions: this.#descriptions,
      endTicks: this.endTicks,
    };
  }
}

/** Run-length pairs, stepped through sample by sample; `signed` as recordings write negative composition offsets in either version. */
class Runs {
  readonly #view: DataView;
  readonly #end: number;
  readonly #signed: boolean;
  #at: number;
  #left = 0;
  #value = 0;

  constructor(view: DataView, box: IsoBox | null, signed: boolean) {
    this.#view = view;
    this.#signed = signed;
    this.#at = box === null ? 0 : box.start + 8;
    const entries = box === null || !holds(box, 8) ? 0 : view.getUint32(box.start + 4);
    this.#end = box === null ? 0 : Math.min(box.end, this.#at + entries * 8);
  }

  /** The next sample's value; `otherwise` when the table has ended. */
  next(otherwise: number): number {
    while (this.#left === 0) {
      if (this.#at + 8 > this.#end) return otherwise;
      this.#left = this.#view.getUint32(this.#at);
      this.#value = this.#signed ? this.#view.getInt32(this.#at + 4) : this.#view.getUint32(this.#at + 4);
      this.#at += 8;
    }
    this.#left -= 1;
    return this.#value;
  }

  /** Sum over the next `count` samples; the last value goes on when the table has ended. */
  sum(count: number): number {
    let total = 0;
    for (let left = count; left > 0;) {
      const first = this.next(this.#value);
      const taken = Math.min(left - 1, this.#left);
      total += first + taken * this.#value;
      this.#left -= taken;
      left -= 1 + taken;
      if (this.#left === 0 && this.#at + 8 > this.#end && left > 0) return total + left * this.#value;
    }
    return total;
  }
}

/** Sizes one by one, whichever box has them. */
const sizesOf = (
  view: DataView,
  stsz: IsoBox | null,
  stz2: IsoBox | null,
  fileBytes: number,
): { count: number; at(index: number): number } => {
  if (stsz !== null && holds(stsz, 12)) {
    const shared = view.getUint32(stsz.start + 4);
    const announced = view.getUint32(stsz.start + 8);
    // More of them than the file has room for are not there.
    if (shared > 0) return { count: Math.min(announced, Math.ceil(fileBytes / shared)), at: () => shared };
    const count = Math.min(announced, Math.floor((stsz.end - stsz.start - 12) / 4));
    return { count, at: (index) => view.getUint32(stsz.start + 12 + index * 4) };
  }
  if (stz2 !== null && holds(stz2, 12)) {
    const bits = view.getUint8(stz2.start + 7);
    const count = Math.min(
      view.getUint32(stz2.start + 8),
      bits === 0 ? 0 : Math.floor(((stz2.end - stz2.start - 12) * 8) / bits),
    );
    const at = (index: number): number => {
      if (bits === 16) return view.getUint16(stz2.start + 12 + index * 2);
      if (bits === 8) return view.getUint8(stz2.start + 12 + index);
      const byte = view.getUint8(stz2.start + 12 + (index >> 1));
      return (index & 1) === 0 ? byte >> 4 : byte & 15;
    };
    return { count, at };
  }
  return { count: 0, at: () => 0 };
};

interface ChunkRule {
  readonly first: number;
  readonly perChunk: number;
  readonly description: number;
}

const chunkRules = (view: DataView, stsc: IsoBox | null): readonly ChunkRule[] => {
  if (stsc === null || !holds(stsc, 8)) return [];
  const count = Math.min(view.getUint32(stsc.start + 4), Math.floor((stsc.end - stsc.start - 8) / 12));
  return Array.from({ length: count }, (_, index) => {
    const at = stsc.start + 8 + index * 12;
    return { first: view.getUint32(at), perChunk: view.getUint32(at + 4), description: view.getUint32(at + 8) - 1 };
  });
};

/**
 * Fills the table from an `stbl`. With `frameBytes` (uncompressed sound) each chunk is one entry, since such tables count single
 * samples. Sync samples: those of `stss`; all when there is none.
 */
export const readTable = (
  view: DataView,
  stbl: IsoBox,
  frameBytes: number | null,
  fileBytes: number,
  builder: TableBuilder,
): void => {
  const children = boxesIn(view, stbl.start, stbl.end);
  const child = (type: string): IsoBox | null => children.find((box) => box.type === type) ?? null;
  const sizes = sizesOf(view, child('stsz'), child('stz2'), frameBytes === null ? fileBytes : Infinity);
  const durations = new Runs(view, child('stts'), false);
  const shifts = new Runs(view, child('ctts'), true);
  const stss = child('stss');
  const keyCount =
    stss === null || !holds(stss, 8) ? 0 : Math.min(view.getUint32(stss.start + 4), (stss.end - stss.start - 8) >> 2);
  const rules = chunkRules(view, child('stsc'));
  const narrow = child('stco');
  const chunks = narrow ?? child('co64');
  if (chunks === null || !holds(chunks, 8)) return;
  const width = narrow === null ? 8 : 4;
  const chunkCount = Math.min(view.getUint32(chunks.start + 4), Math.floor((chunks.end - chunks.start - 8) / width));

  let rule = 0;
  let sample = 0;
  let key = 0;
  let ticks = 0;
  for (let chunk = 1; chunk <= chunkCount && sample < sizes.count; chunk += 1) {
    while ((rules[rule + 1]?.first ?? Infinity) <= chunk) rule += 1;
    const { perChunk = 0, description = 0 } = rules[rule] ?? {};
    const at = chunks.start + 8 + (chunk - 1) * width;
    let offset = width === 4 ? view.getUint32(at) : u64(view, at);
    const until = Math.min(sizes.count, sample + perChunk);
    if (frameBytes !== null) {
      const count = until - sample;
      const duration = durations.sum(count);
      if (count > 0) builder.add(offset, count * frameBytes, ticks, 0, true, description, duration);
      ticks += duration;
      sample = until;
      continue;
    }
    for (; sample < until; sample += 1) {
      while (key < keyCount && stss !== null && view.getUint32(stss.start + 8 + key * 4) < sample + 1) key += 1;
      const sync =
        keyCount === 0 || (key < keyCount && stss !== null && view.getUint32(stss.start + 8 + key * 4) === sample + 1);
      const duration = durations.next(0);
      const size = sizes.at(sample);
      builder.add(offset, size, ticks, shifts.next(0), sync, description, duration);
      offset += size;
      ticks += duration;
    }
  }
};
