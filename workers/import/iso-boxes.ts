/** Walks the boxes of an ISO base media file by byte ranges (ISO/IEC 14496-12 §4.2). */

export interface Box {
  readonly type: string;
  /** Offsets in the file: of the first byte after the header, and of the first byte after the box. */
  readonly body: number;
  readonly end: number;
}

/** The bytes `from`…`to` of a file. */
export const view = async (file: Blob, from: number, to: number): Promise<DataView> =>
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

/** The boxes that lie between two offsets, in order; ends at the first that makes no sense. */
export async function* boxesWithin(file: Blob, from: number, to: number): AsyncGenerator<Box> {
  let offset = from;
  for (let seen = 0; offset < to && seen < MOST_BOXES; seen += 1) {
    const box = await boxAt(file, offset, to);
    if (!box) return;
    yield box;
    offset = box.end;
  }
}

/** The first box of a type between two offsets; null without one. */
export const findBox = async (file: Blob, type: string, from: number, to: number): Promise<Box | null> => {
  for await (const box of boxesWithin(file, from, to)) if (box.type === type) return box;
  return null;
};
