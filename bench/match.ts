/** `npm run bench -- match`: every match of a home, a block, a town; from an opened page, from warm columns, and by what changes. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { kernelBytes, matchKernel } from '../tools/kernel-plugin.ts';
import { openBrowser, servePage } from './common/browser.ts';
import { HEADERS } from './match/calls.ts';
import { coldBlock, coldHome } from './match/cold.ts';
import { stress } from './match/stress.ts';
import { warmBlock, warmHome, warmTown } from './match/warm.ts';
import { whatIsNew } from './match/what-is-new.ts';
import { atMost, type BenchReport, readable, type RunOptions } from './report.ts';

/** In a browser of its own, so that no part's memory is another's burden. */
const inPage = async (url: string, part: (page: Page) => Promise<BenchReport>): Promise<BenchReport> => {
  const browser = await openBrowser();
  try {
    const page = await browser.open(url);
    page.setDefaultTimeout(0);
    return await part(page);
  } finally {
    await browser.close();
  }
};

const size = async (): Promise<BenchReport> => {
  const bytes = gzipSync(await kernelBytes(), { level: 9 }).byteLength;
  return { rows: [], claims: [atMost('the kernel, compressed', bytes / 1_000, 5, 'kB')], notes: [] };
};

interface Part {
  /** Too long for a quick run. */
  readonly long?: boolean;
  run(url: string, quick: boolean): Promise<BenchReport>;
}

const PARTS: Readonly<Record<string, Part>> = {
  'cold-home': { run: coldHome },
  'cold-block': { run: coldBlock, long: true },
  home: { run: (url, quick) => inPage(url, (page) => warmHome(page, quick)) },
  block: { run: (url, quick) => inPage(url, (page) => warmBlock(page, quick)) },
  new: { run: (url, quick) => inPage(url, (page) => whatIsNew(page, quick)) },
  town: { run: (url) => inPage(url, warmTown), long: true },
  stress: { run: stress, long: true },
  size: { run: size },
};

export const parts = Object.keys(PARTS);

export const run = async ({ quick, only }: RunOptions): Promise<BenchReport> => {
  const served = await servePage(join(import.meta.dirname, 'match/page'), 'match', {
    plugins: [matchKernel()],
    headers: HEADERS,
  });
  const reports: BenchReport[] = [];
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (only ? !only.includes(name) : quick && part.long) continue;
      const report = await part.run(served.url, quick);
      reports.push(report);
      // The whole takes many minutes: each part is told when it is done.
      for (const { claim, value, bar } of report.claims) console.error(`${claim}: ${readable(value)} (${bar})`);
    }
  } finally {
    await served.close();
  }
  return {
    rows: reports.flatMap(({ rows }) => rows),
    claims: reports.flatMap(({ claims }) => claims),
    notes: reports.flatMap(({ notes }) => notes),
  };
};
