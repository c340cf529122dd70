/** A library in plain arrays that keeps its columns as the page's storage does: recordings are appended, and stamped anew after every change. */
import type { ColumnHead, RecordingChunk } from '../../../src/contracts/columns.ts';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import {
  CHUNK_RECORDINGS,
  COLUMNS_VERSION,
  entriesOf,
  packChunk,
  packRows,
} from '../../../src/core/recording-chunks.ts';
import type { ColumnSource } from '../../../workers/match/column-source.ts';

const TOKEN = 7;

interface Kept {
  readonly rows: (Recording | null)[];
  stamp: number;
}

export interface MemorySource extends ColumnSource {
  putCamera(camera: Camera): void;
  deleteCamera(id: string): void;
  add(recording: Recording): void;
  /** A row of the same id in the same place. */
  change(recording: Recording): void;
  remove(id: string): void;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly recordings: () => readonly Recording[];
}

export const memorySource = (): MemorySource => {
  const cameras = new Map<string, Camera>();
  const kept = new Map<string, Kept>();
  let stamps = 1;

  const touch = (camera: string): Kept => {
    const own = kept.get(camera) ?? { rows: [], stamp: 0 };
    own.stamp = stamps++;
    kept.set(camera, own);
    return own;
  };
  const chunksOf = (camera: string): readonly RecordingChunk[] => {
    const rows = kept.get(camera)?.rows ?? [];
    return Array.from({ length: Math.ceil(rows.length / CHUNK_RECORDINGS) }, (_, chunk) => {
      const first = chunk * CHUNK_RECORDINGS;
      const some = rows.slice(first, first + CHUNK_RECORDINGS);
      return packChunk(
        TOKEN,
        camera,
        chunk,
        some.flatMap((row, i) => (row ? entriesOf(row, first + i) : [])),
      );
    });
  };
  const headOf = (camera: string, { rows, stamp }: Kept): ColumnHead => ({
    camera,
    version: COLUMNS_VERSION,
    chunks: Math.ceil(rows.length / CHUNK_RECORDINGS),
    numbers: rows.length,
    stamp,
  });
  const placeOf = (id: string): { own: Kept; index: number } | null => {
    for (const own of kept.values()) {
      const index = own.rows.findIndex((row) => row?.id === id);
      if (index >= 0) return { own, index };
    }
    return null;
  };
  const replace = (id: string, row: Recording | null): void => {
    const found = placeOf(id);
    if (!found) return;
    found.own.rows[found.index] = row;
    found.own.stamp = stamps++;
  };

  return {
    cameras,
    recordings: () => [...kept.values()].flatMap(({ rows }) => rows.filter((row) => row !== null)),
    putCamera: (camera) => void cameras.set(camera.id, camera),
    deleteCamera: (id) => {
      cameras.delete(id);
      kept.delete(id);
    },
    add: (recording) => void touch(recording.cameraId).rows.push(recording),
    change: (recording) => replace(recording.id, recording),
    remove: (id) => replace(id, null),

    read: async (known) => ({
      token: TOKEN,
      cameras: [...cameras.values()],
      heads: new Map([...kept].map(([camera, own]) => [camera, headOf(camera, own)])),
      chunks: [...kept].flatMap(([camera, { stamp }]) => (known.get(camera) === stamp ? [] : chunksOf(camera))),
      bare: [],
    }),
    rebuild: async (camera) => {
      const rows = (kept.get(camera)?.rows ?? []).filter((row) => row !== null);
      const own = touch(camera);
      own.rows.splice(0, own.rows.length, ...rows);
      return { token: TOKEN, head: headOf(camera, own), chunks: packRows(TOKEN, camera, rows).chunks };
    },
    ids: async (camera, chunk) =>
      (kept.get(camera)?.rows ?? [])
        .slice(chunk * CHUNK_RECORDINGS, (chunk + 1) * CHUNK_RECORDINGS)
        .map((row) => row?.id ?? ''),
    known: async (ids) => new Set(ids.filter((id) => placeOf(id))),
  };
};
