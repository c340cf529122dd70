/** From a page just opened to all matches with rows, rbush and turf. */
import { expose } from 'comlink';
import { openDB } from 'idb';
import { DATABASE_NAME, type PorchlightSchema } from '../../../src/contracts/storage.ts';
import type { ColdApi } from './cold.ts';
import { makeScene, SIZES } from './scene.ts';
import { matchWithTurf, turfBoxes, turfRequests, type TurfCamera } from './turf.ts';

const api: ColdApi = {
  run: async (name) => {
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

expose(api);
