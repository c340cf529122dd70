/** Recordings in MPEG program streams, and in transport streams whose pictures mediabunny does not know; times are the stream's own. */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { PcmFormat } from '../pcm.ts';
import { accessUnits, type AccessUnit, type PictureCodec } from './access-units.ts';
import { BlobReader } from './blob-reader.ts';
import { orderReader, type OrderReader } from './decode-order-times.ts';
import { soundFramesOf } from './sound-frames.ts';
import { programStream, transportStream, type Demuxer, type PesPacket } from './pes-demux.ts';
import { SourceDamaged, type SourceFile, type SourcePacket, type SourceTrackReader } from './source.ts';

/** stream_type values (ISO/IEC 13818-1 table 2-34; 0x90 and 0x91 are what Chinese cameras write for G.711). */
const PICTURE_TYPES: Readonly<Record<number, PictureCodec>> = { 1: 'mpeg12', 2: 'mpeg12', 0x1b: 'avc', 0x24: 'hevc' };
const SOUND_TYPES: Readonly<Record<number, string>> = { 0x0f: 'aac', 0x81: 'ac3', 0x90: 'alaw', 0x91: 'mulaw' };
/** AAC without bounds between its packets at whole bytes: its place and length are checked, not its bytes. */
const LATM = 0x11;
/** How much of the file is looked at to find the streams. */
const PROBED_BYTES = 1 << 22;
/** Smaller files are read from their beginning. */
const SMALL = 1 << 24;
/** How long before the window reading begins, so that a place where decoding can begin is among it. */
const BEFORE: Seconds = 12;
const CLOCK = 90_000;

interface Found {
  readonly stream: number;
  readonly codec: string | null;
}

/** What an elementary stream of pictures begins with, when nothing announces it. */
const probePicture = (data: Uint8Array): PictureCodec | null => {
  for (let at = 0; at + 5 < data.length; at += 1) {
    if (!(data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1)) continue;
    const first = data[at + 3] ?? 0;
    if (first === 0xb3) return 'mpeg12';
    if ((first & 0x9f) === 7) return 'avc';
    if ((first === 0x40 || first === 0x42) && data[at + 4] === 1) return 'hevc';
  }
  return null;
};

/** Layer III of MPEG sound is MP3; the other layers are encoded anew. */
const probeSound = (data: Uint8Array): string | null => {
  for (let at = 0; at + 3 < data.length; at += 1) {
    if (data[at] === 0xff && ((data[at + 1] ?? 0) & 0xe0) === 0xe0)
      return (((data[at + 1] ?? 0) >> 1) & 3) === 1 ? 'mp3' : null;
  }
  return null;
};

interface Probe {
  readonly video: { readonly stream: number; readonly codec: PictureCodec | null } | null;
  readonly audio: Found | null;
  readonly firstPts: Seconds | null;
  readonly further: number;
}

/** The first stream of pictures and the first of sound. */
const probe = async (demuxer: Demuxer, isTransport: boolean): Promise<Probe> => {
  let video: Probe['video'] = null;
  let audio: Found | null = null;
  let firstPts: Seconds | null = null;
  let seen = 0;
  const streams = new Set<number>();
  for await (const { stream, data, pts } of demuxer.packets(0)) {
    seen += data.length;
    if (seen > PROBED_BYTES) break;
    streams.add(stream);
    const type = demuxer.types.get(stream);
    const isVideo = isTransport ? PICTURE_TYPES[type ?? -1] !== undefined : stream >= 0xe0 && stream <= 0xef;
    if (isVideo && (video === null || (video.stream === stream && video.codec === null))) {
      video = {
        stream,
        codec:
          (isTransport ? PICTURE_TYPES[type ?? -1] : undefined) ??
          probePicture(data) ??
          PICTURE_TYPES[type ?? -1] ??
          null,
      };
      firstPts ??= pts;
    }
    const isSound = isTransport ? !isVideo : stream >= 0x8000 || (stream >= 0xc0 && stream <= 0xdf);
    if (isSound && audio === null && data.length > 4) {
      const named = stream >= 0x8000 ? 'ac3' : SOUND_TYPES[type ?? -1];
      audio = { stream, codec: type === LATM ? null : (named ?? probeSound(data)) };
    }
  }
  return {
    video,
    audio,
    firstPts,
    further: Math.max(0, streams.size - (video === null ? 0 : 1) - (audio === null ? 0 : 1)),
  };
};

/** A place in the file at or before which the stream's clock shows `wanted`. Small files, and clocks that jump, give the beginning. */
const seek = async (reader: BlobReader, demuxer: Demuxer, stream: number, wanted: Seconds): Promise<number> => {
  if (reader.size <= SMALL) return 0;
  let low = 0;
  let high = reader.size;
  while (high - low > 1 << 20) {
    const middle = Math.floor((low + high) / 2);
    let found: Seconds | null = null;
    let looked = 0;
    for await (const packet of demuxer.packets(middle)) {
      looked += packet.data.length;
      if (packet.stream === stream && packet.pts !== null) found = packet.pts;
      if (found !== null || looked > 1 << 21) break;
    }
    if (found === null || found >= wanted) high = middle;
    else low = middle;
  }
  return low;
};

async function* only(packets: AsyncIterable<PesPacket>, stream: number): AsyncGenerator<PesPacket> {
  for await (const packet of packets) if (packet.stream === stream) yield packet;
}

interface Placed {
  readonly unit: AccessUnit;
  readonly order: number;
}

/** Presentation times of one sequence: those that are given, and the others counted from them in the order of the pictures. */
const timesOf = (sequence: readonly Placed[], frame: Seconds): readonly Seconds[] => {
  const sorted = sequence
    .map(({ unit, order }, index) => ({ pts: unit.pts, order, index }))
    .toSorted((a, b) => a.order - b.order || a.index - b.index);
  const times = new Array<Seconds>(sequence.length).fill(0);
  const anchors = sorted.flatMap(({ pts }, rank) => (pts === null ? [] : [{ rank, pts }]));
  sorted.forEach(({ pts, index }, rank) => {
    const nearest = anchors.reduce<(typeof anchors)[number] | null>(
      (best, anchor) => (best === null || Math.abs(anchor.rank - rank) < Math.abs(best.rank - rank) ? anchor : best),
      null,
    );
    times[index] = pts ?? (nearest === null ? 0 : nearest.pts + (rank - nearest.rank) * frame);
  });
  return times;
};

class PesVideo implements SourceTrackReader {
  readonly codec: string | null;
  readonly tick = 1 / CLOCK;
  readonly configurations = [null];
  readonly pcm = null;
  readonly #reader: BlobReader;
  readonly #demuxer: Demuxer;
  readonly #stream: number;
  readonly #kind: PictureCodec;

  constructor(reader: BlobReader, demuxer: Demuxer, stream: number, kind: PictureCodec) {
    this.codec = kind === 'mpeg12' ? null : kind;
    this.#reader = reader;
    this.#demuxer = demuxer;
    this.#stream = stream;
    this.#kind = kind;
  }

  async *#sequences(start: number): AsyncGenerator<{ readonly held: readonly Placed[]; readonly frame: Seconds }> {
    const orders: OrderReader | null = orderReader(this.codec, null);
    let held: Placed[] = [];
    let frame: Seconds = 0.04;
    for await (const unit of accessUnits(this.#kind, only(this.#demuxer.packets(start), this.#stream))) {
      const found = orders?.read(unit.bytes) ?? null;
      const restarts = orders === null ? unit.beginsGroup : found?.restarts === true;
      frame = unit.frameSeconds ?? frame;
      if ((restarts || held.length > 3_000) && held.length > 0) {
        yield { held, frame };
        held = [];
      }
      held.push({ unit, order: orders === null ? unit.reference : (found?.order ?? held.at(-1)?.order ?? 0) });
    }
    if (held.length > 0) yield { held, frame };
  }

  async *packets(from: Seconds): AsyncGenerator<SourcePacket> {
    const start = await seek(this.#reader, this.#demuxer, this.#stream, from - BEFORE);
    let first = start === 0;
    let known: Seconds | null = null;
    let frame: Seconds;
    for await (const sequence of this.#sequences(start)) {
      // The two given times that lie closest together tell the rate: what the stream says of it may be a multiple.
      const given = sequence.held.flatMap(({ unit }) => unit.pts ?? []).toSorted((a, b) => a - b);
      const gaps = given.slice(1).map((at, index) => at - (given[index] ?? at));
      frame = gaps.reduce((least, gap) => (gap > 1e-4 ? Math.min(least, gap) : least), Infinity);
      if (!Number.isFinite(frame) || given.length < 3) frame = known ?? sequence.frame;
      known = frame;
      const times = timesOf(sequence.held, frame);
      for (const [index, { unit }] of sequence.held.entries()) {
        yield {
          ...{ at: times[index] ?? 0, duration: frame, bytes: unit.bytes.length, shown: true, first, configuration: 0 },
          load: () => Promise.resolve(unit.bytes),
        };
        first = false;
      }
    }
  }
}

interface TimedBytes {
  readonly at: Seconds;
  readonly data: Uint8Array;
}

class PesSound implements SourceTrackReader {
  readonly begins = -Infinity;
  readonly codec: string | null;
  readonly tick = 1 / CLOCK;
  readonly configurations = [null];
  readonly pcm: PcmFormat | null;
  readonly #reader: BlobReader;
  readonly #demuxer: Demuxer;
  readonly #stream: number;

  constructor(reader: BlobReader, demuxer: Demuxer, { stream, codec }: Found) {
    const isG711 = codec === 'alaw' || codec === 'mulaw';
    this.codec = isG711 ? 'pcm' : codec;
    this.pcm = isG711 ? { kind: codec, bits: 8, bigEndian: true, channels: 1, sampleRate: 8_000 } : null;
    this.#reader = reader;
    this.#demuxer = demuxer;
    this.#stream = stream;
  }

  /** Packets of the stream as they are; one lasts until the next with a time begins. */
  async *packets(from: Seconds): AsyncGenerator<SourcePacket> {
    const start = await seek(this.#reader, this.#demuxer, this.#stream, from - 2);
    let held: TimedBytes | null = null;
    let last: Seconds = 0;
    let first = start === 0;
    const packet = (at: Seconds, data: Uint8Array, duration: Seconds): SourcePacket => {
      const made = {
        ...{ at, duration, bytes: data.length, shown: true, first, configuration: 0 },
        load: () => Promise.resolve(data),
      };
      first = false;
      return made;
    };
    for await (const { data, pts } of only(this.#demuxer.packets(start), this.#stream)) {
      if (pts === null && held !== null) {
        const joined: Uint8Array = new Uint8Array(held.data.length + data.length);
        joined.set(held.data);
        joined.set(data, held.data.length);
        held = { at: held.at, data: joined };
        continue;
      }
      if (pts === null) continue;
      if (held !== null) {
        last = Math.max(0, pts - held.at);
        yield packet(held.at, held.data, last);
      }
      held = { at: pts, data: data.slice() };
    }
    if (held !== null) yield packet(held.at, held.data, last);
  }
}

/** Opens a program or transport stream; null when it is neither. Throws `SourceDamaged` when it is one and holds no known picture. */
export const openPes = async (blob: Blob): Promise<SourceFile | null> => {
  const reader = new BlobReader(blob);
  const program = await programStream(reader);
  const demuxer = program ?? (await transportStream(reader));
  if (demuxer === null) return null;
  const { video, audio, further } = await probe(demuxer, program === null);
  if (video === null || video.codec === null) throw new SourceDamaged('It has no picture track that is known here.');
  const sound = audio === null ? null : new PesSound(reader, demuxer, audio);
  return {
    video: new PesVideo(reader, demuxer, video.stream, video.codec),
    audio: sound === null ? null : sound.pcm === null && sound.codec !== null ? soundFramesOf(sound) : sound,
    metadata: further > 0 ? [`${further} further ${further === 1 ? 'stream' : 'streams'}`] : [],
    bytesRead: () => reader.bytesRead,
    close: () => undefined,
  };
};
