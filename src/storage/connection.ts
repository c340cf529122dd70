/** The stores' shared way to the database: opened once, reopened when the browser or another tab closed it, failures as data. */
import type { IDBPTransaction } from 'idb';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { PorchlightSchema, StoreFailure } from '../contracts/storage.ts';
import { type Database, openDatabase, type OpenOptions, type StoreName } from './open-database.ts';

type WriteTransaction<Names extends StoreName[]> = IDBPTransaction<PorchlightSchema, Names, 'readwrite'>;

export interface Connection {
  /** Runs `work` on the open database, once more on a fresh connection when the old one turns out to be closed. Throws what `work` throws. */
  read<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /**
   * One strict transaction: on the disk when this returns ok, wholly undone otherwise. `work` may await only the
   * transaction's own requests.
   */
  write<Names extends StoreName[]>(
    names: Names,
    work: (transaction: WriteTransaction<Names>) => Promise<unknown>,
  ): Promise<Result<void, StoreFailure>>;
  close(): void;
  /** Closes it for good: every later call fails. */
  end(): void;
}

/** Makes all requests at once. One that throws on the spot, such as for a value that cannot be kept, leaves no other unheard. */
export const together = (...requests: (() => Promise<unknown>)[]): Promise<unknown> =>
  Promise.all(requests.map(async (request) => request()));

const isClosed = (error: unknown): boolean => error instanceof DOMException && error.name === 'InvalidStateError';

const asFailure = (error: unknown): Result<never, StoreFailure> => {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'QuotaExceededError':
      return failure('quota-exceeded', 'There is not enough room on this device; nothing of it was kept.');
    case 'ConstraintError':
      return failure('duplicate', 'The very same recording is already in the library.');
    default:
      return failure(
        'storage-unavailable',
        `The library on this device did not take it (${error instanceof Error ? error.message : String(error)}).`,
      );
  }
};

const attempt = async <Names extends StoreName[]>(
  database: Database,
  names: Names,
  work: (transaction: WriteTransaction<Names>) => Promise<unknown>,
): Promise<Result<void, StoreFailure>> => {
  const transaction = database.transaction(names, 'readwrite', { durability: 'strict' });
  const done = transaction.done.then(
    () => null,
    (error: unknown) => error,
  );
  try {
    await work(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // Already undone by the browser: `error` says why, or the transaction does.
    }
    await done;
    // A full disk shows on the transaction; its requests only say that they were aborted.
    return asFailure(transaction.error ?? error);
  }
  const problem = await done;
  return problem === null ? ok(undefined) : asFailure(transaction.error ?? problem);
};

/** Opens the database; the connection heals itself afterwards. */
export const connect = async (
  options: Omit<OpenOptions, 'onClosed'> = {},
): Promise<Result<Connection, 'storage-unavailable'>> => {
  type Opened = Result<Database, 'storage-unavailable'>;
  let current: Promise<Opened> | null = null;
  let ended = false;
  const open = (): Promise<Opened> => {
    if (ended)
      return Promise.resolve(failure('storage-unavailable', 'Everything was erased. Reload the page to begin anew.'));
    const forget = (): void => {
      if (current === opening) current = null;
    };
    const opening: Promise<Opened> = current ?? openDatabase({ ...options, onClosed: forget });
    current = opening;
    return opening.then((opened) => {
      // The next call tries again: the other tab may be closed by then.
      if (!opened.ok) forget();
      return opened;
    });
  };

  const first = await open();
  if (!first.ok) return first;

  const close = (): void => {
    void current?.then((opened) => opened.ok && opened.value.close());
    current = null;
  };

  const withDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    for (let retry = false; ; retry = true) {
      const opened = await open();
      if (!opened.ok) throw new DOMException(opened.detail, 'UnknownError');
      try {
        return await work(opened.value);
      } catch (error) {
        if (retry || !isClosed(error)) throw error;
        current = null;
      }
    }
  };

  return ok({
    read: withDatabase,
    write: async (names, work) => {
      try {
        return await withDatabase((database) => attempt(database, names, work));
      } catch (error) {
        return asFailure(error);
      }
    },
    close,
    end: () => {
      ended = true;
      close();
    },
  });
};
