/** Headless Chromium with the cut page in it: built, served under the page's security headers, replaced when it crashes. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from '@playwright/test';
import { preview } from 'vite';
import { SECURITY_HEADERS } from '../src/contracts/security-headers.ts';
import type { TrimJob } from '../src/contracts/trim-api.ts';
import { builtCutPage, CUT_PAGE } from './cut-page-build.ts';
import type { CutOutcome } from './cut-page/outcome.ts';
import { browserFlags, ensureBrowser } from './find-browser.ts';

export interface CutBrowser {
  /** Cuts `input` and writes the clip to `output` if it passed its audit. A crash is an outcome, not an exception. */
  cut(input: string, job: TrimJob, output: string): Promise<CutOutcome & { readonly peakMemory: number | null }>;
  close(): Promise<void>;
}

/** Serves the page, built if need be, and starts the browser. Throws when either cannot be had. */
export const openCutBrowser = async (): Promise<CutBrowser> => {
  const server = await preview({
    ...{ root: CUT_PAGE, configFile: false, logLevel: 'warn' },
    build: { outDir: await builtCutPage() },
    preview: { port: 0, host: '127.0.0.1', headers: { ...SECURITY_HEADERS } },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('the cut page could not be served');
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: [...browserFlags()] });
  let page = await openPage(browser, url);

  return {
    cut: async (input, job, output) => {
      await rm(output, { force: true });
      const { page: current, crashed } = page;
      const renderers = await rendererIds(browser);
      await resetPeak(renderers);
      const outcome = await Promise.race([cutOn(current, input, job, output), crashed]).catch(
        (error: unknown): CutOutcome => ({
          ok: false,
          reason: 'browser-crashed',
          detail: error instanceof Error ? error.message : String(error),
          ms: 0,
        }),
      );
      const peakMemory = await readPeak(await rendererIds(browser).catch(() => renderers));
      if (!outcome.ok && outcome.reason === 'browser-crashed') {
        await current.close().catch(() => undefined);
        page = await openPage(browser, url);
      }
      return { ...outcome, peakMemory };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
};

interface OpenPage {
  readonly page: Page;
  readonly crashed: Promise<never>;
}

const openPage = async (browser: Browser, url: string): Promise<OpenPage> => {
  const page = await browser.newPage();
  const crashed = new Promise<never>((_, reject) => {
    page.once('crash', () => reject(new Error('the browser tab crashed, most likely out of memory')));
  });
  crashed.catch(() => undefined);
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
  await page.goto(url);
  await page.waitForFunction(() => typeof globalThis.porchlightCut === 'function');
  return { page, crashed };
};

const cutOn = async (page: Page, input: string, job: TrimJob, output: string): Promise<CutOutcome> => {
  await page.setInputFiles('#recording', input);
  const { from, to, mode, mute, boxes, encoder = 'auto' } = job;
  const wanted = { from, to, mode, mute, boxes, encoder };
  const outcome = await page.evaluate((asked) => globalThis.porchlightCut(asked), wanted);
  if (!outcome.ok) return outcome;
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#clip')]);
  mkdirSync(dirname(output), { recursive: true });
  await download.saveAs(output);
  await download.delete();
  return outcome;
};

/** Process ids of the tabs; empty where the browser does not tell. */
const rendererIds = async (browser: Browser): Promise<readonly number[]> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
};

/** Linux keeps each process's peak resident size; writing 5 to clear_refs starts it afresh (proc(5)). */
const resetPeak = async (ids: readonly number[]): Promise<void> => {
  await Promise.all(ids.map((id) => writeFile(`/proc/${id}/clear_refs`, '5').catch(() => undefined)));
};

/** Peak resident bytes of the tab that took most, the page's: the others are empty. Null where the system does not say. */
const readPeak = async (ids: readonly number[]): Promise<number | null> => {
  const peaks = await Promise.all(
    ids.map(async (id) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) * 1024;
    }),
  );
  const known = peaks.filter(Number.isFinite);
  return known.length > 0 ? Math.max(...known) : null;
};
