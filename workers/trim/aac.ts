/** AAC packets as they go into a clip: without transport framing, and without the note that some encoders leave in them. */

/** ADTS header fields that matter here (ISO/IEC 14496-3 §1.A.2.2). */
interface AdtsHeader {
  readonly bytes: number;
  readonly channels: number;
  /** Of the core stream: with implicit SBR decoders put out twice as many. */
  readonly sampleRate: number;
  /** AudioSpecificConfig of the same stream: object type, frequency index, channel configuration (§1.6.2.1). */
  readonly audioSpecificConfig: Uint8Array<ArrayBuffer>;
}

/** By frequency index (ISO/IEC 14496-3 table 1.18). */
const FREQUENCIES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/** By channel configuration (ISO/IEC 14496-3 table 1.19). */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];

/** Null when the packet does not begin with an ADTS header, leaves the channels to the stream, or holds several blocks. */
export const readAdts = (packet: Uint8Array): AdtsHeader | null => {
  const [sync = 0, flags = 0, first = 0, second = 0] = packet;
  if (packet.length < 7 || sync !== 0xff || (flags & 0xf6) !== 0xf0) return null;
  const objectType = (first >> 6) + 1;
  const frequency = (first >> 2) & 0xf;
  const configuration = ((first & 1) << 2) | (second >> 6);
  const sampleRate = FREQUENCIES[frequency];
  if (configuration === 0 || sampleRate === undefined || ((packet[6] ?? 0) & 3) !== 0) return null;
  const config = (objectType << 11) | (frequency << 7) | (configuration << 3);
  return {
    bytes: flags & 1 ? 7 : 9,
    channels: CHANNELS[configuration] ?? 0,
    sampleRate,
    audioSpecificConfig: Uint8Array.from([config >> 8, config & 0xff]),
  };
};

/**
 * Zeroes the payload of a fill element that leads a raw_data_block: encoders such as FFmpeg's write their name and
 * version there. Before the first channel element it carries no sound (ISO/IEC 14496-3 §4.5.2.9), and zero is the
 * extension type for plain filling. Returns the packet itself when there is nothing to blank.
 */
export const withoutLeadingFill = (packet: Uint8Array): Uint8Array => {
  const [first = 0, second = 0] = packet;
  if (first >> 5 !== 6) return packet;
  const short = (first >> 1) & 0xf;
  const long = short === 15;
  const count = long ? 14 + (((first & 1) << 7) | (second >> 1)) : short;
  const from = long ? 15 : 7;
  const to = Math.min(from + count * 8, packet.length * 8);
  const blanked = packet.slice();
  for (let bit = from; bit < to; bit++) {
    const index = bit >> 3;
    blanked[index] = (blanked[index] ?? 0) & ~(0x80 >> (bit & 7));
  }
  return blanked;
};
