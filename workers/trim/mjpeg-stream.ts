/** Motion JPEG as a stream of pictures without their comments: every one decodes alone (ITU-T T.81 annex B). */
import { concat, type Bytes } from './mp4-boxes.ts';
import { jpegSampleEntry } from './sample-entries.ts';
import type { VideoStream } from './video-stream.ts';

const MARKER = {
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  app0: 0xe0,
  app14: 0xee,
  app15: 0xef,
  comment: 0xfe,
} as const;

export const looksLikeJpeg = (packet: Uint8Array): boolean =>
  packet[0] === 0xff && packet[1] === MARKER.startOfImage && packet[2] === 0xff;

export const openMjpegStream = (): VideoStream => ({
  codec: 'mjpeg',
  container: 'mp4',
  size: null,
  interlaced: false,
  changesSize: false,
  bitDepth: 8,
  read: (packet) => {
    const cleaned = withoutComments(packet);
    return (
      cleaned && {
        ...{ data: cleaned.data, access: 'clean', messages: cleaned.removed },
        ...{ field: null, hidden: 'none', overwritten: false },
      }
    );
  },
  decoderConfig: (container) => container,
  sourceEntry: jpegSampleEntry,
  clipEntry: jpegSampleEntry,
  inBandSets: () => null,
  sequenceEnd: null,
  freeSetIds: () => [],
});

/**
 * Keeps the segments that decoding takes, of both fields where a packet holds two images: tables, scans, the JFIF, AVI1 and Adobe
 * markers, which say how samples are to be read. Comments, other application segments and bytes behind the images go.
 * Null when the packet is no JPEG or is cut short within a header.
 */
export const withoutComments = (packet: Uint8Array): { readonly data: Bytes; readonly removed: number } | null => {
  const kept: Uint8Array[] = [];
  let removed = 0;
  let at = 0;
  while (at + 4 <= packet.length && packet[at] === 0xff && packet[at + 1] === MARKER.startOfImage) {
    kept.push(packet.subarray(at, at + 2));
    at += 2;
    for (;;) {
      while (packet[at] === 0xff && packet[at + 1] === 0xff) at++;
      if (packet[at] !== 0xff || at + 4 > packet.length) return null;
      const marker = packet[at + 1] ?? 0;
      const end = at + 2 + (((packet[at + 2] ?? 0) << 8) | (packet[at + 3] ?? 0));
      if (end > packet.length) return null;
      if (isNeeded(marker, packet.subarray(at + 4, end))) kept.push(packet.subarray(at, end));
      else removed++;
      at = end;
      if (marker !== MARKER.startOfScan) continue;
      const scanEnd = endOfScan(packet, at);
      kept.push(packet.subarray(at, scanEnd));
      at = scanEnd;
      if (packet[at + 1] === MARKER.endOfImage || at >= packet.length) break;
    }
    kept.push(Uint8Array.of(0xff, MARKER.endOfImage));
    at += 2;
    // Between two fields there may be padding.
    while (at < packet.length && !looksLikeJpeg(packet.subarray(at, at + 3))) at++;
  }
  return kept.length === 0 ? null : { data: concat(kept), removed };
};

const isNeeded = (marker: number, payload: Uint8Array): boolean => {
  if (marker === MARKER.comment) return false;
  if (marker < MARKER.app0 || marker > MARKER.app15) return true;
  const name = String.fromCharCode(...payload.subarray(0, 5));
  if (marker === MARKER.app14) return name === 'Adobe';
  // A JFIF segment of 14 bytes has no thumbnail.
  return marker === MARKER.app0 && (name.startsWith('AVI1') || (name === 'JFIF\0' && payload.length === 14));
};

/** Entropy-coded data run up to a marker that is neither a stuffed zero nor a restart. */
const endOfScan = (packet: Uint8Array, from: number): number => {
  for (let at = from; at + 1 < packet.length; at++) {
    const next = packet[at + 1] ?? 0;
    if (packet[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return packet.length;
};
