/** Recordings in MP4, MOV and 3GP: an own reader of their index, so that every codec, edit list and sample description is seen as it is. */
import type { Seconds } from '../../../src/contracts/units.ts';
import { bytesPerFrame } from '../pcm.ts';
import { BlobReader, type Stretch } from './blob-reader.ts';
import { readEntries, type SourceEntry } from './iso-entries.ts';
import { readDefaults, readFragment, type FragmentTrack } from './iso-fragments.ts';
import { isoMetadata } from './iso-metadata.ts';
import { readTable, TableBuilder, type SampleTable } from './iso-table.ts';
import { editedTimeline, plainTimeline, type Edit, type Timeline } from './iso-timeline.ts';
import { boxesIn, descend, fourcc, holds, i64, u64, type IsoBox } from './iso-view.ts';
import { SourceDamaged, type SourceFile, type SourcePacket, type SourceTrackReader } from './source.ts';

/** No recording's index is larger. */
const LARGEST_INDEX = 1 << 28;
/** How much sound before a moment is read along, so that what does not belong is recognised. */
const SOUND_BEFORE: Seconds = 1;

export interface TopBox {
  readonly type: string;
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

/** The file's top boxes by their headers alone; one that runs past the file's end is taken to end there. */
export const topBoxes = async (reader: BlobReader): Promise<readonly TopBox[]> => {
  const boxes: TopBox[] = [];
  let at = 0;
  while (at + 8 <= reader.size && boxes.length < 200_000) {
    const bytes = await reader.upTo(at, Math.min(at + 16, reader.size));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const short = view.getUint32(0);
    const wide = short === 1 && bytes.length === 16;
    const size = short === 0 ? reader.size - at : wide ? u64(view, 8) : short;
    const header = wide ? 16 : 8;
    const type = fourcc(view, 4);
    if (size < header || !/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    boxes.push({ type, offset: at, start: at + header, end: Math.min(reader.size, at + size) });
    at += size;
  }
  return boxes;
};

interface Track {
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'other';
  readonly enabled: boolean;
  readonly timescale: number;
  readonly entries: readonly SourceEntry[];
  readonly stbl: IsoBox | null;
  /** Durations in movie ticks. */
  readonly edits: readonly { readonly duration: number; readonly mediaTime: number }[];
}

const readEdits = (view: DataView, elst: IsoBox | null): Track['edits'] => {
  if (elst === null || !holds(elst, 8)) return [];
  const wide = view.getUint8(elst.start) === 1;
  const entry = wide ? 20 : 12;
  const count = Math.min(view.getUint32(elst.start + 4), Math.floor((elst.end - elst.start - 8) / entry));
  return Array.from({ length: Math.min(count, 10_000) }, (_, index) => {
    const at = elst.start + 8 + index * entry;
    return wide
      ? { duration: u64(view, at), mediaTime: i64(view, at + 8) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
};

const readTrack = (view: DataView, trak: IsoBox, quickTime: boolean): Track | null => {
  const tkhd = descend(view, trak, 'tkhd');
  const mdhd = descend(view, trak, 'mdia', 'mdhd');
  const hdlr = descend(view, trak, 'mdia', 'hdlr');
  if (tkhd === null || !holds(tkhd, 24) || mdhd === null || !holds(mdhd, 24) || hdlr === null || !holds(hdlr, 12))
    return null;
  const wideHeader = view.getUint8(tkhd.start) === 1;
  const wideMedia = view.getUint8(mdhd.start) === 1;
  const handler = fourcc(view, hdlr.start + 8);
  const kind = handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other';
  const stbl = descend(view, trak, 'mdia', 'minf', 'stbl');
  const stsd = stbl === null ? null : descend(view, stbl, 'stsd');
  return {
    id: view.getUint32(tkhd.start + (wideHeader ? 20 : 12)),
    kind,
    enabled: (view.getUint8(tkhd.start + 3) & 1) === 1,
    // FFmpeg takes a time unit of zero for one second.
    timescale: Math.max(1, view.getUint32(mdhd.start + (wideMedia ? 20 : 12))),
    entries: stsd === null || kind === 'other' ? [] : readEntries(view, stsd, kind, quickTime),
    stbl,
    edits: readEdits(view, descend(view, trak, 'edts', 'elst')),
  };
};

/** What players play: the first enabled track whose codec is known, else the first of a known codec, else the first. */
const mainTrack = (tracks: readonly Track[]): Track | null => {
  const known = tracks.filter(({ entries }) => entries.some(({ codec }) => codec !== null));
  return known.find(({ enabled }) => enabled) ?? known[0] ?? tracks[0] ?? null;
};

/** How far composition offsets reach below zero, as FFmpeg measures it: over all runs of `ctts` but the last two. */
const reachOf = (view: DataView, stbl: IsoBox | null): number => {
  const ctts = stbl === null ? null : descend(view, stbl, 'ctts');
  if (ctts === null || !holds(ctts, 8)) return 0;
  const entries = view.getUint32(ctts.start + 4);
  let reach = 0;
  for (let index = 0; index + 2 < entries && ctts.start + 16 + index * 8 <= ctts.end; index += 1) {
    if (view.getInt32(ctts.start + 8 + index * 8) > 0)
      reach = Math.max(reach, -view.getInt32(ctts.start + 12 + index * 8));
  }
  return reach;
};

class IsoTrackReader implements SourceTrackReader {
  readonly codec: string | null;
  readonly tick: Seconds;
  readonly configurations: readonly (Uint8Array | null)[];
  readonly pcm: SourceTrackReader['pcm'];
  readonly pieced: boolean;
  readonly #reader: BlobReader;
  readonly #table: SampleTable;
  readonly #timeline: Timeline;
  readonly #timescale: number;
  readonly #kind: 'video' | 'audio';

  constructor(reader: BlobReader, track: Track, table: SampleTable, timeline: Timeline) {
    const [first] = track.entries;
    const same = track.entries.every(({ codec }) => codec === first?.codec);
    this.codec = same ? (first?.codec ?? null) : null;
    this.configurations = track.entries.map(({ configuration }) => configuration);
    this.pcm = first?.pcm ?? null;
    this.pieced = track.edits.filter(({ mediaTime }) => mediaTime >= 0).length > 1;
    this.tick = 1 / track.timescale;
    this.#timescale = track.timescale;
    this.#kind = track.kind === 'audio' ? 'audio' : 'video';
    this.#reader = reader;
    this.#table = table;
    this.#timeline = timeline;
  }

  #packet(place: number): SourcePacket {
    const { samples, ticks, shown } = this.#timeline;
    const { offsets, sizes, decodeTicks, descriptions, count, endTicks } = this.#table;
    const sample = samples[place] ?? 0;
    const end = sample + 1 < count ? (decodeTicks[sample + 1] ?? 0) : endTicks;
    const stretch = (at: number): Stretch => ({
      offset: offsets[samples[at] ?? 0] ?? 0,
      size: sizes[samples[at] ?? 0] ?? 0,
    });
    return {
      at: (ticks[place] ?? 0) / this.#timescale,
      duration: Math.max(0, end - (decodeTicks[sample] ?? 0)) / this.#timescale,
      bytes: sizes[sample] ?? 0,
      shown: shown[place] === 1,
      first: place === 0,
      configuration: descriptions[sample] ?? 0,
      load: () => {
        let next = place;
        return this.#reader.run(stretch(place), () => ((next += 1) < samples.length ? stretch(next) : null));
      },
    };
  }

  /** The place in decode order to begin at: for pictures the last key sample at or before the first that is wanted. */
  #start(from: Seconds): number {
    const { count, samples, ticks } = this.#timeline;
    const wanted = (this.#kind === 'audio' ? from - SOUND_BEFORE : from) * this.#timescale;
    let start = 0;
    while (start < count && (ticks[start] ?? 0) + this.#lengthAt(start) < wanted) start += 1;
    if (this.#kind === 'audio') return start;
    // Frames presented first need not be decoded first: from the first wanted back to a key sample presented before all of them.
    let earliest = start < count ? (ticks[start] ?? 0) : Infinity;
    for (let ahead = start; ahead < Math.min(count, start + 64); ahead += 1) {
      const at = ticks[ahead] ?? 0;
      if (at >= wanted) earliest = Math.min(earliest, at);
    }
    start = Math.min(start, Math.max(0, count - 1));
    const isStart = (place: number): boolean =>
      this.#table.keys[samples[place] ?? 0] === 1 && (ticks[place] ?? 0) <= earliest;
    while (start > 0 && !isStart(start)) start -= 1;
    // A second more at least: frames from just before the window are what a bad cut takes along.
    while ((ticks[start] ?? 0) > wanted - this.#timescale && start > 0) {
      start -= 1;
      while (start > 0 && !isStart(start)) start -= 1;
    }
    return start;
  }

  #lengthAt(place: number): number {
    const sample = this.#timeline.samples[place] ?? 0;
    const { decodeTicks, count, endTicks } = this.#table;
    return (sample + 1 < count ? (decodeTicks[sample + 1] ?? 0) : endTicks) - (decodeTicks[sample] ?? 0);
  }

  async *packets(from: Seconds): AsyncGenerator<SourcePacket> {
    for (let place = this.#start(from); place < this.#timeline.count; place += 1) {
      const sample = this.#timeline.samples[place] ?? 0;
      // A recording that was cut short promises samples that are not there.
      if ((this.#table.offsets[sample] ?? 0) + (this.#table.sizes[sample] ?? 0) <= this.#reader.size)
        yield this.#packet(place);
    }
  }
}

/** Opens an ISO file; null when it is none. Throws `SourceDamaged` when it is one and cannot be read. */
export const openIso = async (blob: Blob): Promise<SourceFile | null> => {
  const reader = new BlobReader(blob);
  const top = await topBoxes(reader);
  const moovBox = top.find(({ type }) => type === 'moov');
  if (moovBox === undefined) {
    if (top[0]?.type === 'ftyp') throw new SourceDamaged('It has no index (moov).');
    return null;
  }
  if (moovBox.end - moovBox.start > LARGEST_INDEX) throw new SourceDamaged('Its index is too large to be one.');
  const moovBytes = await reader.exactly(moovBox.start, moovBox.end - moovBox.start);
  const view = new DataView(moovBytes.buffer, moovBytes.byteOffset, moovBytes.byteLength);
  const moov: IsoBox = { type: 'moov', start: 0, end: view.byteLength };
  const mvhd = descend(view, moov, 'mvhd');
  const movieTimescale =
    mvhd === null || !holds(mvhd, 24) ? 0 : view.getUint32(mvhd.start + (view.getUint8(mvhd.start) === 1 ? 20 : 12));
  const brand = top[0]?.type === 'ftyp' ? fourcc(await viewOf(reader, top[0].start, 4), 0) : 'qt  ';
  const tracks = boxesIn(view, 0, view.byteLength)
    .filter(({ type }) => type === 'trak')
    .flatMap((trak) => readTrack(view, trak, brand === 'qt  ') ?? []);
  const video = mainTrack(tracks.filter(({ kind }) => kind === 'video'));
  if (video === null) throw new SourceDamaged('It has no picture track.');
  const audio = mainTrack(tracks.filter(({ kind }) => kind === 'audio'));
  const chosen = audio === null ? [video] : [video, audio];

  const builders = new Map<number, FragmentTrack>();
  for (const track of chosen) {
    const builder = new TableBuilder();
    const pcm = track.entries[0]?.pcm ?? null;
    if (track.stbl !== null)
      readTable(view, track.stbl, pcm === null ? null : bytesPerFrame(pcm), reader.size, builder);
    builders.set(track.id, { builder, sound: track.kind === 'audio' });
  }
  const indexed = new Map(chosen.map(({ id }) => [id, builders.get(id)?.builder.count ?? 0]));
  const reaches = await readFragments(reader, top, builders, readDefaults(view, moov));

  const open = (track: Track): IsoTrackReader => {
    const table = (builders.get(track.id)?.builder ?? new TableBuilder()).table();
    const inTicks = (duration: number): number =>
      Math.round((duration * track.timescale) / Math.max(1, movieTimescale));
    // Without a movie clock nobody knows how long its edits are, and FFmpeg leaves them out.
    const known = movieTimescale === 0 ? [] : track.edits;
    const edits: Edit[] = known.map(({ duration, mediaTime }) => ({ duration: inTicks(duration), mediaTime }));
    const fragmented = indexed.get(track.id) === 0;
    const timeline = fragmented
      ? fragmentTimeline(table, edits, reaches.get(track.id) ?? [])
      : edits.length === 0
        ? plainTimeline(table)
        : editedTimeline(
            table,
            edits,
            track.kind === 'audio' ? 'audio' : 'video',
            track.timescale,
            reachOf(view, track.stbl),
          );
    return new IsoTrackReader(reader, track, table, timeline);
  };
  return {
    video: open(video),
    audio: audio === null ? null : open(audio),
    metadata: isoMetadata(reader, top, view, {
      pictures: tracks.filter(({ kind }) => kind === 'video').length,
      sounds: tracks.filter(({ kind }) => kind === 'audio').length,
    }),
    bytesRead: () => reader.bytesRead,
    close: () => undefined,
  };
};

const viewOf = async (reader: BlobReader, start: number, size: number): Promise<DataView> => {
  const bytes = await reader.exactly(start, size);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** From which sample on composition offsets reach how far below zero, by track. */
type Reaches = ReadonlyMap<number, readonly { readonly first: number; readonly reach: number }[]>;

const readFragments = async (
  reader: BlobReader,
  top: readonly TopBox[],
  tracks: ReadonlyMap<number, FragmentTrack>,
  defaults: Parameters<typeof readFragment>[4],
): Promise<Reaches> => {
  const reaches = new Map<number, { first: number; reach: number }[]>();
  for (const { type, offset, start, end } of top) {
    if (type !== 'moof') continue;
    if (end - start > LARGEST_INDEX) throw new SourceDamaged('A fragment’s index is too large to be one.');
    const before = new Map([...tracks].map(([id, { builder }]) => [id, builder.count]));
    const found = readFragment(await viewOf(reader, start, end - start), offset, reader.size, tracks, defaults);
    for (const [id, reach] of found) {
      const list = reaches.get(id) ?? [];
      const last = list.at(-1)?.reach ?? 0;
      if (reach > last) list.push({ first: before.get(id) ?? 0, reach });
      reaches.set(id, list);
    }
  }
  return reaches;
};

/** Fragments: an edit list moves the whole track; players built on FFmpeg also add the reach of negative offsets as they meet them. */
const fragmentTimeline = (
  table: SampleTable,
  edits: readonly Edit[],
  reaches: readonly { first: number; reach: number }[],
): Timeline => {
  const [first, second] = edits;
  const empty = first?.mediaTime === -1 ? first.duration : 0;
  const media = first?.mediaTime === -1 ? second : first;
  const timeline = plainTimeline(table, empty - Math.max(0, media?.mediaTime ?? 0));
  reaches.forEach(({ first: from, reach }, index) => {
    const until = reaches[index + 1]?.first ?? table.count;
    for (let place = from; place < until; place += 1) timeline.ticks[place] = (timeline.ticks[place] ?? 0) + reach;
  });
  return timeline;
};
