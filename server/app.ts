/** The hub as one function from Request to Response, with everything it needs opened and checked beforehand. */
import { Hono } from 'hono';
import { SECURITY_HEADERS } from '../src/contracts/security-headers.ts';
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
import { INTERNAL, NOT_FOUND, problemResponse } from './problems.ts';
import { createPublishing } from './publishing.ts';
import { createRateLimiter } from './rate-limit.ts';
import { packageRoutes } from './routes/packages.ts';
import { recordRoutes } from './routes/record.ts';
import { sameOriginOnly } from './same-origin.ts';
import { openDataFolder, type DataFolderProblem } from './stores/data-folder.ts';
import { openDatabase } from './stores/database.ts';
import { createDocumentStore, type DocumentStore } from './stores/documents.ts';
import { createPackageStore } from './stores/packages.ts';
import { createUploads } from './stores/uploads.ts';

export type HubProblem = DataFolderProblem | 'bad-directory' | 'bad-hub-key';

export interface Hub {
  /** Never throws; every response carries the security headers. */
  fetch(request: Request, bindings?: HubEnv['Bindings']): Promise<Response>;
  /** The record behind the API, unchecked: for the demo's exhibits and for tests. */
  readonly documents: DocumentStore;
  /** Closes the database and gives the data folder free. */
  close(): Promise<void>;
}

const CLEANING_INTERVAL_MS = 3_600_000;

const withSecurityHeaders = (response: Response): Response => {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
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

  const folder = await openDataFolder(options.dataDir);
  if (!folder.ok) return folder;
  const opened = await openDatabase(folder.value.database);
  if (!opened.ok) {
    await folder.value.release();
    return opened;
  }
  const database = opened.value;

  const documents = createDocumentStore(database);
  const publishing = createPublishing(documents, trusted.value, now);
  const uploads = createUploads({
    folder: folder.value.uploads,
    maxBytes: options.maxPackageBytes ?? DEFAULT_MAX_PACKAGE_BYTES,
    lifetimeMs: options.unfinishedLifetimeMs ?? DEFAULT_UNFINISHED_LIFETIME_MS,
    isOpen: publishing.isOpen,
    onComplete: async (id) => {
      const finished = await packages.finish(id);
      return finished.ok ? null : finished.detail;
    },
  });
  const packages = createPackageStore({
    db: database,
    folder: folder.value,
    uploads: uploads.store,
    signer: signer.value,
    now,
  });
  const clean = () => uploads.tus.cleanUpExpiredUploads();
  await clean();
  const cleaning = setInterval(() => void clean().catch(() => undefined), CLEANING_INTERVAL_MS);
  cleaning.unref();

  const limit = createRateLimiter({ ...DEFAULT_RATE_LIMITS, ...options.rateLimits }, now);
  const app = new Hono<HubEnv>();
  app.use('/v1/*', sameOriginOnly);
  app.route('/v1/packages', packageRoutes(uploads.tus, packages, limit));
  app.route(
    '/v1',
    recordRoutes({
      directoryNote: options.directoryNote,
      trusted: trusted.value,
      store: documents,
      publishing,
      limit,
      now,
    }),
  );
  app.all('/v1/*', () => problemResponse(NOT_FOUND));
  app.route('/', pageRoutes(options.distDir, options.demoDir));
  app.onError((error) => {
    console.error(error);
    return problemResponse(INTERNAL);
  });

  return ok({
    documents,
    fetch: async (request, bindings = {}) =>
      withSecurityHeaders(options.onRequest?.(request) ?? (await app.fetch(request, bindings))),
    close: async () => {
      clearInterval(cleaning);
      await database.destroy();
      await folder.value.release();
    },
  });
};
