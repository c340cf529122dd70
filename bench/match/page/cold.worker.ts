/** From a page just opened to all matches, once with the product's engine and once with rows, rbush and turf. */
import { expose } from 'comlink';
import { openDB } from 'idb';
import { DATABASE_NAME, type PorchlightSchema } from '../../../src/contracts/storage.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { databaseSource, openLibrary } from '../../../workers/match/database-source.ts';
import { createMatchEngine } from '../../../workers/match/engine.ts';
import { makeScene, SIZES } from './scene.ts';
import { matchWithTurf, turfBoxes, turfRequests, type TurfCamera } from './turf.ts';

export interface Cold {
  /** Making the requests, which is not part of it. */
  readonly madeMs: number;
  readonly matches: number;
}

const api = {
  ours: async (name: string): Promise<Cold> => {
    const began = performance.now();
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const { requests } = makeScene(size);
    const madeMs = performance.now() - began;
    const engine = createMatchEngine(loadKernel() ?? reference, () => performance.now());
    engine.put(requests);
    const database = await openLibrary();
    const { columns, rebuilt } = await engine.match(databaseSource(database), Date.now());
    database.close();
    if (rebuilt.length > 0) throw new Error(rebuilt[0]);
    return { madeMs, matches: columns.recordings.reduce((sum, n) => sum + n, 0) };
  },
  turf: async (name: string): Promise<Cold> => {
    const began = performance.now();
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const requests = turfRequests(makeScene(size).requests);
    const madeMs = performance.now() - began;
    const database = await openDB<PorchlightSchema>(DATABASE_NAME);
    const cameras = await database.getAll('cameras');
    const rows = await database.getAll('recordings');
    database.close();
    const byCamera = Map.groupBy(rows, ({ cameraId }) => cameraId);
    const asked = cameras.map(({ id, place }): TurfCamera => ({
      place: [place?.[0] ?? 0, place?.[1] ?? 0],
      recordings: (byCamera.get(id) ?? []).map(({ time, durationMs }, i) => ({
        id: i,
        start: time.startMs ?? 0,
        end: (time.startMs ?? 0) + durationMs,
      })),
    }));
    return { madeMs, matches: matchWithTurf(asked, turfBoxes(requests)).length };
  },
};
export type ColdApi = typeof api;

expose(api);
