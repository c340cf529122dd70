/** Hash and copy of a file in one reading: what is kept is what was hashed, and a picked file's name and date stay behind. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256Hex } from '../../src/contracts/units.ts';
import type { ByteSource } from './byte-source.ts';

export interface OwnCopy {
  readonly sha256: Sha256Hex;
  readonly copy: Blob;
}

/** So much is gathered before it is handed to the browser, which puts it on the disk when there is a lot of it. */
const PIECE = 8 * 1024 * 1024;

const hexOf = (digest: ArrayBuffer): Sha256Hex =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Throws when the file cannot be read to its end. */
const streamed = async (file: Blob): Promise<OwnCopy> => {
  const hash = await createSHA256();
  const pieces: Blob[] = [];
  let gathered: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (value) {
      hash.update(value);
      gathered.push(value);
      bytes += value.length;
    }
    if (done || bytes >= PIECE) {
      pieces.push(new Blob(gathered));
      gathered = [];
      bytes = 0;
    }
    if (done) break;
  }
  const copy = new Blob(pieces, { type: file.type });
  if (copy.size !== file.size) throw new DOMException('the file changed while it was being read', 'NotReadableError');
  return { sha256: hash.digest('hex'), copy };
};

/** A small file is in memory already, where the browser's own hash is fastest; a large one is streamed. Throws when it cannot be read. */
export const hashAndCopy = async (file: Blob, { whole }: ByteSource): Promise<OwnCopy> =>
  whole
    ? {
        sha256: hexOf(await crypto.subtle.digest('SHA-256', whole)),
        copy: new Blob([whole], { type: file.type }),
      }
    : streamed(file);
