/** Motion JPEG as the audit reads it: the segments of each picture, without what cameras write beside it (ITU-T T.81 annex B). */
import type { Finding } from '../findings.ts';
import { NO_CONFIGURATION, ONE_PICTURE, type FrameParts, type VideoRules } from './video-rules.ts';

const startsWith = (segment: Uint8Array, text: string): boolean =>
  segment.length >= text.length && [...text].every((letter, index) => segment[index] === letter.charCodeAt(0));

/**
 * Application segments that a decoder needs and that say nothing else: JFIF without thumbnail, the field order of AVI, Adobe's colour
 * transform. `body` is the segment behind its length.
 */
const steersDecoder = (marker: number, body: Uint8Array): boolean => {
  if (marker === 0xe0 && startsWith(body, 'JFIF\0')) return body.length === 14 && body[12] === 0 && body[13] === 0;
  // The field order, then sizes; some cameras fill the rest of the segment with zeros.
  if (marker === 0xe0 && startsWith(body, 'AVI1')) return body.subarray(14).every((byte) => byte === 0);
  return marker === 0xee && startsWith(body, 'Adobe') && body.length === 12;
};

/** Where entropy-coded data ends: at the next marker that is neither stuffing nor a restart. */
const endOfScan = (frame: Uint8Array, from: number): number => {
  let at = from;
  while (at + 1 < frame.length) {
    const next = frame[at + 1] ?? 0;
    if (frame[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += 1;
  }
  return frame.length;
};

const split = (frame: Uint8Array): FrameParts | null => {
  const picture: Uint8Array[] = [];
  const companions: Uint8Array[] = [];
  const findings: Finding[] = [];
  let at = 0;
  let images = 0;
  let inside = false;
  while (at + 1 < frame.length) {
    if (frame[at] !== 0xff) {
      if (inside || images === 0) return null;
      break;
    }
    const marker = frame[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd8 || marker === 0xd9) {
      if (inside === (marker === 0xd8)) return null;
      inside = marker === 0xd8;
      if (inside) images += 1;
      picture.push(frame.subarray(at, at + 2));
      at += 2;
      continue;
    }
    if (!inside || at + 4 > frame.length) break;
    const size = (frame[at + 2] ?? 0) * 256 + (frame[at + 3] ?? 0);
    const end = at + 2 + size;
    if (size < 2 || end > frame.length) return null;
    const body = frame.subarray(at + 4, end);
    if (marker === 0xfe) findings.push({ rule: 'sei-user-data', detail: 'a JPEG comment' });
    else if (marker >= 0xe0 && marker <= 0xef) {
      if (steersDecoder(marker, body)) companions.push(frame.subarray(at, end));
      else findings.push({ rule: 'sei-user-data', detail: `a JPEG application segment (APP${marker - 0xe0})` });
    } else picture.push(frame.subarray(at, end));
    at = end;
    if (marker === 0xda) {
      const scanEnd = endOfScan(frame, at);
      picture.push(frame.subarray(at, scanEnd));
      at = scanEnd;
    }
  }
  if (images === 0) return null;
  if (at < frame.length)
    findings.push({ rule: 'unaccounted-bytes', detail: `${frame.length - at} bytes after the end of its picture` });
  return { ...ONE_PICTURE, picture, companions, cleanStart: true, openStart: true, findings };
};

export const MJPEG_RULES: VideoRules = {
  codec: 'mjpeg',
  configuration: () => NO_CONFIGURATION,
  split,
  formatOf: () => null,
};
