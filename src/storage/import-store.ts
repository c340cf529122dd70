/** Imports that have begun: which files are still waiting, so that a closed tab loses none of them. */
import type { ImportBatch, ImportStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

/** Every key of a batch: an array sorts after every string (Indexed Database API §2.4). */
const filesOf = ({ id }: Pick<ImportBatch, 'id'>): IDBKeyRange => IDBKeyRange.bound([id, ''], [id, []]);

const PUT_TOGETHER = 100;

export const createImportStore = (connection: Connection): ImportStore => ({
  begin: (batch, files) =>
    connection.write(['imports', 'importFiles'], async (tx) => {
      await tx.objectStore('imports').put(batch);
      const store = tx.objectStore('importFiles');
      // Some at a time: thousands of puts in one turn would keep the page from answering.
      for (let at = 0; at < files.length; at += PUT_TOGETHER) {
        await Promise.all(
          files.slice(at, at + PUT_TOGETHER).map((file) => store.put(file, [batch.id, file.relativePath])),
        );
      }
    }),

  settle: (batchId, relativePaths) =>
    connection.write(['imports', 'importFiles'], async (tx) => {
      const files = tx.objectStore('importFiles');
      await Promise.all(relativePaths.map((path) => files.delete([batchId, path])));
      const left = await files.count(filesOf({ id: batchId }));
      if (left === 0) await tx.objectStore('imports').delete(batchId);
    }),

  forget: (batchId) =>
    connection.write(['imports', 'importFiles'], (tx) =>
      Promise.all([
        tx.objectStore('imports').delete(batchId),
        tx.objectStore('importFiles').delete(filesOf({ id: batchId })),
      ]),
    ),

  pending: () =>
    connection.read(async (db) => {
      const tx = db.transaction(['imports', 'importFiles']);
      const batches = await tx.objectStore('imports').getAll();
      return Promise.all(
        batches.map(async (batch) => ({
          ...batch,
          waiting: await tx.objectStore('importFiles').getAll(filesOf(batch)),
        })),
      );
    }),
});
