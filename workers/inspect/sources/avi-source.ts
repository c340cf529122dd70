/** Recordings in AVI: their index (idx1, OpenDML) or, without one, their chunks; times as FFmpeg 5.1 gives them (Microsoft AVI RIFF reference). */
import { bitmapFormat } from './bitmap-format.ts';
import { BlobReader } from './blob-reader.ts';
import { decodeOrderTimes } from './decode-order-times.ts';
import { fourCharacters } from './four-characters.ts';
import { listedTrack, type ListedPacket } from './indexed-track.ts';
import { soundFramesOf } from './sound-frames.ts';
import { SourceDamaged, type SourceFile, type SourceTrackReader } from './source.ts';
import { waveFormat } from './wave-format.ts';

interface Stream {
  readonly kind: 'video' | 'audio' | 'other';
  readonly scale: number;
  readonly rate: number;
  readonly start: number;
  readonly sampleSize: number;
  readonly format: DataView;
  /** Position and size of the OpenDML super index; null without one. */
  readonly superIndex: { readonly offset: number; readonly size: number } | null;
}

interface Chunk {
  readonly offset: number;
  readonly size: number;
  readonly key: boolean;
}

const MOST_CHUNKS = 10_000_000;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface Riff {
  readonly type: string;
  readonly list: string;
  readonly start: number;
  readonly end: number;
}

/** Chunks between two places by their headers alone. */
async function* chunksIn(reader: BlobReader, from: number, to: number): AsyncGenerator<Riff> {
  for (let at = from; at + 8 <= to;) {
    const head = viewOf(await reader.upTo(at, Math.min(to, at + 12)));
    const size = head.getUint32(4, true);
    const type = fourCharacters(head, 0);
    if (!/^[\x20-\x7e]{4}$/.test(type)) return;
    const isList = type === 'LIST' || type === 'RIFF';
    yield {
      type,
      list: isList ? fourCharacters(head, 8) : '',
      start: at + (isList ? 12 : 8),
      end: Math.min(to, at + 8 + size),
    };
    at += 8 + size + (size & 1);
  }
}

const readStream = async (reader: BlobReader, { start, end }: Riff): Promise<Stream | null> => {
  let head: DataView | null = null;
  let format: DataView | null = null;
  let superIndex: Stream['superIndex'] = null;
  for await (const chunk of chunksIn(reader, start, end)) {
    const size = Math.min(chunk.end - chunk.start, 1 << 16);
    if (chunk.type === 'strh') head = viewOf(await reader.exactly(chunk.start, size));
    else if (chunk.type === 'strf') format = viewOf(await reader.exactly(chunk.start, size));
    else if (chunk.type === 'indx') superIndex = { offset: chunk.start, size: chunk.end - chunk.start };
  }
  if (head === null || head.byteLength < 48 || format === null) return null;
  const kind = { vids: 'video', auds: 'audio' }[fourCharacters(head, 0)] ?? 'other';
  return {
    kind: kind as Stream['kind'],
    scale: Math.max(1, head.getUint32(20, true)),
    rate: Math.max(1, head.getUint32(24, true)),
    start: head.getUint32(28, true),
    sampleSize: head.getUint32(44, true),
    format,
    superIndex,
  };
};

/** The old index: every chunk of the first RIFF by stream. Offsets count from `movi` or from the file's start. */
const readOldIndex = async (
  reader: BlobReader,
  idx1: Riff,
  movi: Riff,
): Promise<ReadonlyMap<number, readonly Chunk[]>> => {
  const view = viewOf(await reader.exactly(idx1.start, idx1.end - idx1.start));
  const streams = new Map<number, Chunk[]>();
  const count = Math.min(MOST_CHUNKS, Math.floor(view.byteLength / 16));
  let base: number | null = null;
  for (let index = 0; index < count; index += 1) {
    const at = index * 16;
    const id = fourCharacters(view, at);
    const stream = Number(id.slice(0, 2));
    if (!/^\d\d/.test(id) || Number.isNaN(stream)) continue;
    const offset = view.getUint32(at + 8, true);
    base ??= offset >= movi.start ? 0 : movi.start - 4;
    const list = streams.get(stream) ?? [];
    list.push({
      offset: base + offset + 8,
      size: view.getUint32(at + 12, true),
      key: (view.getUint32(at + 4, true) & 0x10) !== 0,
    });
    streams.set(stream, list);
  }
  return streams;
};

/** OpenDML: a list of indices, each of one stretch of the file (OpenDML AVI file format extensions §4). */
const readNewIndex = async (
  reader: BlobReader,
  at: { readonly offset: number; readonly size: number },
): Promise<readonly Chunk[] | null> => {
  const top = viewOf(await reader.exactly(at.offset, at.size));
  if (top.byteLength < 24) return null;
  const chunks: Chunk[] = [];
  const addStandard = (view: DataView): void => {
    const perEntry = view.getUint16(0, true) * 4;
    if (perEntry !== 8 || view.byteLength < 24) return;
    const base = view.getUint32(12, true) + view.getUint32(16, true) * 0x1_0000_0000;
    const count = Math.min(view.getUint32(4, true), Math.floor((view.byteLength - 24) / 8));
    for (let index = 0; index < count && chunks.length < MOST_CHUNKS; index += 1) {
      const size = view.getUint32(24 + index * 8 + 4, true);
      chunks.push({
        offset: base + view.getUint32(24 + index * 8, true),
        size: size & 0x7fff_ffff,
        key: size < 0x8000_0000,
      });
    }
  };
  if (top.getUint8(3) === 1) {
    addStandard(top);
    return chunks;
  }
  const count = Math.min(top.getUint32(4, true), Math.floor((top.byteLength - 24) / 16));
  for (let index = 0; index < count; index += 1) {
    const entry = 24 + index * 16;
    const offset = top.getUint32(entry, true) + top.getUint32(entry + 4, true) * 0x1_0000_0000;
    const size = top.getUint32(entry + 8, true);
    if (offset === 0 || size < 32) continue;
    addStandard(viewOf(await reader.exactly(offset + 8, size - 8)));
  }
  return chunks.length === 0 ? null : chunks;
};

/** Without an index: the chunks themselves, wherever `rec ` lists put them. */
const scanChunks = async (reader: BlobReader, movi: Riff, streams: Map<number, Chunk[]>): Promise<void> => {
  for await (const chunk of chunksIn(reader, movi.start, movi.end)) {
    if (chunk.list === 'rec ') await scanChunks(reader, chunk, streams);
    const stream = Number(chunk.type.slice(0, 2));
    if (!/^\d\d(d[bc]|wb)$/.test(chunk.type)) continue;
    const list = streams.get(stream) ?? [];
    list.push({ offset: chunk.start, size: chunk.end - chunk.start, key: list.length === 0 });
    streams.set(stream, list);
  }
};

/** Chunks as packets: each counts one unit of the stream's clock, or as many as it has samples; empty ones take time and hold nothing. */
const packetsOf = (stream: Stream, chunks: readonly Chunk[], blockAlign: number): readonly ListedPacket[] => {
  const unit = stream.scale / stream.rate;
  const packets: ListedPacket[] = [];
  let counted = stream.sampleSize > 0 ? 0 : stream.start;
  for (const { offset, size, key } of chunks) {
    const length =
      stream.sampleSize > 0
        ? size / stream.sampleSize
        : stream.kind === 'audio' && blockAlign > 0
          ? Math.ceil(size / blockAlign)
          : 1;
    if (size > 0) {
      const sound = stream.kind === 'audio';
      packets.push({ offset, size, at: counted * unit, duration: length * unit, key: key || sound });
    }
    counted += length;
  }
  return packets;
};

const openPicture = async (
  reader: BlobReader,
  stream: Stream,
  chunks: readonly Chunk[],
): Promise<SourceTrackReader> => {
  const { codec, fourcc, configuration } = bitmapFormat(stream.format);
  const track = {
    codec,
    tick: stream.scale / stream.rate,
    configuration,
    pcm: null,
    packets: packetsOf(stream, chunks, 0),
  };
  return decodeOrderTimes(reader, track, fourcc);
};

const openSound = (reader: BlobReader, stream: Stream, chunks: readonly Chunk[]): SourceTrackReader => {
  const { codec, pcm } = waveFormat(stream.format);
  const align = stream.format.byteLength >= 14 ? stream.format.getUint16(12, true) : 0;
  // cbSize says how much follows: the chunk may be padded.
  const said = stream.format.byteLength >= 18 ? stream.format.getUint16(16, true) : 0;
  const extra = new Uint8Array(
    stream.format.buffer,
    stream.format.byteOffset + Math.min(18, stream.format.byteLength),
    Math.max(0, Math.min(said, stream.format.byteLength - 18)),
  );
  const configuration = codec === 'aac' && extra.length >= 2 ? extra : null;
  const track = {
    codec,
    tick: stream.scale / stream.rate,
    configuration,
    pcm,
    packets: packetsOf(stream, chunks, align),
  };
  const listed = listedTrack(reader, track);
  return codec === 'mp3' || codec === 'ac3' ? soundFramesOf(listed) : listed;
};

/** Opens an AVI file; null when it is none. Throws `SourceDamaged` when it is one and cannot be read. */
export const openAvi = async (blob: Blob): Promise<SourceFile | null> => {
  const reader = new BlobReader(blob);
  const head = viewOf(await reader.upTo(0, 12));
  if (head.byteLength < 12 || fourCharacters(head, 0) !== 'RIFF' || !fourCharacters(head, 8).startsWith('AVI'))
    return null;
  const streams: (Stream | null)[] = [];
  const metadata = new Set<string>();
  const parts: { readonly movi: Riff; readonly idx1: Riff | null }[] = [];
  for await (const riff of chunksIn(reader, 0, reader.size)) {
    if (riff.type !== 'RIFF') {
      metadata.add(`${riff.end - riff.start} bytes after the last chunk`);
      continue;
    }
    let movi: Riff | null = null;
    let idx1: Riff | null = null;
    for await (const part of chunksIn(reader, riff.start, riff.end)) {
      if (part.list === 'hdrl') {
        for await (const entry of chunksIn(reader, part.start, part.end)) {
          if (entry.list === 'strl') streams.push(await readStream(reader, entry));
        }
      } else if (part.list === 'movi') movi = part;
      else if (part.type === 'idx1') idx1 = part;
      else if (part.list === 'INFO') metadata.add('tags (INFO)');
      else if (part.type === 'IDIT') metadata.add('a date (IDIT)');
      else if (part.type !== 'JUNK') metadata.add(`a ${part.list === '' ? part.type : part.list} chunk`);
    }
    if (movi !== null) parts.push({ movi, idx1 });
  }
  const [first] = parts;
  const videoAt = streams.findIndex((stream) => stream?.kind === 'video');
  const audioAt = streams.findIndex((stream) => stream?.kind === 'audio');
  const video = streams[videoAt] ?? null;
  const audio = streams[audioAt] ?? null;
  if (video === null) throw new SourceDamaged('It has no picture track.');
  if (first === undefined) throw new SourceDamaged('It has no pictures and sounds (movi).');
  const old = first.idx1 === null ? null : await readOldIndex(reader, first.idx1, first.movi);
  let scanned: Map<number, Chunk[]> | null = null;
  const chunksOf = async (stream: Stream, at: number): Promise<readonly Chunk[]> => {
    const listed = stream.superIndex === null ? null : await readNewIndex(reader, stream.superIndex);
    if (listed !== null) return listed;
    const known = parts.length === 1 ? old?.get(at) : undefined;
    if (known !== undefined && known.length > 0) return known;
    if (scanned === null) {
      scanned = new Map();
      for (const { movi } of parts) await scanChunks(reader, movi, scanned);
    }
    return scanned.get(at) ?? [];
  };
  const kinds = streams.flatMap((stream) => stream?.kind ?? []);
  const further = kinds.length - 1 - (audio === null ? 0 : 1);
  if (further > 0) metadata.add(`${further} further ${further === 1 ? 'track' : 'tracks'}`);
  return {
    video: await openPicture(reader, video, await chunksOf(video, videoAt)),
    audio: audio === null ? null : openSound(reader, audio, await chunksOf(audio, audioAt)),
    metadata: [...metadata],
    bytesRead: () => reader.bytesRead,
    close: () => undefined,
  };
};
