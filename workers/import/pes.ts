/** Packetized elementary streams (ISO/IEC 13818-1 §2.4.3.6): what MPEG transport and program streams carry. */
import type { Seconds } from '../../src/contracts/units.ts';

/** Seconds of a presentation time stamp: 33 bits of 90 kHz, spread over five bytes; null where a marker bit is wrong. */
const stampAt = (bytes: Uint8Array, at: number): Seconds | null => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(at, at + 5);
  if (bytes.length < at + 5 || (a & 1) === 0 || (c & 1) === 0 || (e & 1) === 0) return null;
  return (((a >> 1) & 7) * 2 ** 30 + (((b << 8) | c) >> 1) * 2 ** 15 + (((d << 8) | e) >> 1)) / 90_000;
};

export interface PesHeader {
  /** When its first picture is shown; null when this packet does not say. */
  readonly shownAt: Seconds | null;
  /** Where its payload begins, from the start code. */
  readonly payload: number;
}

/** `bytes` begin with the start code 0, 0, 1 and the stream's number. Knows MPEG-2's headers and MPEG-1's (ISO/IEC 11172-1 §2.4.3.3). */
export const pesHeader = (bytes: Uint8Array): PesHeader | null => {
  if (bytes.length < 9) return null;
  if (((bytes[6] ?? 0) & 0xc0) === 0x80) {
    const hasStamp = ((bytes[7] ?? 0) & 0x80) !== 0;
    return { shownAt: hasStamp ? stampAt(bytes, 9) : null, payload: 9 + (bytes[8] ?? 0) };
  }
  let at = 6;
  while (at < 22 && bytes[at] === 0xff) at += 1;
  if (((bytes[at] ?? 0) & 0xc0) === 0x40) at += 2;
  const flags = (bytes[at] ?? 0) & 0xf0;
  if (flags === 0x20 || flags === 0x30) return { shownAt: stampAt(bytes, at), payload: at + (flags === 0x20 ? 5 : 10) };
  return { shownAt: null, payload: at + 1 };
};

/** What was read of one elementary stream at one end of a file. */
export interface Gathered {
  readonly times: Seconds[];
  readonly parts: Uint8Array[];
  bytes: number;
}

export const newGathered = (): Gathered => ({ times: [], parts: [], bytes: 0 });

/** No key picture of a camera is larger. */
const ENOUGH_BYTES = 4 * 1024 * 1024;

export const gatherPart = (into: Gathered, part: Uint8Array): void => {
  if (into.bytes >= ENOUGH_BYTES || part.length === 0) return;
  into.parts.push(part);
  into.bytes += part.length;
};

export const joinedParts = ({ parts, bytes }: Gathered): Uint8Array => {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Stream types (ISO/IEC 13818-1 Table 2-34) as `elementaryFacts` knows them. */
export const VIDEO_TYPES: Readonly<Record<number, 'mpeg' | 'h264' | 'hevc'>> = {
  1: 'mpeg',
  2: 'mpeg',
  0x1b: 'h264',
  0x24: 'hevc',
};

export const SOUND_TYPES: Readonly<Record<number, string>> = {
  3: 'mp3',
  4: 'mp3',
  0x0f: 'mp4a.40.2',
  0x11: 'mp4a.40.2',
  0x81: 'ac-3',
  0x90: 'alaw',
  0x91: 'ulaw',
};
