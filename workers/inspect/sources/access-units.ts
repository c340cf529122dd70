/** Cuts an elementary stream of pictures into its frames: MPEG-1 and MPEG-2 video, H.264, HEVC. */
import type { Seconds } from '../../../src/contracts/units.ts';
import { Bits } from '../codecs/nal-units.ts';
import type { PesPacket } from './pes-demux.ts';

export type PictureCodec = 'mpeg12' | 'avc' | 'hevc';

export interface AccessUnit {
  readonly bytes: Uint8Array;
  /** Of the stream's packet in which the picture begins; null when another one began there before. */
  readonly pts: Seconds | null;
  /** temporal_reference of MPEG video; 0 for the others. */
  readonly reference: number;
  /** Whether a group of pictures begins (MPEG video). */
  readonly beginsGroup: boolean;
  /** Seconds per frame as the stream says; null where it does not. */
  readonly frameSeconds: Seconds | null;
}

const FRAME_RATES = [0, 24_000 / 1_001, 24, 25, 30_000 / 1_001, 30, 50, 60_000 / 1_001, 60];
/** No frame is larger; damaged streams would otherwise be collected whole. */
const LARGEST_FRAME = 1 << 25;

/** Whether a unit carries a picture, begins one, or can only stand before one. `at` is where its header begins. */
const kindOf = (codec: PictureCodec, bytes: Uint8Array, at: number): 'begins' | 'picture' | 'before' | 'other' => {
  const first = bytes[at] ?? 0;
  if (codec === 'mpeg12') {
    if (first === 0) return 'begins';
    if (first >= 1 && first <= 0xaf) return 'picture';
    return first === 0xb3 || first === 0xb8 ? 'before' : 'other';
  }
  if (codec === 'avc') {
    const type = first & 31;
    if (type === 1 || type === 5) return new Bits(bytes.subarray(at + 1, at + 9)).golomb() === 0 ? 'begins' : 'picture';
    return (type >= 6 && type <= 9) || (type >= 14 && type <= 18) ? 'before' : 'other';
  }
  const type = (first >> 1) & 63;
  if (type < 32) return ((bytes[at + 2] ?? 0) & 0x80) === 0 ? 'picture' : 'begins';
  return (type >= 32 && type <= 35) || type === 39 ? 'before' : 'other';
};

/** Frames in decode order. A stream that begins inside a frame loses that frame. */
export async function* accessUnits(codec: PictureCodec, packets: AsyncIterable<PesPacket>): AsyncGenerator<AccessUnit> {
  let held = new Uint8Array();
  /** Where in `held` packets begin, and their times. */
  let marks: { at: number; pts: Seconds | null; used: boolean }[] = [];
  let scanned = 0;
  let start: number | null = null;
  let picture: number | null = null;
  let rate: Seconds | null = null;
  let group = false;
  let reference = 0;
  let isField = false;

  const ptsAt = (at: number): Seconds | null => {
    const mark = marks.findLast((each) => each.at <= at);
    if (mark === undefined || mark.used) return null;
    mark.used = true;
    return mark.pts;
  };
  let pts: Seconds | null = null;
  const unitUntil = (end: number): AccessUnit => ({
    bytes: held.slice(start ?? 0, end),
    ...{ pts, reference, beginsGroup: group, frameSeconds: rate },
  });

  for await (const { data, pts: packetPts } of packets) {
    if (held.length > LARGEST_FRAME) return;
    marks.push({ at: held.length, pts: packetPts, used: false });
    const joined = new Uint8Array(held.length + data.length);
    joined.set(held);
    joined.set(data, held.length);
    held = joined;
    // Headers are looked at when their first bytes are there.
    while (scanned + 12 < held.length) {
      if (!(held[scanned] === 0 && held[scanned + 1] === 0 && held[scanned + 2] === 1)) {
        scanned += 1;
        continue;
      }
      const header = scanned + 3;
      const kind = kindOf(codec, held, header);
      const second: boolean =
        codec === 'mpeg12' &&
        kind === 'begins' &&
        picture !== null &&
        isField &&
        referenceAt(held, header) === reference;
      if ((kind === 'before' || kind === 'begins') && picture !== null && !second) {
        if (start !== null) yield unitUntil(scanned);
        held = held.slice(scanned);
        marks = marks
          .filter((mark, index) => mark.at > scanned || (marks[index + 1]?.at ?? Infinity) > scanned)
          .map((mark) => ({ ...mark, at: Math.max(0, mark.at - scanned) }));
        scanned = 0;
        start = 0;
        picture = null;
        group = false;
        continue;
      }
      if (start === null && (kind === 'before' || kind === 'begins')) start = scanned;
      if (kind === 'begins' && picture === null) {
        picture = scanned;
        pts = ptsAt(scanned);
        if (codec === 'mpeg12') reference = referenceAt(held, header);
        isField = false;
      }
      if (codec === 'mpeg12') {
        const code = held[header] ?? 0;
        if (code === 0xb8) group = true;
        if (code === 0xb3) {
          const frames = FRAME_RATES[(held[header + 4] ?? 0) & 15] ?? 0;
          rate = frames === 0 ? null : 1 / frames;
        }
        // A picture coding extension (8) says whether the picture is one field.
        if (code === 0xb5 && (held[header + 1] ?? 0) >> 4 === 8) isField = ((held[header + 3] ?? 0) & 3) !== 3;
      }
      scanned += 3;
    }
  }
  if (start !== null && picture !== null) yield unitUntil(held.length);
}

/** Ten bits behind the picture start code. */
const referenceAt = (bytes: Uint8Array, header: number): number =>
  ((bytes[header + 1] ?? 0) << 2) | ((bytes[header + 2] ?? 0) >> 6);
