/** Recordings in ASF (Windows Media): its header, then its packets one after another; times as FFmpeg 5.1 gives them (ASF Specification 1.20.3). */
import { payloadsOf } from './asf-packets.ts';
import { bitmapFormat } from './bitmap-format.ts';
import { BlobReader, type Stretch } from './blob-reader.ts';
import { decodeOrderTimes } from './decode-order-times.ts';
import { listedTrack, withDurations, type ListedPacket } from './indexed-track.ts';
import { SourceDamaged, type SourceFile, type SourceTrackReader } from './source.ts';
import { soundFramesOf } from './sound-frames.ts';
import { waveFormat } from './wave-format.ts';

/** The first half of each object's GUID, as its bytes stand in the file, tells it from all others here. */
const OBJECTS = {
  header: '3026b2758e66cf11',
  file: 'a1dcab8c47a9cf11',
  stream: '9107dcb7b7a9cf11',
  description: '3326b2758e66cf11',
  extendedDescription: '40a4d0d207e3d211',
  metadata: 'eacbf8c5af5b4848',
  data: '3626b2758e66cf11',
} as const;
const KINDS: Readonly<Record<string, 'video' | 'audio'>> = { c0ef19bc4d5bcf11: 'video', '409e69f84d5bcf11': 'audio' };

/** A header is small; a larger one is damaged. */
const LARGEST_HEADER = 1 << 24;
const LARGEST_PACKET = 1 << 24;
const MOST_OBJECTS = 10_000_000;

interface Stream {
  readonly kind: 'video' | 'audio' | 'other';
  readonly number: number;
  readonly format: DataView;
}

interface Header {
  readonly streams: readonly Stream[];
  readonly packetBytes: number;
  readonly prerollMs: number;
  readonly metadata: ReadonlySet<string>;
  readonly end: number;
}

const nameAt = (view: DataView, at: number): string =>
  Array.from({ length: 8 }, (_, index) =>
    view
      .getUint8(at + index)
      .toString(16)
      .padStart(2, '0'),
  ).join('');

const part = (view: DataView, at: number, size: number): DataView => {
  const from = Math.min(at, view.byteLength);
  return new DataView(view.buffer, view.byteOffset + from, Math.max(0, Math.min(size, view.byteLength - from)));
};

const readStream = (body: DataView): Stream | null => {
  if (body.byteLength < 78) return null;
  const kind = KINDS[nameAt(body, 24)] ?? 'other';
  const specific = part(body, 78, body.getUint32(64, true));
  // Pictures: width, height, a reserved byte and a size come before the BITMAPINFOHEADER.
  const format = kind === 'video' ? part(specific, 11, specific.byteLength) : specific;
  return { kind, number: body.getUint16(72, true) & 127, format };
};

const readHeader = (view: DataView): Header => {
  const streams: Stream[] = [];
  const metadata = new Set<string>();
  let packetBytes = 0;
  let prerollMs = 0;
  for (let at = 30; at + 24 <= view.byteLength;) {
    const name = nameAt(view, at);
    const size = Number(view.getBigUint64(at + 16, true));
    if (size < 24) break;
    const body = part(view, at, size);
    if (name === OBJECTS.file && body.byteLength >= 104) {
      prerollMs = Number(body.getBigUint64(80, true));
      packetBytes = body.getUint32(92, true);
      if (body.getBigUint64(48, true) > 0n) metadata.add('creation time');
    } else if (name === OBJECTS.stream) {
      const stream = readStream(body);
      if (stream !== null) streams.push(stream);
    } else if (name === OBJECTS.description || name === OBJECTS.extendedDescription || name === OBJECTS.metadata) {
      metadata.add('tags');
    }
    at += size;
  }
  return { streams, packetBytes, prerollMs, metadata, end: view.byteLength };
};

/** The media objects of each stream, in the order of the file. */
const readObjects = async (
  reader: BlobReader,
  { packetBytes, prerollMs }: Header,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly ListedPacket[]>> => {
  const lists = new Map<number, { packets: ListedPacket[]; stretches: Stretch[]; object: number }>();
  let count = 0;
  for (let at = from; at + packetBytes <= to && count < MOST_OBJECTS; at += packetBytes) {
    const bytes = await reader.walking(at, packetBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const { stream, key, object, within, ms, stretch } of payloadsOf(view, at)) {
      const list = lists.get(stream) ?? { packets: [], stretches: [], object: -1 };
      lists.set(stream, list);
      if (within > 0 && list.object === object) list.stretches.push(stretch);
      if (within > 0 || ms === null) continue;
      // Filled while further stretches of the same object come.
      list.stretches = [];
      list.object = object;
      list.packets.push({ ...stretch, at: (ms - prerollMs) / 1_000, duration: 0, key, further: list.stretches });
      count += 1;
    }
  }
  return new Map([...lists].map(([stream, { packets }]) => [stream, withDurations(packets)]));
};

const openSound = (reader: BlobReader, format: DataView, packets: readonly ListedPacket[]): SourceTrackReader => {
  const { codec, pcm } = waveFormat(format);
  const said = format.byteLength >= 18 ? format.getUint16(16, true) : 0;
  const extra = part(format, 18, said);
  const settings = new Uint8Array(extra.buffer, extra.byteOffset, extra.byteLength);
  const configuration = codec === 'aac' && settings.length >= 2 ? settings : null;
  const listed = listedTrack(reader, { codec, tick: 0.001, configuration, pcm, packets });
  return codec === 'mp3' || codec === 'ac3' ? soundFramesOf(listed) : listed;
};

/** Opens an ASF file; null when it is none. Throws `SourceDamaged` when it is one and cannot be read. */
export const openAsf = async (blob: Blob): Promise<SourceFile | null> => {
  const reader = new BlobReader(blob);
  const beginning = await reader.upTo(0, 30);
  const begun = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  if (begun.byteLength < 30 || nameAt(begun, 0) !== OBJECTS.header) return null;
  const size = Number(begun.getBigUint64(16, true));
  if (size > LARGEST_HEADER) throw new SourceDamaged(`Its header says that it has ${size} bytes.`);
  const bytes = await reader.exactly(0, size);
  const header = readHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const video = header.streams.find(({ kind }) => kind === 'video');
  const audio = header.streams.find(({ kind }) => kind === 'audio');
  if (video === undefined) throw new SourceDamaged('It has no picture track.');
  if (header.packetBytes < 16 || header.packetBytes > LARGEST_PACKET)
    throw new SourceDamaged('Its packets have no size.');
  const data = await reader.upTo(header.end, header.end + 50);
  const dataView = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (dataView.byteLength < 50 || nameAt(dataView, 0) !== OBJECTS.data) throw new SourceDamaged('It has no data.');
  // Live recordings leave the size at 0: to the end of the file.
  const dataBytes = Number(dataView.getBigUint64(16, true));
  const end = dataBytes > 50 ? Math.min(reader.size, header.end + dataBytes) : reader.size;
  const objects = await readObjects(reader, header, header.end + 50, end);
  const { codec, fourcc, configuration } = bitmapFormat(video.format);
  const pictures = objects.get(video.number) ?? [];
  if (pictures.length === 0) throw new SourceDamaged('It has no pictures.');
  const further = header.streams.length - 1 - (audio === undefined ? 0 : 1);
  return {
    // FFmpeg takes the times for those of decoding.
    video: await decodeOrderTimes(reader, { codec, tick: 0.001, configuration, pcm: null, packets: pictures }, fourcc),
    audio: audio === undefined ? null : openSound(reader, audio.format, objects.get(audio.number) ?? []),
    metadata: [
      ...header.metadata,
      ...(further > 0 ? [`${further} further ${further === 1 ? 'track' : 'tracks'}`] : []),
    ],
    bytesRead: () => reader.bytesRead,
    close: () => undefined,
  };
};
