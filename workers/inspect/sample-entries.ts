/** Reads how a track's samples are coded (ISO/IEC 14496-12 §8.5.2, 14496-14, 14496-15). One reader per sample entry: others join here. */
import { type Box, type BoxWalker } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import { notAClip } from './findings.ts';

export interface VideoCoding {
  readonly kind: 'video';
  /** mediabunny's name of the codec, to compare with the source's. */
  readonly codec: 'avc';
  readonly lengthSize: number;
  /** Sequence and picture parameter sets, in the order of the box. */
  readonly parameterSets: readonly Uint8Array[];
}

export interface AudioCoding {
  readonly kind: 'audio';
  readonly codec: 'aac';
  readonly sampleRate: number;
  /** AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1. */
  readonly config: Uint8Array;
}

export type Coding = VideoCoding | AudioCoding;

/** Six reserved bytes and the data reference, which every sample entry begins with. */
const sampleEntryHead = (walker: BoxWalker, box: Box, reader: ByteReader): void => {
  walker.zeros(box, reader, 6);
  walker.expect(box, 'data reference', reader.u16(), 1);
};

const readColour = (walker: BoxWalker, box: Box): void => {
  const reader = walker.reader(box);
  const type = reader.fourcc();
  // An ICC profile (prof, rICC) can name a device; nclx is three numbers and a flag.
  if (type !== 'nclx') {
    walker.findings.add(
      'unaccounted-bytes',
      `${box.path} is a colour description of type ${type}; only nclx carries nothing else.`,
    );
    return;
  }
  reader.take(6);
  walker.expect(box, 'reserved bits', reader.u8() & 0x7f, 0);
  walker.finish(box, reader);
};

const readPixelShape = (walker: BoxWalker, box: Box): void => {
  const reader = walker.reader(box);
  reader.take(8);
  walker.finish(box, reader);
};

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1. */
const readAvcConfig = (walker: BoxWalker, box: Box): VideoCoding => {
  const reader = walker.reader(box);
  walker.expect(box, 'version', reader.u8(), 1);
  const profile = reader.u8();
  reader.take(2);
  const lengths = reader.u8();
  walker.expect(box, 'reserved bits', lengths & 0xfc, 0xfc);
  const sequence = reader.u8();
  walker.expect(box, 'reserved bits', sequence & 0xe0, 0xe0);
  const parameterSets: Uint8Array[] = [];
  const readSets = (count: number, nalType: number): void => {
    for (let index = 0; index < count; index += 1) {
      const set = reader.take(reader.u16());
      const [first = 0] = set;
      if ((first & 0x1f) !== nalType) {
        walker.findings.add(
          'unaccounted-bytes',
          `${box.path} holds a unit of type ${first & 0x1f} where parameter sets of type ${nalType} belong.`,
        );
      }
      parameterSets.push(set);
    }
  };
  readSets(sequence & 0x1f, 7);
  readSets(reader.u8(), 8);
  // The high profiles add chroma format, bit depths and extensions; some writers leave them out, which is allowed.
  if ([100, 110, 122, 144, 244, 44].includes(profile) && reader.left > 0) {
    walker.expect(box, 'reserved bits', reader.u8() & 0xfc, 0xfc);
    walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
    walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
    readSets(reader.u8(), 13);
  }
  walker.finish(box, reader);
  return { kind: 'video', codec: 'avc', lengthSize: (lengths & 3) + 1, parameterSets };
};

const readAvc1 = (walker: BoxWalker, box: Box): VideoCoding => {
  const reader = walker.reader(box);
  sampleEntryHead(walker, box, reader);
  walker.zeros(box, reader, 16);
  reader.take(4);
  walker.expect(box, 'horizontal resolution', reader.u32(), 0x48_0000);
  walker.expect(box, 'vertical resolution', reader.u32(), 0x48_0000);
  walker.zeros(box, reader, 4);
  walker.expect(box, 'frame count', reader.u16(), 1);
  if (reader.take(32).some((byte) => byte !== 0)) {
    walker.findings.add('encoder-string', `${box.path} names its compressor at byte ${reader.at - 32}.`);
  }
  walker.expect(box, 'depth', reader.u16(), 24);
  walker.expect(box, 'pre-defined', reader.u16(), 0xffff);
  const children = walker.split(reader.at, box.end, box.path, ['avcC', 'colr', 'pasp']);
  const colour = walker.optional(children, 'colr', box.path);
  if (colour !== null) readColour(walker, colour);
  const shape = walker.optional(children, 'pasp', box.path);
  if (shape !== null) readPixelShape(walker, shape);
  return readAvcConfig(walker, walker.one(children, 'avcC', box.path));
};

/** An MPEG-4 descriptor's tag and length (ISO/IEC 14496-1 §8.3.3): seven bits of length per byte, at most four. */
const descriptor = (reader: ByteReader, box: Box, tag: number): number => {
  if (reader.u8() !== tag) notAClip(`${box.path} lacks the descriptor of type ${tag}.`);
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = reader.u8();
    length = length * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) break;
  }
  if (length > reader.left) notAClip(`${box.path} has a descriptor of ${length} bytes where ${reader.left} are left.`);
  return length;
};

const readEsds = (walker: BoxWalker, box: Box): Uint8Array => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  descriptor(reader, box, 3);
  reader.u16();
  // Dependency, URL and OCR flags would each announce more bytes.
  walker.expect(box, 'stream flags', reader.u8() & 0xe0, 0);
  descriptor(reader, box, 4);
  if (reader.u8() !== 0x40) notAClip(`${box.path} is not AAC.`);
  walker.expect(box, 'stream type', reader.u8(), 0x15);
  reader.take(11);
  const config = reader.take(descriptor(reader, box, 5));
  walker.expect(box, 'sync layer length', descriptor(reader, box, 6), 1);
  walker.expect(box, 'sync layer', reader.u8(), 2);
  walker.finish(box, reader);
  return config;
};

const readMp4a = (walker: BoxWalker, box: Box): AudioCoding => {
  const reader = walker.reader(box);
  sampleEntryHead(walker, box, reader);
  walker.zeros(box, reader, 8);
  reader.u16();
  walker.expect(box, 'sample size', reader.u16(), 16);
  walker.zeros(box, reader, 4);
  const sampleRate = reader.u16();
  walker.zeros(box, reader, 2);
  const children = walker.split(reader.at, box.end, box.path, ['esds']);
  return { kind: 'audio', codec: 'aac', sampleRate, config: readEsds(walker, walker.one(children, 'esds', box.path)) };
};

const READERS: Readonly<Record<string, (walker: BoxWalker, box: Box) => Coding>> = { avc1: readAvc1, mp4a: readMp4a };

/** Reads the one sample entry of an `stsd`. Stops the audit when there are several or the codec is not one that clips have. */
export const readSampleEntry = (walker: BoxWalker, box: Box): Coding => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const count = reader.u32();
  const entries = walker.split(reader.at, box.end, box.path, Object.keys(READERS));
  const [entry] = entries;
  const read = entry === undefined ? undefined : READERS[entry.type];
  if (entry === undefined || read === undefined || count !== 1 || entries.length !== 1) {
    return notAClip(
      `${box.path} must hold exactly one known sample entry: it announces ${count} and ${entries.length} are known.`,
    );
  }
  return read(walker, entry);
};
