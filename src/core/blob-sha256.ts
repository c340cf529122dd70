/** SHA-256 of a Blob that may be larger than memory, as lower-case hexadecimal. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256Hex } from '../contracts/units.ts';

/** Reads the Blob once, in pieces. Rejects when it cannot be read, as a file that is gone. */
export const blobSha256 = async (blob: Blob): Promise<Sha256Hex> => {
  const hash = await createSHA256();
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.digest('hex');
    hash.update(value);
  }
};
