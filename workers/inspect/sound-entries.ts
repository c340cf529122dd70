/** Sample entries of sound and their configuration boxes (ISO/IEC 14496-12 §12.2, 14496-14; ETSI TS 102 366, 3GPP TS 26.244, Opus, FLAC; QuickTime). */
import type { Box, BoxWalker } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import type { AudioCoding } from './coding.ts';
import { readEsds } from './descriptors.ts';
import { notAClip } from './findings.ts';
import { bytesPerFrame, pcmOfFourcc } from './pcm.ts';

interface SoundHead {
  readonly reader: ByteReader;
  readonly version: number;
  readonly channels: number;
  readonly bits: number;
  /** Whole hertz; 0 where the rate does not fit into sixteen bits. */
  readonly sampleRate: number;
}

/** An AudioSampleEntry up to its boxes; `quickTime` allows version 1 with its four further numbers. */
const readHead = (walker: BoxWalker, box: Box, quickTime: boolean): SoundHead => {
  const reader = walker.reader(box);
  walker.zeros(box, reader, 6);
  walker.expect(box, 'data reference', reader.u16(), 1);
  const version = reader.u16();
  walker.expect(box, 'version', version, ...(quickTime ? [0, 1] : [0]));
  // Revision and vendor: four characters of whoever made the encoder.
  walker.zeros(box, reader, 6);
  const channels = reader.u16();
  const bits = reader.u16();
  walker.expect(box, 'compression', reader.u16(), ...(quickTime ? [0, 0xffff, 0xfffe] : [0]));
  walker.zeros(box, reader, 2);
  const sampleRate = reader.u16();
  walker.zeros(box, reader, 2);
  return { reader, version, channels, bits, sampleRate };
};

const coded = (codec: string, configuration: Uint8Array | null): AudioCoding => ({
  kind: 'audio',
  codec,
  configuration,
  pcm: null,
});

const readMp4a = (walker: BoxWalker, box: Box): AudioCoding => {
  const { reader, bits } = readHead(walker, box, false);
  walker.expect(box, 'sample size', bits, 16);
  const children = walker.split(reader.at, box.end, box.path, ['esds']);
  const { objectType, specific } = readEsds(
    walker,
    walker.one(children, 'esds', box.path),
    { 0x40: { specific: true }, 0x69: { specific: false }, 0x6b: { specific: false } },
    0x15,
  );
  return coded(objectType === 0x40 ? 'aac' : 'mp3', specific);
};

/** An entry whose one box is the codec's configuration, checked by `check`. */
const configured =
  (codec: string, type: string, check: (walker: BoxWalker, box: Box, reader: ByteReader) => void) =>
  (walker: BoxWalker, box: Box): AudioCoding => {
    const { reader, bits } = readHead(walker, box, false);
    walker.expect(box, 'sample size', bits, 16, 24, 32);
    const children = walker.split(reader.at, box.end, box.path, [type]);
    const own = walker.one(children, type, box.path);
    const fields = walker.reader(own);
    check(walker, own, fields);
    walker.finish(own, fields);
    return coded(codec, walker.reader(own).take(own.end - own.start));
  };

/** Opus in ISOBMFF §4.3.2. */
const checkOpus = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  walker.expect(box, 'version', reader.u8(), 0);
  const channels = reader.u8();
  reader.take(8);
  if (reader.u8() !== 0) reader.take(2 + channels);
};

/** FLAC in ISOBMFF §3.3.2: one STREAMINFO, and in it neither the length nor the sum of the whole recording. */
const checkFlac = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  walker.expect(box, 'version and flags', reader.u32(), 0);
  if (reader.u8() !== 0x80 || reader.u24() !== 34) {
    notAClip(`${box.path} holds other blocks than one STREAMINFO.`);
  }
  reader.take(13);
  walker.expect(box, 'number of samples', reader.u8() & 0x0f, 0);
  walker.zeros(box, reader, 4);
  walker.zeros(box, reader, 16);
};

/** ETSI TS 102 366 §F.4. */
const checkAc3 = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  walker.expect(box, 'reserved bits', reader.u24() & 0x1f, 0);
};

/** ETSI TS 102 366 §F.6; the number of dependent substreams says how long each entry is. */
const checkEac3 = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  const independent = (reader.u16() & 7) + 1;
  for (let index = 0; index < independent; index += 1) {
    const fields = reader.u24();
    walker.expect(box, 'reserved bits', fields & 0x1_0000, 0);
    const dependent = (fields & 0x1e) >> 1;
    walker.expect(box, 'reserved bits', dependent === 0 ? (fields & 0xe0) | (fields & 1) : fields & 0xe0, 0);
    if (dependent > 0) reader.u8();
  }
};

/** 3GPP TS 26.244 §6.7: the vendor of an encoder has no place in a clip. */
const checkAmr = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  if (reader.u32() !== 0) walker.findings.add('encoder-string', `${box.path} names the vendor of its encoder.`);
  walker.expect(box, 'decoder version', reader.u8(), 0);
  reader.take(4);
};

/** QuickTime's `wave`: which coding once more, the order of its bytes, and the end. True when the low byte comes first. */
const readWave = (walker: BoxWalker, box: Box, type: string): boolean => {
  let littleEndian = false;
  for (const child of walker.split(box.start, box.end, box.path, ['frma', 'enda', '\0\0\0\0'])) {
    const reader = walker.reader(child);
    if (child.type === 'frma' && reader.fourcc() !== type) {
      walker.findings.add('unaccounted-bytes', `${child.path} names another coding than ${type}.`);
    } else if (child.type === 'enda') {
      const order = reader.u16();
      walker.expect(child, 'byte order', order, 0, 1);
      littleEndian = order === 1;
    }
    walker.finish(child, reader);
  }
  return littleEndian;
};

/** Which channel is which (QuickTime File Format, `chan`): a known layout by its number, and no descriptions of single channels. */
const readLayout = (walker: BoxWalker, box: Box): void => {
  const reader = walker.reader(box);
  walker.expect(box, 'version and flags', reader.u32(), 0);
  const tag = reader.u32();
  walker.expect(box, 'layout', tag >>> 16, 100, 101, 121);
  walker.expect(box, 'channel bits', reader.u32(), 0);
  walker.expect(box, 'descriptions', reader.u32(), 0);
  walker.finish(box, reader);
};

const readSamples = (walker: BoxWalker, box: Box): AudioCoding => {
  const { reader, version, channels, bits, sampleRate } = readHead(walker, box, true);
  const numbers = version === 1 ? [reader.u32(), reader.u32(), reader.u32(), reader.u32()] : [];
  const children = walker.split(reader.at, box.end, box.path, ['wave', 'enda', 'chan']);
  const layout = walker.optional(children, 'chan', box.path);
  if (layout !== null) readLayout(walker, layout);
  const wave = walker.optional(children, 'wave', box.path);
  const enda = walker.optional(children, 'enda', box.path);
  let littleEndian = wave !== null && readWave(walker, wave, box.type);
  if (enda !== null) {
    const order = walker.reader(enda);
    littleEndian = order.u16() === 1;
    walker.finish(enda, order);
  }
  const coding = pcmOfFourcc(box.type, bits, littleEndian);
  if (coding === null) return notAClip(`${box.path} is coded in a way that clips do not use.`);
  const pcm = { ...coding, channels, sampleRate };
  if (version === 1) {
    const frame = bytesPerFrame(pcm);
    const [perPacket = 0, packetBytes = 0, frameBytes = 0, sampleBytes = 0] = numbers;
    walker.expect(box, 'samples per packet', perPacket, 1);
    walker.expect(box, 'bytes per packet', packetBytes, frame / Math.max(1, channels), frame);
    walker.expect(box, 'bytes per frame', frameBytes, frame);
    walker.expect(box, 'bytes per sample', sampleBytes, 1, 2, pcm.bits / 8);
  }
  return { kind: 'audio', codec: 'pcm', configuration: null, pcm };
};

/** QuickTime's version 2, which says with flags what no four characters stand for. */
const readLinear = (walker: BoxWalker, box: Box): AudioCoding => {
  const reader = walker.reader(box);
  walker.zeros(box, reader, 6);
  walker.expect(box, 'data reference', reader.u16(), 1);
  walker.expect(box, 'version', reader.u16(), 2);
  walker.zeros(box, reader, 6);
  walker.expect(box, 'fixed field', reader.u16(), 3);
  walker.expect(box, 'fixed field', reader.u16(), 16);
  walker.expect(box, 'compression', reader.u16(), 0xfffe);
  walker.zeros(box, reader, 2);
  walker.expect(box, 'fixed field', reader.u32(), 0x1_0000);
  walker.expect(box, 'size of its fields', reader.u32(), 72);
  const rate = reader.take(8);
  const sampleRate = new DataView(rate.buffer, rate.byteOffset, 8).getFloat64(0);
  const channels = reader.u32();
  walker.expect(box, 'fixed field', reader.u32(), 0x7f00_0000);
  const bits = reader.u32();
  const flags = reader.u32();
  walker.expect(box, 'unused flags', flags & ~7, 8);
  const pcm = {
    kind: (flags & 1) === 1 ? ('float' as const) : (flags & 4) === 4 ? ('signed' as const) : ('unsigned' as const),
    bits,
    bigEndian: (flags & 2) === 2,
    channels,
    sampleRate,
  };
  if (bits > 64 || channels > 255 || !(sampleRate > 0)) return notAClip(`${box.path} is no kind of sound.`);
  walker.expect(box, 'bytes per packet', reader.u32(), bytesPerFrame(pcm));
  walker.expect(box, 'samples per packet', reader.u32(), 1);
  for (const layout of walker.split(reader.at, box.end, box.path, ['chan'])) readLayout(walker, layout);
  return { kind: 'audio', codec: 'pcm', configuration: null, pcm };
};

export const SOUND_ENTRIES: Readonly<Record<string, (walker: BoxWalker, box: Box) => AudioCoding>> = {
  mp4a: readMp4a,
  Opus: configured('opus', 'dOps', checkOpus),
  'ac-3': configured('ac3', 'dac3', checkAc3),
  'ec-3': configured('eac3', 'dec3', checkEac3),
  fLaC: configured('flac', 'dfLa', checkFlac),
  samr: configured('amr-nb', 'damr', checkAmr),
  sawb: configured('amr-wb', 'damr', checkAmr),
  lpcm: readLinear,
  ...Object.fromEntries(
    ['sowt', 'twos', 'raw ', 'in24', 'in32', 'fl32', 'fl64', 'alaw', 'ulaw'].map((type) => [type, readSamples]),
  ),
};
