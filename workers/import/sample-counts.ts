/**
 * Whether a movie's sample tables are possible at all. A flipped bit can make one say four thousand million samples: a reader that
 * believes it is busy for minutes, or out of memory, before it finds out.
 */
import type { ByteSource } from './byte-source.ts';
import { type Box, boxesWithin, findBox, inside } from './iso-boxes.ts';

/** Full boxes of a number of entries, each of so many 32-bit fields (ISO/IEC 14496-12 §8.6.1, §8.7.4). */
const FIELDS: Readonly<Record<string, number>> = { stts: 2, ctts: 2, stsc: 3 };

/** Calls `visit` with the first two fields of each entry that lies within the box. */
const forEachEntry = async (
  file: ByteSource,
  box: Box,
  visit: (first: number, second: number) => void,
): Promise<void> => {
  const size = (FIELDS[box.type] ?? 0) * 4;
  const table = await file.read(box.body + 4, box.end);
  if (size === 0 || table.byteLength < 4) return;
  const entries = Math.min(table.getUint32(0), Math.floor((table.byteLength - 4) / size));
  for (let i = 0; i < entries; i += 1) visit(table.getUint32(4 + i * size), table.getUint32(8 + i * size));
};

/** How many samples a table claims, or at least implies. */
const claimedBy = async (file: ByteSource, box: Box): Promise<number> => {
  if (box.type === 'stsz') return sizeCount(file, box);
  let total = 0;
  let largest = 0;
  await forEachEntry(file, box, (first, second) => {
    // `stts` and `ctts` begin with how many samples an entry stands for; `stsc` has a chunk's number and how many samples it holds.
    total += first;
    largest = Math.max(largest, first, second);
  });
  return box.type === 'stsc' ? largest : total;
};

/** §8.7.3: a size for all samples, or 0, then how many there are. */
const sizeCount = async (file: ByteSource, box: Box): Promise<number> => {
  const head = await file.read(box.body + 4, Math.min(box.body + 12, box.end));
  return head.byteLength === 8 ? head.getUint32(4) : 0;
};

/** False when a track claims more samples, or chunks, than the file has bytes. True for files of other formats. */
export const sampleCountsArePossible = async (file: ByteSource): Promise<boolean> => {
  const moov = await findBox(file, 'moov', 0, file.size);
  if (!moov) return true;
  for await (const trak of boxesWithin(file, moov.body, moov.end)) {
    const stbl = trak.type === 'trak' ? await inside(file, trak, 'mdia', 'minf', 'stbl') : null;
    if (!stbl) continue;
    for await (const table of boxesWithin(file, stbl.body, stbl.end)) {
      if ((await claimedBy(file, table)) > file.size) return false;
    }
  }
  return true;
};
