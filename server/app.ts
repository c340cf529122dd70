/** The hub as one function from Request to Response, with everything it needs opened and checked beforehand. */
import { Hono } from 'hono';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import { parseSignerKey } from '../src/core/signed-note.ts';
import { openDirectory } from '../src/core/trusted-directory.ts';
import type { HubEnv } from './env.ts';
import {
  DEFAULT_MAX_PACKAGE_BYTES,
  DEFAULT_RATE_LIMITS,
  DEFAULT_UNFINISHED_LIFETIME_MS,
  type HubOptions,
} from './options.ts';
import { pageRoutes } from './page.ts';
import { INTERNAL, NOT_FOUND, problemResponse, troubleResponse } from './problems.ts';
import { createCommenting } from './commenting.ts';
import { createFeedFiles, type FeedFiles } from './feed.ts';
import { createPublishing } from './publishing.ts';
import { createRateLimiter } from './rate-limit.ts';
import { commentRoutes } from './routes/comments.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { packageRoutes } from './routes/packages.ts';
import { recordRoutes } from './routes/record.ts';
import { sameOriginOnly } from './same-origin.ts';
import { createCommentStore } from './stores/comments.ts';
import { openDataFolder, type DataFolderProblem } from './stores/data-folder.ts';
import { connectDatabase, openEmbeddedDatabase, type HubDatabase } from './stores/database.ts';
import { createDocumentStore, type DocumentStore } from './stores/documents.ts';
import { createPackageBucket } from './stores/package-bucket.ts';
import type { PackageBytes } from './stores/package-bytes.ts';
import { adoptOldUploads, createPackageFolder } from './stores/package-folder.ts';
import { createPackageStore } from './stores/packages.ts';
import { createS3 } from './stores/s3.ts';
import { troubleOf, type Trouble } from './stores/trouble.ts';
import { createUploads } from './stores/uploads.ts';
import { createWhoSigns } from './who-signs.ts';

export type HubProblem = DataFolderProblem | 'bad-directory' | 'bad-hub-key';

export interface Hub {
  /** Never throws. The listener of main.ts adds the security headers: on the wire every answer has them. */
  fetch(request: Request, bindings?: HubEnv['Bindings']): Promise<Response>;
  /** The record behind the API, unchecked: for the demo's exhibits and for tests. */
  readonly documents: DocumentStore;
  /** The feed's files, for a plain static host. */
  readonly feed: FeedFiles;
  /** Removes what is left of uploads that nothing has come of, as is done at the start and every hour; how many there were. */
  sweep(): Promise<number>;
  /** Closes the database and gives the data folder free. */
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 3_600_000;

/** The sentence for the log: what passes needs no stack. */
const logTrouble = (error: unknown): Trouble | null => {
  const trouble = troubleOf(error);
  console.error(trouble === null ? error : `${trouble}: ${error instanceof Error ? error.message : String(error)}`);
  return trouble;
};

interface OpenedStores {
  readonly database: HubDatabase;
  readonly bytes: PackageBytes;
  release(): Promise<void>;
}

/** The data folder with its lock, then the database, then the place for packages: each by default or elsewhere, as the options say. */
const openStores = async ({
  dataDir,
  databaseUrl,
  s3,
}: HubOptions): Promise<Result<OpenedStores, DataFolderProblem>> => {
  const folder = await openDataFolder(dataDir, databaseUrl !== undefined);
  if (!folder.ok) return folder;
  const { uploads, packages, release } = folder.value;
  const opened =
    databaseUrl === undefined ? await openEmbeddedDatabase(folder.value.database) : await connectDatabase(databaseUrl);
  if (!opened.ok) {
    await release();
    return opened;
  }
  const database = opened.value;
  await adoptOldUploads(uploads, async ({ id, request, sha256, bytes, createdAt }) => {
    await database
      .insertInto('uploads')
      .values({ id, request_id: request, sha256, bytes, arrived: 0, created_at: createdAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
  const bytes = s3 === undefined ? createPackageFolder(uploads, packages) : createPackageBucket(createS3(s3));
  return ok({ database, bytes, release });
};

/** Checks directory and key, takes the data folder, opens the database; the hub answers at once when this returns. */
export const createHub = async (options: HubOptions): Promise<Result<Hub, HubProblem>> => {
  const now = options.now ?? Date.now;
  const trusted = await openDirectory(options.directoryNote, options.rootKey);
  if (!trusted.ok) return failure('bad-directory', trusted.detail);
  const signer = await parseSignerKey(options.hubKey);
  if (!signer.ok) return failure('bad-hub-key', signer.detail);
  if (signer.value.verifierKey !== trusted.value.directory.hub.key) {
    return failure('bad-hub-key', 'The hub’s key is not the one in the directory: nobody could check its receipts.');
  }

  const stores = await openStores(options);
  if (!stores.ok) return stores;
  const { database, bytes, release } = stores.value;

  const feedChanged = (): void => feed.changed();
  const documents = createDocumentStore(database, feedChanged);
  const comments = createCommentStore(database, feedChanged);
  const feed = createFeedFiles({ documents, comments, now, ...options.feed });
  const publishing = createPublishing(documents, trusted.value, now);
  const commenting = createCommenting({ store: comments, trusted: trusted.value, now, isOpen: publishing.isOpen });
  const whoSigns = createWhoSigns(trusted.value, now);
  const lifetimeMs = options.unfinishedLifetimeMs ?? DEFAULT_UNFINISHED_LIFETIME_MS;
  const packages = createPackageStore({ db: database, bytes, signer: signer.value, now });
  const uploads = createUploads({
    db: database,
    bytes,
    maxBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    lifetimeMs,
    now,
    isOpen: publishing.isOpen,
    onComplete: async (id) => {
      const finished = await packages.finish(id);
      return finished.ok ? null : finished.detail;
    },
  });
  // A store that cannot be reached now is swept next time.
  const sweep = (): Promise<unknown> => packages.sweep(lifetimeMs).catch(logTrouble);
  await sweep();
  const sweeping = setInterval(() => void sweep(), SWEEP_INTERVAL_MS);
  sweeping.unref();

  const limit = createRateLimiter({ ...DEFAULT_RATE_LIMITS, ...options.rateLimits }, now, options.trustProxy);
  const app = new Hono<HubEnv>();
  app.use('/v1/*', sameOriginOnly);
  app.route('/v1/packages', packageRoutes(uploads, packages, limit));
  app.route('/v1/inbox', inboxRoutes({ packages, whoSigns, limit, now }));
  app.route('/v1', commentRoutes(commenting, feed, limit));
  app.route(
    '/v1',
    recordRoutes({
      directoryNote: options.directoryNote,
      trusted: trusted.value,
      store: documents,
      feed,
      publishing,
      whoSigns,
      limit,
    }),
  );
  app.all('/v1/*', () => problemResponse(NOT_FOUND));
  app.route('/', pageRoutes(options.distDir, options.demoDir));
  app.onError((error) => {
    const trouble = logTrouble(error);
    return trouble === null ? problemResponse(INTERNAL) : troubleResponse(trouble);
  });

  return ok({
    documents,
    feed,
    sweep: async () => packages.sweep(lifetimeMs),
    fetch: async (request, bindings = {}) => options.onRequest?.(request) ?? app.fetch(request, bindings),
    close: async () => {
      clearInterval(sweeping);
      await database.destroy();
      await release();
    },
  });
};
