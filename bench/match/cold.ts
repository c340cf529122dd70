/** Cold starts: the browser started anew for each reading, with a profile on disk in which the library lies. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { browserFlags, ensureBrowser } from '../../tools/find-browser.ts';
import { summarize } from '../common/statistics.ts';
import { atLeast, atMost, type BenchReport, type BenchRow, isSo, rowOf } from '../report.ts';
import { call } from './calls.ts';
import type { ColdEngine } from './page/page.ts';

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

const ENGINES = ['ours', 'floor', 'turf'] as const satisfies readonly ColdEngine[];

interface ColdFigures {
  readonly rows: readonly BenchRow[];
  readonly ours: number;
  readonly turf: number;
  readonly floor: number;
  readonly same: boolean;
  readonly longestTaskMs: number;
}

const measure = async (url: string, name: string, runs: number): Promise<ColdFigures> => {
  const profile = await mkdtemp(join(tmpdir(), 'porchlight-bench-cold-'));
  try {
    await withProfile(profile, url, (page) => call(page, 'fill', name));
    const times: Record<ColdEngine, number[]> = { ours: [], turf: [], floor: [] };
    const found = new Set<number>();
    for (let round = 0; round < runs; round += 1) {
      for (const engine of round % 2 === 0 ? ENGINES : ENGINES.toReversed()) {
        const { ms, matches } = await withProfile(profile, url, (page) => call(page, 'cold', engine, name));
        times[engine].push(ms);
        if (engine !== 'floor') found.add(matches);
      }
    }
    const product = await withProfile(profile, url, (page) => call(page, 'product', name));
    found.add(product.matches);
    const row = (engine: string, ms: readonly number[]): BenchRow =>
      rowOf(`${name}, cold`, { engine, ms, result: undefined, problem: null });
    return {
      rows: [
        row('columns + kernel', times.ours),
        row('rows + rbush + turf', times.turf),
        row('a worker that reads one key', times.floor),
      ],
      floor: summarize(times.floor).median,
      ours: summarize(times.ours).median,
      turf: summarize(times.turf).median,
      same: found.size === 1,
      longestTaskMs: product.longestTaskMs,
    };
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
};

const reportOf = (
  name: string,
  { rows, ours, turf, same, longestTaskMs }: ColdFigures,
  { times, mostMs }: { readonly times: number; readonly mostMs?: number },
): BenchReport => ({
  rows,
  claims: [
    atLeast(`${name}, cold: over rows + rbush + turf`, turf / ours, times, 'times'),
    ...(mostMs === undefined ? [] : [atMost(`${name}, cold: to all matches`, ours, mostMs, 'ms')]),
    isSo(`${name}, cold: product, columns and rows find equally many`, same),
    atMost(`${name}: the longest task of the page's thread`, longestTaskMs, 50, 'ms'),
  ],
  notes: [],
});

export const coldHome = async (url: string, quick: boolean): Promise<BenchReport> => {
  const figures = await measure(url, 'HOME', quick ? 1 : 7);
  const note =
    'Cold: the browser is started anew for each reading, and the page opens its library at the same moment, as the product does, for either engine; starting the worker and its script are counted, making the requests is not.';
  const floor = `A worker that does nothing but open the library and read one key takes ${figures.floor.toFixed(0)} ms here: rows + rbush + turf take ${(figures.turf / figures.floor).toFixed(1)} times that.`;
  return { ...reportOf('HOME', figures, { times: 10, mostMs: 100 }), notes: [note, floor] };
};

export const coldBlock = async (url: string): Promise<BenchReport> =>
  reportOf('BLOCK', await measure(url, 'BLOCK', 3), { times: 30 });
