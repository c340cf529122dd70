/** Cameras, recordings, their videos and thumbnails. */
import { failure } from '../contracts/result.ts';
import type { LibraryStore } from '../contracts/storage.ts';
import { type Connection, together } from './connection.ts';

/**
 * The bytes themselves, without the name and date that a picked File carries. A File is only a name for bytes on a disk or card,
 * and a private window's IndexedDB keeps it as such (docs/storage.md): so they are streamed into a Blob of the browser's own first.
 * Throws when the file cannot be read.
 */
const ownCopy = async (blob: Blob): Promise<Blob> => {
  const copy = blob instanceof File ? await new Response(blob.stream()).blob() : blob;
  if (copy.size !== blob.size) throw new Error('the file changed while it was being read');
  return copy.slice(0, copy.size, blob.type);
};

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

  findBySha256: (sha256) =>
    connection.read(async (db) => (await db.getFromIndex('recordings', 'sha256', sha256)) ?? null),

  addRecording: async (recording, video, thumbnail) => {
    let copy: Blob;
    try {
      copy = await ownCopy(video);
    } catch (error) {
      return failure(
        'storage-unavailable',
        `The file could not be read to the end (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
    return connection.write(['recordings', 'videos', 'thumbnails'], (tx) =>
      together(
        () => tx.objectStore('recordings').add(recording),
        () => tx.objectStore('videos').add(copy, recording.id),
        async () => thumbnail && tx.objectStore('thumbnails').add(thumbnail, recording.id),
      ),
    );
  },

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
