/** Reads one track's sample tables (ISO/IEC 14496-12 §8.6–8.7) into a list of samples in decode order. */
import { type Box, type BoxWalker } from './boxes.ts';
import { notAClip } from './findings.ts';

export interface ClipSample {
  /** 1-based position in decode order, as people count them in messages. */
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  /** Media decode and presentation time and duration, in the track's ticks; edit lists play no part in them. */
  readonly dts: number;
  readonly pts: number;
  readonly duration: number;
  readonly sync: boolean;
}

/** An entry count that the rest of the box can hold; stops the audit otherwise. */
const countOf = (walker: BoxWalker, box: Box, left: number, count: number, entryBytes: number): number => {
  if (count * entryBytes > left)
    notAClip(`${box.path} announces ${count} entries and has room for ${Math.floor(left / entryBytes)}.`);
  if (count * entryBytes < left)
    walker.findings.add('unaccounted-bytes', `${box.path} has ${left - count * entryBytes} bytes after its table.`);
  return count;
};

/** Sizes one by one, or one size for all of `count`. */
type Sizes = { readonly count: number; readonly shared: number; readonly each: readonly number[] };

const readSizes = (walker: BoxWalker, box: Box): Sizes => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const shared = reader.u32();
  const count = reader.u32();
  if (shared === 0) {
    return {
      count,
      shared,
      each: Array.from({ length: countOf(walker, box, reader.left, count, 4) }, () => reader.u32()),
    };
  }
  walker.finish(box, reader);
  if (count * shared > walker.bytes.length)
    notAClip(`${box.path} announces ${count} samples of ${shared} bytes, more than the file has.`);
  return { count, shared, each: [] };
};

/** Run-length pairs `(count, value)` spelt out for exactly `total` samples. */
const readRuns = (walker: BoxWalker, box: Box, total: number, signed: boolean): number[] => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, ...(signed ? [0, 1] : [0]));
  walker.expect(box, 'flags', flags, 0);
  const entries = reader.u32();
  countOf(walker, box, reader.left, entries, 8);
  const values: number[] = [];
  for (let entry = 0; entry < entries; entry += 1) {
    const count = reader.u32();
    const value = signed && version === 1 ? reader.i32() : reader.u32();
    if (values.length + count > total) notAClip(`${box.path} describes more than the ${total} samples there are.`);
    for (let index = 0; index < count; index += 1) values.push(value);
  }
  if (values.length !== total) notAClip(`${box.path} describes ${values.length} of ${total} samples.`);
  return values;
};

const readChunkOffsets = (walker: BoxWalker, box: Box): number[] => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const wide = box.type === 'co64';
  const count = countOf(walker, box, reader.left - 4, reader.u32(), wide ? 8 : 4);
  return Array.from({ length: count }, () => (wide ? reader.u64() : reader.u32()));
};

/** How many samples each of `chunks` chunks holds. */
const readChunkSizes = (walker: BoxWalker, box: Box, chunks: number): number[] => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const entries = reader.u32();
  countOf(walker, box, reader.left, entries, 12);
  const sizes: number[] = [];
  let perChunk = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    const first = reader.u32();
    if (entry === 0 ? first !== 1 : first <= sizes.length + 1) notAClip(`${box.path} has its chunks out of order.`);
    if (first > chunks) notAClip(`${box.path} speaks of chunk ${first} of ${chunks}.`);
    while (sizes.length < first - 1) sizes.push(perChunk);
    perChunk = reader.u32();
    walker.expect(box, 'sample description', reader.u32(), 1);
  }
  while (sizes.length < chunks) sizes.push(perChunk);
  return sizes;
};

/** 0-based numbers of the samples that stand on their own. */
const readSync = (walker: BoxWalker, box: Box, total: number): ReadonlySet<number> => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const entries = reader.u32();
  countOf(walker, box, reader.left, entries, 4);
  const sync = new Set<number>();
  let last = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    const number = reader.u32();
    if (number <= last || number > total)
      notAClip(`${box.path} names sample ${number} out of order or beyond ${total}.`);
    last = number;
    sync.add(number - 1);
  }
  return sync;
};

/** The one duration that all samples of uncompressed sound share. */
const readSharedDuration = (walker: BoxWalker, box: Box, total: number): number => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  walker.expect(box, 'entries', reader.u32(), 1);
  walker.expect(box, 'samples', reader.u32(), total);
  const duration = reader.u32();
  walker.finish(box, reader);
  return duration;
};

/**
 * Reads the tables of one `stbl` from its child boxes. Stops the audit when they contradict each other. `frameBytes`: of one sample of
 * all channels, where sound is uncompressed; a table that counts such samples one by one gives a run of them for each chunk.
 */
export const readSamples = (
  walker: BoxWalker,
  tables: readonly Box[],
  parent: string,
  frameBytes: number | null,
): readonly ClipSample[] => {
  const sizes = readSizes(walker, walker.one(tables, 'stsz', parent));
  const total = sizes.count;
  if (total === 0) notAClip(`${parent} lists no samples.`);
  const runs = frameBytes !== null && sizes.shared === frameBytes;
  if (runs)
    for (const type of ['ctts', 'stss'])
      if (tables.some((box) => box.type === type)) notAClip(`${parent} has ${type} for sound.`);
  const shared = runs ? readSharedDuration(walker, walker.one(tables, 'stts', parent), total) : 0;
  const durations = runs ? [] : readRuns(walker, walker.one(tables, 'stts', parent), total, false);
  const composition = walker.optional(tables, 'ctts', parent);
  const shifts = composition === null ? null : readRuns(walker, composition, total, true);
  const syncBox = walker.optional(tables, 'stss', parent);
  const sync = syncBox === null ? null : readSync(walker, syncBox, total);
  const narrow = walker.optional(tables, 'stco', parent);
  const wide = walker.optional(tables, 'co64', parent);
  if ((narrow === null) === (wide === null)) notAClip(`${parent} must have either stco or co64.`);
  const chunks = readChunkOffsets(walker, narrow ?? wide ?? notAClip(`${parent} has no chunk offsets.`));
  const perChunk = readChunkSizes(walker, walker.one(tables, 'stsc', parent), chunks.length);

  const samples: ClipSample[] = [];
  let dts = 0;
  let counted = 0;
  chunks.forEach((chunkOffset, chunk) => {
    let offset = chunkOffset;
    counted += perChunk[chunk] ?? 0;
    const until = counted;
    if (until > total) notAClip(`The chunks of ${parent} hold more than the ${total} samples there are.`);
    if (runs) {
      const count = perChunk[chunk] ?? 0;
      const duration = count * shared;
      const number = counted - count + 1;
      samples.push({ number, offset, size: count * sizes.shared, dts, pts: dts, duration, sync: true });
      dts += duration;
      return;
    }
    for (let index = samples.length; index < until; index += 1) {
      const size = sizes.shared === 0 ? (sizes.each[index] ?? 0) : sizes.shared;
      const duration = durations[index] ?? 0;
      const pts = dts + (shifts?.[index] ?? 0);
      samples.push({ number: index + 1, offset, size, dts, pts, duration, sync: sync === null || sync.has(index) });
      offset += size;
      dts += duration;
    }
  });
  if (counted !== total) notAClip(`The chunks of ${parent} hold ${counted} of ${total} samples.`);
  return samples;
};
