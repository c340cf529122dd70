/** Cameras, recordings, their videos and thumbnails. */
import { failure } from '../contracts/result.ts';
import type { LibraryStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

/** Bytes only: without the name, path and date that a picked File carries. */
const bare = (blob: Blob): Blob => new Blob([blob], { type: blob.type });

export const createLibraryStore = (connection: Connection): LibraryStore => ({
  cameras: () => connection.read((db) => db.getAll('cameras')),

  putCamera: (camera) => connection.write(['cameras'], (tx) => tx.objectStore('cameras').put(camera)),

  deleteCamera: (id) =>
    connection.write(['cameras', 'recordings', 'videos', 'thumbnails'], async (tx) => {
      const ids = await tx.objectStore('recordings').index('camera').getAllKeys(id);
      await Promise.all([
        tx.objectStore('cameras').delete(id),
        ...ids.flatMap((recordingId) => [
          tx.objectStore('recordings').delete(recordingId),
          tx.objectStore('videos').delete(recordingId),
          tx.objectStore('thumbnails').delete(recordingId),
        ]),
      ]);
    }),

  recordings: () => connection.read((db) => db.getAll('recordings')),

  recording: (id) => connection.read(async (db) => (await db.get('recordings', id)) ?? null),

  findBySha256: (sha256) => connection.read(async (db) => (await db.getFromIndex('recordings', 'sha256', sha256)) ?? null),

  // IndexedDB copies a Blob's bytes before the transaction completes, also those of a File that is only a name for bytes on a
  // disk or card; once this is ok, the original may vanish (tests/browser/storage/library-store.test.ts).
  addRecording: (recording, video, thumbnail) =>
    connection.write(['recordings', 'videos', 'thumbnails'], (tx) =>
      Promise.all([
        tx.objectStore('recordings').add(recording),
        tx.objectStore('videos').add(bare(video), recording.id),
        thumbnail && tx.objectStore('thumbnails').add(bare(thumbnail), recording.id),
      ]),
    ),

  putRecording: async (recording) => {
    let kept = true;
    const stored = await connection.write(['recordings'], async (tx) => {
      // Deleted in another tab meanwhile: a row without a video must not come back.
      kept = (await tx.objectStore('recordings').getKey(recording.id)) !== undefined;
      if (kept) await tx.objectStore('recordings').put(recording);
    });
    return kept ? stored : failure('storage-unavailable', 'This recording is no longer in the library.');
  },

  deleteRecording: (id) =>
    connection.write(['recordings', 'videos', 'thumbnails'], (tx) =>
      Promise.all([
        tx.objectStore('recordings').delete(id),
        tx.objectStore('videos').delete(id),
        tx.objectStore('thumbnails').delete(id),
      ]),
    ),

  video: (id) => connection.read(async (db) => (await db.get('videos', id)) ?? null),

  thumbnail: (id) => connection.read(async (db) => (await db.get('thumbnails', id)) ?? null),
});
