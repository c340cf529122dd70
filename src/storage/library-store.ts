/** Cameras, recordings, their videos and thumbnails. */
import type { Recording } from '../contracts/library.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { LibraryStore, NewRecording, StoreFailure } from '../contracts/storage.ts';
import { appendColumns, COLUMN_STORES, dropColumns, editColumns } from './column-writer.ts';
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

type Answer = Result<void, StoreFailure>;

/** With a Blob of the browser's own in the place of a File. */
const ownedBy = async (added: NewRecording): Promise<Result<NewRecording, StoreFailure>> => {
  if (!(added.video instanceof File)) return ok(added);
  try {
    return ok({ ...added, video: await ownCopy(added.video) });
  } catch (error) {
    return failure(
      'storage-unavailable',
      `The file could not be read to the end (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
};

/** Rows, videos and thumbnails in one strict transaction. */
const addTogether = (connection: Connection, added: readonly NewRecording[]): Promise<Answer> =>
  connection.write(['recordings', 'videos', 'thumbnails', ...COLUMN_STORES], async (tx) => {
    await together(
      ...added.flatMap(({ recording, video, thumbnail }) => [
        () => tx.objectStore('recordings').add(recording),
        () => tx.objectStore('videos').add(video, recording.id),
        async () => thumbnail && tx.objectStore('thumbnails').add(thumbnail, recording.id),
      ]),
    );
    await appendColumns(
      tx,
      added.map(({ recording }) => recording),
    );
  });

const addAll = async (connection: Connection, recordings: readonly NewRecording[]): Promise<readonly Answer[]> => {
  const copies = await Promise.all(recordings.map(ownedBy));
  const added = copies.flatMap((copy) => (copy.ok ? [copy.value] : []));
  const all = added.length > 0 ? await addTogether(connection, added) : ok(undefined);
  const answers: Answer[] = [];
  for (const copy of copies) {
    if (!copy.ok) answers.push(copy);
    // One that is already kept, or for which there is no room, must not take the others with it.
    else answers.push(all.ok || added.length === 1 ? all : await addTogether(connection, [copy.value]));
  }
  return answers;
};

/** By camera, what becomes of its columns: other values, or null for a recording that is no longer its own. */
const editsOf = (
  before: readonly Recording[],
  after: ReadonlyMap<string, Recording>,
): ReadonlyMap<string, ReadonlyMap<string, Recording | null>> => {
  const edits = new Map<string, Map<string, Recording | null>>();
  for (const { id, cameraId } of before) {
    const row = after.get(id);
    const own = edits.get(cameraId) ?? new Map<string, Recording | null>();
    edits.set(cameraId, own.set(id, row?.cameraId === cameraId ? row : null));
  }
  return edits;
};

const putAll = async (connection: Connection, recordings: readonly Recording[]): Promise<Answer> => {
  let kept = true;
  const stored = await connection.write(['recordings', ...COLUMN_STORES], async (tx) => {
    const store = tx.objectStore('recordings');
    const after = new Map(recordings.map((row) => [row.id, row]));
    const before = (await Promise.all([...after.keys()].map((id) => store.get(id)))).filter((row) => row !== undefined);
    // Deleted in another tab meanwhile: a row without a video must not come back.
    kept = before.length === after.size;
    if (!kept) return;
    await Promise.all([...after.values()].map((row) => store.put(row)));
    for (const [camera, edits] of editsOf(before, after)) await editColumns(tx, camera, edits);
    const moved = before.flatMap(({ id, cameraId }) => {
      const row = after.get(id);
      return row && row.cameraId !== cameraId ? [row] : [];
    });
    if (moved.length > 0) await appendColumns(tx, moved);
  });
  return kept ? stored : failure('storage-unavailable', 'This recording is no longer in the library.');
};

export const createLibraryStore = (connection: Connection): LibraryStore => ({
  cameras: () => connection.read((db) => db.getAll('cameras')),

  putCamera: (camera) => connection.write(['cameras'], (tx) => tx.objectStore('cameras').put(camera)),

  deleteCamera: (id) =>
    connection.write(['cameras', 'recordings', 'videos', 'thumbnails', ...COLUMN_STORES], async (tx) => {
      const ids = await tx.objectStore('recordings').index('camera').getAllKeys(id);
      await Promise.all([
        tx.objectStore('cameras').delete(id),
        dropColumns(tx, id),
        ...ids.flatMap((recordingId) => [
          tx.objectStore('recordings').delete(recordingId),
          tx.objectStore('videos').delete(recordingId),
          tx.objectStore('thumbnails').delete(recordingId),
        ]),
      ]);
    }),

  recordings: () => connection.read((db) => db.getAll('recordings')),

  recording: (id) => connection.read(async (db) => (await db.get('recordings', id)) ?? null),

  findAllBySha256: (hashes) =>
    connection.read((db) => {
      const index = db.transaction('recordings').store.index('sha256');
      return Promise.all(hashes.map(async (sha256) => (await index.get(sha256)) ?? null));
    }),

  findBySha256: (sha256) =>
    connection.read(async (db) => (await db.getFromIndex('recordings', 'sha256', sha256)) ?? null),

  addRecording: async (recording, video, thumbnail) => {
    const [answer = ok(undefined)] = await addAll(connection, [{ recording, video, thumbnail }]);
    return answer;
  },

  addRecordings: (recordings) => addAll(connection, recordings),

  putRecording: (recording) => putAll(connection, [recording]),

  putRecordings: (recordings) => putAll(connection, recordings),

  deleteRecording: (id) =>
    connection.write(['recordings', 'videos', 'thumbnails', ...COLUMN_STORES], async (tx) => {
      const row = await tx.objectStore('recordings').get(id);
      await Promise.all([
        tx.objectStore('recordings').delete(id),
        tx.objectStore('videos').delete(id),
        tx.objectStore('thumbnails').delete(id),
      ]);
      if (row) await editColumns(tx, row.cameraId, new Map([[id, null]]));
    }),

  video: (id) => connection.read(async (db) => (await db.get('videos', id)) ?? null),

  thumbnail: (id) => connection.read(async (db) => (await db.get('thumbnails', id)) ?? null),
});
