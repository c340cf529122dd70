/** Finished packages: sealed bytes in a folder, what the hub knows about them in the database. It cannot read what is inside. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore } from '@tus/file-store';
import type { Receipt } from '../../src/contracts/request.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { EpochMs, Sha256Hex } from '../../src/contracts/units.ts';
import { signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import type { DataFolder } from './data-folder.ts';
import type { HubDatabase } from './database.ts';

export interface FinishedPackage {
  readonly bytes: number;
  /** The signed receipt note. */
  readonly receipt: string;
}

export type FinishProblem = 'not-complete' | 'wrong-hash';

export interface PackageStore {
  finished(id: string): Promise<FinishedPackage | null>;
  /**
   * Turns a completely uploaded file into a package: compares its SHA-256, moves it, signs the receipt. Safe to repeat
   * after a crash at any point, and for two callers at once. A file with the wrong hash is deleted.
   */
  finish(id: string): Promise<Result<FinishedPackage, FinishProblem>>;
}

interface PackageStoreParts {
  readonly db: HubDatabase;
  readonly folder: DataFolder;
  readonly uploads: FileStore;
  readonly signer: NoteSigner;
  readonly now: () => EpochMs;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Reads the file once, after having it written through to the disk. */
const fileSha256 = async (path: string): Promise<Sha256Hex> => {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Packages over the hub's database and data folder. */
export const createPackageStore = ({ db, folder, uploads, signer, now }: PackageStoreParts): PackageStore => {
  const running = new Map<string, Promise<Result<FinishedPackage, FinishProblem>>>();

  const finished: PackageStore['finished'] = async (id) => {
    const row = await db.selectFrom('packages').select(['bytes', 'receipt']).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : { bytes: Number(row.bytes), receipt: row.receipt };
  };

  const receiptFor = async (receipt: Receipt): Promise<string> => {
    const note = await signNote(documentText('receipt', receipt), signer);
    if (!note.ok) throw new Error(note.detail);
    return note.value;
  };

  const finishOnce = async (id: string): Promise<Result<FinishedPackage, FinishProblem>> => {
    const already = await finished(id);
    if (already !== null) return ok(already);
    const upload = await uploads.configstore.get(id);
    if (upload === undefined) return failure('not-complete', 'There is no such upload.');
    const [uploadPath, packagePath] = [join(folder.uploads, id), join(folder.packages, `${id}.age`)];
    const path = (await exists(packagePath)) ? packagePath : uploadPath;
    const { size: bytes } = await stat(path);
    if (bytes !== upload.size) return failure('not-complete', 'The upload is not complete.');
    const [sha256, request] = [upload.metadata?.['sha256'] ?? '', upload.metadata?.['request'] ?? ''];
    if ((await fileSha256(path)) !== sha256) {
      await unlink(path);
      await uploads.configstore.delete(id);
      return failure(
        'wrong-hash',
        'What arrived is not what was announced: its SHA-256 differs. The upload was deleted; send it again.',
      );
    }
    if (path === uploadPath) await rename(uploadPath, packagePath);
    const received = now();
    const receipt = await receiptFor({
      package: id,
      request,
      sha256,
      bytes,
      received: new Date(received).toISOString(),
    });
    await db
      .insertInto('packages')
      .values({ id, request_id: request, bytes, sha256, received_at: new Date(received), receipt })
      .execute();
    await uploads.configstore.delete(id);
    return ok({ bytes, receipt });
  };

  return {
    finished,
    finish: (id) => {
      const already = running.get(id);
      if (already !== undefined) return already;
      const promise = finishOnce(id).finally(() => running.delete(id));
      running.set(id, promise);
      return promise;
    },
  };
};
