/** Looks at the first bytes of a video elementary stream: which codec it is, how large, and its first picture that stands alone. */
import type { FirstPicture } from './picture.ts';
import { h264Facts, hevcFacts, mpegFacts, type StreamFacts } from './parameter-sets.ts';

export interface ElementaryFacts extends StreamFacts {
  readonly picture: FirstPicture | null;
}

interface Unit {
  /** After the start code. */
  readonly from: number;
  readonly to: number;
}

/** The units between start codes 0, 0, 1. */
const unitsOf = (bytes: Uint8Array): readonly Unit[] => {
  const starts: number[] = [];
  for (let i = 0; i + 3 < bytes.length; i += 1) {
    if (bytes[i] !== 0 || bytes[i + 1] !== 0 || bytes[i + 2] !== 1) continue;
    starts.push(i + 3);
    i += 2;
  }
  return starts.map((from, index) => ({ from, to: (starts[index + 1] ?? bytes.length + 3) - 3 }));
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 4, 0));
  let at = 0;
  for (const part of parts) {
    all.set([0, 0, 0, 1], at);
    all.set(part, at + 4);
    at += part.length + 4;
  }
  return all;
};

interface NalKinds {
  readonly type: (first: number) => number;
  readonly parameters: ReadonlySet<number>;
  readonly sequence: number;
  readonly key: (type: number) => boolean;
}

const H264: NalKinds = {
  type: (first) => first & 31,
  parameters: new Set([7, 8]),
  sequence: 7,
  key: (type) => type === 5,
};
const HEVC: NalKinds = {
  type: (first) => (first >> 1) & 63,
  parameters: new Set([32, 33, 34]),
  sequence: 33,
  key: (type) => type >= 16 && type <= 21,
};

/** Parameter sets and the slices of the first key picture; null when it is not whole in these bytes. */
const keyPicture = (bytes: Uint8Array, units: readonly Unit[], kinds: NalKinds): Uint8Array | null => {
  const parameters = new Map<number, Uint8Array>();
  const slices: Uint8Array[] = [];
  for (const { from, to } of units) {
    const type = kinds.type(bytes[from] ?? 0);
    const unit = bytes.subarray(from, to);
    if (kinds.parameters.has(type)) {
      if (slices.length > 0) break;
      parameters.set(type, unit);
    } else if (kinds.key(type)) {
      // `first_mb_in_slice` or `first_slice_segment_in_pic_flag`: a leading 1 begins another picture.
      const begins = ((bytes[from + (kinds === H264 ? 1 : 2)] ?? 0) & 0x80) !== 0;
      if (begins && slices.length > 0) break;
      slices.push(unit);
    } else if (slices.length > 0) break;
  }
  return slices.length > 0 && parameters.size === kinds.parameters.size
    ? joined([...parameters.values(), ...slices])
    : null;
};

const fromNals = (
  bytes: Uint8Array,
  units: readonly Unit[],
  kinds: NalKinds,
  read: (nal: Uint8Array) => StreamFacts | null,
): ElementaryFacts | null => {
  const sequence = units.find(({ from }) => kinds.type(bytes[from] ?? 0) === kinds.sequence);
  const facts = sequence ? read(bytes.subarray(sequence.from, sequence.to)) : null;
  if (!facts) return null;
  const picture = keyPicture(bytes, units, kinds);
  return { ...facts, picture: picture && { kind: 'coded', codec: facts.codec, bytes: picture } };
};

/** Start codes of an MPEG-1/2 sequence header and of an extension (ISO/IEC 13818-2 Table 6-1). */
const SEQUENCE = 0xb3;
const EXTENSION = 0xb5;

const fromMpeg = (bytes: Uint8Array, units: readonly Unit[]): ElementaryFacts | null => {
  const at = units.findIndex(({ from }) => bytes[from] === SEQUENCE);
  const header = units[at];
  if (!header) return null;
  const next = units[at + 1];
  const facts = mpegFacts(
    bytes.subarray(header.from + 1, header.to),
    next !== undefined && bytes[next.from] === EXTENSION,
  );
  return facts && { ...facts, picture: null };
};

/** `hint` says what the container calls the stream; without one, whatever fits. Null when nothing does. */
export const elementaryFacts = (bytes: Uint8Array, hint: 'h264' | 'hevc' | 'mpeg' | null): ElementaryFacts | null => {
  const units = unitsOf(bytes);
  const readers = {
    mpeg: () => fromMpeg(bytes, units),
    hevc: () => fromNals(bytes, units, HEVC, hevcFacts),
    h264: () => fromNals(bytes, units, H264, h264Facts),
  };
  if (hint) return readers[hint]();
  return readers.mpeg() ?? readers.h264() ?? readers.hevc();
};
