/** Reads what an MPEG program stream is (ISO/IEC 13818-1 §2.5), as many recorders write; it carries no date at all. */
import { ok } from '../../src/contracts/result.ts';
import { type ByteSource, bytesOf } from './byte-source.ts';
import { type ContentsResult, noFrames, noVideo, unknownCodec, upright } from './contents.ts';
import { elementaryFacts } from './elementary.ts';
import { shownBetween } from './frame-times.ts';
import { type Gathered, gatherPart, joinedParts, newGathered, pesHeader, SOUND_TYPES, VIDEO_TYPES } from './pes.ts';
import { thumbnailOfPicture } from './picture.ts';

const HEAD_BYTES = 4 * 1024 * 1024;
const TAIL_BYTES = 2 * 1024 * 1024;

const PACK = 0xba;
const STREAM_MAP = 0xbc;
/** `110x xxxx` are sound streams, `1110 xxxx` video streams (Table 2-22). */
const isSound = (id: number): boolean => (id & 0xe0) === 0xc0;
const isVideo = (id: number): boolean => (id & 0xf0) === 0xe0;

interface Found {
  readonly video: Gathered;
  videoId: number | null;
  /** The video's stream type where a stream map says it; recorders often leave it out. */
  videoType: number | null;
  sound: string | null;
}

const newFound = (videoId: number | null = null): Found => ({
  video: newGathered(),
  videoId,
  videoType: null,
  sound: null,
});

/** §2.5.4.1 */
const readStreamMap = (bytes: Uint8Array, into: Found): void => {
  let at = 10 + (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0));
  const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  at += 2;
  while (at + 4 <= Math.min(end, bytes.length)) {
    const [type = 0, id = 0] = bytes.subarray(at, at + 2);
    if (isVideo(id) && VIDEO_TYPES[type]) into.videoType ??= type;
    if (isSound(id)) into.sound ??= SOUND_TYPES[type] ?? null;
    at += 4 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
};

/** Walks the packets from `from`; bytes that are none are skipped until the next start code. */
const walk = (bytes: Uint8Array, from: number, into: Found): void => {
  let at = from;
  while (at + 6 <= bytes.length) {
    const id = bytes[at + 3] ?? 0;
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1 || id < PACK) {
      at += 1;
      continue;
    }
    if (id === PACK) {
      // MPEG-2's pack header says how much stuffing follows, MPEG-1's is two bytes shorter and has none.
      at += ((bytes[at + 4] ?? 0) & 0xc0) === 0x40 ? 14 + ((bytes[at + 13] ?? 0) & 7) : 12;
      continue;
    }
    const end = at + 6 + (((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0));
    const packet = bytes.subarray(at, Math.min(end, bytes.length));
    if (id === STREAM_MAP) readStreamMap(packet, into);
    else if (isSound(id)) into.sound ??= 'mp3';
    else if (isVideo(id) && (into.videoId ??= id) === id) {
      const header = pesHeader(packet);
      if (header?.shownAt !== null && header?.shownAt !== undefined) into.video.times.push(header.shownAt);
      if (header) gatherPart(into.video, packet.subarray(header.payload));
    }
    at = end;
  }
};

/** Whether a program stream begins with these bytes; Hikvision's files have a header of their own before the first pack. */
export const isProgramStream = (head: Uint8Array): boolean =>
  [0, 40].some((at) => head[at] === 0 && head[at + 1] === 0 && head[at + 2] === 1 && head[at + 3] === PACK);

/** Never throws for what is in the file. */
export const readProgramStream = async (file: ByteSource): Promise<ContentsResult> => {
  const begun = newFound();
  walk(bytesOf(await file.read(0, HEAD_BYTES)), 0, begun);
  if (begun.videoId === null) return begun.sound ? noVideo() : noFrames();
  const ended = newFound(begun.videoId);
  walk(bytesOf(await file.read(file.size - TAIL_BYTES, file.size)), 0, ended);
  const hint = begun.videoType === null ? null : (VIDEO_TYPES[begun.videoType] ?? null);
  const facts = elementaryFacts(joinedParts(begun.video), hint);
  if (!facts) return unknownCodec('a program stream without H.264, HEVC or MPEG video headers');
  const shown = shownBetween(begun.video.times, ended.video.times);
  if (!shown) return noFrames();
  return ok({
    container: 'mpeg-ps' as const,
    video: upright(facts.codec, facts.width, facts.height),
    audio: begun.sound === null ? null : { codec: begun.sound, channels: 0, sampleRate: 0 },
    ...shown,
    ...{ creationMs: null, creationWallClock: null, zeroMs: null },
    thumbnail: () => thumbnailOfPicture(facts.picture),
  });
};
