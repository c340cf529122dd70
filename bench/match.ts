/** `npm run bench -- match`: every match of a home, a block, a town; from an opened page, from warm columns, and by what changes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import { browserFlags, ensureBrowser } from '../tools/find-browser.ts';
import { kernelBytes, matchKernel } from '../tools/kernel-plugin.ts';
import { openBrowser, servePage, type BenchBrowser, type MemoryPeak } from './common/browser.ts';
import { interleave, medianOf, type Contestant, type Timings } from './common/interleave.ts';
import { summarize } from './common/statistics.ts';
import type { MatchBench } from './match/page/page.ts';
import { atLeast, atMost, type BenchClaim, type BenchReport, type BenchRow, isSo, rowOf } from './report.ts';

const SEED = 20_261_124;

/** The page's own policy lets no peer start: DuckDB builds its worker from a plain address, SQLite compiles code at run time. */
const HEADERS = { 'Content-Security-Policy': "default-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:" };

const NAMES: Readonly<Record<string, string>> = {
  kernel: 'kernel, matches written out',
  kernelRuns: 'kernel, runs',
  twin: 'twin, matches written out',
  twinRuns: 'twin, runs',
  rbushRuns: 'rbush + bisection, runs',
  turf: 'rbush + turf',
  sqlite: 'SQLite R*Tree',
  duckdb: 'DuckDB, bucketed',
};

type Method = keyof MatchBench;

const call = <M extends Method>(page: Page, method: M, ...args: Parameters<MatchBench[M]>) =>
  page.evaluate(
    ([name, given]) => {
      const bench: MatchBench = Reflect.get(globalThis, 'matchBench');
      const deed = bench[name as Method] as (...all: unknown[]) => unknown;
      return deed(...(given as unknown[]));
    },
    [method, args] as const,
  ) as ReturnType<MatchBench[M]>;

type Result = Awaited<ReturnType<MatchBench['run']>>;

const contestant = (page: Page, engine: string, expected: () => string): Contestant<Result> => ({
  engine,
  run: async () => {
    const result = await call(page, 'run', engine);
    return { result, ms: result.ms };
  },
  check: ({ sums }) => (sums === expected() ? null : `its sums are ${sums}, not ${expected()}`),
});

const rowsOf = (name: string, timings: readonly Timings<Result>[]): readonly BenchRow[] =>
  timings.map((timing) =>
    rowOf(
      name,
      { ...timing, engine: NAMES[timing.engine] ?? timing.engine },
      { matches: Number(timing.result?.sums.split(' ')[0] ?? Number.NaN) },
    ),
  );

interface Warm {
  readonly timings: readonly Timings<Result>[];
  readonly rows: readonly BenchRow[];
}

/** All engines on one world, in turn; the result that all must have is brute force's, or for worlds too large for it the kernel's. */
const warm = async (
  page: Page,
  name: string,
  engines: readonly string[],
  { runs, brute }: { readonly runs: number; readonly brute: boolean },
): Promise<Warm> => {
  const peers = engines.filter((engine) => ['turf', 'sqlite', 'duckdb', 'rbushRuns'].includes(engine));
  await call(page, 'prepare', name, peers);
  let expected = brute ? await call(page, 'brute') : (await call(page, 'run', 'kernel')).sums;
  if (!brute) {
    const some = await call(page, 'bruteSome', 20);
    if (some.expected !== some.found) expected = `those of brute force (${some.expected})`;
  }
  const timings = await interleave(
    engines.map((engine) => contestant(page, engine, () => expected)),
    { runs, warmUps: 1, seed: SEED },
  );
  return { timings, rows: rowsOf(name, timings) };
};

/** A browser started for one reading, with the profile that the library lies in. */
const withProfile = async <T>(profile: string, url: string, work: (page: Page) => Promise<T>): Promise<T> => {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser().path,
    args: [...browserFlags()],
    headless: true,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(url);
    return await work(page);
  } finally {
    await context.close();
  }
};

interface ColdFigures {
  readonly rows: readonly BenchRow[];
  readonly ours: number;
  readonly turf: number;
  readonly same: boolean;
  readonly longestTaskMs: number;
}

const cold = async (url: string, name: string, runs: number): Promise<ColdFigures> => {
  const profile = await mkdtemp(join(tmpdir(), 'porchlight-bench-cold-'));
  try {
    await withProfile(profile, url, (page) => call(page, 'fill', name));
    const times: Record<'ours' | 'turf', number[]> = { ours: [], turf: [] };
    const found = new Set<number>();
    for (let round = 0; round < runs; round += 1) {
      for (const engine of round % 2 === 0 ? (['ours', 'turf'] as const) : (['turf', 'ours'] as const)) {
        const { ms, matches } = await withProfile(profile, url, (page) => call(page, 'cold', engine, name));
        times[engine].push(ms);
        found.add(matches);
      }
    }
    const product = await withProfile(profile, url, (page) => call(page, 'product', name));
    found.add(product.matches);
    const row = (engine: string, ms: readonly number[]): BenchRow =>
      rowOf(`${name}, cold`, { engine, ms, result: undefined, problem: null });
    return {
      rows: [row('columns + kernel', times.ours), row('rows + rbush + turf', times.turf)],
      ours: summarize(times.ours).median,
      turf: summarize(times.turf).median,
      same: found.size === 1,
      longestTaskMs: product.longestTaskMs,
    };
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
};

const deltaRows = (engine: string, { requestMs, recordingMs }: { requestMs: number; recordingMs: number }) =>
  [
    ['one new request', requestMs],
    ['one new recording', recordingMs],
  ].map(([name, ms]) => rowOf(`${name}`, { engine, ms: [Number(ms)], result: undefined, problem: null }));

const PEERS = ['kernel', 'kernelRuns', 'twin', 'twinRuns', 'rbushRuns', 'turf', 'sqlite', 'duckdb'];

/** The engine in a page of its own. What the page takes is watched from before its world is made. */
const stress = async (
  browser: BenchBrowser,
  url: string,
): Promise<{ readonly warm: Warm; readonly peak: MemoryPeak | null }> => {
  const page = await browser.open(url);
  page.setDefaultTimeout(0);
  const stop = await browser.watchMemory();
  await call(page, 'prepareAlone', 'STRESS');
  const first = await call(page, 'runAlone', 'kernelRuns');
  await call(page, 'runAlone', 'kernelRuns');
  const peak = await stop();
  const some = await call(page, 'bruteSomeAlone', 20);
  const expected = some.expected === some.found ? first.sums : `those of brute force (${some.expected})`;
  const timings = await interleave(
    (['kernelRuns', 'twinRuns'] as const).map((engine) => ({
      engine,
      run: async () => {
        const result = await call(page, 'runAlone', engine);
        return { result, ms: result.ms };
      },
      check: ({ sums }: Result) => (sums === expected ? null : `its sums are ${sums}, not ${expected}`),
    })),
    { runs: 3, warmUps: 1, seed: SEED },
  );
  await page.close();
  return { warm: { timings, rows: rowsOf('STRESS', timings) }, peak };
};

export const run = async ({ quick }: { readonly quick: boolean }): Promise<BenchReport> => {
  const served = await servePage(join(import.meta.dirname, 'match/page'), 'match', {
    plugins: [matchKernel()],
    headers: HEADERS,
  });
  const rows: BenchRow[] = [];
  const claims: BenchClaim[] = [];
  const notes: string[] = [];
  try {
    const homeCold = await cold(served.url, 'HOME', quick ? 1 : 5);
    rows.push(...homeCold.rows);
    claims.push(
      atLeast('HOME, cold: over rows + rbush + turf', homeCold.turf / homeCold.ours, 10, 'times'),
      atMost('HOME, cold: to all matches', homeCold.ours, 100, 'ms'),
    );
    let longest = homeCold.longestTaskMs;
    let same = homeCold.same;
    if (!quick) {
      const blockCold = await cold(served.url, 'BLOCK', 2);
      rows.push(...blockCold.rows);
      claims.push(atLeast('BLOCK, cold: over rows + rbush + turf', blockCold.turf / blockCold.ours, 30, 'times'));
      longest = Math.max(longest, blockCold.longestTaskMs);
      same &&= blockCold.same;
    }
    claims.push(isSo('cold: product, columns and rows find equally many', same));
    claims.push(atMost("the longest task of the page's thread", longest, 50, 'ms'));

    const browser = await openBrowser();
    notes.push(
      `${browser.version}. Every engine in a worker of its own; peers' tables and trees of requests are loaded before the clock starts.`,
    );
    try {
      const page = await browser.open(served.url);
      page.setDefaultTimeout(0);
      const home = await warm(page, 'HOME', PEERS, { runs: quick ? 1 : 5, brute: true });
      rows.push(...home.rows);
      await call(page, 'end');
      const block = await warm(page, quick ? 'SMALL' : 'BLOCK', PEERS, { runs: quick ? 1 : 3, brute: true });
      rows.push(...block.rows);
      const [wrong, all] = await call(page, 'wrong');
      notes.push(
        `turf's sphere alone decides ${wrong} of ${all} pairs near or in an area otherwise than the ellipsoid: here it asks the ellipsoid within a hundredth of the radius, or its result would not count.`,
      );
      const ourDeltas = await call(page, 'deltas', 'ours', quick ? 200 : 1_000);
      const turfDeltas = await call(page, 'deltas', 'turf', quick ? 20 : 200);
      const sameDeltas = (await call(page, 'deltas', 'ours', quick ? 20 : 200)).matches === turfDeltas.matches;
      rows.push(...deltaRows('runs kept up to date', ourDeltas), ...deltaRows('rbush + turf', turfDeltas));
      await call(page, 'end');
      await page.close();

      const over = ({ timings }: Warm, engine: string, ours: string): number =>
        medianOf(timings, engine) / medianOf(timings, ours);
      if (!quick) {
        claims.push(
          atLeast('BLOCK, warm, written out: over rbush + turf', over(block, 'turf', 'kernel'), 60, 'times'),
          atLeast('BLOCK, warm, written out: over SQLite', over(block, 'sqlite', 'kernel'), 60, 'times'),
          atLeast('BLOCK, warm, written out: over DuckDB', over(block, 'duckdb', 'kernel'), 12, 'times'),
          atLeast('BLOCK, warm, as runs: over rbush + bisection', over(block, 'rbushRuns', 'kernelRuns'), 8, 'times'),
          atLeast(
            'BLOCK: kernel over twin, as runs, copies included',
            over(block, 'twinRuns', 'kernelRuns'),
            1.5,
            'times',
          ),
        );
      }
      claims.push(
        atLeast('one new request: over the turf version', turfDeltas.requestMs / ourDeltas.requestMs, 50, 'times'),
        atLeast(
          'one new recording: over the turf version',
          turfDeltas.recordingMs / ourDeltas.recordingMs,
          50,
          'times',
        ),
        isSo('what is new brings equally many matches in both', sameDeltas),
      );
      if (!quick) {
        const town = await browser.open(served.url);
        town.setDefaultTimeout(0);
        const mid = await warm(town, 'MID', ['kernelRuns', 'twinRuns', 'rbushRuns'], { runs: 3, brute: false });
        rows.push(...mid.rows);
        await town.close();
      }
    } finally {
      await browser.close();
    }
    if (!quick) {
      const fresh = await openBrowser();
      try {
        const { warm: large, peak } = await stress(fresh, served.url);
        const megabytes = (bytes: number | undefined): number => (bytes ?? Number.NaN) / 2 ** 20;
        rows.push(
          ...large.rows.map((row) =>
            row.engine === NAMES['kernelRuns']
              ? { ...row, ownMb: megabytes(peak?.ownBytes), residentMb: megabytes(peak?.residentBytes) }
              : row,
          ),
        );
        const ratio = medianOf(large.timings, 'twinRuns') / medianOf(large.timings, 'kernelRuns');
        claims.push(
          atLeast('STRESS: kernel over twin, as runs, copies included', ratio, 2, 'times'),
          atMost('STRESS: peak memory of the tab', megabytes(peak?.ownBytes), 1_536, 'MB'),
        );
        notes.push(
          'The peak of STRESS is that of a tab with nothing but the engine and its world, making that world included; what the tab itself takes, not the program that it shares with others (its resident peak is in the table).',
        );
      } finally {
        await fresh.close();
      }
    }
  } finally {
    await served.close();
  }
  const kernel = gzipSync(await kernelBytes(), { level: 9 }).byteLength;
  claims.push(atMost('the kernel, compressed', kernel / 1_000, 5, 'kB'));
  notes.push(
    'Checked against brute force over every pair on the ellipsoid (HOME, BLOCK) or of twenty cameras (MID, STRESS). Cold: the browser is started anew for each reading, and the page opens its library at the same moment, as the product does, for either engine; starting the worker and its script are counted, making the requests is not.',
    'Written out means request, recording, and the overlap of each match, 24 bytes: in columns in its own memory by the kernel, in typed arrays by the twin, as objects by turf, as rows of a table in their own memory by the databases, where warm means that tables and indexes are there; the kernel is given its columns anew each time. A run is another output: a stretch of a camera’s recordings.',
  );
  return { rows, claims, notes };
};
