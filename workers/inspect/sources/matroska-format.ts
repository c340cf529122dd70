/** What mediabunny does not tell of a Matroska track: settings of codecs that it does not know, and CodecDelay (RFC 9559 §5.1.4). */

import type { Seconds } from '../../../src/contracts/units.ts';

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const CODEC_PRIVATE = 0x63a2;
const CODEC_DELAY = 0x56aa;
const EBML = 0x1a45dfa3;
/** Tracks come before the media in all that is written as a file. */
const LOOKED_AT = 1 << 20;

interface Part {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Elements one after another; ends at the first that makes no sense. Unknown sizes reach to the end. */
const partsIn = (bytes: Uint8Array, from: number, to: number): readonly Part[] => {
  const parts: Part[] = [];
  let at = from;
  const number = (keepMarker: boolean): number => {
    const first = bytes[at] ?? 0;
    const length = Math.clz32(first) - 23;
    if (first === 0 || at + length > to) return -1;
    let value = keepMarker ? first : first & ((1 << (8 - length)) - 1);
    let unknown = value === (1 << (8 - length)) - 1;
    for (let index = 1; index < length; index += 1) {
      value = value * 256 + (bytes[at + index] ?? 0);
      if (bytes[at + index] !== 0xff) unknown = false;
    }
    at += length;
    return unknown && !keepMarker ? Infinity : value;
  };
  while (at + 2 <= to) {
    const id = number(true);
    const size = number(false);
    if (id < 0 || size < 0) break;
    const end = Math.min(to, at + size);
    parts.push({ id, start: at, end });
    at = end;
  }
  return parts;
};

export interface MatroskaTrack {
  readonly settings: Uint8Array | null;
  /** Seconds that players subtract from every timestamp of the track. */
  readonly delay: Seconds;
}

/** Null when the file is no Matroska or does not describe the track at its front. */
export const matroskaTrack = async (blob: Blob, track: number): Promise<MatroskaTrack | null> => {
  const bytes = new Uint8Array(await blob.slice(0, LOOKED_AT).arrayBuffer());
  const top = partsIn(bytes, 0, bytes.length);
  if (top[0]?.id !== EBML) return null;
  const inside = (parts: readonly Part[], id: number): readonly Part[] =>
    parts.filter((part) => part.id === id).flatMap(({ start, end }) => partsIn(bytes, start, end));
  const unsigned = (part: Part | undefined): number =>
    part === undefined ? 0 : bytes.subarray(part.start, part.end).reduce((value, byte) => value * 256 + byte, 0);
  for (const entry of inside(inside(top, SEGMENT), TRACKS)) {
    if (entry.id !== TRACK_ENTRY) continue;
    const fields = partsIn(bytes, entry.start, entry.end);
    const field = (id: number): Part | undefined => fields.find((part) => part.id === id);
    if (unsigned(field(TRACK_NUMBER)) !== track) continue;
    const settings = field(CODEC_PRIVATE);
    return {
      settings: settings === undefined ? null : bytes.subarray(settings.start, settings.end),
      delay: unsigned(field(CODEC_DELAY)) / 1e9,
    };
  }
  return null;
};
