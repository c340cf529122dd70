/** SHA-256 over pieces of bytes, as hexadecimal: how coded frames are compared without keeping the source in memory. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256Hex } from '../../src/contracts/units.ts';

export interface Digest {
  /** Over the pieces, each hashed on its own first, so that pieces cut differently differ. */
  of(pieces: readonly Uint8Array[]): Sha256Hex;
  /** Over the bytes alone, as `sha256sum` prints it. */
  plain(bytes: Uint8Array): Sha256Hex;
  /** Like `of`, and the hash of each piece too. */
  parts(pieces: readonly Uint8Array[]): { readonly whole: Sha256Hex; readonly each: readonly Sha256Hex[] };
}

export const createDigest = async (): Promise<Digest> => {
  const hasher = await createSHA256();
  const plain = (bytes: Uint8Array | string): Sha256Hex => {
    hasher.init();
    hasher.update(bytes);
    return hasher.digest('hex');
  };
  const parts: Digest['parts'] = (pieces) => {
    const each = pieces.map(plain);
    return { whole: plain(each.join()), each };
  };
  return { plain, parts, of: (pieces) => parts(pieces).whole };
};
