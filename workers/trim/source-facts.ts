/** What mediabunny does not say about an ISO base media file: edit lists, display matrices, colour boxes, and what else lies in it. */
import { boxes, fourCharacters, read, viewOf, type Box } from './iso-boxes.ts';

export interface TrackFacts {
  readonly id: number;
  readonly handler: string;
  readonly timescale: number;
  /** In file order; `mediaTime` −1 is an empty edit; durations in movie ticks. */
  readonly edits: readonly { readonly duration: number; readonly mediaTime: number }[];
  /** The track header's nine words, signed. */
  readonly matrix: readonly number[];
  /** Four-character codes of the sample entries. */
  readonly sampleEntries: readonly string[];
  /** Size in pixels and pixel shape that the first sample entry of a video track states; null where it states none. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly pixelAspect: { readonly num: number; readonly den: number } | null;
  /** Payload of the first sample entry's `colr` box of type `nclx`. */
  readonly colour: Uint8Array | null;
  /** How long the samples of the movie box last together, in the track's ticks. */
  readonly indexedTicks: number;
  /** What samples of fragments last where nothing else is said (`trex`), in the track's ticks. */
  readonly fragmentDuration: number;
  /** The most samples, or chunks, that one of its tables speaks of. */
  readonly claimed: number;
}

export interface SourceFacts {
  /** The samples, or some of them, are in fragments. */
  readonly isFragmented: boolean;
  /** Where the `moof` boxes lie in the file, in its order. */
  readonly fragments: readonly { readonly offset: number; readonly size: number }[];
  /** Of the first fragment: per track id the most negative composition offset in track ticks, 0 where none is negative. */
  readonly earliestOffsets: ReadonlyMap<number, number>;
  /** False where no movie header states a timescale: players then ignore the file's edit lists. */
  readonly hasMovieClock: boolean;
  readonly movieTimescale: number;
  readonly tracks: readonly TrackFacts[];
  /** What the file carries besides its media, in plain words. */
  readonly extras: readonly string[];
}

const LARGEST_MOOV = 256 * 1024 * 1024;
const MEDIA_BOXES = new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'mfra', 'wide']);

/** Reads the box headers and the `moov` of a Blob. Null when it is no ISO base media file or has no readable `moov`. */
export const readSourceFacts = async (source: Blob): Promise<SourceFacts | null> => {
  let at = 0;
  let moov: Uint8Array | null = null;
  let moof: Uint8Array | null = null;
  const fragments: { offset: number; size: number }[] = [];
  const extras = new Set<string>();
  while (at + 8 <= source.size) {
    const header = new DataView(await source.slice(at, at + 16).arrayBuffer());
    const type = fourCharacters(header, 4);
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) {
      extras.add('bytes after the last box');
      break;
    }
    const short = header.getUint32(0);
    const size =
      short === 0 ? source.size - at : short === 1 && header.byteLength >= 16 ? Number(header.getBigUint64(8)) : short;
    if (size < 8) break;
    if (type === 'moov' && size <= LARGEST_MOOV) {
      moov = new Uint8Array(await source.slice(at + (short === 1 ? 16 : 8), at + size).arrayBuffer());
    }
    if (type === 'moof') fragments.push({ offset: at, size });
    if (type === 'moof' && !moof && size <= LARGEST_MOOV) {
      moof = new Uint8Array(await source.slice(at + 8, at + size).arrayBuffer());
    }
    if (!MEDIA_BOXES.has(type)) extras.add(`${type} box`);
    at += size;
  }
  return moov ? { ...readMoov(moov, extras), fragments, earliestOffsets: moof ? readOffsets(moof) : new Map() } : null;
};

/** Negative composition offsets of a fragment, ISO/IEC 14496-12 §8.8.8 (`trun`, version 1). */
const readOffsets = (moof: Uint8Array): ReadonlyMap<number, number> => {
  const earliest = new Map<number, number>();
  for (const traf of boxes(moof)) {
    if (traf.type !== 'traf') continue;
    let id = 0;
    for (const { type, body } of boxes(traf.body)) {
      const view = viewOf(body);
      if (type === 'tfhd') id = read(view, 4);
      if (type === 'trun' && body[0] === 1) earliest.set(id, Math.min(earliest.get(id) ?? 0, earliestOffset(view)));
    }
  }
  return earliest;
};

const earliestOffset = (trun: DataView): number => {
  const flags = read(trun, 0) & 0xffffff;
  // Offset of the data and flags of the first sample come before the samples: duration, size, flags, composition offset.
  let at = 8 + ((flags & 1) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 4);
  const fields = [0x100, 0x200, 0x400, 0x800].filter((flag) => (flags & flag) !== 0);
  if (!fields.includes(0x800)) return 0;
  let earliest = 0;
  for (let sample = 0; sample < read(trun, 4) && at + 4 * fields.length <= trun.byteLength; sample++) {
    at += 4 * fields.length;
    earliest = Math.min(earliest, trun.getInt32(at - 4));
  }
  return earliest;
};

const readMoov = (moov: Uint8Array, extras: Set<string>): Omit<SourceFacts, 'earliestOffsets' | 'fragments'> => {
  const tracks: TrackFacts[] = [];
  let movieTimescale = 0;
  let isFragmented = false;
  const durations = new Map<number, number>();
  for (const child of boxes(moov)) {
    if (child.type === 'mvex') {
      isFragmented = true;
      for (const { type, body } of boxes(child.body)) {
        if (type === 'trex') durations.set(read(viewOf(body), 4), read(viewOf(body), 12));
      }
    }
    const view = viewOf(child.body);
    if (child.type === 'mvhd') {
      const wide = view.getUint8(0) === 1;
      movieTimescale = read(view, wide ? 20 : 12);
      if (read(view, wide ? 8 : 4) > 0) extras.add('creation time');
    } else if (child.type === 'trak') {
      tracks.push(readTrack(child.body, extras));
    } else if (child.type === 'udta' || child.type === 'meta' || child.type === 'uuid') {
      extras.add(describeMetadata(child));
    }
  }
  for (const track of tracks) {
    if (track.handler !== 'vide' && track.handler !== 'soun') extras.add(`${track.handler} track`);
  }
  const hasMovieClock = movieTimescale > 0;
  return {
    ...{ isFragmented, hasMovieClock, movieTimescale: movieTimescale || 1, extras: [...extras] },
    tracks: tracks.map((track) => ({ ...track, fragmentDuration: durations.get(track.id) ?? 0 })),
  };
};

const readTrack = (trak: Uint8Array, extras: Set<string>): TrackFacts => {
  const facts = {
    id: 0,
    handler: '',
    timescale: 1,
    indexedTicks: 0,
    fragmentDuration: 0,
    claimed: 0,
    edits: [] as { duration: number; mediaTime: number }[],
    matrix: [] as number[],
    sampleEntries: [] as string[],
    colour: null as Uint8Array | null,
    size: null as TrackFacts['size'],
    pixelAspect: null as TrackFacts['pixelAspect'],
  };
  const visit = (children: Iterable<Box>): void => {
    for (const { type, body } of children) {
      const view = viewOf(body);
      const wide = body[0] === 1;
      facts.claimed = Math.max(facts.claimed, claimedBy(type, view));
      if (type === 'mdia' || type === 'minf' || type === 'stbl' || type === 'edts') visit(boxes(body));
      else if (type === 'tkhd') {
        facts.id = read(view, wide ? 20 : 12);
        facts.matrix = Array.from({ length: 9 }, (_, index) => read(view, (wide ? 52 : 40) + index * 4) | 0);
      } else if (type === 'mdhd') facts.timescale = read(view, wide ? 20 : 12);
      else if (type === 'hdlr' && facts.handler === '') facts.handler = fourCharacters(view, 8);
      else if (type === 'elst') facts.edits = readEdits(view, wide);
      else if (type === 'stts') facts.indexedTicks = sumOfRuns(view);
      else if (type === 'stsd') {
        // Padding may follow the entries that are announced.
        for (const entry of [...boxes(body.subarray(8))].slice(0, read(view, 4))) {
          facts.sampleEntries.push(entry.type);
          facts.colour ??= readColour(entry.body);
          facts.size ??= readSize(entry.body);
          facts.pixelAspect ??= readPixelAspect(entry.body);
        }
      } else if (type === 'udta' || type === 'meta' || type === 'uuid') extras.add(describeMetadata({ type, body }));
    }
  };
  visit(boxes(trak));
  return facts;
};

/** Fields of an entry of tables that speak of samples or chunks (ISO/IEC 14496-12 §8.6.1, §8.7.4). */
const ENTRY_FIELDS: Readonly<Record<string, number>> = { stts: 2, ctts: 2, stsc: 3 };

/** How many samples a table stands for; of `stsc` the largest number of a chunk, or of samples in one; 0 for other boxes. */
const claimedBy = (type: string, view: DataView): number => {
  // §8.7.3: a size for all samples, or 0, then how many there are.
  if (type === 'stsz') return read(view, 8);
  const stride = (ENTRY_FIELDS[type] ?? 0) * 4;
  let [total, largest] = [0, 0];
  for (let at = 8; stride > 0 && at + stride <= Math.min(view.byteLength, 8 + read(view, 4) * stride); at += stride) {
    total += read(view, at);
    largest = Math.max(largest, read(view, at), read(view, at + 4));
  }
  return type === 'stsc' ? largest : total;
};

/** `stts`: pairs of a count and a duration. */
const sumOfRuns = (view: DataView): number => {
  let sum = 0;
  for (let entry = 0; entry < read(view, 4) && 16 + entry * 8 <= view.byteLength; entry++) {
    sum += read(view, 8 + entry * 8) * read(view, 12 + entry * 8);
  }
  return sum;
};

const readEdits = (view: DataView, wide: boolean): { duration: number; mediaTime: number }[] => {
  const size = wide ? 20 : 12;
  const count = Math.min(read(view, 4), Math.floor((view.byteLength - 8) / size));
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * size;
    return wide
      ? { duration: Number(view.getBigUint64(at)), mediaTime: Number(view.getBigInt64(at + 8)) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
};

/** A visual sample entry's fields take 78 bytes; its boxes follow (ISO/IEC 14496-12 §12.1.3). */
const readColour = (entry: Uint8Array): Uint8Array | null => {
  for (const { type, body } of boxes(entry.subarray(78))) {
    if (type === 'colr' && fourCharacters(viewOf(body), 0) === 'nclx' && body.length === 11) return body.slice();
  }
  return null;
};

/** Width and height stand behind 24 bytes of a visual sample entry. */
const readSize = (entry: Uint8Array): TrackFacts['size'] => {
  if (entry.length < 78) return null;
  const view = viewOf(entry);
  const [width, height] = [view.getUint16(24), view.getUint16(26)];
  return width > 0 && height > 0 ? { width, height } : null;
};

/** `pasp`, ISO/IEC 14496-12 §12.1.4. */
const readPixelAspect = (entry: Uint8Array): TrackFacts['pixelAspect'] => {
  for (const { type, body } of boxes(entry.subarray(78))) {
    const [num, den] = [read(viewOf(body), 0), read(viewOf(body), 4)];
    if (type === 'pasp' && num > 0 && den > 0) return { num, den };
  }
  return null;
};

const describeMetadata = ({ type, body }: Box): string => {
  const text = Array.from(body.subarray(0, 4096), (byte) => String.fromCharCode(byte)).join('');
  const location = text.includes('©xyz') || text.includes('loci') || text.includes('location');
  return location ? `location in ${type}` : `${type} metadata`;
};
