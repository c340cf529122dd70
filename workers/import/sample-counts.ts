/**
 * Whether a movie's sample tables are possible at all. A flipped bit can make one say four thousand million samples: a reader that
 * believes it is busy for minutes, or out of memory, before it finds out.
 */
import { type Box, boxesWithin, findBox, view } from './iso-boxes.ts';

/** Both tables are full boxes whose entries begin with how many samples they stand for (ISO/IEC 14496-12 §8.6.1). */
const RUN_LENGTH_TABLES = ['stts', 'ctts'];
const ENTRY_BYTES = 8;

const runLengthTotal = async (file: Blob, box: Box): Promise<number> => {
  const table = await view(file, box.body + 4, box.end);
  if (table.byteLength < 4) return 0;
  const entries = Math.min(table.getUint32(0), Math.floor((table.byteLength - 4) / ENTRY_BYTES));
  let total = 0;
  for (let i = 0; i < entries; i += 1) total += table.getUint32(4 + i * ENTRY_BYTES);
  return total;
};

/** §8.7.3: a size for all samples, or 0, then how many there are. */
const sizeCount = async (file: Blob, box: Box): Promise<number> => {
  const head = await view(file, box.body + 4, Math.min(box.body + 12, box.end));
  return head.byteLength === 8 ? head.getUint32(4) : 0;
};

const inside = async (file: Blob, box: Box | null, ...path: readonly string[]): Promise<Box | null> => {
  let at = box;
  for (const type of path) at = at && (await findBox(file, type, at.body, at.end));
  return at;
};

/** False when a track claims more samples than the file has bytes. True for files of other formats. */
export const sampleCountsArePossible = async (file: Blob): Promise<boolean> => {
  const moov = await findBox(file, 'moov', 0, file.size);
  if (!moov) return true;
  for await (const trak of boxesWithin(file, moov.body, moov.end)) {
    const stbl = trak.type === 'trak' ? await inside(file, trak, 'mdia', 'minf', 'stbl') : null;
    if (!stbl) continue;
    for await (const table of boxesWithin(file, stbl.body, stbl.end)) {
      if (RUN_LENGTH_TABLES.includes(table.type) && (await runLengthTotal(file, table)) > file.size) return false;
      if (table.type === 'stsz' && (await sizeCount(file, table)) > file.size) return false;
    }
  }
  return true;
};
