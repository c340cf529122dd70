/** Packs recordings into chunks and out of them again, with a checksum that knows where a chunk belongs. */
import type { ChunkIds, RecordingChunk } from '../contracts/columns.ts';
import type { Recording } from '../contracts/library.ts';
import type { EpochMs, Ms } from '../contracts/units.ts';

/** Other versions are rebuilt from the rows. */
export const COLUMNS_VERSION = 1;
export const CHUNK_RECORDINGS = 4_096;

/** One reading of when a recording began. */
export interface Entry {
  /** Camera time, clock offset not applied. */
  readonly start: EpochMs;
  readonly length: Ms;
  /** The recording's number among its camera's, times four, plus two for a second reading, plus one when nobody has confirmed the time. */
  readonly tag: number;
}

export const numberOf = (tag: number): number => tag >>> 2;
export const isUnconfirmed = (tag: number): boolean => (tag & 1) === 1;
export const isSecondReading = (tag: number): boolean => (tag & 2) === 2;

/** None without a start; two for an unconfirmed time that can be read in two ways. */
export const entriesOf = ({ time, durationMs, unfinished }: Recording, number: number): readonly Entry[] => {
  if (time.startMs === null) return [];
  const doubtful = time.confidence === 'unconfirmed';
  const length = unfinished === true ? Infinity : durationMs;
  const first = { start: time.startMs, length, tag: number * 4 + (doubtful ? 1 : 0) };
  if (!doubtful || time.otherStartMs === undefined) return [first];
  return [first, { start: time.otherStartMs, length, tag: number * 4 + 3 }];
};

const BYTES_PER_ENTRY = 20;
/** Odd, so that multiplying loses nothing: 2³² divided by the golden ratio (Knuth, TAOCP vol. 3, §6.4). */
const GOLDEN = 0x9e3779b1;

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, GOLDEN);
  return mixed ^ (mixed >>> 15);
};

const hashText = (hash: number, text: string): number => {
  let mixed = mix(hash, text.length);
  for (let i = 0; i < text.length; i += 1) mixed = mix(mixed, text.charCodeAt(i));
  return mixed;
};

/** Every step is a bijection of the hash so far: one changed word, and so one changed bit, always shows. */
const hashWords = (hash: number, words: Uint32Array): number => {
  let mixed = hash;
  for (let i = 0; i < words.length; i += 1) mixed = mix(mixed, words[i] ?? 0);
  return mixed;
};

const seed = (
  token: number,
  { camera, chunk, version }: Pick<RecordingChunk, 'camera' | 'chunk' | 'version'>,
): number => mix(mix(hashText(token, camera), chunk), version);

const checksumOf = (token: number, chunk: Omit<RecordingChunk, 'checksum'>): number =>
  hashWords(mix(seed(token, chunk), chunk.entries), new Uint32Array(chunk.data)) >>> 0;

export const packChunk = (token: number, camera: string, chunk: number, entries: readonly Entry[]): RecordingChunk => {
  const data = new ArrayBuffer(entries.length * BYTES_PER_ENTRY);
  const starts = new Float64Array(data, 0, entries.length);
  const lengths = new Float64Array(data, 8 * entries.length, entries.length);
  const tags = new Uint32Array(data, 16 * entries.length, entries.length);
  for (const [i, { start, length, tag }] of entries.entries()) {
    starts[i] = start;
    lengths[i] = length;
    tags[i] = tag;
  }
  const packed = { camera, chunk, version: COLUMNS_VERSION, entries: entries.length, data };
  return { ...packed, checksum: checksumOf(token, packed) };
};

export interface ChunkColumns {
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  readonly tags: Uint32Array;
}

/** The columns, as views of the chunk's own bytes; a sentence saying what is wrong when they cannot be trusted. */
export const unpackChunk = (token: number, chunk: RecordingChunk): ChunkColumns | string => {
  if (chunk.version !== COLUMNS_VERSION) return `is of version ${chunk.version}, not ${COLUMNS_VERSION}`;
  const { data, entries } = chunk;
  if (!(data instanceof ArrayBuffer) || data.byteLength !== entries * BYTES_PER_ENTRY) return 'is cut short';
  if (checksumOf(token, chunk) !== chunk.checksum) return 'has a wrong checksum: damaged, or of another library';
  return {
    starts: new Float64Array(data, 0, entries),
    lengths: new Float64Array(data, 8 * entries, entries),
    tags: new Uint32Array(data, 16 * entries, entries),
  };
};

export const entriesIn = ({ starts, lengths, tags }: ChunkColumns): Entry[] =>
  Array.from(starts, (start, i) => ({ start, length: lengths[i] ?? 0, tag: tags[i] ?? 0 }));

/** `ids` may not contain line breaks; deleted ones are empty. */
export const packIds = (token: number, camera: string, chunk: number, ids: readonly string[]): ChunkIds => {
  const packed = { camera, chunk, version: COLUMNS_VERSION, ids: ids.join('\n') };
  return { ...packed, checksum: hashText(seed(token, packed), packed.ids) >>> 0 };
};

/** By number within the chunk; null when they cannot be trusted. */
export const unpackIds = (token: number, packed: ChunkIds): string[] | null => {
  if (packed.version !== COLUMNS_VERSION || typeof packed.ids !== 'string') return null;
  return hashText(seed(token, packed), packed.ids) >>> 0 === packed.checksum ? packed.ids.split('\n') : null;
};

/** A camera's columns made from its rows alone. */
export const packRows = (
  token: number,
  camera: string,
  rows: readonly Recording[],
): { readonly chunks: readonly RecordingChunk[]; readonly ids: readonly ChunkIds[] } => {
  const chunks: RecordingChunk[] = [];
  const ids: ChunkIds[] = [];
  // By start, so that most cameras need no sorting when they are read.
  const ordered = rows.toSorted((a, b) => (a.time.startMs ?? Infinity) - (b.time.startMs ?? Infinity));
  for (let first = 0; first < ordered.length; first += CHUNK_RECORDINGS) {
    const some = ordered.slice(first, first + CHUNK_RECORDINGS);
    const chunk = first / CHUNK_RECORDINGS;
    const entries = some.flatMap((row, i) => entriesOf(row, first + i));
    chunks.push(packChunk(token, camera, chunk, entries));
    ids.push(
      packIds(
        token,
        camera,
        chunk,
        some.map(({ id }) => id),
      ),
    );
  }
  return { chunks, ids };
};
