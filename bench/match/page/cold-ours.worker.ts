/** From a page just opened to all matches with the product's engine: what the match worker does, without what the messages carry. */
import { expose } from 'comlink';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { databaseSource, readAhead } from '../../../workers/match/database-source.ts';
import { createMatchEngine } from '../../../workers/match/engine.ts';
import type { ColdApi } from './cold.ts';
import { makeScene, SIZES } from './scene.ts';

/** As many as the product's page sends in one message. */
const BATCH = 500;

/** Until a message that waits has been heard, as between two batches. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

const api: ColdApi = {
  run: async (name) => {
    const began = performance.now();
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const { requests } = makeScene(size);
    const madeMs = performance.now() - began;
    const ahead = readAhead();
    const engine = createMatchEngine(loadKernel() ?? reference, () => performance.now());
    for (let first = 0; first < requests.length; first += BATCH) {
      await turn();
      engine.put(requests.slice(first, first + BATCH));
    }
    const { database, read } = await ahead;
    const { columns, rebuilt } = await engine.match(databaseSource(database, read), Date.now());
    database.close();
    if (rebuilt.length > 0) throw new Error(rebuilt[0]);
    return { madeMs, matches: columns.recordings.reduce((sum, n) => sum + n, 0) };
  },
};

expose(api);
