/** Writes a clip: ftyp, moov, mdat; one video track, at most one audio track; every time zero, every name empty. */
import {
  ascii,
  box,
  concat,
  fullBox,
  i32List,
  i64,
  runs,
  u16,
  u32,
  u32List,
  u64,
  u64List,
  u8,
  type Bytes,
} from './mp4-boxes.ts';

export interface ClipSample {
  readonly data: Uint8Array;
  /** Presentation time in track ticks, 0 for the track's first presented sample. */
  readonly ticks: number;
  /** A decoder may start here. */
  readonly sync: boolean;
  /**
   * Of plain sound: this object stands for so many samples of the file in a row, all of one size and one tick long, the last
   * until the next object. The tables count them without a line for each.
   */
  readonly units?: number;
}

export interface ClipTrack {
  readonly kind: 'video' | 'audio';
  readonly timescale: number;
  /** In decode order. */
  readonly samples: readonly ClipSample[];
  /** End of the last presented sample, in track ticks. */
  readonly endTicks: number;
  /** A whole sample entry box: `avc1`, `mp4a`. */
  readonly sampleEntry: Bytes;
  /** How long after the clip's start this track begins, in seconds; becomes an empty edit. */
  readonly delay: number;
  /** Displayed size in pixels before the matrix; 0 for audio. */
  readonly width: number;
  readonly height: number;
  /** The track header's nine 32-bit words (ISO/IEC 14496-12 §6.2.2). */
  readonly matrix: readonly number[];
}

export const IDENTITY_MATRIX: readonly number[] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

const UNDETERMINED_LANGUAGE = 0x55c4;
const CHUNK_SECONDS = 1;

interface Chunk {
  readonly track: number;
  readonly firstSample: number;
  readonly count: number;
  /** Samples of the file in it. */
  readonly units: number;
  readonly starts: number;
}

/** What a track's tables say of one of its chunks. */
interface PlacedChunk {
  readonly units: number;
  readonly offset: number;
}

/** The clip's bytes. The movie's clock is the finest of the tracks': a track's delay is stated in its ticks. */
export const writeMp4 = (tracks: readonly ClipTrack[]): Bytes => {
  const movieTimescale = Math.max(1000, ...tracks.map(({ timescale }) => timescale));
  const chunks = interleave(tracks);
  const ftyp = box('ftyp', ascii('isom'), u32(0x200), ascii('isom'), ascii('iso6'), ascii('mp41'));
  const chunkBytes = chunks.map((chunk) =>
    samplesOf(tracks, chunk).reduce((sum, sample) => sum + sample.data.length, 0),
  );
  const mdatBytes = chunkBytes.reduce((sum, bytes) => sum + bytes, 0);
  const wide = mdatBytes + 8 > 0xffffffff;
  const mdatHeader = wide
    ? concat([u32(1), ascii('mdat'), u64(mdatBytes + 16)])
    : concat([u32(mdatBytes + 8), ascii('mdat')]);

  const moovAt = (firstOffset: number): Bytes => {
    let at = firstOffset;
    const offsets = chunkBytes.map((bytes) => {
      const here = at;
      at += bytes;
      return here;
    });
    return moov(tracks, chunks, offsets, movieTimescale, wide);
  };
  // The moov's size does not depend on the offsets in it: both widths are fixed before.
  const moovBytes = moovAt(0).length;
  const data = chunks.flatMap((chunk) => samplesOf(tracks, chunk).map((sample) => sample.data));
  return concat([ftyp, moovAt(ftyp.length + moovBytes + mdatHeader.length), mdatHeader, ...data]);
};

const samplesOf = (tracks: readonly ClipTrack[], chunk: Chunk): readonly ClipSample[] =>
  tracks[chunk.track]?.samples.slice(chunk.firstSample, chunk.firstSample + chunk.count) ?? [];

/** Chunks of about a second, in the order in which they are presented. */
const interleave = (tracks: readonly ClipTrack[]): readonly Chunk[] =>
  tracks
    .flatMap((track, trackIndex) => {
      const chunks: Chunk[] = [];
      let firstSample = 0;
      const decodeTimes = decodeTicks(track);
      const second = (index: number): number => Math.floor((decodeTimes[index] ?? 0) / track.timescale / CHUNK_SECONDS);
      for (let index = 1; index <= track.samples.length; index++) {
        if (index < track.samples.length && second(index) === second(firstSample)) continue;
        const starts = (decodeTimes[firstSample] ?? 0) / track.timescale + track.delay;
        const units = track.samples.slice(firstSample, index).reduce((sum, sample) => sum + (sample.units ?? 1), 0);
        chunks.push({ track: trackIndex, firstSample, count: index - firstSample, units, starts });
        firstSample = index;
      }
      return chunks;
    })
    .sort((a, b) => a.starts - b.starts || a.track - b.track);

/**
 * Decode times, ascending from 0: the sorted presentation times, so that the file's own times are the true ones, no
 * edit list hides a delay and constant frame rates stay constant. Reordered pictures then have negative offsets (ctts
 * version 1). FFmpeg looks for those in all but the last two ctts entries (mov_read_ctts) and complains when only
 * they have the largest, as in clips of a few frames: those get stretched decode times instead.
 */
const decodeTicks = ({ samples }: ClipTrack): readonly number[] => {
  const presented = samples.map((sample) => sample.ticks);
  const sorted = [...presented].sort((a, b) => a - b);
  const offsets = runs(presented.map((ticks, index) => ticks - (sorted[index] ?? 0))).map(([, offset]) => offset);
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), 0);
  return least(offsets) === least(offsets.slice(0, -2)) ? sorted : (stretchedDecodeTicks(presented) ?? sorted);
};

/** Each at most every presentation time from its sample on: no offset is negative. Null where the ticks are too coarse for that. */
const stretchedDecodeTicks = (presented: readonly number[]): readonly number[] | null => {
  const bounds = [...presented];
  for (let index = bounds.length - 2; index >= 0; index--) {
    bounds[index] = Math.min(bounds[index] ?? 0, bounds[index + 1] ?? 0);
  }
  const ticks: number[] = [];
  for (let start = 0; start < bounds.length;) {
    const bound = bounds[start] ?? 0;
    let end = start + 1;
    while (bounds[end] === bound) end++;
    const before = ticks.at(-1) ?? -1;
    const count = end - start;
    if (bound - before < count) return null;
    for (let step = 1; step <= count; step++) ticks.push(before + Math.floor(((bound - before) * step) / count));
    start = end;
  }
  return ticks;
};

const moov = (
  tracks: readonly ClipTrack[],
  chunks: readonly Chunk[],
  offsets: readonly number[],
  movieTimescale: number,
  wide: boolean,
): Bytes => {
  const movieDuration = Math.max(0, ...tracks.map((track) => presentedDuration(track, movieTimescale)));
  const mvhd = fullBox(
    'mvhd',
    1,
    0,
    u64(0, 0),
    u32(movieTimescale),
    u64(movieDuration),
    u32(0x10000),
    u16(0x100, 0),
    u32(0, 0),
    u32(...IDENTITY_MATRIX),
    u32(0, 0, 0, 0, 0, 0),
    u32(tracks.length + 1),
  );
  const traks = tracks.map((track, index) => {
    const own = chunks.flatMap((chunk, at) =>
      chunk.track === index ? [{ units: chunk.units, offset: offsets[at] ?? 0 }] : [],
    );
    return trak(track, index + 1, own, movieTimescale, wide);
  });
  return box('moov', mvhd, ...traks);
};

const delayTicks = (track: ClipTrack, movieTimescale: number): number => Math.round(track.delay * movieTimescale);

const mediaDuration = (track: ClipTrack, movieTimescale: number): number =>
  Math.round((track.endTicks * movieTimescale) / track.timescale);

const presentedDuration = (track: ClipTrack, movieTimescale: number): number =>
  delayTicks(track, movieTimescale) + mediaDuration(track, movieTimescale);

const trak = (
  track: ClipTrack,
  id: number,
  chunks: readonly PlacedChunk[],
  movieTimescale: number,
  wide: boolean,
): Bytes => {
  const tkhd = fullBox(
    'tkhd',
    1,
    0x3,
    u64(0, 0),
    u32(id, 0),
    u64(presentedDuration(track, movieTimescale)),
    u32(0, 0),
    u16(0, 0, track.kind === 'audio' ? 0x100 : 0, 0),
    i32List(track.matrix),
    u32(fixedPoint(track.width), fixedPoint(track.height)),
  );
  const mdhd = fullBox(
    'mdhd',
    1,
    0,
    u64(0, 0),
    u32(track.timescale),
    u64(track.endTicks),
    u16(UNDETERMINED_LANGUAGE, 0),
  );
  const hdlr = fullBox('hdlr', 0, 0, u32(0), ascii(track.kind === 'video' ? 'vide' : 'soun'), u32(0, 0, 0), u8(0));
  const header = track.kind === 'video' ? fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)) : fullBox('smhd', 0, 0, u16(0, 0));
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const minf = box('minf', header, dinf, sampleTable(track, chunks, wide));
  return box('trak', tkhd, ...editList(track, movieTimescale), box('mdia', mdhd, hdlr, minf));
};

const fixedPoint = (pixels: number): number => Math.round(pixels * 0x10000) >>> 0;

/** An empty edit for the delay, then the media from its start; none when the track begins with the clip. */
const editList = (track: ClipTrack, movieTimescale: number): readonly Bytes[] => {
  const delay = delayTicks(track, movieTimescale);
  if (delay === 0) return [];
  const duration = mediaDuration(track, movieTimescale);
  const entries = concat([u64(delay), i64(-1), u32(0x10000), u64(duration), i64(0), u32(0x10000)]);
  return [box('edts', fullBox('elst', 1, 0, u32(2), entries))];
};

const sampleTable = (track: ClipTrack, chunks: readonly PlacedChunk[], wide: boolean): Bytes => {
  const decode = decodeTicks(track);
  const spans = decode.map((ticks, index) => (decode[index + 1] ?? track.endTicks) - ticks);
  const offsets = track.samples.map((sample, index) => sample.ticks - (decode[index] ?? 0));
  const sync = track.samples.flatMap((sample, index) => (sample.sync ? [index + 1] : []));
  const timeRuns = joined(
    track.samples.flatMap(({ units = 1 }, index) => [
      [units - 1, 1] as const,
      [1, (spans[index] ?? 0) - units + 1] as const,
    ]),
  );
  const offsetRuns = runs(offsets);
  const chunkRuns = chunks.flatMap((chunk, index) =>
    chunk.units === chunks[index - 1]?.units ? [] : [[index + 1, chunk.units, 1] as const],
  );
  const boxes = [
    fullBox('stsd', 0, 0, u32(1), track.sampleEntry),
    fullBox('stts', 0, 0, u32(timeRuns.length), u32List(timeRuns.flat())),
  ];
  if (offsets.some((offset) => offset !== 0)) {
    const version = offsets.some((offset) => offset < 0) ? 1 : 0;
    boxes.push(fullBox('ctts', version, 0, u32(offsetRuns.length), i32List(offsetRuns.flat())));
  }
  if (sync.length < track.samples.length) boxes.push(fullBox('stss', 0, 0, u32(sync.length), u32List(sync)));
  boxes.push(
    fullBox('stsc', 0, 0, u32(chunkRuns.length), u32List(chunkRuns.flat())),
    fullBox('stsz', 0, 0, ...sampleSizes(track.samples)),
    wide
      ? fullBox('co64', 0, 0, u32(chunks.length), u64List(chunks.map((chunk) => chunk.offset)))
      : fullBox('stco', 0, 0, u32(chunks.length), u32List(chunks.map((chunk) => chunk.offset))),
  );
  return box('stbl', ...boxes);
};

/** One size for all where there is one, as for plain sound; else a table (ISO/IEC 14496-12 §8.7.3). */
const sampleSizes = (samples: readonly ClipSample[]): readonly Bytes[] => {
  const units = samples.reduce((sum, sample) => sum + (sample.units ?? 1), 0);
  const [first] = samples;
  if (first?.units === undefined) return [u32(0, units), u32List(samples.map((sample) => sample.data.length))];
  return [u32(first.data.length / first.units, units)];
};

/** Runs with equal values next to each other joined, empty ones left out. */
const joined = (all: readonly (readonly [count: number, value: number])[]): (readonly [number, number])[] => {
  const out: [number, number][] = [];
  for (const [count, value] of all) {
    const last = out.at(-1);
    if (count === 0) continue;
    if (last?.[1] === value) last[0] += count;
    else out.push([count, value]);
  }
  return out;
};
