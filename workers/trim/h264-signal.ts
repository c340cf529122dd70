/**
 * What an H.264 sequence parameter set says about how decoded samples are to be shown, carried over from the camera's set into
 * the encoder's: otherwise colours, range or pixel shape could jump where one gives way to the other.
 */
import { bytesOf } from './bytes-of.ts';
import type { EdgeSource } from './edge-encoder.ts';
import { parseAvcC } from './h264.ts';
import { withEmulationPrevention, withoutEmulationPrevention } from './parameter-set-ids.ts';

/** Profiles whose SPS carries chroma format and bit depths, ITU-T H.264 §7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const EXTENDED_SAR = 255;
/** MaxDpbFrames, §A.3.1. */
const MOST_REORDERED = 16;

type Bits = readonly (0 | 1)[];

interface SpsLayout {
  /** All bits before vui_parameters_present_flag. */
  readonly beforeVui: Bits;
  readonly framesOnly: boolean;
  readonly referenceFrames: number;
  /** By how many pictures a decoder may have to hold one back; what the set says, or else the most it leaves open. */
  readonly reorderFrames: number;
  /** The same, null where the set does not say. */
  readonly statedReordering: number | null;
  /** Aspect ratio, overscan, video signal type and chroma location (§E.1.1), each with its presence flag. */
  readonly signal: Bits;
}

const NO_SIGNAL: Bits = [0, 0, 0, 0];

/** The first SPS in the source's decoder configuration (`avcC`). Null when there is none. */
export const cameraSps = ({ decoderConfig }: Pick<EdgeSource, 'decoderConfig'>): Uint8Array | null =>
  decoderConfig.description ? (parseAvcC(bytesOf(decoderConfig.description))?.sps[0] ?? null) : null;

/** True when no picture of the sequence is coded as fields or may be (frame_mbs_only_flag). False for a set that is cut short. */
export const codesWholeFrames = (sps: Uint8Array): boolean => readLayout(sps)?.framesOnly ?? false;

/** By how many pictures a decoder may have to hold one back, as the set itself says; null where it does not. */
export const statedReordering = (sps: Uint8Array): number | null => readLayout(sps)?.statedReordering ?? null;

/**
 * `encoder`'s SPS with the presentation of `source`'s, its depth of reordering included: decoders that have to begin holding
 * pictures back where the camera's own begin drop the first of those (FFmpeg does). Null when either is cut short.
 */
export const withSourceSignal = (encoder: Uint8Array, source: Uint8Array): Uint8Array<ArrayBuffer> | null => {
  const camera = readLayout(source);
  return camera && withSignal(encoder, camera);
};

/**
 * `encoder`'s SPS, which reorders nothing, with the colours of a `colr` box of type `nclx` (ISO/IEC 14496-12 §12.1.5); with none where that is null.
 * Null when the set is cut short.
 */
export const withColour = (encoder: Uint8Array, nclx: Uint8Array | null): Uint8Array<ArrayBuffer> | null => {
  if (!nclx) return withSignal(encoder, { signal: NO_SIGNAL, reorderFrames: 0 });
  const codes = [nclx[5] ?? 2, nclx[7] ?? 2, nclx[9] ?? 2].flatMap((code) => bitsOf(code, 8));
  const fullRange = ((nclx[10] ?? 0) >> 7) & 1;
  // Unspecified video format (5), range, colour description: primaries, transfer, matrix (§E.1.1).
  const described: Bits = [1, ...bitsOf(5, 3), ...bitsOf(fullRange, 1), 1, ...codes];
  return withSignal(encoder, { signal: [0, 0, ...described, 0], reorderFrames: 0 });
};

const bitsOf = (value: number, count: number): Bits =>
  Array.from({ length: count }, (_, index) => (((value >> (count - 1 - index)) & 1) === 1 ? 1 : 0));

const withSignal = (
  encoder: Uint8Array,
  camera: Pick<SpsLayout, 'signal' | 'reorderFrames'>,
): Uint8Array<ArrayBuffer> | null => {
  const own = readLayout(encoder);
  if (!own) return null;
  const bits = [...own.beforeVui, 1, ...camera.signal];
  // timing_info, nal_hrd, vcl_hrd, pic_struct: absent; bitstream_restriction: present, vectors may point outside.
  bits.push(0, 0, 0, 0, 1, 1);
  // max_bytes_per_pic_denom and max_bits_per_mb_denom 0: no limit; vectors up to 2^15.
  const buffered = Math.max(camera.reorderFrames, own.referenceFrames);
  for (const value of [0, 0, 15, 15, camera.reorderFrames, buffered]) bits.push(...golomb(value));
  bits.push(1);
  const payload = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, at) => {
    payload[at >> 3] = (payload[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
  });
  const escaped = withEmulationPrevention(payload);
  const whole = new Uint8Array(1 + escaped.length);
  whole[0] = encoder[0] ?? 0;
  whole.set(escaped, 1);
  return whole;
};

/** ue(v), §9.1. */
const golomb = (value: number): Bits => {
  const code = (value + 1).toString(2);
  return [...'0'.repeat(code.length - 1), ...code].map((bit) => (bit === '1' ? 1 : 0));
};

/** Reads seq_parameter_set_data (§7.3.2.1.1) as far as it matters here. Null when it is cut short. */
const readLayout = (sps: Uint8Array): SpsLayout | null => {
  const reader = new Reader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = reader.unsigned(8);
  reader.unsigned(16);
  reader.golomb();
  if (HIGH_PROFILES.has(profile)) skipHighFields(reader);
  reader.golomb();
  const orderCountType = reader.golomb();
  if (orderCountType === 0) reader.golomb();
  else if (orderCountType === 1) {
    reader.unsigned(1);
    reader.golomb();
    reader.golomb();
    for (let left = reader.golomb(); left > 0 && !reader.exhausted; left--) reader.golomb();
  }
  const referenceFrames = reader.golomb();
  reader.unsigned(1);
  reader.golomb();
  reader.golomb();
  const framesOnly = reader.unsigned(1) === 1;
  if (!framesOnly) reader.unsigned(1);
  reader.unsigned(1);
  if (reader.unsigned(1) === 1) for (let side = 0; side < 4; side++) reader.golomb();
  const beforeVui = reader.bitsSince(0);
  const hasVui = reader.unsigned(1) === 1;
  const signal = hasVui ? readSignal(reader) : NO_SIGNAL;
  if (reader.exhausted) return null;
  // Type 2: pictures are shown in the order in which they are coded (§8.2.1.3).
  const most = orderCountType === 2 ? 0 : Math.max(1, referenceFrames);
  const statedReordering = hasVui ? readReorderFrames(reader) : null;
  return { beforeVui, framesOnly, referenceFrames, reorderFrames: statedReordering ?? most, statedReordering, signal };
};

/** max_num_reorder_frames of the VUI's bitstream restriction (§E.1.1), from behind the signal on. Null when it does not say. */
const readReorderFrames = (reader: Reader): number | null => {
  if (reader.unsigned(1) === 1) reader.position += 65;
  const nal = reader.unsigned(1) === 1;
  if (nal) skipHrd(reader);
  const vcl = reader.unsigned(1) === 1;
  if (vcl) skipHrd(reader);
  if (nal || vcl) reader.unsigned(1);
  reader.unsigned(1);
  if (reader.unsigned(1) === 0) return null;
  reader.unsigned(1);
  for (let field = 0; field < 4; field++) reader.golomb();
  const frames = reader.golomb();
  return reader.exhausted || frames > MOST_REORDERED ? null : frames;
};

/** hrd_parameters, §E.1.2. */
const skipHrd = (reader: Reader): void => {
  const buffers = reader.golomb() + 1;
  reader.unsigned(8);
  for (let index = 0; index < buffers && !reader.exhausted; index++) {
    reader.golomb();
    reader.golomb();
    reader.unsigned(1);
  }
  reader.unsigned(20);
};

const skipHighFields = (reader: Reader): void => {
  const chromaFormat = reader.golomb();
  if (chromaFormat === 3) reader.unsigned(1);
  reader.golomb();
  reader.golomb();
  reader.unsigned(1);
  if (reader.unsigned(1) === 0) return;
  for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list++) {
    if (reader.unsigned(1) === 1) skipScalingList(reader, list < 6 ? 16 : 64);
  }
};

/** scaling_list, §7.3.2.1.1.1. */
const skipScalingList = (reader: Reader, size: number): void => {
  let last = 8;
  for (let index = 0; index < size; index++) {
    const code = reader.golomb();
    const delta = code % 2 === 1 ? (code + 1) / 2 : -code / 2;
    const next = (last + delta + 256) % 256;
    if (next === 0) return;
    last = next;
  }
};

const readSignal = (reader: Reader): Bits => {
  const from = reader.position;
  if (reader.unsigned(1) === 1 && reader.unsigned(8) === EXTENDED_SAR) reader.unsigned(32);
  if (reader.unsigned(1) === 1) reader.unsigned(1);
  if (reader.unsigned(1) === 1) {
    reader.unsigned(4);
    if (reader.unsigned(1) === 1) reader.unsigned(24);
  }
  if (reader.unsigned(1) === 1) {
    reader.golomb();
    reader.golomb();
  }
  return reader.bitsSince(from);
};

/** Bits from the left; past the end every bit is 0 and `exhausted` is true. */
class Reader {
  position = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get exhausted(): boolean {
    return this.position > this.bytes.length * 8;
  }

  private bitAt(at: number): 0 | 1 {
    return ((this.bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1 ? 1 : 0;
  }

  unsigned(bits: number): number {
    let value = 0;
    for (let index = 0; index < bits; index++) value = value * 2 + this.bitAt(this.position++);
    return value;
  }

  golomb(): number {
    let zeros = 0;
    while (zeros < 32 && this.unsigned(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.unsigned(zeros);
  }

  bitsSince(from: number): Bits {
    return Array.from({ length: this.position - from }, (_, index) => this.bitAt(from + index));
  }
}
