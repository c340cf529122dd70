/** MP3 as the audit compares it: the sound of a packet without the name that the LAME encoder leaves in unused bits. */

/** `LAME` and then `3`, with which every version since 1999 begins. */
const NAME = 0x4c414d45;
const DIGIT = 0x33;

/**
 * The packet, `LAME` set to zero wherever `LAME3` stands, at any bit. It is ancillary data, which no decoder reads
 * (ISO/IEC 11172-3 §2.4.1.8), and begins wherever the coded sound ends; a clip may blank it and the sound is still the camera's.
 */
export const withoutName = (packet: Uint8Array): Uint8Array => {
  let blanked: Uint8Array | null = null;
  let high = 0;
  let low = 0;
  for (let bit = 0; bit < packet.length * 8; bit += 1) {
    high = ((high << 1) | (low >>> 7)) >>> 0;
    low = ((low << 1) | (((packet[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)) & 0xff;
    if (high !== NAME || low !== DIGIT || bit < 39) continue;
    blanked ??= packet.slice();
    for (let at = bit - 39; at <= bit - 8; at += 1) {
      blanked[at >> 3] = (blanked[at >> 3] ?? 0) & ~(0x80 >> (at & 7));
    }
  }
  return blanked ?? packet;
};
