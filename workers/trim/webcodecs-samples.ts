/** What comes out of the browser's encoders, as samples of a clip: ids and colours put right, everything that is no picture dropped. */
import type { EdgeSegment, EdgeSource, EncodedEdges, ReencodedSample } from './edge-encoder.ts';
import { parseAvcC } from './h264.ts';
import { cameraSps, withColour, withSourceSignal } from './h264-signal.ts';
import { lengthPrefixed, splitNalUnits } from './nal-units.ts';
import { withParameterSetId } from './parameter-set-ids.ts';

/** One encoded frame as the encoder gave it. */
export interface EncodedFrame {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly ticks: number;
  readonly key: boolean;
}

export interface FramedSegment {
  readonly samples: readonly ReencodedSample[];
  readonly sets: EncodedEdges['sets'];
}

/** `description` is the encoder's own decoder configuration (`avcC` for H.264). Null for a stream that is not as it should be. */
export const frameSegment = (
  source: EdgeSource,
  segment: EdgeSegment,
  frames: readonly EncodedFrame[],
  description: Uint8Array | null,
): FramedSegment | null => {
  if (source.encodeAs === 'avc') return frameAvc(source, segment.setId, frames, description);
  const samples = frames.map(({ data, ticks, key }) => ({
    data: source.encodeAs === 'av1' ? onlyPictureObus(data) : data,
    ticks,
    sync: key,
  }));
  return { samples, sets: { sps: [], pps: [] } };
};

const NAL = { slice: 1, idr: 5 } as const;

/** The encoder's sets and slices under `setId`; its SPS says about colours and pixel shape what the camera's says. */
const frameAvc = (
  source: EdgeSource,
  setId: number,
  frames: readonly EncodedFrame[],
  description: Uint8Array | null,
): FramedSegment | null => {
  const own = description && parseAvcC(description);
  const [sps, ...moreSps] = own?.sps ?? [];
  const [pps, ...morePps] = own?.pps ?? [];
  if (!own || !sps || !pps || moreSps.length > 0 || morePps.length > 0) return null;
  const camera = source.codec === 'avc' ? cameraSps(source) : null;
  const signalled = camera
    ? withSourceSignal(sps, camera)
    : source.codec === 'avc'
      ? null
      : withColour(sps, source.colour);
  const newSps = signalled && withParameterSetId(signalled, setId);
  const newPps = withParameterSetId(pps, setId);
  if (!newSps || !newPps) return null;
  const samples: ReencodedSample[] = [];
  for (const { data, ticks } of frames) {
    const units = splitNalUnits(data, own.lengthSize) ?? [];
    const types = units.map((unit) => (unit[0] ?? 0) & 0x1f);
    const slices = units.filter((_, index) => types[index] === NAL.slice || types[index] === NAL.idr);
    const rewritten = slices.map((slice) => withParameterSetId(slice, setId));
    if (rewritten.length === 0 || rewritten.includes(null)) return null;
    samples.push({
      data: lengthPrefixed(rewritten.filter((unit) => unit !== null)),
      ticks,
      sync: types.includes(NAL.idr),
    });
  }
  return { samples, sets: { sps: [newSps], pps: [newPps] } };
};

/** obu_type values, AV1 specification §6.2.2. */
const OBU = { temporalDelimiter: 2, metadata: 5, padding: 15 } as const;
const NO_PICTURE: readonly number[] = [OBU.temporalDelimiter, OBU.metadata, OBU.padding];

/** A temporal unit without delimiters (MP4 forbids them), metadata and padding; as it is where its structure cannot be followed. */
export const onlyPictureObus = (unit: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const kept: Uint8Array[] = [];
  let at = 0;
  while (at < unit.length) {
    const header = unit[at] ?? 0;
    const hasSize = (header & 2) !== 0;
    if (!hasSize) return unit;
    let body = at + (header & 4 ? 2 : 1);
    let size = 0;
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = unit[body++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (body + size > unit.length) return unit;
    if (!NO_PICTURE.includes((header >> 3) & 15)) kept.push(unit.subarray(at, body + size));
    at = body + size;
  }
  const data = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of kept) {
    data.set(part, end);
    end += part.length;
  }
  return data;
};
