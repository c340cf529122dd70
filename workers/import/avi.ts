/** Reads what an AVI file is: Microsoft's AVI RIFF file reference, with OpenDML's extension for files over 1 GB. */
import type { AudioFacts } from '../../src/contracts/library.ts';
import { ok } from '../../src/contracts/result.ts';
import { type ByteSource, bytesOf, latin } from './byte-source.ts';
import { codecFamily } from './codecs.ts';
import { type Contents, type ContentsResult, noFrames, noVideo, unknownCodec, upright } from './contents.ts';
import { elementaryFacts } from './elementary.ts';
import { type FirstPicture, thumbnailOfPicture } from './picture.ts';
import { wallClockFrom } from './wall-clock-text.ts';

interface Chunk {
  /** The list's own type for `LIST` and `RIFF`. */
  readonly type: string;
  readonly body: number;
  readonly end: number;
}

const MOST_CHUNKS = 200_000;

async function* chunksWithin(file: ByteSource, from: number, to: number): AsyncGenerator<Chunk> {
  let at = from;
  for (let seen = 0; at + 8 <= to && seen < MOST_CHUNKS; seen += 1) {
    const header = await file.read(at, at + 12);
    if (header.byteLength < 8) return;
    const name = latin(header, 0, 4);
    const end = Math.min(at + 8 + header.getUint32(4, true), to);
    const isList = name === 'LIST' || name === 'RIFF';
    yield { type: isList ? latin(header, 8, 4) : name, body: at + (isList ? 12 : 8), end };
    // Chunks begin at even offsets.
    at = end + (end % 2);
  }
}

interface Stream {
  readonly index: number;
  readonly kind: string;
  readonly handler: string;
  readonly secondsPerUnit: number;
  readonly startUnits: number;
  readonly units: number;
  readonly format: DataView;
}

const readStream = async (file: ByteSource, list: Chunk, index: number): Promise<Stream | null> => {
  let header: DataView | null = null;
  let format: DataView = new DataView(new ArrayBuffer(0));
  for await (const { type, body, end } of chunksWithin(file, list.body, list.end)) {
    if (type === 'strh') header = await file.read(body, Math.min(end, body + 56));
    else if (type === 'strf') format = await file.read(body, Math.min(end, body + 64));
  }
  if (!header || header.byteLength < 36) return null;
  const [scale, rate] = [header.getUint32(20, true), header.getUint32(24, true)];
  return {
    index,
    kind: latin(header, 0, 4),
    handler: latin(header, 4, 4),
    secondsPerUnit: scale > 0 && rate > 0 ? scale / rate : 0,
    startUnits: header.getUint32(28, true),
    units: header.getUint32(32, true),
    format,
  };
};

interface Layout {
  readonly streams: readonly Stream[];
  readonly secondsPerFrame: number;
  /** Frames in all parts of an OpenDML file. */
  readonly framesInAll: number;
  readonly movi: Chunk | null;
  readonly index: Chunk | null;
  readonly wallClock: string | null;
}

const readLayout = async (file: ByteSource): Promise<Layout> => {
  const streams: Stream[] = [];
  let [secondsPerFrame, framesInAll] = [0, 0];
  let movi: Chunk | null = null;
  let index: Chunk | null = null;
  let wallClock: string | null = null;
  const text = async ({ body, end }: Chunk): Promise<string> => {
    const bytes = await file.read(body, Math.min(end, body + 64));
    return latin(bytes, 0, bytes.byteLength);
  };
  const visit = async (from: number, to: number, depth: number): Promise<void> => {
    let count = 0;
    for await (const chunk of chunksWithin(file, from, to)) {
      const { type, body, end } = chunk;
      if (type === 'AVI ' || type === 'hdrl' || type === 'INFO' || type === 'odml') {
        if (depth < 4) await visit(body, end, depth + 1);
      } else if (type === 'movi') movi ??= chunk;
      else if (type === 'idx1') index ??= chunk;
      else if (type === 'IDIT' || type === 'ICRD') wallClock ??= wallClockFrom(await text(chunk));
      else if (type === 'avih') {
        const header = await file.read(body, Math.min(end, body + 8));
        if (header.byteLength >= 4) secondsPerFrame = header.getUint32(0, true) / 1e6;
      } else if (type === 'dmlh') {
        const header = await file.read(body, Math.min(end, body + 4));
        if (header.byteLength === 4) framesInAll = header.getUint32(0, true);
      } else if (type === 'strl') {
        const stream = await readStream(file, chunk, count);
        count += 1;
        if (stream) streams.push(stream);
      }
    }
  };
  await visit(0, file.size, 0);
  return { streams, secondsPerFrame, framesInAll, movi, index, wallClock };
};

/** `00dc` and `00db` are the compressed and raw frames of stream 0. */
const isFrameOf = (type: string, stream: number): boolean =>
  /^\d\dd[bc]$/.test(type) && Number(type.slice(0, 2)) === stream;

const countInIndex = async (file: ByteSource, { body, end }: Chunk, stream: number): Promise<number> => {
  let frames = 0;
  for (let at = body; at + 16 <= end; at += 65_536) {
    const entries = await file.read(at, Math.min(at + 65_536, end));
    for (let i = 0; i + 16 <= entries.byteLength; i += 16) if (isFrameOf(latin(entries, i, 4), stream)) frames += 1;
  }
  return frames;
};

interface Scanned {
  readonly frames: number;
  readonly first: Uint8Array | null;
}

const LARGEST_FRAME = 8 * 1024 * 1024;

/** Walks the frames of a stream that the index does not tell of; only the first one when that is all that is asked. */
const scan = async (file: ByteSource, movi: Chunk, stream: number, all: boolean): Promise<Scanned> => {
  let frames = 0;
  let first: Uint8Array | null = null;
  const visit = async (from: number, to: number): Promise<boolean> => {
    for await (const { type, body, end } of chunksWithin(file, from, to)) {
      if (type === 'rec ') {
        if (await visit(body, end)) return true;
      } else if (isFrameOf(type, stream) && end > body) {
        frames += 1;
        first ??= bytesOf(await file.read(body, Math.min(end, body + LARGEST_FRAME)));
        if (!all) return true;
      }
    }
    return false;
  };
  await visit(movi.body, movi.end);
  return { frames, first };
};

/** WAVEFORMATEX tags (mmreg.h). */
const SOUND: Readonly<Record<number, string>> = {
  1: 'pcm',
  2: 'adpcm-ms',
  6: 'alaw',
  7: 'ulaw',
  17: 'adpcm-ima',
  85: 'mp3',
  255: 'mp4a.40.2',
  8192: 'ac-3',
};

const soundOf = ({ format }: Stream): AudioFacts | null =>
  format.byteLength < 16
    ? null
    : {
        codec: SOUND[format.getUint16(0, true)] ?? `wave format ${format.getUint16(0, true)}`,
        channels: format.getUint16(2, true),
        sampleRate: format.getUint32(4, true),
      };

const pictureOf = (family: string, bytes: Uint8Array | null): { codec: string; picture: FirstPicture | null } => {
  if (bytes && family === 'mjpeg') return { codec: family, picture: { kind: 'jpeg', bytes } };
  const facts = bytes && (family === 'h264' || family === 'hevc') ? elementaryFacts(bytes, family) : null;
  return { codec: facts?.codec ?? family, picture: facts?.picture ?? null };
};

/** Never throws for what is in the file. */
export const readAvi = async (file: ByteSource): Promise<ContentsResult> => {
  const layout = await readLayout(file);
  const stream = layout.streams.find(({ kind }) => kind === 'vids');
  if (!stream) return layout.streams.length > 0 ? noVideo() : noFrames();
  // BITMAPINFOHEADER: a negative height says that the rows begin at the top.
  const { format } = stream;
  if (format.byteLength < 20 || !layout.movi) return noFrames();
  const [width, height] = [Math.abs(format.getInt32(4, true)), Math.abs(format.getInt32(8, true))];
  const code = latin(format, 16, 4);
  const family = codecFamily(code) ?? codecFamily(stream.handler);
  if (!family) return unknownCodec(/^[\x20-\x7e]{4}$/.test(code) ? code : 'unknown');
  const found = await scan(file, layout.movi, stream.index, false);
  const inIndex = layout.index ? await countInIndex(file, layout.index, stream.index) : 0;
  const frames =
    Math.max(stream.units, layout.framesInAll) || inIndex || (await scan(file, layout.movi, stream.index, true)).frames;
  const seconds = stream.secondsPerUnit || layout.secondsPerFrame;
  const firstFrameAt = stream.startUnits * seconds;
  const { codec, picture } = pictureOf(family, found.first);
  if (!(frames > 0 && seconds > 0 && seconds < 3_600 && width > 0 && height > 0 && found.first)) return noFrames();
  const audio = layout.streams.find(({ kind }) => kind === 'auds');
  const contents: Contents = {
    container: 'avi',
    video: upright(codec, width, height),
    audio: audio ? soundOf(audio) : null,
    firstFrameAt,
    endsAt: firstFrameAt + frames * seconds,
    ...{ creationMs: null, creationWallClock: layout.wallClock, zeroMs: null },
    thumbnail: () => thumbnailOfPicture(picture),
  };
  return ok(contents);
};
