/** Headers of coded sound: what a packet says about its own rate, channels and length. Each reader gives null for other bytes. */

export interface PacketHeader {
  readonly sampleRate: number;
  readonly channels: number;
  /** Sound in the packet, in samples of each channel at `sampleRate`. */
  readonly samples: number;
}

export interface MpegAudioHeader extends PacketHeader {
  readonly layer: 1 | 2 | 3;
}

const MPEG1_RATES = [44_100, 48_000, 32_000];

/** The header of an MPEG audio frame (ISO/IEC 11172-3 §2.4.1.3, ISO/IEC 13818-3 §2.4.1.3; version 2.5 is an extension of Fraunhofer's). */
export const readMpegAudioHeader = (packet: Uint8Array): MpegAudioHeader | null => {
  const [sync = 0, version = 0, rates = 0, mode = 0] = packet;
  if (packet.length < 4 || sync !== 0xff || (version & 0xe0) !== 0xe0) return null;
  const half = { 3: 1, 2: 2, 0: 4 }[(version >> 3) & 3];
  const layer = ([null, 3, 2, 1] as const)[(version >> 1) & 3];
  const rate = MPEG1_RATES[(rates >> 2) & 3];
  if (!half || !layer || rate === undefined || rates >> 4 === 15) return null;
  const samples = layer === 1 ? 384 : layer === 3 && half > 1 ? 576 : 1152;
  return { layer, sampleRate: rate / half, channels: mode >> 6 === 3 ? 1 : 2, samples };
};

const AC3_RATES = [48_000, 44_100, 32_000];
const AC3_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];
const EAC3_BLOCKS = [1, 2, 3, 6];
export const AC3_BLOCK_SAMPLES = 256;

export interface Ac3Header extends PacketHeader {
  readonly fscod: number;
  readonly frmsizecod: number;
  readonly bsid: number;
  readonly bsmod: number;
  readonly acmod: number;
  readonly lfeon: number;
}

/** The header of an AC-3 syncframe (ETSI TS 102 366 §4.3). */
export const readAc3Header = (packet: Uint8Array): Ac3Header | null => {
  const bits = bitReader(packet);
  if (packet.length < 8 || bits(16) !== 0x0b77) return null;
  bits(16);
  const [fscod, frmsizecod, bsid, bsmod, acmod] = [bits(2), bits(6), bits(5), bits(3), bits(3)];
  if ((acmod & 1) > 0 && acmod !== 1) bits(2);
  if ((acmod & 4) > 0) bits(2);
  if (acmod === 2) bits(2);
  const lfeon = bits(1);
  const sampleRate = AC3_RATES[fscod];
  if (sampleRate === undefined || bsid > 10) return null;
  const channels = (AC3_CHANNELS[acmod] ?? 0) + lfeon;
  // Above bsid 8 the rate is halved for each step; those streams never were standardised but decoders know them.
  const halved = bsid > 8 ? sampleRate >> (bsid - 8) : sampleRate;
  return { fscod, frmsizecod, bsid, bsmod, acmod, lfeon, channels, sampleRate: halved, samples: 6 * AC3_BLOCK_SAMPLES };
};

export interface Eac3Header extends PacketHeader {
  /** 0 independent, 1 dependent, 2 independent without AC-3 ahead of it. */
  readonly streamType: number;
  readonly frameBytes: number;
  readonly fscod: number;
  readonly bsid: number;
  readonly acmod: number;
  readonly lfeon: number;
  /** Custom channel map of a dependent substream, 0 without one. */
  readonly channelMap: number;
}

/** The header of one E-AC-3 syncframe (ETSI TS 102 366 §E.1.2). */
export const readEac3Header = (packet: Uint8Array): Eac3Header | null => {
  const bits = bitReader(packet);
  if (packet.length < 8 || bits(16) !== 0x0b77) return null;
  const streamType = bits(2);
  bits(3);
  const frameBytes = (bits(11) + 1) * 2;
  const fscod = bits(2);
  const second = bits(2);
  const blocks = fscod === 3 ? 6 : (EAC3_BLOCKS[second] ?? 6);
  const rate = AC3_RATES[fscod] ?? (AC3_RATES[second] ?? 0) / 2;
  const [acmod, lfeon, bsid] = [bits(3), bits(1), bits(5)];
  if (bsid <= 10 || bsid > 16 || rate === 0) return null;
  for (let programme = 0; programme < (acmod === 0 ? 2 : 1); programme++) {
    bits(5);
    if (bits(1) === 1) bits(8);
  }
  const channelMap = streamType === 1 && bits(1) === 1 ? bits(16) : 0;
  const channels = (AC3_CHANNELS[acmod] ?? 0) + lfeon;
  const samples = blocks * AC3_BLOCK_SAMPLES;
  return { streamType, frameBytes, fscod, bsid, acmod, lfeon, channelMap, channels, sampleRate: rate, samples };
};

/** All syncframes of an E-AC-3 packet: one programme's independent substream and its dependent ones. */
export const readEac3Frames = (packet: Uint8Array): readonly Eac3Header[] => {
  const frames: Eac3Header[] = [];
  for (let at = 0; at < packet.length;) {
    const frame = readEac3Header(packet.subarray(at));
    if (!frame) break;
    frames.push(frame);
    at += frame.frameBytes;
  }
  return frames;
};

/** Samples at 48 kHz in an Opus packet by its table of contents (RFC 6716 §3.1); null for an empty or impossible packet. */
export const opusSamples = (packet: Uint8Array): number | null => {
  const [toc, second = 0] = packet;
  if (toc === undefined) return null;
  const configuration = toc >> 3;
  const frame =
    configuration < 12
      ? (([480, 960, 1920, 2880] as const)[configuration & 3] ?? 0)
      : configuration < 16
        ? (([480, 960] as const)[configuration & 1] ?? 0)
        : 120 << (configuration & 3);
  const frames = ([1, 2, 2, second & 0x3f] as const)[toc & 3] ?? 0;
  return frames > 0 && frame * frames <= 5760 ? frame * frames : null;
};

/** Samples in a FLAC frame by its header (RFC 9639 §9.1); null when it is none. */
export const flacSamples = (packet: Uint8Array): number | null => {
  if (packet.length < 6 || packet[0] !== 0xff || ((packet[1] ?? 0) & 0xfe) !== 0xf8) return null;
  const code = (packet[2] ?? 0) >> 4;
  if (code === 0) return null;
  if (code === 1) return 192;
  if (code <= 5) return 576 << (code - 2);
  if (code >= 8) return 256 << (code - 8);
  // The coded number before it is as long as its first byte's leading ones say, as in UTF-8.
  const lead = Math.clz32(~((packet[4] ?? 0) << 24));
  const at = 4 + Math.max(1, lead);
  return code === 6 ? (packet[at] ?? 0) + 1 : ((packet[at] ?? 0) << 8) + (packet[at + 1] ?? 0) + 1;
};

/** Coded bytes of an AMR frame by its type, header excluded (3GPP TS 26.101 annex A, TS 26.201 annex A; RFC 4867 §5.3). */
const AMR_BYTES = {
  'amr-nb': [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0],
  'amr-wb': [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0],
} as const;

/** Frames of 20 ms in a packet of AMR in storage format, each with its header byte. */
export const amrFrames = (packet: Uint8Array, kind: keyof typeof AMR_BYTES): number => {
  let frames = 0;
  for (let at = 0; at < packet.length; frames++) at += 1 + (AMR_BYTES[kind][((packet[at] ?? 0) >> 3) & 15] ?? 0);
  return frames;
};

/** Reads unsigned integers of up to 32 bits from the first bit on; zeros behind the end. */
export const bitReader = (bytes: Uint8Array): ((count: number) => number) => {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
};
