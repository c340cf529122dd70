/** The benchmark's page: starts the engines' workers, and watches its own thread for tasks that hold it up. */
import { wrap, type Remote } from 'comlink';
import { createMatcher } from '../../../src/bridge/match.ts';
import FloorCold from './cold-floor.worker.ts?worker';
import OursCold from './cold-ours.worker.ts?worker';
import TurfCold from './cold-turf.worker.ts?worker';
import { createDuckdb } from './duckdb.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { fillLibrary } from './library.ts';
import { makeScene, SIZES } from './scene.ts';
import StressWorker from './stress.worker.ts?worker';
import SqliteWorker from './sqlite.worker.ts?worker';
import TurfWorker from './turf.worker.ts?worker';
import TypedWorker from './typed.worker.ts?worker';
import type { ColdApi } from './cold.ts';
import type { StressApi } from './stress.worker.ts';
import type { SqliteApi } from './sqlite.worker.ts';
import type { TurfApi } from './turf.worker.ts';
import type { TypedApi } from './typed.worker.ts';
import type { Timed } from './world.ts';

let typed: Remote<TypedApi> | null = null;
let alone: Remote<StressApi> | null = null;
let turf: Remote<TurfApi> | null = null;
let sqlite: Remote<SqliteApi> | null = null;
let duckdb: Awaited<ReturnType<typeof createDuckdb>> | null = null;
let workers: Worker[] = [];

let longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: 'longtask', buffered: true });

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const started = <Api>(worker: Worker): Remote<Api> => {
  workers.push(worker);
  return wrap<Api>(worker);
};

const need = <T>(engine: T | null): T => {
  if (engine === null) throw new Error('not prepared');
  return engine;
};

const COLD = { ours: OursCold, turf: TurfCold, floor: FloorCold } as const;
export type ColdEngine = keyof typeof COLD;

const bench = {
  prepare: async (name: string, peers: readonly string[]): Promise<void> => {
    typed = started<TypedApi>(new TypedWorker());
    await typed.prepare(name);
    if (peers.length > 0) await typed.preparePeers();
    if (peers.includes('turf')) {
      turf = started<TurfApi>(new TurfWorker());
      await turf.prepare(name);
    }
    if (peers.includes('sqlite')) {
      sqlite = started<SqliteApi>(new SqliteWorker());
      await sqlite.prepare(name);
    }
    if (peers.includes('duckdb')) duckdb = await createDuckdb(name);
  },
  /** The engine in the page alone, for its memory. */
  prepareAlone: async (name: string): Promise<void> => {
    alone = started<StressApi>(new StressWorker());
    await alone.prepare(name);
  },
  runAlone: (engine: 'kernelRuns' | 'twinRuns'): Promise<Timed> => need(alone)[engine](),
  bruteSomeAlone: (count: number) => need(alone).bruteSome(count),
  end: async (): Promise<void> => {
    for (const worker of workers) worker.terminate();
    workers = [];
    [typed, turf, sqlite, alone] = [null, null, null, null];
    await duckdb?.close();
    duckdb = null;
  },
  run: (engine: string): Promise<Timed> => {
    switch (engine) {
      case 'kernel':
        return need(typed).kernel();
      case 'kernelRuns':
        return need(typed).kernelRuns();
      case 'twin':
        return need(typed).twin();
      case 'twinRuns':
        return need(typed).twinRuns();
      case 'rbushRuns':
        return need(typed).rbushRuns();
      case 'turf':
        return need(turf).turf();
      case 'sqlite':
        return need(sqlite).sqlite();
      case 'duckdb':
        return need(duckdb).run();
      default:
        throw new Error(engine);
    }
  },
  brute: () => need(typed).brute(),
  bruteSome: (count: number) => need(typed).bruteSome(count),
  wrong: () => need(turf).wrong(),
  deltas: (engine: string, many: number) => (engine === 'turf' ? need(turf).deltas(many) : need(typed).deltas(many)),
  fill: fillLibrary,
  /** Milliseconds from an opened page, which opens its library and starts the worker, to the worker's answer. */
  cold: async (engine: ColdEngine, name: string): Promise<{ readonly ms: number; readonly matches: number }> => {
    const began = performance.now();
    const library = openStores();
    const worker = new COLD[engine]();
    const answer = await wrap<ColdApi>(worker).run(name);
    const ms = performance.now() - began - answer.madeMs;
    worker.terminate();
    const opened = await library;
    if (opened.ok) opened.value.end();
    return { ms, matches: answer.matches };
  },
  /** The product's own way: from the page through its worker, and one request opened. The longest task of the page's thread meanwhile. */
  product: async (name: string): Promise<{ readonly longestTaskMs: number; readonly matches: number }> => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const { requests } = makeScene(size);
    await rest(500);
    longest = 0;
    const matcher = createMatcher();
    const outcome = await matcher.matchAll(requests);
    if (!outcome.ok) throw new Error(outcome.detail);
    let matches = 0;
    let fullest = requests[0]?.id ?? '';
    let most = -1;
    for (const [i, { id }] of requests.entries()) {
      const recordings = outcome.value.verdictOf(id)?.recordings ?? 0;
      matches += recordings;
      if (recordings > most) [most, fullest] = [recordings, id];
      // A screen asks for the few that it shows.
      if (i % 1_000 === 999) await rest(0);
    }
    const opened = await matcher.matchesOf(fullest);
    if (!opened.ok || opened.value.length !== most) throw new Error('the opened request has other matches');
    await matcher.matchAll(requests.slice(1));
    await rest(300);
    return { longestTaskMs: longest, matches };
  },
};
export type MatchBench = typeof bench;

Reflect.set(globalThis, 'matchBench', bench);
