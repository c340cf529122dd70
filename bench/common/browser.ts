/** A page of the benchmarks in a real Chromium: built by Vite, served under the product's headers, in a profile of its own on disk. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { build, preview, type InlineConfig, type Plugin } from 'vite';
import { SECURITY_HEADERS } from '../../src/contracts/security-headers.ts';
import { browserFlags, ensureBrowser } from '../../tools/find-browser.ts';

const DIST = join(import.meta.dirname, '../../dist-tools');

export interface ServedPage {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly define?: Readonly<Record<string, string>>;
  readonly plugins?: readonly Plugin[];
  /** Replaces headers of the product's for peers that do not work under them; say so in the report's notes. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Builds the page in `root` (a folder under bench/ with an index.html and its module scripts) and serves it on a free port. */
export const servePage = async (root: string, name: string, options: ServeOptions = {}): Promise<ServedPage> => {
  const { define = {}, plugins = [], headers = {} } = options;
  const outDir = join(DIST, `bench-${name}`);
  const shared = { root, configFile: false, logLevel: 'warn', define: { ...define } } satisfies InlineConfig;
  await build({
    ...shared,
    plugins: [...plugins],
    worker: { format: 'es', plugins: () => [...plugins] },
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  return serveBuilt(outDir, headers);
};

/** Serves a folder that is built already, such as the product's `dist`. */
export const serveBuilt = async (
  outDir: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<ServedPage> => {
  const server = await preview({
    configFile: false,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1', headers: { ...SECURITY_HEADERS, ...headers } },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error(`${outDir} could not be served`);
  return { url, close: () => server.close() };
};

export interface BenchBrowser {
  readonly context: BrowserContext;
  readonly version: string;
  /** A new page at `url`; what it logs as an error, and what it throws, appears on the terminal. */
  open(url: string): Promise<Page>;
  /** Peak resident bytes of all tabs (page, workers, wasm) since `resetPeak`; null where the system does not say (it is Linux's /proc). */
  resetPeak(): Promise<void>;
  peakBytes(): Promise<number | null>;
  /** Watches the tab that takes most memory; the function it returns ends that and tells the peak, null where the system does not say. */
  watchMemory(): Promise<() => Promise<MemoryPeak | null>>;
  /** How many dedicated workers' threads the tabs have, workers of workers too; null where the system does not say. */
  workerThreads(): Promise<number | null>;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

/** Of one tab's process: page, workers, wasm. */
export interface MemoryPeak {
  /** All that lies in memory, the browser's own program included, which other tabs share (VmHWM). */
  readonly residentBytes: number;
  /** What the page itself takes: everything that is not mapped from a file (RssAnon + RssShmem, sampled). */
  readonly ownBytes: number;
}

/** Headless Chromium with a persistent profile, so that IndexedDB and the caches lie on disk as they do for people. */
export const openBrowser = async (flags: readonly string[] = []): Promise<BenchBrowser> => {
  const profile = await mkdtemp(join(tmpdir(), 'porchlight-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser().path,
    args: [...browserFlags(), ...flags],
    headless: true,
  });
  const browser = context.browser();
  if (browser === null) throw new Error('this Playwright does not name the browser behind a profile');
  const session = await browser.newBrowserCDPSession();
  return {
    context,
    version: `Chromium ${browser.version()}`,
    open: async (url) => {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') console.error(`page: ${message.text()}`);
      });
      await page.goto(url);
      return page;
    },
    resetPeak: async () => {
      await Promise.all(
        (await tabsOf(session)).map((id) => writeFile(`/proc/${id}/clear_refs`, '5').catch(() => null)),
      );
    },
    peakBytes: async () => {
      const peaks = await Promise.all((await tabsOf(session)).map(peakOf));
      const known = peaks.filter((peak) => peak !== null);
      return known.length === 0 ? null : known.reduce((sum, peak) => sum + peak, 0);
    },
    watchMemory: async () => watchTabs(await tabsOf(session)),
    workerThreads: async () => {
      const counts = await Promise.all((await tabsOf(session)).map(workerThreadsOf));
      const known = counts.filter((count) => count !== null);
      return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
};

/** Process ids of the tabs. */
const tabsOf = async (session: CDPSession): Promise<readonly number[]> => {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
};

/** Linux keeps each process's peak resident size; writing 5 to clear_refs starts it afresh (proc(5)). */
const peakOf = async (id: number): Promise<number | null> => {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
};

const SAMPLE_MS = 10;

/** Samples until it is stopped. */
const watchTabs = async (ids: readonly number[]): Promise<() => Promise<MemoryPeak | null>> => {
  await Promise.all(ids.map((id) => writeFile(`/proc/${id}/clear_refs`, '5').catch(() => null)));
  const own = new Map<number, number>();
  let stopped = false;
  const sampling = (async () => {
    while (!stopped) {
      for (const id of ids) own.set(id, Math.max(own.get(id) ?? 0, await ownBytesOf(id)));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  return async () => {
    stopped = true;
    await sampling;
    const [busiest] = [...own].sort(([, a], [, b]) => b - a);
    const residentBytes = busiest && (await peakOf(busiest[0]));
    return busiest && residentBytes !== null && residentBytes !== undefined
      ? { residentBytes, ownBytes: busiest[1] }
      : null;
  };
};

const ownBytesOf = async (id: number): Promise<number> => {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
};

/** Chromium names these threads so. */
const workerThreadsOf = async (id: number): Promise<number | null> => {
  const threads = await readdir(`/proc/${id}/task`).catch(() => null);
  if (!threads) return null;
  const names = await Promise.all(
    threads.map((thread) => readFile(`/proc/${id}/task/${thread}/comm`, 'utf8').catch(() => '')),
  );
  return names.filter((name) => name.startsWith('DedicatedWorker')).length;
};
