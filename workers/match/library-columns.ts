/** One camera's columns as the source has them: read, judged, and made anew from the rows when they cannot be trusted. */
import type { ColumnHead, RecordingChunk } from '../../src/contracts/columns.ts';
import { COLUMNS_VERSION, type ChunkColumns, unpackChunk } from '../../src/core/recording-chunks.ts';
import type { ColumnSource, LibraryRead } from './column-source.ts';

export interface CameraColumns {
  readonly stamp: number;
  /** Entries in the order in which they are kept, start in camera time. */
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  readonly tags: Uint32Array;
}

const joined = (stamp: number, parts: readonly ChunkColumns[]): CameraColumns => {
  const [only] = parts;
  // Most cameras have one part: its bytes are not copied.
  if (only && parts.length === 1) return { stamp, ...only };
  const count = parts.reduce((sum, { starts }) => sum + starts.length, 0);
  const columns = {
    stamp,
    starts: new Float64Array(count),
    lengths: new Float64Array(count),
    tags: new Uint32Array(count),
  };
  let at = 0;
  for (const { starts, lengths, tags } of parts) {
    columns.starts.set(starts, at);
    columns.lengths.set(lengths, at);
    columns.tags.set(tags, at);
    at += starts.length;
  }
  return columns;
};

/** A sentence saying what is wrong, when something is. */
const judge = (token: number, head: ColumnHead, chunks: readonly RecordingChunk[]): CameraColumns | string => {
  if (head.version !== COLUMNS_VERSION) return `is of version ${head.version}, not ${COLUMNS_VERSION}`;
  if (chunks.length !== head.chunks) return `has ${chunks.length} of ${head.chunks} parts`;
  const parts: ChunkColumns[] = [];
  for (const [i, chunk] of chunks.entries()) {
    if (chunk.chunk !== i) return `misses part ${i + 1}`;
    const columns = unpackChunk(token, chunk);
    if (typeof columns === 'string') return columns;
    parts.push(columns);
  }
  return joined(head.stamp, parts);
};

export interface ReadColumns {
  readonly cameras: LibraryRead['cameras'];
  /** Cameras whose columns are new; those without recordings are missing. */
  readonly changed: ReadonlyMap<string, CameraColumns>;
  /** Stamps of all cameras with columns. */
  readonly stamps: ReadonlyMap<string, number>;
  readonly rebuilt: readonly string[];
}

/** A rebuilt camera whose columns are judged wrong again is a bug: throws. */
export const readColumns = async (source: ColumnSource, known: ReadonlyMap<string, number>): Promise<ReadColumns> => {
  const { token, cameras, heads, chunks, bare } = await source.read(known);
  const changed = new Map<string, CameraColumns>();
  const rebuilt: string[] = [];
  const rebuild = async (camera: string): Promise<void> => {
    const anew = await source.rebuild(camera);
    if (!anew) return;
    const columns = judge(anew.token, anew.head, anew.chunks);
    if (typeof columns === 'string') throw new Error(`columns just made for ${camera}: ${columns}`);
    changed.set(camera, columns);
  };
  const byCamera = Map.groupBy(chunks, ({ camera }) => camera);
  for (const { id } of cameras) {
    const head = heads.get(id);
    if (!head || known.get(id) === head.stamp) continue;
    const columns = judge(token, head, byCamera.get(id) ?? []);
    if (typeof columns !== 'string') changed.set(id, columns);
    else {
      rebuilt.push(`The index of camera ${id} ${columns}; it was made anew from the recordings.`);
      await rebuild(id);
    }
  }
  for (const camera of bare) {
    rebuilt.push(`Camera ${camera} had no index; it was made from the recordings.`);
    await rebuild(camera);
  }
  const stamps = new Map<string, number>();
  for (const { id } of cameras) {
    const stamp = changed.get(id)?.stamp ?? heads.get(id)?.stamp;
    if (stamp !== undefined) stamps.set(id, stamp);
  }
  return { cameras, changed, stamps, rebuilt };
};
