/** Sample entries of pictures and their configuration boxes (ISO/IEC 14496-12 §12.1, 14496-14, 14496-15; VP and AV1 codec bindings). */
import type { Box, BoxWalker } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import { configurationUnits } from './codecs/av1.ts';
import type { Framing } from './codecs/video-rules.ts';
import type { VideoCoding } from './coding.ts';
import { readEsds } from './descriptors.ts';
import { notAClip } from './findings.ts';

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

/** NAL units with two bytes of length each, all of one type; others are findings. */
const readUnits = (
  walker: BoxWalker,
  box: Box,
  reader: ByteReader,
  count: number,
  typeOf: (unit: Uint8Array) => number,
  wanted: number,
): readonly Uint8Array[] =>
  Array.from({ length: count }, () => {
    const unit = reader.take(reader.u16());
    if (unit.length === 0 || typeOf(unit) !== wanted) {
      walker.findings.add(
        'unaccounted-bytes',
        `${box.path} holds a unit of type ${typeOf(unit)} where parameter sets of type ${wanted} belong.`,
      );
    }
    return unit;
  });

const framingOf = (lengthSizeMinusOne: number): Framing => ((lengthSizeMinusOne & 3) + 1) as Framing;

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1. */
const readAvcC = (walker: BoxWalker, box: Box): VideoCoding => {
  const reader = walker.reader(box);
  const typeOf = (unit: Uint8Array): number => (unit[0] ?? 0) & 0x1f;
  walker.expect(box, 'version', reader.u8(), 1);
  const profile = reader.u8();
  reader.take(2);
  const lengths = reader.u8();
  walker.expect(box, 'reserved bits', lengths & 0xfc, 0xfc);
  const sequence = reader.u8();
  walker.expect(box, 'reserved bits', sequence & 0xe0, 0xe0);
  const parameterSets = [...readUnits(walker, box, reader, sequence & 0x1f, typeOf, 7)];
  parameterSets.push(...readUnits(walker, box, reader, reader.u8(), typeOf, 8));
  // The high profiles add chroma format, bit depths and extensions; some writers leave them out, which is allowed.
  if ([100, 110, 122, 144, 244, 44].includes(profile) && reader.left > 0) {
    walker.expect(box, 'reserved bits', reader.u8() & 0xfc, 0xfc);
    walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
    walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
    parameterSets.push(...readUnits(walker, box, reader, reader.u8(), typeOf, 13));
  }
  walker.finish(box, reader);
  return { kind: 'video', codec: 'avc', framing: framingOf(lengths), parameterSets };
};

/** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1. */
const readHvcC = (walker: BoxWalker, box: Box): VideoCoding => {
  const reader = walker.reader(box);
  walker.expect(box, 'version', reader.u8(), 1);
  reader.take(12);
  walker.expect(box, 'reserved bits', reader.u16() & 0xf000, 0xf000);
  walker.expect(box, 'reserved bits', reader.u8() & 0xfc, 0xfc);
  walker.expect(box, 'reserved bits', reader.u8() & 0xfc, 0xfc);
  walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
  walker.expect(box, 'reserved bits', reader.u8() & 0xf8, 0xf8);
  reader.take(2);
  const lengths = reader.u8();
  const arrays = reader.u8();
  const parameterSets: Uint8Array[] = [];
  for (let array = 0; array < arrays; array += 1) {
    const kind = reader.u8();
    walker.expect(box, 'kind of unit', kind & 0x7f, 32, 33, 34);
    parameterSets.push(
      ...readUnits(walker, box, reader, reader.u16(), (unit) => ((unit[0] ?? 0) >> 1) & 0x3f, kind & 0x3f),
    );
  }
  walker.finish(box, reader);
  return { kind: 'video', codec: 'hevc', framing: framingOf(lengths), parameterSets };
};

/** VPCodecConfigurationBox (VP Codec ISO Media File Format Binding, version 1). */
const readVpcC = (walker: BoxWalker, box: Box): VideoCoding => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 1);
  walker.expect(box, 'flags', flags, 0);
  reader.take(6);
  walker.expect(box, 'size of initialization data', reader.u16(), 0);
  walker.finish(box, reader);
  return { kind: 'video', codec: 'vp9', framing: null, parameterSets: [] };
};

/** AV1CodecConfigurationBox (AV1 Codec ISO Media File Format Binding §2.3): a sequence header and nothing else. */
const readAv1C = (walker: BoxWalker, box: Box): VideoCoding => {
  const reader = walker.reader(box);
  walker.expect(box, 'marker and version', reader.u8(), 0x81);
  reader.take(2);
  const delay = reader.u8();
  walker.expect(box, 'reserved bits', delay & 0xe0, 0);
  if ((delay & 0x10) === 0) walker.expect(box, 'reserved bits', delay & 0x0f, 0);
  const units = configurationUnits(reader.take(reader.left));
  if (units === null) return notAClip(`${box.path} holds units that do not add up.`);
  if (units.length > 1 || units.some(({ type, hasSize }) => type !== 1 || !hasSize)) {
    walker.findings.add('unaccounted-bytes', `${box.path} holds other units than one sequence header.`);
  }
  return { kind: 'video', codec: 'av1', framing: null, parameterSets: units.map(({ payload }) => payload) };
};

const readJpegDescriptor = (walker: BoxWalker, box: Box): VideoCoding => {
  readEsds(walker, box, { 0x6c: { specific: false } }, 0x11);
  return { kind: 'video', codec: 'mjpeg', framing: null, parameterSets: [] };
};

/** A VisualSampleEntry with an empty compressor name, its configuration box, and at most colour and pixel shape. */
const visualEntry =
  (configuration: string, read: (walker: BoxWalker, box: Box) => VideoCoding) =>
  (walker: BoxWalker, box: Box): VideoCoding => {
    const reader = walker.reader(box);
    walker.zeros(box, reader, 6);
    walker.expect(box, 'data reference', reader.u16(), 1);
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
    const children = walker.split(reader.at, box.end, box.path, [configuration, 'colr', 'pasp']);
    const colour = walker.optional(children, 'colr', box.path);
    if (colour !== null) readColour(walker, colour);
    const shape = walker.optional(children, 'pasp', box.path);
    if (shape !== null) readPixelShape(walker, shape);
    return read(walker, walker.one(children, configuration, box.path));
  };

export const VIDEO_ENTRIES: Readonly<Record<string, (walker: BoxWalker, box: Box) => VideoCoding>> = {
  avc1: visualEntry('avcC', readAvcC),
  hvc1: visualEntry('hvcC', readHvcC),
  vp09: visualEntry('vpcC', readVpcC),
  av01: visualEntry('av1C', readAv1C),
  mp4v: visualEntry('esds', readJpegDescriptor),
};
