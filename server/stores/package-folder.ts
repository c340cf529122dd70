/** Sealed bytes as files: `uploads/ID` while they arrive, `packages/ID.age` once they are all there. */
import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, stat, unlink, writeFile, type FileHandle } from 'node:fs/promises';
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

interface RunningHash {
  readonly hash: Hash;
  /** How many bytes are in it. */
  end: number;
}

/** Chunks are written together once they are this long: a network's chunks of 64 KiB would each cost a trip to the disk. */
const WRITE_BYTES = 1 << 19;
/** Buffers of that length that wait for the next upload: V8 looks through the whole heap for every few that are made anew. */
const MAX_BUFFERS = 32;
/** Uploads whose hash is kept at hand. */
const MAX_RUNNING = 1_000;

/** A disk that fills up takes a part of a write before it refuses the next: `onWritten` hears of each. */
const writeAll = async (
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  onWritten: (bytes: number) => void,
): Promise<void> => {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
    onWritten(bytesWritten);
  }
};

/** Has a file, or a folder's names, written through to the disk. */
const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Reads the file once, after having it written through to the disk. */
const fileSha256 = async (path: string): Promise<Sha256Hex> => {
  await syncFile(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
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
  /** Hashes of uploads that this process has seen from their first byte on: such a file need not be read again. */
  const running = new Map<string, RunningHash>();
  const buffers: Buffer[] = [];

  const runningHash = (id: string, offset: number): RunningHash | null => {
    const known = running.get(id);
    if (known?.end === offset) return known;
    running.delete(id);
    if (offset !== 0) return null;
    const fresh = { hash: createHash('sha256'), end: 0 };
    running.set(id, fresh);
    const [oldest] = running.keys();
    if (running.size > MAX_RUNNING && oldest !== undefined) running.delete(oldest);
    return fresh;
  };

  const arrivedSha256 = async (id: string, bytes: number): Promise<Sha256Hex> => {
    const known = running.get(id);
    if (known?.end !== bytes) return fileSha256(uploadPath(id));
    await syncFile(uploadPath(id));
    return known.hash.copy().digest('hex');
  };

  return {
    begin: (id) => writeFile(uploadPath(id), '', { mode: 0o600 }),

    // A crash may come between a package's name and its row.
    arrived: async (id) => (await sizeOf(uploadPath(id))) ?? (await sizeOf(packagePath(id))) ?? 'gone',

    append: async (id, offset, bytes) => {
      const hashing = runningHash(id, offset);
      // Made anew where a crash of the machine took the file and left its row.
      const handle = await open(uploadPath(id), constants.O_RDWR | constants.O_CREAT, 0o600);
      const together = buffers.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES);
      let [end, filled] = [offset, 0];
      const flush = async (): Promise<void> => {
        const ready = together.subarray(0, filled);
        filled = 0;
        const writing = writeAll(handle, ready, end, (written) => (end += written));
        // Meanwhile: another thread is at the disk.
        hashing?.hash.update(ready);
        await writing;
        if (hashing !== null) hashing.end = end;
      };
      try {
        for await (const chunk of bytes) {
          for (let taken = 0; taken < chunk.length;) {
            const more = chunk.subarray(taken, taken + WRITE_BYTES - filled);
            together.set(more, filled);
            filled += more.length;
            taken += more.length;
            if (filled === WRITE_BYTES) await flush();
          }
        }
      } finally {
        // Also of a stream that breaks off: what came before is kept.
        try {
          if (filled > 0) await flush();
        } finally {
          // A write that failed is hashed as a whole and may be stored in part: such a file is read again at the end.
          if (hashing?.end !== end) running.delete(id);
          if (buffers.length < MAX_BUFFERS) buffers.push(together);
          await handle.close();
        }
      }
      return end;
    },

    keep: async (id, bytes, sha256) => {
      // Renamed only once the hash was right, so a file of that name needs no second look.
      if ((await sizeOf(packagePath(id))) === bytes) return true;
      if ((await sizeOf(uploadPath(id))) !== bytes || (await arrivedSha256(id, bytes)) !== sha256) return false;
      await rename(uploadPath(id), packagePath(id)).catch(async (error: unknown) => {
        // Another hub on the same folder was first.
        if (!isMissing(error) || (await sizeOf(packagePath(id))) !== bytes) throw error;
      });
      await syncFile(packages);
      return true;
    },

    drop: (id) => {
      running.delete(id);
      return unlinkIfThere(uploadPath(id));
    },

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
