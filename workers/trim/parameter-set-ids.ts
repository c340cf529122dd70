/**
 * Gives an H.264 stream another parameter-set id. Encoders of the browser always take id 0, as most cameras do; a clip that
 * holds pictures of both needs two ids.
 *
 * An id is an exponential-Golomb code (ITU-T H.264 §9.1). 0 is the one bit `1`; 15 to 30 are nine bits long. Changing 0 into one
 * of those inserts exactly eight bits, so everything behind keeps its place within its byte: CABAC data stays aligned, CAVLC
 * data is not touched at all.
 */

/** nal_unit_type values, table 7-1. */
const NAL = { slice: 1, idr: 5, sps: 7, pps: 8 } as const;

export const LEAST_NEW_ID = 15;
export const GREATEST_NEW_ID = 30;

/** profile_idc, constraint flags and level_idc come before an SPS's id, §7.3.2.1.1. */
const SPS_ID_AT = 24;

/**
 * The NAL unit with its parameter-set id 0 replaced by `id`: slices and PPSs refer to it, SPSs and PPSs are it. Null for a unit
 * that uses another id than 0, whose header is cut short, or that is neither slice nor parameter set (data partitions too).
 * Throws RangeError for an `id` outside 15…30.
 */
export const withParameterSetId = (unit: Uint8Array, id: number): Uint8Array<ArrayBuffer> | null => {
  if (!Number.isInteger(id) || id < LEAST_NEW_ID || id > GREATEST_NEW_ID) throw new RangeError(`no new id: ${id}`);
  const [header = 0] = unit;
  const payload = withoutEmulationPrevention(unit.subarray(1));
  const rewritten = rewritePayload(header & 0x1f, payload, id);
  if (!rewritten) return null;
  const escaped = withEmulationPrevention(rewritten);
  const whole = new Uint8Array(1 + escaped.length);
  whole[0] = header;
  whole.set(escaped, 1);
  return whole;
};

const rewritePayload = (type: number, payload: Uint8Array, id: number): Uint8Array | null => {
  if (type === NAL.sps) return replaceZero(payload, SPS_ID_AT, id);
  if (type === NAL.pps) {
    // pic_parameter_set_id, then seq_parameter_set_id (§7.3.2.2): from the last to the first, so that positions stay true.
    const own = replaceZero(payload, 1, id);
    return own && bitAt(payload, 0) === 1 ? replaceZero(own, 0, id) : null;
  }
  if (type === NAL.slice || type === NAL.idr) {
    // first_mb_in_slice, slice_type, pic_parameter_set_id (§7.3.3).
    const at = afterGolomb(payload, afterGolomb(payload, 0));
    return replaceZero(payload, at, id);
  }
  return null;
};

/** Replaces the code of 0 at bit `at` by that of `id`, which is eight bits longer. Null when something else stands there. */
export const replaceZero = (payload: Uint8Array, at: number, id: number): Uint8Array | null => {
  const index = at >> 3;
  if (index >= payload.length || bitAt(payload, at) !== 1) return null;
  const wide = new Uint8Array(payload.length + 1);
  wide.set(payload.subarray(0, index));
  wide.set(payload.subarray(index + 1), index + 2);
  const within = at & 7;
  const byte = payload[index] ?? 0;
  const before = byte >> (8 - within);
  const behind = byte & (0x7f >> within);
  // Sixteen bits: what stood before the code, nine bits of the new code (its value plus one), what stood behind it.
  const pair = (before << (16 - within)) | ((id + 1) << (7 - within)) | behind;
  wide[index] = pair >> 8;
  wide[index + 1] = pair & 0xff;
  return wide;
};

/** The bit behind the exponential-Golomb code at bit `at`; past the end when the code is cut short. */
export const afterGolomb = (payload: Uint8Array, at: number): number => {
  let zeros = 0;
  while (at + zeros < payload.length * 8 && bitAt(payload, at + zeros) === 0) zeros++;
  return at + 2 * zeros + 1;
};

const bitAt = (payload: Uint8Array, at: number): number => ((payload[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;

/** The raw payload behind a NAL unit's bytes: 00 00 03 loses its 03, §7.4.1.1. */
export const withoutEmulationPrevention = (bytes: Uint8Array): Uint8Array => {
  const payload = new Uint8Array(bytes.length);
  let length = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    payload[length++] = byte;
  }
  return payload.subarray(0, length);
};

/** The opposite: a 03 before any byte up to 3 that follows two zeros, and behind a payload that ends in zero, §7.4.1. */
export const withEmulationPrevention = (payload: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(payload.length + Math.ceil(payload.length / 2) + 1);
  let length = 0;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      bytes[length++] = 3;
      zeros = 0;
    }
    bytes[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  if (zeros > 0) bytes[length++] = 3;
  return bytes.slice(0, length);
};
