/** Every network request this page has made, in the order in which they were written down. */
import type { LedgerStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

/** `append` rejects when the entry could not be kept: the caller decides whether to go on without a record. */
export const createLedgerStore = (connection: Connection): LedgerStore => ({
  append: async (entry) => {
    const written = await connection.write(['ledger'], (tx) => tx.objectStore('ledger').add(entry));
    if (!written.ok) throw new Error(written.detail);
  },

  all: () => connection.read((db) => db.getAll('ledger')),
});
