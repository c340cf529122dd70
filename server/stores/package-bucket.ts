/**
 * Sealed bytes in an S3-compatible bucket. While an upload arrives each piece is an object of its own, `uploads/ID/OFFSET`: S3 cannot
 * append, and takes parts below 5 MiB only at the end. When all is there they become one object, `packages/ID.age`, which plain
 * `age` opens, hashed on the way.
 */
import { createHash } from 'node:crypto';
import type { PackageBytes } from './package-bytes.ts';
import type { S3 } from './s3.ts';

/** A piece and a part are at most this long: memory stays bounded however long a PATCH is. S3's parts have at least 5 MiB. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Collects a stream into pieces of exactly `PIECE_BYTES`, the last one shorter. */
const piecesOf = async function* (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let taken = 0; taken < chunk.length;) {
      const more = chunk.subarray(taken, taken + PIECE_BYTES - filled);
      piece.set(more, filled);
      filled += more.length;
      taken += more.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
};

/** What came before a stream broke off is still worth keeping: the error is handed on after it. */
const untilBroken = async function* (
  bytes: AsyncIterable<Uint8Array>,
  broken: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of bytes) yield chunk;
  } catch (error) {
    broken(error);
  }
};

/** Parts that nobody puts together show nowhere; some servers cannot drop them at once, and the bucket's own rule does it later. */
const giveUp = (whole: { abort(): Promise<void> }): Promise<void> => whole.abort().catch(() => undefined);

const uploadKey = (id: string, offset: number): string => `uploads/${id}/${String(offset).padStart(14, '0')}`;
const packageKey = (id: string): string => `packages/${id}.age`;

export const createPackageBucket = (s3: S3): PackageBytes => {
  const uploadBytes = async function* (id: string, bytes: number): AsyncIterable<Uint8Array> {
    for (let offset = 0; offset < bytes;) {
      const piece = await s3.get(uploadKey(id, offset));
      // Fewer bytes than announced: the hash tells.
      if (piece?.body === null || piece === null) return;
      let length = 0;
      for await (const chunk of piece.body) {
        length += chunk.length;
        yield chunk;
      }
      if (length === 0) return;
      offset += length;
    }
  };

  const drop = async (id: string): Promise<void> => {
    for await (const { key } of s3.list(`uploads/${id}/`)) await s3.remove(key);
  };

  return {
    begin: async () => undefined,
    arrived: async () => 'as-the-row-says',

    append: async (id, offset, bytes, onStored) => {
      let end = offset;
      let problem: { readonly error: unknown } | null = null;
      const readable = untilBroken(bytes, (error) => {
        problem = { error };
      });
      for await (const piece of piecesOf(readable)) {
        await s3.put(uploadKey(id, end), piece);
        end += piece.length;
        await onStored(end);
      }
      // TypeScript does not see that the callback may have set it.
      const broken = problem as { readonly error: unknown } | null;
      if (broken !== null) throw broken.error;
      return end;
    },

    keep: async (id, bytes, sha256) => {
      if ((await s3.size(packageKey(id))) === bytes) return true;
      const hash = createHash('sha256');
      const whole = await s3.multipart(packageKey(id));
      let arrived = 0;
      try {
        let number = 1;
        for await (const part of piecesOf(uploadBytes(id, bytes))) {
          hash.update(part);
          arrived += part.length;
          await whole.part(number, part);
          number += 1;
        }
        if (arrived === bytes && hash.digest('hex') === sha256) {
          await whole.complete();
          await drop(id);
          return true;
        }
      } catch (error) {
        await giveUp(whole);
        throw error;
      }
      await giveUp(whole);
      return false;
    },

    drop,

    read: async (id, range) => {
      const response = await s3.get(packageKey(id), range === null ? undefined : `bytes=${range.first}-${range.last}`);
      return response?.body ?? null;
    },

    removePackage: (id) => s3.remove(packageKey(id)),

    list: async function* () {
      for await (const { key, changedAt } of s3.list('uploads/')) {
        const id = /^uploads\/([0-9a-f]{32})\//.exec(key)?.[1];
        if (id !== undefined) yield { id, kind: 'upload', changedAt };
      }
      for await (const { key, changedAt } of s3.list('packages/')) {
        const id = /^packages\/([0-9a-f]{32})\.age$/.exec(key)?.[1];
        if (id !== undefined) yield { id, kind: 'package', changedAt };
      }
    },
  };
};
