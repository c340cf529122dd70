/** Sample entry boxes of sound: what a decoder needs to know, and no vendor, name or total of the recording. */
import { readAc3Header, readEac3Frames } from './audio-headers.ts';
import { ascii, box, concat, descriptor, fullBox, u16, u32, u8, type Bytes } from './mp4-boxes.ts';

/** Rates beyond 16 bits do not fit the entry; decoders take them from the codec's own box. */
const fixedRate = (rate: number): number => (rate <= 0xffff ? Math.round(rate) * 0x10000 : 0);

/** An AudioSampleEntry of version 0 (ISO/IEC 14496-12 §12.2.3; QuickTime's sound sample description is the same). */
const audioEntry = (type: string, channels: number, bits: number, rate: number, ...boxes: readonly Bytes[]): Bytes =>
  box(type, u8(0, 0, 0, 0, 0, 0), u16(1), u32(0, 0), u16(channels, bits, 0, 0), u32(fixedRate(rate)), ...boxes);

/** `mp4a` with an `esds` (ISO/IEC 14496-14 §6.7.2). `specific` is the DecoderSpecificInfo, null for codecs without one. */
const mp4aEntry = (objectType: number, channels: number, rate: number, specific: Uint8Array | null): Bytes => {
  const info = specific ? [descriptor(0x05, specific)] : [];
  const decoderConfig = descriptor(0x04, u8(objectType, 0x15, 0, 0, 0), u32(0, 0), ...info);
  const esds = fullBox('esds', 0, 0, descriptor(0x03, u16(0), u8(0), decoderConfig, descriptor(0x06, u8(2))));
  return audioEntry('mp4a', channels, 16, rate, esds);
};

/** AAC around the source's AudioSpecificConfig. */
export const aacSampleEntry = (channels: number, rate: number, audioSpecificConfig: Uint8Array): Bytes =>
  mp4aEntry(0x40, channels, rate, audioSpecificConfig);

/** MP3: object type 0x6B is ISO/IEC 11172-3, 0x69 ISO/IEC 13818-3, which has the rates up to 24 kHz (mp4ra.org). */
export const mp3SampleEntry = (channels: number, rate: number): Bytes =>
  mp4aEntry(rate > 24_000 ? 0x6b : 0x69, channels, rate, null);

export interface OpusHead {
  readonly channels: number;
  /** The identification header (RFC 7845 §5.1) with a pre-skip of 0. */
  readonly header: Bytes;
}

/** A clip starts in the middle of the stream: there is nothing in front of it to be skipped. Null when it is no OpusHead. */
export const opusHeadWithoutPreSkip = (head: Uint8Array): OpusHead | null => {
  const magic = String.fromCharCode(...head.subarray(0, 8));
  const channels = head[9] ?? 0;
  if (magic !== 'OpusHead' || head.length < 19 || channels === 0) return null;
  const header = head.slice(0, head[18] === 0 ? 19 : 21 + channels);
  header[10] = 0;
  header[11] = 0;
  return { channels, header };
};

/** `Opus` with `dOps` ("Encapsulation of Opus in ISO Base Media File Format" §4.3): the header's fields, big-endian. */
export const opusSampleEntry = ({ channels, header }: OpusHead): Bytes => {
  const view = new DataView(header.buffer);
  const dOps = box(
    'dOps',
    u8(0, channels),
    u16(0),
    u32(view.getUint32(12, true)),
    u16(view.getUint16(16, true)),
    header.subarray(18),
  );
  return audioEntry('Opus', channels, 16, 48_000, dOps);
};

/** `ac-3` with `dac3` from a syncframe's header (ETSI TS 102 366 §F.3, F.4). Null when the packet is no AC-3. */
export const ac3SampleEntry = (packet: Uint8Array): Bytes | null => {
  const header = readAc3Header(packet);
  if (!header) return null;
  const { fscod, bsid, bsmod, acmod, lfeon, frmsizecod } = header;
  const fields =
    (fscod << 22) | (bsid << 17) | (bsmod << 14) | (acmod << 11) | (lfeon << 10) | ((frmsizecod >> 1) << 5);
  return audioEntry(
    'ac-3',
    header.channels,
    16,
    header.sampleRate,
    box('dac3', u8(fields >> 16, (fields >> 8) & 0xff, fields & 0xff)),
  );
};

/** `chan_loc` of `dec3` from a dependent substream's channel map (ETSI TS 102 366 §F.6.2.13, E.1.3.1.8): Lc/Rc … LFE2. */
const CHANNEL_MAP_BITS = [10, 9, 8, 7, 6, 5, 4, 3, 1];

/** `ec-3` with `dec3` (ETSI TS 102 366 §F.5, F.6) from a packet of one programme in six blocks. Null for other packets. */
export const eac3SampleEntry = (packet: Uint8Array): Bytes | null => {
  const frames = readEac3Frames(packet);
  const [first] = frames;
  const dependent = frames.filter((frame) => frame.streamType === 1);
  if (!first || first.streamType === 1 || first.samples !== 1536 || frames.length - dependent.length !== 1) return null;
  const bytes = frames.reduce((sum, frame) => sum + frame.frameBytes, 0);
  const kilobits = Math.round((bytes * 8 * first.sampleRate) / first.samples / 1000);
  const map = dependent.reduce((all, frame) => all | frame.channelMap, 0);
  const locations = CHANNEL_MAP_BITS.reduce((all, bit, index) => all | (((map >> bit) & 1) << index), 0);
  const dec3 = box(
    'dec3',
    u16(Math.min(kilobits, 0x1fff) << 3),
    u16((first.fscod << 14) | (first.bsid << 9) | (first.acmod << 1) | first.lfeon),
    dependent.length > 0 ? u8((dependent.length << 1) | (locations >> 8), locations & 0xff) : u8(0),
  );
  return audioEntry('ec-3', first.channels, 16, first.sampleRate, dec3);
};

const STREAMINFO_BYTES = 34;

/**
 * `fLaC` with `dfLa` ("Encapsulation of FLAC in ISO Base Media File Format" §3.3.2): the STREAMINFO block alone (RFC 9639 §8.2).
 * Total samples and MD5 describe the whole recording and are set to 0, which means unknown. Null without such a block.
 */
export const flacSampleEntry = (description: Uint8Array): Bytes | null => {
  const marked = String.fromCharCode(...description.subarray(0, 4)) === 'fLaC';
  const block = marked ? description.subarray(8, 8 + STREAMINFO_BYTES) : description.subarray(0, STREAMINFO_BYTES);
  if (block.length < STREAMINFO_BYTES || (marked && ((description[4] ?? 0) & 0x7f) !== 0)) return null;
  const info = block.slice();
  info[13] = (info[13] ?? 0) & 0xf0;
  info.fill(0, 14);
  const rate = ((info[10] ?? 0) << 12) | ((info[11] ?? 0) << 4) | ((info[12] ?? 0) >> 4);
  const channels = (((info[12] ?? 0) >> 1) & 7) + 1;
  const bits = ((((info[12] ?? 0) & 1) << 4) | ((info[13] ?? 0) >> 4)) + 1;
  let entryRate = rate;
  while (entryRate > 0xffff) entryRate /= 2;
  return audioEntry(
    'fLaC',
    channels,
    bits,
    Math.floor(entryRate),
    fullBox('dfLa', 0, 0, u8(0x80, 0, 0, STREAMINFO_BYTES), info),
  );
};

/** `samr` or `sawb` with `damr` (3GPP TS 26.244 §6.5, 6.7): no vendor, no decoder version, any mode. */
export const amrSampleEntry = (kind: 'amr-nb' | 'amr-wb', framesPerSample: number): Bytes =>
  audioEntry(
    kind === 'amr-nb' ? 'samr' : 'sawb',
    2,
    16,
    kind === 'amr-nb' ? 8_000 : 16_000,
    box('damr', u32(0), u8(0), u16(0), u8(0, framesPerSample)),
  );

/** QuickTime's layout tags for the usual orders (Core Audio Types, AudioChannelLayoutTag): mono, stereo, L R C LFE Ls Rs. */
const LAYOUT_TAGS: Readonly<Record<number, number>> = { 1: (100 << 16) | 1, 2: (101 << 16) | 2, 6: (121 << 16) | 6 };

/** Which channel is which, as players else must guess (QuickTime File Format, `chan`). None for unusual numbers of channels. */
const channelLayout = (channels: number): readonly Bytes[] => {
  const tag = LAYOUT_TAGS[channels];
  return tag === undefined ? [] : [fullBox('chan', 0, 0, u32(tag, 0, 0))];
};

/** `alaw` or `ulaw` (QuickTime File Format, sound sample description version 0); QuickTime says 16 bits, which they decode to. */
export const g711SampleEntry = (law: 'alaw' | 'ulaw', channels: number, rate: number): Bytes =>
  audioEntry(law, channels, 16, rate, ...channelLayout(channels));

export interface PcmLayout {
  readonly kind: 'signed' | 'unsigned' | 'float';
  readonly bits: 8 | 16 | 24 | 32 | 64;
  readonly littleEndian: boolean;
}

/**
 * Plain samples as QuickTime writes them (QuickTime File Format, sound sample descriptions): the oldest version that can say it,
 * since more players know it. What no code stands for is `lpcm` with flags, version 2.
 */
export const pcmSampleEntry = (layout: PcmLayout, channels: number, rate: number): Bytes => {
  const { kind, bits, littleEndian } = layout;
  const layoutBoxes = channelLayout(channels);
  if (rate <= 0xffff && Number.isInteger(rate)) {
    if (kind === 'unsigned' && bits === 8) return audioEntry('raw ', channels, 8, rate, ...layoutBoxes);
    if (kind === 'signed' && bits === 8) return audioEntry('sowt', channels, 8, rate, ...layoutBoxes);
    if (kind === 'signed' && bits === 16)
      return audioEntry(littleEndian ? 'sowt' : 'twos', channels, 16, rate, ...layoutBoxes);
    if (kind === 'signed' && bits < 64) return soundDescription1(`in${bits}`, layout, channels, rate);
    if (kind === 'float') return soundDescription1(`fl${bits}`, layout, channels, rate);
  }
  return soundDescription2(layout, channels, rate);
};

const soundDescription1 = (type: string, layout: PcmLayout, channels: number, rate: number): Bytes => {
  const bytes = layout.bits / 8;
  const endian = box('enda', u16(layout.littleEndian ? 1 : 0));
  const wave = box('wave', box('frma', ascii(type)), endian, u32(8, 0));
  return box(
    type,
    u8(0, 0, 0, 0, 0, 0),
    u16(1, 1, 0),
    u32(0),
    u16(channels, 16, 0, 0),
    u32(fixedRate(rate), 1, bytes, bytes * channels, 2),
    wave,
    ...channelLayout(channels),
  );
};

/** Flags of version 2: float, big-endian, signed, packed. */
const soundDescription2 = ({ kind, bits, littleEndian }: PcmLayout, channels: number, rate: number): Bytes => {
  const flags = (kind === 'float' ? 1 : 0) | (littleEndian ? 0 : 2) | (kind === 'signed' ? 4 : 0) | 8;
  const float64 = new Uint8Array(8);
  new DataView(float64.buffer).setFloat64(0, rate);
  return box(
    'lpcm',
    concat([u8(0, 0, 0, 0, 0, 0), u16(1, 2, 0), u32(0), u16(3, 16, 0xfffe, 0), u32(0x10000, 72), float64]),
    u32(channels, 0x7f000000, bits, flags, (bits / 8) * channels, 1),
    ...channelLayout(channels),
  );
};
