/** Reads `creation_time` from an ISO base media file's movie header by byte ranges (ISO/IEC 14496-12 §4.2 boxes, §8.2.2 `mvhd`). */
import type { EpochMs } from '../../src/contracts/units.ts';

interface Box {
  readonly type: string;
  /** Offsets in the file: of the first byte after the header, and of the first byte after the box. */
  readonly body: number;
  readonly end: number;
}

const view = async (file: Blob, from: number, to: number): Promise<DataView> =>
  new DataView(await file.slice(from, to).arrayBuffer());

const boxAt = async (file: Blob, offset: number, end: number): Promise<Box | null> => {
  const header = await view(file, offset, Math.min(offset + 16, end));
  if (header.byteLength < 8) return null;
  const type = String.fromCharCode(...new Uint8Array(header.buffer, 4, 4));
  const short = header.getUint32(0);
  if (short === 0) return { type, body: offset + 8, end };
  if (short === 1 && header.byteLength < 16) return null;
  const [size, length] = short === 1 ? [Number(header.getBigUint64(8)), 16] : [short, 8];
  // A size that does not even hold its own header would have us look at the same place for ever.
  return size < length ? null : { type, body: offset + length, end: Math.min(offset + size, end) };
};

/** More boxes than any sane level has: a crafted file must not keep us walking. */
const MOST_BOXES = 10_000;

const find = async (file: Blob, type: string, from: number, to: number): Promise<Box | null> => {
  let offset = from;
  for (let seen = 0; offset < to && seen < MOST_BOXES; seen += 1) {
    const box = await boxAt(file, offset, to);
    if (!box || box.type === type) return box;
    offset = box.end;
  }
  return null;
};

/** Seconds from 1904-01-01 to 1970-01-01, both UTC. */
const MAC_TO_UNIX_S = 2_082_844_800;

/** The movie's creation time, or null when the file is of another format, has none, or never had its clock set. Throws only when the file cannot be read. */
export const readCreationTime = async (file: Blob): Promise<EpochMs | null> => {
  const moov = await find(file, 'moov', 0, file.size);
  const mvhd = moov && (await find(file, 'mvhd', moov.body, moov.end));
  if (!mvhd) return null;
  const bytes = await view(file, mvhd.body, Math.min(mvhd.body + 12, mvhd.end));
  if (bytes.byteLength < 12) return null;
  const seconds = bytes.getUint8(0) === 1 ? Number(bytes.getBigUint64(4)) : bytes.getUint32(4);
  return seconds > MAC_TO_UNIX_S ? (seconds - MAC_TO_UNIX_S) * 1_000 : null;
};
