/** Files of the hub as last fetched, with their ETags: what has not changed need not come again. */
import type { HubFileStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

export const createHubFileStore = (connection: Connection): HubFileStore => ({
  get: (path) => connection.read(async (db) => (await db.get('hubFiles', path)) ?? null),

  put: (file) => connection.write(['hubFiles'], (tx) => tx.objectStore('hubFiles').put(file)),

  keepOnly: (folder, paths) =>
    connection.write(['hubFiles'], async (tx) => {
      const store = tx.objectStore('hubFiles');
      // `0` is the character after `/`: every path that begins with the folder.
      const keys = await store.getAllKeys(IDBKeyRange.bound(`${folder}/`, `${folder}0`, false, true));
      await Promise.all(keys.filter((key) => !paths.includes(key)).map((key) => store.delete(key)));
    }),
});
