/** Reads and writes tar files (POSIX.1-2017 pax, ustar headers; sizes from 8 GiB on in GNU base-256), for one file that `tar` opens, too. */

const BLOCK = 512;
const NAME_BYTES = 100;
const SIZE = { at: 124, bytes: 12 } as const;
const CHECKSUM = { at: 148, bytes: 8 } as const;
/** The largest size that twelve octal digits hold. */
const MOST_OCTAL = 8 ** 11 - 1;

const encoder = new TextEncoder();

const put = (header: Uint8Array, at: number, text: string): void => header.set(encoder.encode(text), at);

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;

const putSize = (header: Uint8Array, size: number): void => {
  if (size <= MOST_OCTAL) {
    put(header, SIZE.at, octal(size, 11));
    return;
  }
  let rest = size;
  for (let at = SIZE.at + SIZE.bytes - 1; at > SIZE.at; at--) {
    header[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  header[SIZE.at] = 0x80;
};

/** The sum of a header's bytes, its own field counted as spaces. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, at) => sum + (at >= CHECKSUM.at && at < CHECKSUM.at + CHECKSUM.bytes ? 0x20 : byte), 0);

/** Throws RangeError for a name that a ustar header cannot hold: ours are short. */
const headerOf = (name: string, size: number): Uint8Array<ArrayBuffer> => {
  if (encoder.encode(name).length > NAME_BYTES) throw new RangeError(`${name} is too long a name for a tar file`);
  const header = new Uint8Array(BLOCK);
  put(header, 0, name);
  put(header, 100, octal(0o600, 7));
  put(header, 108, octal(0, 7));
  put(header, 116, octal(0, 7));
  putSize(header, size);
  put(header, 136, octal(0, 11));
  put(header, 156, '0');
  put(header, 257, 'ustar\u000000');
  put(header, CHECKSUM.at, `${octal(checksum(header), 6)} `);
  return header;
};

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

export interface TarEntry {
  readonly name: string;
  readonly content: Blob;
}

/** One Blob of all entries. Nothing is copied: it refers to the Blobs it is made of. */
export const writeTar = (entries: readonly TarEntry[]): Blob =>
  new Blob([
    ...entries.flatMap(({ name, content }) => [
      headerOf(name, content.size),
      content,
      new Uint8Array(paddingOf(content.size)),
    ]),
    new Uint8Array(2 * BLOCK),
  ]);

const sizeOf = (header: Uint8Array): number => {
  const field = header.subarray(SIZE.at, SIZE.at + SIZE.bytes);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const digits = String.fromCharCode(...field).replace(/[\0 ].*$/s, '');
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
};

const nameOf = (header: Uint8Array): string =>
  new TextDecoder().decode(header.subarray(0, NAME_BYTES)).replace(/\0.*$/s, '');

/**
 * The regular files of a tar file, one after the other, as slices of it. Ends with null in place of an entry when the file is no tar file
 * or is cut short; what came before it is whole.
 */
export async function* readTar(file: Blob): AsyncGenerator<TarEntry | null> {
  for (let at = 0; ;) {
    const header = new Uint8Array(await file.slice(at, at + BLOCK).arrayBuffer());
    if (header.length === BLOCK && header.every((byte) => byte === 0)) return;
    const size = header.length === BLOCK ? sizeOf(header) : Number.NaN;
    const told = Number.parseInt(String.fromCharCode(...header.subarray(CHECKSUM.at, CHECKSUM.at + 6)), 8);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || told !== checksum(header) || start + size > file.size) {
      yield null;
      return;
    }
    const type = header[156] ?? 0;
    if (type === 0 || type === 0x30) yield { name: nameOf(header), content: file.slice(start, start + size) };
    at = start + size + paddingOf(size);
  }
}
