/** Shares and their sealed bytes, kept until they are discarded so that an upload resumes with the very same bytes. */
import type { ShareStore } from '../contracts/storage.ts';
import { type Connection, together } from './connection.ts';

export const createShareStore = (connection: Connection): ShareStore => ({
  all: () => connection.read((db) => db.getAll('shares')),

  get: (id) => connection.read(async (db) => (await db.get('shares', id)) ?? null),

  add: (record, sealedBytes) =>
    connection.write(['shares', 'packages'], (tx) =>
      together(
        () => tx.objectStore('shares').add(record),
        () => tx.objectStore('packages').add(sealedBytes, record.id),
      ),
    ),

  put: (record) => connection.write(['shares'], (tx) => tx.objectStore('shares').put(record)),

  package: (id) => connection.read(async (db) => (await db.get('packages', id)) ?? null),

  delete: (id) =>
    connection.write(['shares', 'packages'], (tx) =>
      Promise.all([tx.objectStore('shares').delete(id), tx.objectStore('packages').delete(id)]),
    ),
});
