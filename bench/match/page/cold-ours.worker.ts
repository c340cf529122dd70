/** From a page just opened to all matches with the product's engine: what the match worker does, without the messages. */
import { expose } from 'comlink';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { databaseSource, openLibrary } from '../../../workers/match/database-source.ts';
import { createMatchEngine } from '../../../workers/match/engine.ts';
import type { ColdApi } from './cold.ts';
import { makeScene, SIZES } from './scene.ts';

const api: ColdApi = {
  run: async (name) => {
    const began = performance.now();
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const { requests } = makeScene(size);
    const madeMs = performance.now() - began;
    const opening = openLibrary();
    const engine = createMatchEngine(loadKernel() ?? reference, () => performance.now());
    engine.put(requests);
    const database = await opening;
    const { columns, rebuilt } = await engine.match(databaseSource(database), Date.now());
    database.close();
    if (rebuilt.length > 0) throw new Error(rebuilt[0]);
    return { madeMs, matches: columns.recordings.reduce((sum, n) => sum + n, 0) };
  },
};

expose(api);
