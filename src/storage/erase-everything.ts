/** Erases everything that this page has kept in the browser: database, caches, service worker, files of the origin. */
import { deleteDB } from 'idb';
import { failure, ok, type Result } from '../contracts/result.ts';

export interface EraseParts {
  /** Closes the stores' connection for good, so that nothing opens the database anew. */
  readonly end: () => void;
  readonly databaseName: string;
  readonly container: ServiceWorkerContainer | null;
  /** Null where the browser has no Cache API. */
  readonly caches: CacheStorage | null;
  /** The root of the origin's private file system; null where there is none. */
  readonly directory: (() => Promise<FileSystemDirectoryHandle>) | null;
}

/** Other tabs close their connections when asked; one of an older version may not. */
const PATIENCE_MS = 10_000;

/**
 * The service worker goes first, because it would fill its caches again. `storage-unavailable` when another tab holds the database: then
 * it is deleted as soon as that tab is closed, and everything else is gone already.
 */
export const eraseEverything = async ({
  end,
  databaseName,
  container,
  caches,
  directory,
}: EraseParts): Promise<Result<void, 'storage-unavailable'>> => {
  const registrations = (await container?.getRegistrations()) ?? [];
  await Promise.all(registrations.map((registration) => registration.unregister()));
  const names = (await caches?.keys()) ?? [];
  await Promise.all(names.map(async (name) => caches?.delete(name)));
  const root = await directory?.().catch(() => null);
  for await (const name of root?.keys() ?? []) await root?.removeEntry(name, { recursive: true });
  end();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<'held'>((resolve) => {
    timer = setTimeout(() => resolve('held'), PATIENCE_MS);
  });
  const outcome = await Promise.race([deleteDB(databaseName).then(() => 'gone' as const), tooLong]);
  clearTimeout(timer);
  return outcome === 'gone'
    ? ok(undefined)
    : failure(
        'storage-unavailable',
        'Another tab still holds the library. Close it, and the browser deletes the rest.',
      );
};
