/** The library's database as the match engine reads it: opened as it is, never created or upgraded from here. */
import { type IDBPDatabase, openDB } from 'idb';
import type { ColumnHead, RecordingChunk } from '../../src/contracts/columns.ts';
import { DATABASE_NAME, type PorchlightSchema } from '../../src/contracts/storage.ts';
import { COLUMNS_VERSION, packRows, unpackIds } from '../../src/core/recording-chunks.ts';
import type { ColumnSource, LibraryRead } from './column-source.ts';

/** Throws a DOMException when there is no database yet or it cannot be opened. Close it after use, so that upgrades need not wait. */
export const openLibrary = (name: string = DATABASE_NAME): Promise<IDBPDatabase<PorchlightSchema>> =>
  openDB<PorchlightSchema>(name, undefined, {
    // Without a version the browser would create what is missing: undone, which makes the opening fail.
    upgrade: (_database, _old, _new, transaction) => {
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

const rangeOf = (camera: string): IDBKeyRange => IDBKeyRange.bound([camera, 0], [camera, Infinity]);

const randomWord = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/** More single reads than this take longer than reading everything. */
const SINGLE_READS = 16;

/** All of one moment; of the chunks those whose stamp is not the known one. */
const readLibrary = async (
  database: IDBPDatabase<PorchlightSchema>,
  known: ReadonlyMap<string, number>,
): Promise<LibraryRead> => {
  const tx = database.transaction(['cameras', 'columnHeads', 'columns', 'recordings']);
  const columns = tx.objectStore('columns');
  // Who knows nothing wants everything, and need not wait for the heads to say so.
  const everything = known.size === 0 ? columns.getAll() : null;
  const [cameras, kept] = await Promise.all([
    tx.objectStore('cameras').getAll(),
    tx.objectStore('columnHeads').getAll(),
  ]);
  let token = 0;
  const heads = new Map<string, ColumnHead>();
  for (const head of kept) {
    if ('token' in head) token = head.token;
    else heads.set(head.camera, head);
  }
  const changed = [...heads.values()].filter(({ camera, stamp }) => known.get(camera) !== stamp);
  const bare: string[] = [];
  const reads: Promise<RecordingChunk[]>[] =
    everything || changed.length > SINGLE_READS
      ? [everything ?? columns.getAll()]
      : changed.map(({ camera }) => columns.getAll(rangeOf(camera)));
  const counts = cameras
    .filter(({ id }) => !heads.has(id))
    .map(async ({ id }) => {
      if ((await tx.objectStore('recordings').index('camera').getKey(id)) !== undefined) bare.push(id);
    });
  const wanted = new Set(changed.map(({ camera }) => camera));
  const chunks = (await Promise.all(reads)).flat().filter(({ camera }) => wanted.has(camera));
  await Promise.all(counts);
  return { token, cameras, heads, chunks, bare };
};

/** With `ahead` that is what the first reading gets, if it knows nothing. */
export const databaseSource = (
  database: IDBPDatabase<PorchlightSchema>,
  ahead: Promise<LibraryRead> | null = null,
): ColumnSource => {
  let early = ahead;
  const tokenOf = async (): Promise<number> => {
    const kept = await database.get('columnHeads', '');
    return kept && 'token' in kept ? kept.token : 0;
  };

  return {
    read: (known) => {
      const first = known.size === 0 ? early : null;
      early = null;
      return first ?? readLibrary(database, known);
    },

    rebuild: async (camera) => {
      const tx = database.transaction(['recordings', 'columns', 'columnIds', 'columnHeads'], 'readwrite');
      const [rows, kept] = await Promise.all([
        tx.objectStore('recordings').index('camera').getAll(camera),
        tx.objectStore('columnHeads').get(''),
      ]);
      const token = kept && 'token' in kept ? kept.token : randomWord();
      const { chunks, ids } = packRows(token, camera, rows);
      const head: ColumnHead = {
        camera,
        version: COLUMNS_VERSION,
        chunks: chunks.length,
        numbers: rows.length,
        stamp: randomWord(),
      };
      const written = [
        tx.objectStore('columns').delete(rangeOf(camera)),
        tx.objectStore('columnIds').delete(rangeOf(camera)),
        tx.objectStore('columnHeads').put({ camera: '', token }),
        ...chunks.map((chunk) => tx.objectStore('columns').put(chunk)),
        ...ids.map((chunk) => tx.objectStore('columnIds').put(chunk)),
        rows.length > 0 ? tx.objectStore('columnHeads').put(head) : tx.objectStore('columnHeads').delete(camera),
      ];
      await Promise.all([...written, tx.done]);
      return rows.length > 0 ? { token, head, chunks } : null;
    },

    ids: async (camera, chunk) => {
      const packed = await database.get('columnIds', [camera, chunk]);
      return packed ? unpackIds(await tokenOf(), packed) : null;
    },

    known: async (recordings) => {
      const { store } = database.transaction('recordings');
      const keys = await Promise.all(recordings.map((id) => store.getKey(id)));
      return new Set(keys.filter((key) => key !== undefined));
    },
  };
};

/** A library that is opened, and all of it being read, before anybody asks. */
export interface LibraryAhead {
  readonly database: IDBPDatabase<PorchlightSchema>;
  readonly read: Promise<LibraryRead>;
}

/** Rejects as `openLibrary` does; a reading that fails is told to whoever uses it. */
export const readAhead = async (name: string = DATABASE_NAME): Promise<LibraryAhead> => {
  const database = await openLibrary(name);
  const read = readLibrary(database, new Map());
  read.catch(() => undefined);
  return { database, read };
};
