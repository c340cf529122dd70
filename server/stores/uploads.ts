/** Unfinished uploads: each is a row while it lasts, its bytes in a folder or a bucket. Nothing is acknowledged that is not stored. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { EpochMs, Ms, Sha256Hex } from '../../src/contracts/units.ts';
import { createTurns } from '../turns.ts';
import type { HubDatabase } from './database.ts';
import type { PackageBytes } from './package-bytes.ts';

export interface UploadRules {
  readonly db: HubDatabase;
  readonly bytes: PackageBytes;
  readonly maxBytes: number;
  readonly lifetimeMs: Ms;
  readonly now: () => EpochMs;
  isOpen(request: string): Promise<boolean>;
  /** Called with each completely uploaded id; a sentence when the upload is refused after all. */
  onComplete(id: string): Promise<string | null>;
}

/** What is announced when an upload begins. */
export interface Announced {
  readonly bytes: number;
  readonly request: string;
  readonly sha256: Sha256Hex;
}

export interface UploadState extends Announced {
  readonly id: string;
  /** How much has arrived: where the next stretch begins. */
  readonly arrived: number;
  readonly expiresAt: EpochMs;
}

export type BeginProblem = 'not-open' | 'too-long';
export type FindProblem = 'unknown' | 'expired';
/** `cut-off`: the stream broke, or somebody else goes on with this upload; what came before is kept. */
export type ReceiveProblem = FindProblem | 'wrong-offset' | 'too-long' | 'cut-off' | 'refused';

export interface Uploads {
  begin(announced: Announced): Promise<Result<UploadState, BeginProblem>>;
  /** Ends a write that is still under way: whoever asks has lost it. */
  state(id: string): Promise<Result<UploadState, FindProblem>>;
  /**
   * Appends a stream at `offset`, which must be where the upload ends, and completes the upload with its last byte. `length` is
   * what the stream is said to hold; null when nobody said.
   */
  receive(
    id: string,
    offset: number,
    length: number | null,
    stream: Readable,
  ): Promise<Result<UploadState, ReceiveProblem>>;
}

const MAX_KNOWN = 1_000;

/** A stream holds more than what was announced. */
class TooLong extends Error {}

/** The stream's chunks, left open when their reader gives up: the answer still has to go out on the same connection. */
const chunksOf = async function* (stream: Readable, most: number): AsyncIterable<Uint8Array> {
  let left = most;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    left -= (chunk as Buffer).length;
    if (left < 0) throw new TooLong();
    yield chunk as Buffer;
  }
};

const TOO_LONG = failure('too-long', 'That is more than was announced.');
const CUT_OFF = failure('cut-off', 'The upload was cut off here; what came before is kept.');

/** Uploads over rows and bytes. A store that is full or cannot be reached rejects (see trouble.ts). */
export const createUploads = ({ db, bytes, maxBytes, lifetimeMs, now, isOpen, onComplete }: UploadRules): Uploads => {
  const turns = createTurns();
  /** Uploads that this hub has to do with, so that each stretch costs no query. */
  const known = new Map<string, UploadState>();

  const remember = (upload: UploadState): UploadState => {
    known.set(upload.id, upload);
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return upload;
  };

  const ask = async (id: string): Promise<UploadState | null> => {
    const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) return null;
    const found = await bytes.arrived(id);
    const arrived = found === 'gone' ? 0 : found === 'as-the-row-says' ? Number(row.arrived) : found;
    const expiresAt = row.created_at.getTime() + lifetimeMs;
    const { request_id: request, sha256 } = row;
    return remember({ id, arrived, expiresAt, bytes: Number(row.bytes), request, sha256 });
  };

  /** What was announced never changes: where the bytes themselves say how much has arrived, no query is needed. */
  const recall = async (id: string): Promise<UploadState | null> => {
    const upload = known.get(id);
    const arrived = upload === undefined ? null : await bytes.arrived(id);
    if (upload !== undefined && typeof arrived === 'number') return { ...upload, arrived };
    known.delete(id);
    return ask(id);
  };

  const find = async (id: string): Promise<Result<UploadState, FindProblem>> => {
    const upload = await recall(id);
    if (upload === null) return failure('unknown', 'There is no such upload.');
    if (upload.expiresAt < now()) return failure('expired', 'The time for this upload is over; begin a new one.');
    return ok(upload);
  };

  const append = async (upload: UploadState, stream: Readable): Promise<Result<number, 'too-long' | 'cut-off'>> => {
    const { id, arrived } = upload;
    try {
      const end = await bytes.append(id, arrived, chunksOf(stream, upload.bytes - arrived), async (stored) => {
        await db.updateTable('uploads').set({ arrived: stored }).where('id', '=', id).execute();
      });
      return ok(end);
    } catch (error) {
      if (error instanceof TooLong) return TOO_LONG;
      if (error === stream.errored) return CUT_OFF;
      throw error;
    }
  };

  const write = (id: string, offset: number, length: number | null, stream: Readable) =>
    turns.take(id, async (stop): Promise<Result<UploadState, ReceiveProblem>> => {
      const found = await find(id);
      if (!found.ok) return found;
      if (offset !== found.value.arrived) {
        return failure('wrong-offset', `${found.value.arrived} bytes have arrived: the next stretch begins there.`);
      }
      if (offset + (length ?? 0) > found.value.bytes) return TOO_LONG;
      const end = (): void => void stream.destroy(new Error('another request goes on with this upload'));
      stop.addEventListener('abort', end);
      const appended = await append(found.value, stream);
      stop.removeEventListener('abort', end);
      return appended.ok ? ok({ ...found.value, arrived: appended.value }) : appended;
    });

  return {
    begin: async ({ bytes: length, request, sha256 }) => {
      if (length > maxBytes) return failure('too-long', `A package has at most ${maxBytes} bytes here.`);
      if (!(await isOpen(request))) {
        return failure(
          'not-open',
          'Packages are taken for open requests only; this one is closed, expired or unknown.',
        );
      }
      // 128 random bits: whoever knows an upload's address may go on with it, and nobody can guess one.
      const [id, createdAt] = [randomBytes(16).toString('hex'), now()];
      await bytes.begin(id);
      await db
        .insertInto('uploads')
        .values({ id, request_id: request, sha256, bytes: length, arrived: 0, created_at: new Date(createdAt) })
        .execute();
      return ok(remember({ id, request, sha256, bytes: length, arrived: 0, expiresAt: createdAt + lifetimeMs }));
    },

    state: (id) => turns.take(id, () => find(id)),

    receive: async (id, offset, length, stream) => {
      // Who reads it hears of its errors as well; once nobody does, they concern nobody.
      stream.on('error', () => undefined);
      const written = await write(id, offset, length, stream);
      if (!written.ok || written.value.arrived < written.value.bytes) return written;
      known.delete(id);
      const problem = await onComplete(id);
      return problem === null ? written : failure('refused', problem);
    },
  };
};
