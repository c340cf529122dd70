/** The kept notes of the public record, so that the page shows requests without a hub. */
import type { NoteStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

export const createNoteStore = (connection: Connection): NoteStore => ({
  all: () => connection.read((db) => db.getAll('notes')),

  replaceHubNotes: (notes) =>
    connection.write(['notes'], async (tx) => {
      const store = tx.objectStore('notes');
      const kept = await store.getAll();
      const fromFiles = new Set(kept.filter(({ origin }) => origin === 'file').map(({ key }) => key));
      await Promise.all(kept.filter(({ origin }) => origin === 'hub').map(({ key }) => store.delete(key)));
      // A note that came as a file stays as it came, even when the hub has one of the same key.
      await Promise.all(notes.filter(({ key }) => !fromFiles.has(key)).map((note) => store.put(note)));
    }),

  put: (note) => connection.write(['notes'], (tx) => tx.objectStore('notes').put(note)),
});
