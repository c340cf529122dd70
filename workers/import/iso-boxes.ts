/** Walks the boxes of an ISO base media file by byte ranges (ISO/IEC 14496-12 §4.2). */
import { type ByteSource, latin } from './byte-source.ts';

export interface Box {
  readonly type: string;
  /** Offsets in the file: of the first byte after the header, and of the first byte after the box. */
  readonly body: number;
  readonly end: number;
}

const boxAt = async (file: ByteSource, offset: number, end: number): Promise<Box | null> => {
  const header = await file.read(offset, Math.min(offset + 16, end));
  if (header.byteLength < 8) return null;
  const type = latin(header, 4, 4);
  const short = header.getUint32(0);
  if (short === 0) return { type, body: offset + 8, end };
  if (short === 1 && header.byteLength < 16) return null;
  const [size, length] = short === 1 ? [Number(header.getBigUint64(8)), 16] : [short, 8];
  // A size that does not even hold its own header would have us look at the same place for ever.
  return size < length ? null : { type, body: offset + length, end: Math.min(offset + size, end) };
};

/** More boxes than any sane level has: a crafted file must not keep us walking. */
const MOST_BOXES = 10_000;

/** The boxes that lie between two offsets, in order; ends at the first that makes no sense. */
export async function* boxesWithin(file: ByteSource, from: number, to: number): AsyncGenerator<Box> {
  let offset = from;
  for (let seen = 0; offset < to && seen < MOST_BOXES; seen += 1) {
    const box = await boxAt(file, offset, to);
    if (!box) return;
    yield box;
    offset = box.end;
  }
}

/** The first box of a type between two offsets; null without one. */
export const findBox = async (file: ByteSource, type: string, from: number, to: number): Promise<Box | null> => {
  for await (const box of boxesWithin(file, from, to)) if (box.type === type) return box;
  return null;
};

/** The box that a path of types leads to from inside `box`; null where it ends. */
export const inside = async (file: ByteSource, box: Box | null, ...path: readonly string[]): Promise<Box | null> => {
  let at = box;
  for (const type of path) at = at && (await findBox(file, type, at.body, at.end));
  return at;
};

/** The whole file, as a box to look inside. */
export const wholeFile = (file: ByteSource): Box => ({ type: '', body: 0, end: file.size });
