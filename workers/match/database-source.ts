/** The library's database as the match engine reads it: opened as it is, never created or upgraded from here. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Recording } from '../../src/contracts/library.ts';
import { DATABASE_NAME, type PorchlightSchema } from '../../src/contracts/storage.ts';
import type { RecordingSource } from './recording-source.ts';

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

/** Every read goes through an index with a key range; no row outside it is touched. */
export const databaseSource = (database: IDBPDatabase<PorchlightSchema>): RecordingSource => ({
  cameras: () => database.getAll('cameras'),

  longestMs: async (cameraId) => {
    const index = database.transaction('recordings').store.index('cameraDuration');
    const last = await index.openKeyCursor(IDBKeyRange.bound([cameraId, -Infinity], [cameraId, Infinity]), 'prev');
    return last?.key[1] ?? null;
  },

  startingWithin: async (cameraId, from, to) => {
    const range = IDBKeyRange.bound([cameraId, from], [cameraId, to], false, true);
    const { store } = database.transaction('recordings');
    const read = await Promise.all([
      store.index('cameraStart').getAll(range),
      store.index('cameraOtherStart').getAll(range),
    ]);
    return [...new Map(read.flat().map((row): [string, Recording] => [row.id, row])).values()];
  },
});
