/** Opens the page's one database: numbered upgrade steps, and what happens when another tab or the browser interferes. */
import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { failure, ok, type Result } from '../contracts/result.ts';
import { DATABASE_NAME, type PorchlightSchema } from '../contracts/storage.ts';

export type Database = IDBPDatabase<PorchlightSchema>;
export type StoreName = StoreNames<PorchlightSchema>;
export type UpgradeTransaction = IDBPTransaction<PorchlightSchema, StoreName[], 'versionchange'>;

/**
 * Takes the database from one version to the next. A step may await only requests of its own transaction: the browser
 * commits across any other wait. If it throws, the upgrade is undone and the old data stay.
 */
export type UpgradeStep = (database: Database, transaction: UpgradeTransaction) => void | Promise<void>;

const createStores: UpgradeStep = (database) => {
  database.createObjectStore('cameras', { keyPath: 'id' });
  const recordings = database.createObjectStore('recordings', { keyPath: 'id' });
  recordings.createIndex('sha256', 'sha256', { unique: true });
  recordings.createIndex('camera', 'cameraId');
  recordings.createIndex('cameraStart', ['cameraId', 'time.startMs']);
  recordings.createIndex('cameraOtherStart', ['cameraId', 'time.otherStartMs']);
  recordings.createIndex('cameraDuration', ['cameraId', 'durationMs']);
  database.createObjectStore('videos');
  database.createObjectStore('thumbnails');
  database.createObjectStore('notes', { keyPath: 'key' });
  database.createObjectStore('shares', { keyPath: 'id' });
  database.createObjectStore('packages');
  database.createObjectStore('ledger', { autoIncrement: true });
  database.createObjectStore('settings');
};

/**
 * Version 2: the list of files that an import still has to read; keys of roles and comments, histories seen, files of the hub. And a recording now lasts from its first frame, not from its timeline's
 * zero: what comes before the first frame is taken off.
 */
const keepImportsAndCountFromFirstFrame: UpgradeStep = async (database, transaction) => {
  database.createObjectStore('imports', { keyPath: 'id' });
  database.createObjectStore('importFiles');
  database.createObjectStore('roleKeys', { keyPath: 'id' });
  database.createObjectStore('commentKeys', { keyPath: 'request' });
  database.createObjectStore('seenHistories', { keyPath: 'agency' });
  database.createObjectStore('hubFiles', { keyPath: 'path' });
  database.createObjectStore('ledgerBodies');
  // Filled from the rows when the match first reads them.
  database.createObjectStore('columns', { keyPath: ['camera', 'chunk'] });
  database.createObjectStore('columnIds', { keyPath: ['camera', 'chunk'] });
  database.createObjectStore('columnHeads', { keyPath: 'camera' });
  const recordings = transaction.objectStore('recordings');
  for (const old of await recordings.getAll()) {
    if (old.firstFrameAt <= 0) continue;
    await recordings.put({ ...old, durationMs: Math.max(1, old.durationMs - old.firstFrameAt * 1_000) });
  }
};

/** Version 3: what an agency has typed but not posted, and what it posted from here. */
const keepAgencyDrafts: UpgradeStep = (database) => {
  database.createObjectStore('requestForms', { keyPath: 'agency' });
  database.createObjectStore('postedRequests', { keyPath: 'id' });
};

/** Step `n` (from 0) takes version `n` to `n + 1`. Released steps are never edited: a change is a new step at the end. */
export const UPGRADE_STEPS: readonly UpgradeStep[] = [
  createStores,
  keepImportsAndCountFromFirstFrame,
  keepAgencyDrafts,
];

/** How long to wait for other tabs, which close their connections when asked, before giving up. */
const BLOCKED_PATIENCE_MS = 5_000;

export interface OpenOptions {
  readonly name?: string;
  readonly steps?: readonly UpgradeStep[];
  /** Called when the connection is gone: closed for another tab's upgrade or deletion, or ended by the browser. */
  readonly onClosed?: () => void;
}

const plainReason = (error: unknown): string => {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  switch (name) {
    case 'VersionError':
      return 'This browser holds a library made by a newer version of this page. Reload the page to get that version.';
    case 'QuotaExceededError':
      return 'The disk has no room left for the library.';
    case 'SecurityError':
    case 'InvalidStateError':
      return 'This browser does not let the page keep anything, as in some private windows. Use an ordinary window.';
    default:
      return `The library on this device could not be opened (${error instanceof Error ? error.message : String(error)}).`;
  }
};

const upgrade =
  (steps: readonly UpgradeStep[]) =>
  async (database: Database, oldVersion: number, transaction: UpgradeTransaction): Promise<void> => {
    try {
      for (const step of steps.slice(oldVersion)) await step(database, transaction);
    } catch (error) {
      // Half an upgrade must not be committed. Aborting makes the open request fail, which is where the error is reported.
      transaction.done.catch(() => undefined);
      transaction.abort();
      throw error;
    }
  };

/** Opens the database and brings it to the version that `steps` leads to. Never throws, never waits for ever. */
export const openDatabase = async ({
  name = DATABASE_NAME,
  steps = UPGRADE_STEPS,
  onClosed,
}: OpenOptions = {}): Promise<Result<Database, 'storage-unavailable'>> => {
  let giveUp: (value: null) => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blockedTooLong = new Promise<null>((resolve) => {
    giveUp = resolve;
  });
  let stepError: unknown = null;
  const run = upgrade(steps);
  try {
    const opening = openDB<PorchlightSchema>(name, steps.length, {
      upgrade: (database, oldVersion, _newVersion, transaction) => {
        run(database, oldVersion, transaction).catch((error: unknown) => {
          stepError = error;
        });
      },
      blocked: () => {
        timer = setTimeout(() => giveUp(null), BLOCKED_PATIENCE_MS);
      },
      // Another tab wants to upgrade or delete: make way at once, or it waits for ever.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        onClosed?.();
      },
      terminated: () => onClosed?.(),
    });
    const database = await Promise.race([opening, blockedTooLong]);
    if (database) return ok(database);
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    return failure(
      'storage-unavailable',
      'Another tab holds an older version of this page open. Close the other tabs and reload.',
    );
  } catch (error) {
    return failure('storage-unavailable', plainReason(stepError ?? error));
  } finally {
    clearTimeout(timer);
  }
};
