/** The match worker: opens the library for one run of the engine and closes it again. */
import { expose } from 'comlink';
import type { MatchApi } from '../src/contracts/match-api.ts';
import { failure, ok } from '../src/contracts/result.ts';
import { databaseSource, openLibrary } from './match/database-source.ts';
import { matchAll } from './match/engine.ts';

const api: MatchApi = {
  matchAll: async (requests) => {
    try {
      const database = await openLibrary();
      try {
        return ok(await matchAll(requests, databaseSource(database), Date.now()));
      } finally {
        database.close();
      }
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return failure('storage-unavailable', `The library on this device could not be read (${error.message}).`);
    }
  },
};

expose(api);
