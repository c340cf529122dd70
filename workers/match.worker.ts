/** The match worker: one engine per session of the page; opens the library for each run, reads it ahead of the first, and closes it again. */
import { expose, transfer } from 'comlink';
import type { MatchApi, SessionFailure } from '../src/contracts/match-api.ts';
import { type Failure, failure, ok } from '../src/contracts/result.ts';
import { loadKernel } from '../wasm/kernel.ts';
import { reference } from '../wasm/reference.ts';
import type { ColumnSource } from './match/column-source.ts';
import { databaseSource, type LibraryAhead, openLibrary, readAhead } from './match/database-source.ts';
import { createMatchEngine, type MatchEngine } from './match/engine.ts';

let current: { readonly session: string; readonly engine: MatchEngine } | null = null;

const engineOf = (session: string): MatchEngine | null => (current?.session === session ? current.engine : null);

const lost = (): Failure<'session-lost'> => failure('session-lost', 'The comparison has to begin again.');

/** Opened and read while requests still arrive: at a page's start the browser takes longer for that than for everything else. */
let ahead: Promise<LibraryAhead> | null = null;

const beginAhead = (): void => {
  ahead?.then(
    ({ database }) => database.close(),
    () => undefined,
  );
  ahead = readAhead();
  // Told when it is used.
  ahead.catch(() => undefined);
};

const inLibrary = async <T>(
  opening: Promise<Pick<LibraryAhead, 'database'> & Partial<LibraryAhead>>,
  work: (source: ColumnSource) => Promise<T>,
): Promise<T> => {
  const { database, read = null } = await opening;
  try {
    return await work(databaseSource(database, read));
  } finally {
    database.close();
  }
};

const opened = async (): Promise<Pick<LibraryAhead, 'database'>> => ({ database: await openLibrary() });

const withLibrary = async <T>(work: (source: ColumnSource) => Promise<T>): Promise<T | Failure<SessionFailure>> => {
  const early = ahead;
  ahead = null;
  try {
    if (!early) return await inLibrary(opened(), work);
    return await inLibrary(early, work).catch((error: unknown) => {
      // Another tab may have closed it meanwhile, or made it.
      if (error instanceof DOMException) return inLibrary(opened(), work);
      throw error;
    });
  } catch (error) {
    if (error instanceof RangeError) return failure('out-of-memory', error.message);
    if (!(error instanceof DOMException)) throw error;
    // What was read half may not be built on.
    current = null;
    return failure('storage-unavailable', `The library on this device could not be read (${error.message}).`);
  }
};

const api: MatchApi = {
  begin: async (session) => {
    beginAhead();
    current = { session, engine: createMatchEngine(loadKernel() ?? reference, () => performance.now()) };
  },
  put: async (session, requests) => {
    const engine = engineOf(session);
    if (!engine) return lost();
    engine.put(requests);
    return ok(undefined);
  },
  drop: async (session, numbers) => {
    const engine = engineOf(session);
    if (!engine) return lost();
    engine.drop(numbers);
    return ok(undefined);
  },
  match: async (session) => {
    const engine = engineOf(session);
    if (!engine) return lost();
    return withLibrary(async (source) => {
      const answer = await engine.match(source, Date.now());
      for (const sentence of answer.rebuilt) console.warn(sentence);
      const buffers = Object.values(answer.columns).map(({ buffer }) => buffer);
      return transfer(ok(answer), buffers);
    });
  },
  matchesOf: async (session, number) => {
    const engine = engineOf(session);
    if (!engine) return lost();
    return withLibrary(async (source) => ok(await engine.matchesOf(source, number)));
  },
};

expose(api);
