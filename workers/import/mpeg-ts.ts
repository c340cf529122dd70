/** Finds the video of an MPEG transport stream (ISO/IEC 13818-1 §2.4.3, §2.4.4) and reads its first and last pictures' times. */
import type { ByteSource } from './byte-source.ts';
import { bytesOf } from './byte-source.ts';
import { type ElementaryFacts, elementaryFacts } from './elementary.ts';
import { type Shown, shownBetween } from './frame-times.ts';
import { type Gathered, gatherPart, joinedParts, newGathered, pesHeader, SOUND_TYPES, VIDEO_TYPES } from './pes.ts';

const SYNC = 0x47;
/** Plain packets, with four bytes of time before each (AVCHD), and with error correction after each. */
const PACKET_SIZES = [188, 192, 204];
const HEAD_BYTES = 3 * 1024 * 1024;
const TAIL_BYTES = 1024 * 1024;

interface Grid {
  readonly first: number;
  readonly size: number;
}

/** Where packets begin: four sync bytes at the same distance. Null when these bytes are no transport stream. */
export const packetGrid = (head: Uint8Array): Grid | null => {
  for (const size of PACKET_SIZES) {
    for (let first = 0; first < size && first + size * 3 < head.length; first += 1) {
      if ([0, 1, 2, 3].every((n) => head[first + n * size] === SYNC)) return { first, size };
    }
  }
  return null;
};

export interface TransportFacts {
  readonly elementary: ElementaryFacts | null;
  readonly shown: Shown | null;
  /** The video's stream type and the sound's codec, as the programme says; null without one. */
  readonly videoType: number | null;
  readonly sound: string | null;
}

interface Programme {
  video: { readonly pid: number; readonly type: number } | null;
  sound: string | null;
}

/** A section's bytes after its pointer field. */
const sectionOf = (payload: Uint8Array): Uint8Array => payload.subarray(1 + (payload[0] ?? 0));

const readPat = (section: Uint8Array): number | null => {
  const end = Math.min(section.length, 3 + (((section[1] ?? 0) & 15) << 8) + (section[2] ?? 0) - 4);
  for (let at = 8; at + 4 <= end; at += 4) {
    const programme = ((section[at] ?? 0) << 8) | (section[at + 1] ?? 0);
    if (programme !== 0) return (((section[at + 2] ?? 0) & 31) << 8) | (section[at + 3] ?? 0);
  }
  return null;
};

const readPmt = (section: Uint8Array, into: Programme): void => {
  const length = (((section[1] ?? 0) & 15) << 8) + (section[2] ?? 0);
  const end = Math.min(section.length, 3 + length - 4);
  let at = 12 + ((((section[10] ?? 0) & 15) << 8) | (section[11] ?? 0));
  while (at + 5 <= end) {
    const type = section[at] ?? 0;
    const pid = (((section[at + 1] ?? 0) & 31) << 8) | (section[at + 2] ?? 0);
    if (VIDEO_TYPES[type] || type === 0x10) into.video ??= { pid, type };
    else into.sound ??= SOUND_TYPES[type] ?? null;
    at += 5 + ((((section[at + 3] ?? 0) & 15) << 8) | (section[at + 4] ?? 0));
  }
};

/** Calls `visit` with each packet's number, whether a unit begins in it, and its payload. */
const forEachPacket = (
  bytes: Uint8Array,
  { first, size }: Grid,
  visit: (pid: number, begins: boolean, payload: Uint8Array) => void,
): void => {
  for (let at = first; at + 188 <= bytes.length; at += size) {
    if (bytes[at] !== SYNC) continue;
    const flags = bytes[at + 1] ?? 0;
    const control = ((bytes[at + 3] ?? 0) >> 4) & 3;
    const payload = at + 4 + ((control & 2) === 0 ? 0 : 1 + (bytes[at + 4] ?? 0));
    if ((control & 1) === 0 || payload >= at + 188 || (flags & 0x80) !== 0) continue;
    visit(((flags & 31) << 8) | (bytes[at + 2] ?? 0), (flags & 0x40) !== 0, bytes.subarray(payload, at + 188));
  }
};

const gather = (bytes: Uint8Array, grid: Grid, pid: number): Gathered => {
  const found = newGathered();
  forEachPacket(bytes, grid, (at, begins, payload) => {
    if (at !== pid) return;
    const header = begins ? pesHeader(payload) : null;
    if (header?.shownAt !== null && header?.shownAt !== undefined) found.times.push(header.shownAt);
    if (found.times.length > 0 || begins || found.bytes > 0) gatherPart(found, payload.subarray(header?.payload ?? 0));
  });
  return found;
};

const programmeOf = (bytes: Uint8Array, grid: Grid): Programme => {
  const programme: Programme = { video: null, sound: null };
  let pmt: number | null = null;
  forEachPacket(bytes, grid, (pid, begins, payload) => {
    if (!begins || programme.video) return;
    if (pid === 0) pmt ??= readPat(sectionOf(payload));
    else if (pid === pmt) readPmt(sectionOf(payload), programme);
  });
  return programme;
};

/** Null when the file is no transport stream. Throws only when it cannot be read. */
export const readTransport = async (file: ByteSource): Promise<TransportFacts | null> => {
  const head = bytesOf(await file.read(0, HEAD_BYTES));
  const grid = packetGrid(head);
  if (!grid) return null;
  const { video, sound } = programmeOf(head, grid);
  if (!video) return { elementary: null, shown: null, videoType: null, sound };
  const from = grid.first + Math.floor(Math.max(0, file.size - TAIL_BYTES - grid.first) / grid.size) * grid.size;
  const tail = bytesOf(await file.read(from, file.size));
  const begun = gather(head, grid, video.pid);
  const ended = gather(tail, { first: 0, size: grid.size }, video.pid);
  return {
    elementary: elementaryFacts(joinedParts(begun), VIDEO_TYPES[video.type] ?? 'mpeg'),
    shown: shownBetween(begun.times, ended.times),
    videoType: video.type,
    sound,
  };
};
