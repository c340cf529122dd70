/** Reads what a Flash video is (Adobe Flash Video File Format 10.1, Annex E; Enhanced RTMP v2 for HEVC and AV1). */
import type { AudioFacts } from '../../src/contracts/library.ts';
import { ok } from '../../src/contracts/result.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import { type ByteSource, bytesOf, latin } from './byte-source.ts';
import { type ContentsResult, noFrames, noVideo, unknownCodec, upright } from './contents.ts';
import { elementaryFacts } from './elementary.ts';
import { frameSeconds } from './frame-times.ts';
import { type FirstPicture, thumbnailOfPicture } from './picture.ts';
import { wallClockFrom } from './wall-clock-text.ts';

const SOUND = 8;
const VIDEO = 9;
const SCRIPT = 18;
const MOST_TAGS = 400;
const LARGEST_TAG = 8 * 1024 * 1024;

interface Tag {
  readonly kind: number;
  readonly ms: number;
  readonly body: number;
  readonly end: number;
}

const tagAt = async (file: ByteSource, at: number): Promise<Tag | null> => {
  const header = await file.read(at, at + 11);
  if (header.byteLength < 11) return null;
  const size = header.getUint32(0) & 0xff_ff_ff;
  // The upper eight of 32 bits come last.
  const ms = (header.getUint32(4) >>> 8) + header.getUint8(7) * 2 ** 24;
  return { kind: header.getUint8(0) & 31, ms, body: at + 11, end: at + 11 + size };
};

interface VideoTag {
  readonly codec: string;
  readonly isKey: boolean;
  readonly isConfiguration: boolean;
  readonly compositionMs: number;
  /** Where the coded picture begins in the tag. */
  readonly at: number;
}

const CODECS: Readonly<Record<number, string>> = { 2: 'h263', 7: 'h264', 12: 'hevc' };

const signed24 = (view: DataView, at: number): number => (view.getInt16(at) << 8) | view.getUint8(at + 2);

const readVideoTag = (head: DataView): VideoTag | null => {
  if (head.byteLength < 5) return null;
  const first = head.getUint8(0);
  const isKey = ((first >> 4) & 7) === 1;
  if ((first & 0x80) !== 0) {
    const packet = first & 15;
    const code = latin(head, 1, 4);
    const codec = code === 'avc1' ? 'h264' : code === 'hvc1' ? 'hevc' : code;
    const compositionMs = packet === 1 && head.byteLength >= 8 ? signed24(head, 5) : 0;
    return { codec, isKey, isConfiguration: packet === 0, compositionMs, at: packet === 1 ? 8 : 5 };
  }
  const codec = CODECS[first & 15] ?? `Flash codec ${first & 15}`;
  if (codec !== 'h264' && codec !== 'hevc') return { codec, isKey, isConfiguration: false, compositionMs: 0, at: 1 };
  return { codec, isKey, isConfiguration: head.getUint8(1) === 0, compositionMs: signed24(head, 2), at: 5 };
};

/** Sound formats by the tag's upper four bits. */
const SOUND_CODECS: Readonly<Record<number, string>> = {
  0: 'pcm',
  1: 'adpcm',
  2: 'mp3',
  3: 'pcm',
  4: 'nellymoser',
  5: 'nellymoser',
  6: 'nellymoser',
  7: 'alaw',
  8: 'ulaw',
  10: 'mp4a.40.2',
  11: 'speex',
};

const soundOf = (first: number): AudioFacts => {
  const format = first >> 4;
  const narrow = format === 7 || format === 8;
  return {
    codec: SOUND_CODECS[format] ?? `Flash sound ${format}`,
    channels: narrow ? 1 : 1 + (first & 1),
    sampleRate: narrow ? 8_000 : ([5_512, 11_025, 22_050, 44_100][(first >> 2) & 3] ?? 0),
  };
};

/** The number or text after a name in the script tag's AMF0 array; enough for the few names that are asked. */
const scriptNumber = (text: string, view: DataView, name: string): number => {
  const at = text.indexOf(name);
  const value = at + name.length;
  return at >= 0 && view.byteLength >= value + 9 && view.getUint8(value) === 0 ? view.getFloat64(value + 1) : 0;
};

const scriptText = (text: string, view: DataView, name: string): string => {
  const at = text.indexOf(name);
  const value = at + name.length;
  if (at < 0 || view.byteLength < value + 3 || view.getUint8(value) !== 2) return '';
  return text.slice(value + 3, value + 3 + view.getUint16(value + 1));
};

interface Gathered {
  times: Seconds[];
  codec: string | null;
  configuration: Uint8Array | null;
  key: Uint8Array | null;
  sound: AudioFacts | null;
  width: number;
  height: number;
  wallClock: string | null;
  tags: number;
}

/** How far a picture's parameter sets lie in `avcC` and `hvcC`: found by their start within, as each has a 16-bit length before it. */
const parameterSets = (configuration: Uint8Array, codec: string): Uint8Array => {
  const view = new DataView(configuration.buffer, configuration.byteOffset, configuration.byteLength);
  const parts: number[] = [];
  const take = (at: number, count: number): number => {
    let offset = at;
    for (let i = 0; i < count && offset + 2 <= configuration.length; i += 1) {
      const length = view.getUint16(offset);
      parts.push(0, 0, 0, 1, ...configuration.subarray(offset + 2, offset + 2 + length));
      offset += 2 + length;
    }
    return offset;
  };
  if (codec === 'h264' && configuration.length > 7) {
    const next = take(6, (configuration[5] ?? 0) & 31);
    if (next < configuration.length) take(next + 1, configuration[next] ?? 0);
  } else if (codec === 'hevc' && configuration.length > 23) {
    let offset = 23;
    for (let i = 0; i < (configuration[22] ?? 0) && offset + 3 <= configuration.length; i += 1) {
      offset = take(offset + 3, view.getUint16(offset + 1));
    }
  }
  return Uint8Array.from(parts);
};

const gather = async (file: ByteSource, from: number): Promise<Gathered> => {
  const found: Gathered = {
    ...{ times: [], codec: null, configuration: null, key: null, sound: null },
    ...{ width: 0, height: 0, wallClock: null, tags: 0 },
  };
  for (let at = from; found.tags < MOST_TAGS; found.tags += 1) {
    const tag = await tagAt(file, at);
    if (!tag || ![SOUND, VIDEO, SCRIPT].includes(tag.kind)) break;
    if (tag.kind === VIDEO) {
      const video = readVideoTag(await file.read(tag.body, Math.min(tag.end, tag.body + 16)));
      found.codec ??= video?.codec ?? null;
      const body = async (): Promise<Uint8Array> =>
        bytesOf(await file.read(tag.body + (video?.at ?? 0), Math.min(tag.end, tag.body + LARGEST_TAG))).slice();
      if (video?.isConfiguration) found.configuration ??= await body();
      else if (video) {
        found.times.push((tag.ms + video.compositionMs) / 1_000);
        if (video.isKey) found.key ??= await body();
      }
    } else if (tag.kind === SOUND && tag.end > tag.body) {
      found.sound ??= soundOf((await file.read(tag.body, tag.body + 1)).getUint8(0));
    } else if (tag.kind === SCRIPT && found.width === 0) {
      const view = await file.read(tag.body, Math.min(tag.end, tag.body + 65_536));
      const text = Array.from(bytesOf(view), (byte) => String.fromCharCode(byte)).join('');
      found.width = scriptNumber(text, view, 'width');
      found.height = scriptNumber(text, view, 'height');
      found.wallClock = wallClockFrom(scriptText(text, view, 'creationdate'));
    }
    at = tag.end + 4;
  }
  return found;
};

/** Backwards from the end, by the size that follows each tag: when the last pictures are shown. */
const lastTimes = async (file: ByteSource): Promise<readonly Seconds[]> => {
  const times: Seconds[] = [];
  let end = file.size;
  for (let seen = 0; seen < MOST_TAGS && times.length < 32 && end > 24; seen += 1) {
    const size = await file.read(end - 4, end);
    const at = size.byteLength === 4 ? end - 4 - size.getUint32(0) : 0;
    const tag = at > 0 && at < end - 4 ? await tagAt(file, at) : null;
    if (!tag || tag.end !== end - 4) break;
    if (tag.kind === VIDEO) {
      const video = readVideoTag(await file.read(tag.body, Math.min(tag.end, tag.body + 16)));
      if (video && !video.isConfiguration && tag.end > tag.body + video.at) {
        times.push((tag.ms + video.compositionMs) / 1_000);
      }
    }
    end = at;
  }
  return times;
};

/** Forwards through all tags: for a file whose end was cut off. */
const walkedTimes = async (file: ByteSource, from: number): Promise<readonly Seconds[]> => {
  const times: Seconds[] = [];
  for (let at = from, seen = 0; seen < 200_000; seen += 1) {
    const tag = await tagAt(file, at);
    if (!tag || ![SOUND, VIDEO, SCRIPT].includes(tag.kind) || tag.end > file.size) break;
    if (tag.kind === VIDEO) times.push(tag.ms / 1_000);
    at = tag.end + 4;
  }
  return times;
};

/** Never throws for what is in the file. */
export const readFlv = async (file: ByteSource): Promise<ContentsResult> => {
  const header = await file.read(0, 9);
  if (header.byteLength < 9) return noFrames();
  const from = header.getUint32(5) + 4;
  const found = await gather(file, from);
  if (found.codec === null) return found.sound ? noVideo() : noFrames();
  if (!['h263', 'h264', 'hevc'].includes(found.codec))
    return unknownCodec(/^[\x20-\x7e]*\w[\x20-\x7e]*$/.test(found.codec) ? found.codec : 'unknown');
  if (found.times.length === 0) return noFrames();
  const hint = found.codec === 'h264' || found.codec === 'hevc' ? found.codec : null;
  const facts =
    hint && found.configuration ? elementaryFacts(parameterSets(found.configuration, found.codec), hint) : null;
  const firstFrameAt = found.times.reduce((least, time) => Math.min(least, time));
  const atEnd = await lastTimes(file);
  const times = [...found.times, ...(atEnd.length > 0 ? atEnd : await walkedTimes(file, from))];
  const last = times.reduce((latest, time) => Math.max(latest, time), firstFrameAt);
  const endsAt = last + frameSeconds(found.times);
  const width = facts?.width ?? found.width;
  const height = facts?.height ?? found.height;
  if (!(width > 0 && height > 0 && endsAt > firstFrameAt)) return noFrames();
  const picture: FirstPicture | null =
    facts && found.key && found.configuration
      ? { kind: 'coded', codec: facts.codec, description: found.configuration, bytes: found.key }
      : null;
  return ok({
    container: 'flv' as const,
    video: upright(facts?.codec ?? found.codec, width, height),
    audio: found.sound,
    ...{ firstFrameAt, endsAt },
    ...{ creationMs: null, creationWallClock: found.wallClock, zeroMs: null },
    thumbnail: () => thumbnailOfPicture(picture),
  });
};
