/** Keeps the packed columns in step with the rows, inside the transaction that changes the rows. */
import type { IDBPTransaction } from 'idb';
import type { ColumnHead } from '../contracts/columns.ts';
import type { Recording } from '../contracts/library.ts';
import type { PorchlightSchema } from '../contracts/storage.ts';
import {
  CHUNK_RECORDINGS,
  COLUMNS_VERSION,
  entriesIn,
  entriesOf,
  type Entry,
  numberOf,
  packChunk,
  packIds,
  unpackChunk,
  unpackIds,
} from '../core/recording-chunks.ts';
import type { StoreName } from './open-database.ts';

/** Add these to the stores of a transaction that adds, changes or deletes recordings. */
export const COLUMN_STORES = ['columns', 'columnIds', 'columnHeads'] as const satisfies readonly StoreName[];

/** Of a transaction over these stores and `recordings`. */
type ColumnTransaction = Pick<
  IDBPTransaction<PorchlightSchema, ('recordings' | (typeof COLUMN_STORES)[number])[], 'readwrite'>,
  'objectStore'
>;

const randomWord = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

const tokenOf = async (tx: ColumnTransaction): Promise<number> => {
  const heads = tx.objectStore('columnHeads');
  const kept = await heads.get('');
  if (kept && 'token' in kept) return kept.token;
  const token = randomWord();
  await heads.put({ camera: '', token });
  return token;
};

/** One camera's columns while they are being changed; chunks are read when they are needed. */
interface OpenChunk {
  entries: Entry[];
  ids: string[];
}

const cameraRange = (camera: string): IDBKeyRange => IDBKeyRange.bound([camera, 0], [camera, Infinity]);

/**
 * Leaves a camera without columns: they are rebuilt from the rows when they are next read, which is what happens to columns that were found
 * damaged while they were being changed.
 */
export const dropColumns = async (tx: ColumnTransaction, camera: string): Promise<void> => {
  await Promise.all([
    tx.objectStore('columns').delete(cameraRange(camera)),
    tx.objectStore('columnIds').delete(cameraRange(camera)),
    tx.objectStore('columnHeads').delete(camera),
  ]);
};

const openChunk = async (
  tx: ColumnTransaction,
  token: number,
  camera: string,
  chunk: number,
): Promise<OpenChunk | null> => {
  const [packed, ids] = await Promise.all([
    tx.objectStore('columns').get([camera, chunk]),
    tx.objectStore('columnIds').get([camera, chunk]),
  ]);
  if (!packed || !ids) return null;
  const columns = unpackChunk(token, packed);
  const names = unpackIds(token, ids);
  return typeof columns === 'string' || names === null ? null : { entries: entriesIn(columns), ids: names };
};

const store = async (
  tx: ColumnTransaction,
  token: number,
  camera: string,
  chunks: ReadonlyMap<number, OpenChunk>,
  head: Pick<ColumnHead, 'chunks' | 'numbers'>,
): Promise<void> => {
  await Promise.all([
    ...[...chunks].flatMap(([chunk, { entries, ids }]) => [
      tx.objectStore('columns').put(packChunk(token, camera, chunk, entries)),
      tx.objectStore('columnIds').put(packIds(token, camera, chunk, ids)),
    ]),
    tx.objectStore('columnHeads').put({ camera, version: COLUMNS_VERSION, ...head, stamp: randomWord() }),
  ]);
};

/** The head when it can be worked with; null when the camera's columns are missing or of another version. */
const headOf = async (tx: ColumnTransaction, camera: string): Promise<ColumnHead | null> => {
  const head = await tx.objectStore('columnHeads').get(camera);
  return head && 'stamp' in head && head.version === COLUMNS_VERSION ? head : null;
};

const appendTo = async (
  tx: ColumnTransaction,
  token: number,
  camera: string,
  added: readonly Recording[],
): Promise<void> => {
  const head = await headOf(tx, camera);
  if (!head) {
    // With other rows but without columns it is left to be rebuilt: columns of the new rows alone would be half of the truth.
    const rows = await tx.objectStore('recordings').index('camera').count(camera);
    if (rows > added.length) return;
    await dropColumns(tx, camera);
  }
  const open = new Map<number, OpenChunk>();
  let number = head?.numbers ?? 0;
  const tail = Math.floor(number / CHUNK_RECORDINGS);
  if (number % CHUNK_RECORDINGS !== 0) {
    const chunk = await openChunk(tx, token, camera, tail);
    if (!chunk) return dropColumns(tx, camera);
    open.set(tail, chunk);
  }
  for (const recording of added) {
    const at = Math.floor(number / CHUNK_RECORDINGS);
    const chunk = open.get(at) ?? { entries: [], ids: [] };
    open.set(at, chunk);
    chunk.entries.push(...entriesOf(recording, number));
    chunk.ids.push(recording.id);
    number += 1;
  }
  await store(tx, token, camera, open, { chunks: Math.ceil(number / CHUNK_RECORDINGS), numbers: number });
};

/** After the rows were added, in the same transaction. */
export const appendColumns = async (tx: ColumnTransaction, added: readonly Recording[]): Promise<void> => {
  const token = await tokenOf(tx);
  const cameras = Map.groupBy(added, ({ cameraId }) => cameraId);
  for (const [camera, recordings] of cameras) await appendTo(tx, token, camera, recordings);
};

/** Recordings of one camera whose rows changed or were deleted (null), in the same transaction. */
export const editColumns = async (
  tx: ColumnTransaction,
  camera: string,
  edits: ReadonlyMap<string, Recording | null>,
): Promise<void> => {
  const head = await headOf(tx, camera);
  if (!head) return dropColumns(tx, camera);
  const token = await tokenOf(tx);
  const open = new Map<number, OpenChunk>();
  let missing = edits.size;
  for (let chunk = 0; chunk < head.chunks && missing > 0; chunk += 1) {
    const columns = await openChunk(tx, token, camera, chunk);
    if (!columns) return dropColumns(tx, camera);
    const numbers = new Map<number, Recording | null>();
    for (const [i, id] of columns.ids.entries()) {
      const edit = edits.get(id);
      if (edit !== undefined) numbers.set(chunk * CHUNK_RECORDINGS + i, edit);
    }
    if (numbers.size === 0) continue;
    missing -= numbers.size;
    const entries = columns.entries.filter(({ tag }) => !numbers.has(numberOf(tag)));
    for (const [number, recording] of numbers) {
      if (recording) entries.push(...entriesOf(recording, number));
      else columns.ids[number % CHUNK_RECORDINGS] = '';
    }
    open.set(chunk, { entries, ids: columns.ids });
  }
  if (missing > 0) return dropColumns(tx, camera);
  await store(tx, token, camera, open, head);
};
