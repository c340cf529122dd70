/** What a stream's own headers say of it: codec and size from H.264, HEVC and MPEG-1/2 sequence headers. */
import { type BitReader, bitReader, rawPayload } from './bit-reader.ts';

export interface StreamFacts {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

const plausible = (facts: StreamFacts): StreamFacts | null =>
  facts.width > 0 && facts.height > 0 && facts.width <= 16_384 && facts.height <= 16_384 ? facts : null;

const skipScalingList = (reader: BitReader, size: number): void => {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i += 1) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
};

/** Profiles whose parameter sets carry chroma format, bit depths and scaling lists (§7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** From an H.264 sequence parameter set with its NAL header (§7.3.2.1.1, cropping by §7.4.2.1.1). */
export const h264Facts = (nal: Uint8Array): StreamFacts | null => {
  const raw = rawPayload(nal.subarray(1));
  const [profile = 0, constraints = 0, level = 0] = raw;
  const reader = bitReader(raw.subarray(3));
  reader.unsigned();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = reader.unsigned();
    if (chroma === 3) reader.bit();
    reader.unsigned();
    reader.unsigned();
    reader.bit();
    if (reader.bit() === 1) {
      for (let i = 0; i < (chroma === 3 ? 12 : 8); i += 1)
        if (reader.bit() === 1) skipScalingList(reader, i < 6 ? 16 : 64);
    }
  }
  reader.unsigned();
  const countType = reader.unsigned();
  if (countType === 0) reader.unsigned();
  else if (countType === 1) {
    reader.bit();
    reader.signed();
    reader.signed();
    const cycle = reader.unsigned();
    if (cycle > 255) return null;
    for (let i = 0; i < cycle; i += 1) reader.signed();
  }
  reader.unsigned();
  reader.bit();
  const width = (reader.unsigned() + 1) * 16;
  const mapUnits = reader.unsigned() + 1;
  const framesOnly = reader.bit();
  if (framesOnly === 0) reader.bit();
  reader.bit();
  const height = mapUnits * 16 * (2 - framesOnly);
  const [left, right, top, bottom] =
    reader.bit() === 1 ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : [0, 0, 0, 0];
  const stepX = chroma === 1 || chroma === 2 ? 2 : 1;
  const stepY = (chroma === 1 ? 2 : 1) * (2 - framesOnly);
  return plausible({
    codec: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`,
    width: width - (left + right) * stepX,
    height: height - (top + bottom) * stepY,
  });
};

/** From an HEVC sequence parameter set with its NAL header (ITU-T H.265 §7.3.2.2); the codec string by ISO/IEC 14496-15 Annex E. */
export const hevcFacts = (nal: Uint8Array): StreamFacts | null => {
  const raw = rawPayload(nal.subarray(2));
  const reader = bitReader(raw);
  reader.bits(4);
  const subLayers = reader.bits(3);
  reader.bit();
  const space = reader.bits(2);
  const tier = reader.bit();
  const profile = reader.bits(5);
  const compatible = reader.bits(32);
  const constraints = Array.from({ length: 6 }, () => reader.bits(8));
  const level = reader.bits(8);
  const present = Array.from({ length: subLayers }, () => [reader.bit(), reader.bit()] as const);
  if (subLayers > 0) for (let i = subLayers; i < 8; i += 1) reader.bits(2);
  for (const [withProfile, withLevel] of present) reader.bits((withProfile === 1 ? 88 : 0) + (withLevel === 1 ? 8 : 0));
  reader.unsigned();
  const chroma = reader.unsigned();
  if (chroma === 3) reader.bit();
  const [width, height] = [reader.unsigned(), reader.unsigned()];
  const [left, right, top, bottom] =
    reader.bit() === 1 ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : [0, 0, 0, 0];
  const reversed = Number.parseInt(compatible.toString(2).padStart(32, '0').split('').toReversed().join(''), 2);
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join('');
  return plausible({
    codec: `hev1.${['', 'A', 'B', 'C'][space]}${profile}.${reversed.toString(16).toUpperCase()}.${tier === 1 ? 'H' : 'L'}${level}${tail}`,
    width: width - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1),
    height: height - (top + bottom) * (chroma === 1 ? 2 : 1),
  });
};

/** From an MPEG video sequence header after its start code (ISO/IEC 13818-2 §6.2.2.1); the extension that follows makes it MPEG-2. */
export const mpegFacts = (header: Uint8Array, isMpeg2: boolean): StreamFacts | null => {
  const [first = 0, second = 0, third = 0] = header;
  return plausible({
    codec: isMpeg2 ? 'mpeg2' : 'mpeg1',
    width: (first << 4) | (second >> 4),
    height: ((second & 15) << 8) | third,
  });
};
