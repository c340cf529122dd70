/** Writes the whole library into one file and reads it back: cameras, recordings with their videos, shares with their packages, notes. */
import { Decrypter, Encrypter } from 'age-encryption';
import * as v from 'valibot';
import type { Camera, Recording } from '../../contracts/library.ts';
import {
  LIBRARY_FORMAT,
  LibraryFileSchema,
  type LibraryFileProgress,
  type LibraryImported,
  type LibraryImportFailure,
} from '../../contracts/library-file.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { ShareRecord } from '../../contracts/share.ts';
import type { KeptNote, Stores } from '../../contracts/storage.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { blobSha256 } from '../../core/blob-sha256.ts';
import { readTar, writeTar, type TarEntry } from '../../core/tar.ts';

type LibraryStores = Pick<Stores, 'library' | 'shares' | 'notes' | 'settings'>;

const INDEX = 'library.json';
const AGE_MAGIC = 'age-encryption.org/v1';
const MOST_INDEX_BYTES = 256 * 1024 * 1024;

/** A Blob of a stream's bytes; the browser lays large ones on the disk. */
const gathered = (stream: ReadableStream<Uint8Array>): Promise<Blob> =>
  new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).blob();

/**
 * The whole library as one Blob, put together from the kept Blobs without copying them; with a passphrase, sealed with it in the age
 * format. The ledger, keys of roles and requests from the hub stay here.
 */
export const exportLibrary = async (stores: LibraryStores, passphrase: string | null, now: EpochMs): Promise<Blob> => {
  const [cameras, recordings, shares, notes, settings] = await Promise.all([
    stores.library.cameras(),
    stores.library.recordings(),
    stores.shares.all(),
    stores.notes.all(),
    stores.settings.load(),
  ]);
  const index = {
    ...{ format: LIBRARY_FORMAT, exported: now, cameras, recordings, shares, identity: settings.identity },
    notes: notes.filter(({ origin }) => origin === 'file'),
  };
  const entries: TarEntry[] = [{ name: INDEX, content: new Blob([JSON.stringify(index)]) }];
  const add = (name: string, content: Blob | null): void => void (content !== null && entries.push({ name, content }));
  for (const { id } of recordings) {
    add(`thumbnails/${id}`, await stores.library.thumbnail(id));
    add(`videos/${id}`, await stores.library.video(id));
  }
  for (const { id } of shares) add(`packages/${id}`, await stores.shares.package(id));
  const tar = writeTar(entries);
  if (passphrase === null) return tar;
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return gathered(await encrypter.encrypt(tar.stream()));
};

/** The tar file itself; opened first when it is sealed. */
const opened = async (file: Blob, passphrase: string | null): Promise<Result<Blob, LibraryImportFailure>> => {
  if ((await file.slice(0, AGE_MAGIC.length).text()) !== AGE_MAGIC) return ok(file);
  if (passphrase === null) return failure('passphrase-needed', 'This file is sealed: type its passphrase.');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let stream: ReadableStream<Uint8Array>;
  try {
    stream = await decrypter.decrypt(file.stream());
  } catch {
    return failure('wrong-passphrase', 'The passphrase does not open this file.');
  }
  return gathered(stream).then(ok, () =>
    failure('damaged', 'The file is damaged or cut short; nothing of it was taken.'),
  );
};

/** Names that reach an object's prototype never become keys of ours, wherever they stand in the file. */
const withoutPrototypes = (key: string, value: unknown): unknown =>
  key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;

type LibraryFile = v.InferOutput<typeof LibraryFileSchema>;

const readIndex = async (entry: TarEntry | null | undefined): Promise<Result<LibraryFile, LibraryImportFailure>> => {
  if (!entry || entry.name !== INDEX || entry.content.size > MOST_INDEX_BYTES) {
    return failure('not-a-library', 'This is not a library that this page has exported.');
  }
  try {
    const read = v.safeParse(LibraryFileSchema, JSON.parse(await entry.content.text(), withoutPrototypes));
    if (read.success) return ok(read.output);
    const [issue] = read.issues;
    return failure(
      'not-a-library',
      `The library in this file cannot be used: ${v.getDotPath(issue) ?? 'it'} is not as it should be.`,
    );
  } catch {
    return failure('not-a-library', 'The library in this file cannot be read.');
  }
};

export interface ImportOptions {
  readonly passphrase: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LibraryFileProgress) => void;
}

/**
 * Takes a library in. Each recording is its own transaction, and only when its video has the SHA-256 that the file says; what is there
 * already stays as it is. After a full disk or a cancelled import the same file goes on where it stopped.
 */
export const importLibrary = async (
  stores: LibraryStores,
  file: Blob,
  { passphrase, signal, onProgress }: ImportOptions,
): Promise<Result<LibraryImported, LibraryImportFailure>> => {
  const tar = await opened(file, passphrase);
  if (!tar.ok) return tar;
  const entries = readTar(tar.value);
  const first = await entries.next();
  const index = await readIndex(first.done ? null : first.value);
  if (!index.ok) return index;
  // Checked by the schema above, field by field; what the schema leaves open is text to be shown.
  const cameras = index.value.cameras as unknown as readonly Camera[];
  const recordings = new Map((index.value.recordings as unknown as readonly Recording[]).map((row) => [row.id, row]));
  const shares = new Map((index.value.shares as unknown as readonly ShareRecord[]).map((row) => [row.id, row]));

  const there = new Set((await stores.library.cameras()).map(({ id }) => id));
  const fresh = cameras.filter(({ id }) => !there.has(id));
  for (const camera of fresh) {
    const kept = await stores.library.putCamera(camera);
    if (!kept.ok) return kept;
    there.add(camera.id);
  }
  for (const note of index.value.notes as readonly KeptNote[]) await stores.notes.put(note);
  const { identity } = await stores.settings.load();
  if (identity === null && index.value.identity !== null)
    await stores.settings.save({ identity: index.value.identity });

  const counted = { recordings: 0, shares: 0, alreadyThere: 0 };
  const leftOut: string[] = [];
  const total = recordings.size + shares.size;
  const count = (result: Result<void, string>, kind: 'recordings' | 'shares'): void =>
    void (counted[result.ok ? kind : 'alreadyThere'] += 1);
  const thumbnails = new Map<string, Blob>();

  const takeVideo = async (row: Recording, content: Blob): Promise<Result<void, LibraryImportFailure>> => {
    if ((await stores.library.recording(row.id)) ?? (await stores.library.findBySha256(row.sha256))) {
      counted.alreadyThere += 1;
      return ok(undefined);
    }
    if (!there.has(row.cameraId) || content.size !== row.bytes || (await blobSha256(content)) !== row.sha256) {
      leftOut.push(`${row.fileName}: its video in the file is not the one the library names.`);
      return ok(undefined);
    }
    const kept = await stores.library.addRecording(row, content, thumbnails.get(row.id) ?? null);
    if (!kept.ok && kept.reason !== 'duplicate') return kept;
    count(kept, 'recordings');
    return ok(undefined);
  };

  const takePackage = async (row: ShareRecord, content: Blob): Promise<Result<void, LibraryImportFailure>> => {
    if (content.size !== row.bytes || (await blobSha256(content)) !== row.sha256) {
      leftOut.push(`The package for “${row.requestTitle}”: it is not the one the library names.`);
      return ok(undefined);
    }
    const kept = await stores.shares.add(row, content);
    if (!kept.ok && kept.reason !== 'duplicate') return kept;
    count(kept, 'shares');
    return ok(undefined);
  };

  let done = 0;
  for await (const entry of entries) {
    if (signal.aborted)
      return failure('cancelled', 'The import was stopped. What was taken stays; the same file goes on from there.');
    if (entry === null)
      return failure(
        'damaged',
        `The file is cut short or damaged after ${done} of ${total} entries. What was taken stays.`,
      );
    const [kind, id = ''] = entry.name.split('/');
    const [recording, share] = [recordings.get(id), shares.get(id)];
    let taken: Result<void, LibraryImportFailure> = ok(undefined);
    if (kind === 'thumbnails' && recording) thumbnails.set(id, entry.content);
    if (kind === 'videos' && recording) taken = await takeVideo(recording, entry.content);
    if (kind === 'packages' && share) taken = await takePackage(share, entry.content);
    if (!taken.ok) return taken;
    if (kind === 'videos' || kind === 'packages') onProgress({ done: (done += 1), total });
  }
  return ok({ cameras: fresh.length, ...counted, leftOut });
};
