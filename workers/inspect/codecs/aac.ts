/** AAC as the audit compares it: the sound of a packet without its framing and without the note that some encoders leave in front. */

/** Length of an ADTS header (ISO/IEC 14496-3 §1.A.2.2) at the start of a packet; 0 when there is none. */
const adtsHeader = (packet: Uint8Array): number => {
  const [first = 0, second = 0] = packet;
  if (packet.length < 9 || first !== 0xff || (second & 0xf6) !== 0xf0) return 0;
  return (second & 1) === 1 ? 7 : 9;
};

/**
 * The packet as raw_data_block, its *leading* fill element blanked.
 * ffmpeg writes its version there (`Lavc…`) every 256 packets. A fill element before the first channel element carries no sound
 * (§4.5.2.9; spectral band replication follows its channel element), so a clip may blank it and the sound is still the camera's.
 */
export const soundOf = (packet: Uint8Array, framed: boolean): Uint8Array => {
  const raw = packet.slice(framed ? adtsHeader(packet) : 0);
  const [first = 0, second = 0] = raw;
  // Three bits of element type (6 = fill), four of count; 15 adds a byte to it.
  if (first >> 5 !== 6) return raw;
  const short = (first >> 1) & 0xf;
  const escape = ((first & 1) << 7) | (second >> 1);
  const count = short === 15 ? 14 + escape : short;
  const startBit = short === 15 ? 15 : 7;
  for (let bit = startBit; bit < startBit + count * 8 && bit < raw.length * 8; bit += 1) {
    const index = bit >> 3;
    raw[index] = (raw[index] ?? 0) & ~(0x80 >> (bit & 7));
  }
  return raw;
};
