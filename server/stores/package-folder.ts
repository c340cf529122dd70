/** Sealed bytes as files: `uploads/ID` while they arrive, `packages/ID.age` once they are all there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Sha256Hex } from '../../src/contracts/units.ts';
import { PACKAGE_ID, type PackageBytes, type StoredBytes } from './package-bytes.ts';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const unlinkIfThere = (path: string): Promise<void> =>
  unlink(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    },
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
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const filesIn = async function* (folder: string, name: RegExp, kind: StoredBytes['kind']): AsyncIterable<StoredBytes> {
  for (const file of await readdir(folder)) {
    const id = name.exec(file)?.[1];
    const info = id === undefined ? null : await stat(join(folder, file)).catch(() => null);
    if (id !== undefined && info !== null) yield { id, kind, changedAt: info.mtimeMs };
  }
};

/** A store over two folders of one file system, so that a finished upload only changes its name. */
export const createPackageFolder = (uploads: string, packages: string): PackageBytes => {
  const uploadPath = (id: string): string => join(uploads, id);
  const packagePath = (id: string): string => join(packages, `${id}.age`);
  return {
    begin: (id) => writeFile(uploadPath(id), '', { mode: 0o600 }),

    arrived: async (id) => (await stat(uploadPath(id))).size,

    append: async (id, offset, bytes) => {
      const handle = await open(uploadPath(id), 'r+');
      let end = offset;
      try {
        // Each chunk before the next is asked for: what came before a break is in the file.
        for await (const chunk of bytes) {
          await handle.write(chunk as Buffer, 0, (chunk as Buffer).length, end);
          end += (chunk as Buffer).length;
        }
        return end;
      } finally {
        await handle.close();
      }
    },

    keep: async (id, bytes, sha256) => {
      // Renamed only once the hash was right, so a file of that name needs no second look.
      if ((await sizeOf(packagePath(id))) === bytes) return true;
      if ((await sizeOf(uploadPath(id))) !== bytes || (await fileSha256(uploadPath(id))) !== sha256) return false;
      await rename(uploadPath(id), packagePath(id)).catch(async (error: unknown) => {
        // Another hub on the same folder was first.
        if (!isMissing(error) || (await sizeOf(packagePath(id))) !== bytes) throw error;
      });
      await syncFolder(packages);
      return true;
    },

    drop: (id) => unlinkIfThere(uploadPath(id)),

    read: async (id, range) => {
      const path = packagePath(id);
      if ((await sizeOf(path)) === null) return null;
      const stream = createReadStream(path, {
        highWaterMark: 1 << 18,
        ...(range === null ? {} : { start: range.first, end: range.last }),
      });
      return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
    },

    removePackage: (id) => unlinkIfThere(packagePath(id)),

    list: async function* () {
      yield* filesIn(uploads, /^([0-9a-f]{32})$/, 'upload');
      yield* filesIn(packages, /^([0-9a-f]{32})\.age$/, 'package');
    },
  };
};

/** An unfinished upload as @tus/file-store wrote it down beside its bytes, in data folders of version 1. */
export interface OldUpload {
  readonly id: string;
  readonly request: string;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  readonly createdAt: Date;
}

const readOldUpload = (id: string, json: string): OldUpload | null => {
  try {
    const old = JSON.parse(json) as { size?: unknown; metadata?: Record<string, unknown>; creation_date?: unknown };
    const { request, sha256 } = old.metadata ?? {};
    const createdAt = new Date(String(old.creation_date));
    if (typeof old.size !== 'number' || typeof request !== 'string' || typeof sha256 !== 'string') return null;
    return Number.isNaN(createdAt.getTime()) ? null : { id, request, sha256, bytes: old.size, createdAt };
  } catch {
    return null;
  }
};

/** Hands over the unfinished uploads of a version 1 folder, each to `adopt`, and removes what described them. */
export const adoptOldUploads = async (uploads: string, adopt: (old: OldUpload) => Promise<void>): Promise<void> => {
  for (const file of await readdir(uploads)) {
    const id = file.replace(/\.json$/, '');
    if (!file.endsWith('.json') || !PACKAGE_ID.test(id)) continue;
    const old = readOldUpload(id, await readFile(join(uploads, file), 'utf8'));
    if (old !== null) await adopt(old);
    await unlinkIfThere(join(uploads, file));
  }
};
