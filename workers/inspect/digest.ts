/** SHA-256 over pieces of bytes, as hexadecimal: how coded frames are compared without keeping the source in memory. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256Hex } from '../../src/contracts/units.ts';

export interface Digest {
  /** Over the pieces, each preceded by its length, so that pieces cut differently differ. */
  of(pieces: readonly Uint8Array[]): Sha256Hex;
  /** Over the bytes alone, as `sha256sum` prints it. */
  plain(bytes: Uint8Array): Sha256Hex;
}

export const createDigest = async (): Promise<Digest> => {
  const hasher = await createSHA256();
  const length = new Uint8Array(4);
  return {
    of: (pieces) => {
      hasher.init();
      for (const piece of pieces) {
        new DataView(length.buffer).setUint32(0, piece.length);
        hasher.update(length);
        hasher.update(piece);
      }
      return hasher.digest('hex');
    },
    plain: (bytes) => {
      hasher.init();
      hasher.update(bytes);
      return hasher.digest('hex');
    },
  };
};
