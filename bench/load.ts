/** `npm run bench -- load`: the first visit to the timeline, cold, against the least that a page of Vite and Lit can be. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium, type Browser } from '@playwright/test';
import { build } from 'vite';
import { startHub } from '../server/main.ts';
import { demoDirectoryNote, seedDemo } from '../tools/demo/documents.ts';
import { demoSigner } from '../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../tools/demo/root-key.ts';
import { browserFlags, ensureBrowser } from '../tools/find-browser.ts';
import { compressedKilobytes, firstScripts } from '../tools/first-scripts.ts';
import { interleave, type Contestant } from './common/interleave.ts';
import { summarize } from './common/statistics.ts';
import { atMost, rowOf, type BenchReport } from './report.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const SEED = 20_261_124;
const MOST_SCRIPT_KB = 110;
/** Bars of our own: as soon as the least page can, give or take; and what is called a good total blocking time. */
const MOST_FIRST_PAINT = 1.5;
const MOST_BLOCKED_MS = 200;
const OURS = 'Porchlight, timeline of the demo town';
const FLOOR = 'empty Vite + Lit page';

interface Visit {
  /** Milliseconds after the navigation began. */
  readonly firstPaint: number;
  readonly ready: number;
  /** Total blocking time until then: of each task longer than 50 ms, what is beyond, when a press of a key would have waited. */
  readonly blocked: number;
  readonly heading: string;
}

/** A hub that serves a built page, with the demo town's requests in it. */
const serve = async (dist: string, folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const anchor = Date.now();
  const started = await startHub({
    ...{ port: 0, host: '127.0.0.1', distDir: dist, demoDir: undefined, rootKey: DEMO_ROOT_KEY },
    dataDir: await mkdtemp(join(folder, 'hub-')),
    directoryNote: await demoDirectoryNote(anchor),
    hubKey: (await demoSigner('hub')).signerKey,
  });
  if (!started.ok) throw new Error(started.detail);
  const seeded = await seedDemo(started.value.hub, anchor);
  if (!seeded.ok) throw new Error(seeded.detail);
  return { url: started.value.url, stop: () => started.value.stop() };
};

/** One cold visit: a context of its own, so that neither cache nor service worker is there yet. */
const visit = async (browser: Browser, url: string, ready: string): Promise<Visit> => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries())
          Reflect.set(
            globalThis,
            'blocked',
            Number(Reflect.get(globalThis, 'blocked') ?? 0) + Math.max(0, duration - 50),
          );
      }).observe({ type: 'longtask', buffered: true });
    });
    await page.goto(url, { waitUntil: 'commit' });
    // What is looked for lies in shadow trees, which Playwright's own selectors pierce.
    const heading = await page.locator(ready).first().textContent();
    return await page.evaluate((text) => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
      const blocked = Number(Reflect.get(globalThis, 'blocked') ?? 0);
      return { firstPaint: paint, ready: performance.now(), blocked, heading: text ?? '' };
    }, heading);
  } finally {
    await context.close();
  }
};

export const run = async ({ quick }: { readonly quick: boolean }): Promise<BenchReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-bench-load-'));
  const [ours, floor] = [join(folder, 'ours'), join(folder, 'floor')];
  await build({ root: PROJECT, logLevel: 'error', build: { outDir: ours } });
  await build({
    ...{ root: join(import.meta.dirname, 'load/floor'), configFile: false, logLevel: 'error' },
    build: { outDir: floor, target: 'es2023', modulePreload: { polyfill: false } },
  });
  const hubs = [await serve(ours, folder), await serve(floor, folder)];
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: [...browserFlags()] });
  try {
    const visits = new Map<string, Visit[]>([
      [OURS, []],
      [FLOOR, []],
    ]);
    const contestant = (engine: string, url: string, ready: string): Contestant<Visit> => ({
      engine,
      run: async (round) => {
        const seen = await visit(browser, url, ready);
        if (round >= 0) visits.get(engine)?.push(seen);
        return { result: seen, ms: seen.ready };
      },
      check: ({ heading }) => (heading.trim() === '' ? 'Nothing was shown.' : null),
    });
    const timings = await interleave(
      // Ours is ready when a request of the town is shown, signatures and rules checked.
      [
        contestant(OURS, hubs[0]?.url ?? '', 'pl-request-card h2, pl-request-card h3'),
        contestant(FLOOR, hubs[1]?.url ?? '', 'h1'),
      ],
      { runs: quick ? 5 : 15, warmUps: 2, seed: SEED },
    );
    const scripts = new Map([
      [OURS, firstScripts(ours)],
      [FLOOR, firstScripts(floor)],
    ]);
    const median = (engine: string, of: (visit: Visit) => number): number =>
      summarize((visits.get(engine) ?? []).map(of)).median;
    const rows = timings.map((timing) => {
      const mine = scripts.get(timing.engine) ?? [];
      return rowOf('cold visit until the first request is shown', timing, {
        firstPaintMs: median(timing.engine, ({ firstPaint }) => firstPaint),
        blockedMs: median(timing.engine, ({ blocked }) => blocked),
        scripts: mine.length,
        gzipKB: compressedKilobytes(mine),
        brotliKB: compressedKilobytes(mine, brotliCompressSync),
      });
    });
    const ourScripts = scripts.get(OURS) ?? [];
    const paint = median(OURS, ({ firstPaint }) => firstPaint) / median(FLOOR, ({ firstPaint }) => firstPaint);
    return {
      rows,
      claims: [
        atMost('JavaScript of the timeline, gzip', compressedKilobytes(ourScripts), MOST_SCRIPT_KB, 'kB'),
        atMost('first contentful paint over an empty Vite + Lit page’s', paint, MOST_FIRST_PAINT, 'times'),
        atMost(
          'the page’s thread blocked until the first request is shown',
          median(OURS, ({ blocked }) => blocked),
          MOST_BLOCKED_MS,
          'ms',
        ),
      ],
      notes: [
        'No network is emulated: times are of parsing, running, storage and checking signatures on this machine.',
        'Ours is ready when the first request is on the screen, fetched from the hub, its signatures and rules checked; the empty page when its heading is.',
        'First contentful paint: of ours, the name of the page, which is in its HTML; blocked: of each task beyond 50 ms, the rest, when a key press waits.',
        'Scripts: the page’s own, those it preloads, and what these import. Workers and screens not yet shown are fetched later.',
      ],
    };
  } finally {
    await browser.close();
    await Promise.all(hubs.map((hub) => hub.stop()));
    await rm(folder, { recursive: true, force: true });
  }
};
