/** SHA-256 of a whole file, read as a stream: WebCrypto would want all of it in memory at once. */
import { createSHA256 } from 'hash-wasm';
import type { Sha256Hex } from '../../src/contracts/units.ts';

/** Throws when the file cannot be read to its end. */
export const sha256Of = async (file: Blob): Promise<Sha256Hex> => {
  const hash = await createSHA256();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.digest('hex');
    hash.update(value);
  }
};
