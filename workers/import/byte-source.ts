/** A picked file as bytes to look at: small ones whole in memory, read once; large ones by blocks that are kept for a while. */

export interface ByteSource {
  readonly size: number;
  /** The whole file, when it is held in memory. */
  readonly whole: Uint8Array<ArrayBuffer> | null;
  /** The bytes `from`…`to`; fewer where the file ends before. Throws when the file cannot be read. */
  read(from: number, to: number): Promise<DataView>;
}

/** Up to this a file is held in memory: an ordinary clip, many times over. */
const LARGEST_WHOLE = 32 * 1024 * 1024;
const BLOCK = 128 * 1024;
const BLOCKS_KEPT = 16;

const inMemory = (bytes: Uint8Array<ArrayBuffer>): ByteSource => ({
  size: bytes.length,
  whole: bytes,
  read: (from, to) => {
    const start = Math.min(Math.max(0, from), bytes.length);
    const end = Math.min(Math.max(start, to), bytes.length);
    return Promise.resolve(new DataView(bytes.buffer, start, end - start));
  },
});

const byBlocks = (file: Blob): ByteSource => {
  const blocks = new Map<number, Uint8Array>();
  const block = async (index: number): Promise<Uint8Array> => {
    const kept = blocks.get(index);
    if (kept) return kept;
    const bytes = new Uint8Array(await file.slice(index * BLOCK, (index + 1) * BLOCK).arrayBuffer());
    const [oldest] = blocks.keys();
    if (blocks.size >= BLOCKS_KEPT && oldest !== undefined) blocks.delete(oldest);
    blocks.set(index, bytes);
    return bytes;
  };
  return {
    size: file.size,
    whole: null,
    read: async (from, to) => {
      const start = Math.min(Math.max(0, from), file.size);
      const end = Math.min(Math.max(start, to), file.size);
      const first = Math.floor(start / BLOCK);
      if (end > (first + 1) * BLOCK) return new DataView(await file.slice(start, end).arrayBuffer());
      const bytes = await block(first);
      return new DataView(bytes.buffer, bytes.byteOffset + start - first * BLOCK, end - start);
    },
  };
};

export const openBytes = async (file: Blob): Promise<ByteSource> =>
  file.size <= LARGEST_WHOLE ? inMemory(new Uint8Array(await file.arrayBuffer())) : byBlocks(file);

/** The bytes of a view. */
export const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Text of one byte a character; shorter where the bytes end. */
export const latin = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...bytesOf(view).subarray(at, at + length));
