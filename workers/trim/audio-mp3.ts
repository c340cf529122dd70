/** MP3 frames without the name that the LAME encoder leaves in them. */

/** `LAME3`: the name and the first digit of each version since 1999. */
const MARK = [0x4c, 0x41, 0x4d, 0x45, 0x33];
const NAME_BITS = 32;

/** The byte that begins at a bit. */
const byteAt = (bytes: Uint8Array, bit: number): number => {
  const index = bit >> 3;
  return ((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)) >> (8 - (bit & 7))) & 0xff;
};

/**
 * LAME fills bits that a frame does not need with its name and version, behind the coded sound and so from any bit on; no decoder
 * reads them (ancillary data, ISO/IEC 11172-3 §2.4.1.8). The name's four characters are set to zero and nothing else, since the next
 * frame's sound may follow them at once; the version's digit is asked for so that sound is not taken for a name (five
 * characters stand somewhere by chance once in 10¹² bits). Gives back the packet itself when there is no name in it.
 */
export const withoutLameNote = (packet: Uint8Array): Uint8Array => {
  let cleaned: Uint8Array | null = null;
  for (let bit = 0; bit + MARK.length * 8 <= packet.length * 8; bit++) {
    if (!MARK.every((byte, index) => byteAt(packet, bit + index * 8) === byte)) continue;
    cleaned ??= packet.slice();
    for (let at = bit; at < bit + NAME_BITS; at++) cleaned[at >> 3] = (cleaned[at >> 3] ?? 0) & ~(0x80 >> (at & 7));
  }
  return cleaned ?? packet;
};
