/** Walks the boxes of an ISO base media file (ISO/IEC 14496-12 §4.2) that lies in memory. */

export interface Box {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The boxes in `bytes`, stopping quietly where a size does not fit. */
export function* boxes(bytes: Uint8Array): Generator<Box> {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const view = viewOf(bytes.subarray(at));
    const short = view.getUint32(0);
    const header = short === 1 ? 16 : 8;
    if (short === 1 && view.byteLength < 16) return;
    const size = short === 0 ? bytes.length - at : short === 1 ? Number(view.getBigUint64(8)) : short;
    if (size < header || at + size > bytes.length) return;
    yield { type: fourCharacters(view, 4), body: bytes.subarray(at + header, at + size) };
    at += size;
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** An unsigned 32-bit number; 0 behind the end. */
export const read = (view: DataView, at: number): number => (at + 4 <= view.byteLength ? view.getUint32(at) : 0);

export const fourCharacters = (view: DataView, at: number): string =>
  at + 4 <= view.byteLength
    ? String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
    : '';
