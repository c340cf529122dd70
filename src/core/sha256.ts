/** SHA-256 of bytes as lower-case hexadecimal. */
import type { Sha256Hex } from '../contracts/units.ts';

/** Hashes bytes that are in memory already (FIPS 180-4, by WebCrypto). */
export const sha256Hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<Sha256Hex> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
