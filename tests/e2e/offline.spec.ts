/** With the network off: after one visit everything but sending works, nothing is even tried, and a new version waits for consent. */
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test';
import { buildServiceWorker } from '../../tools/build-service-worker.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { browserFlags, ensureBrowser } from '../../tools/find-browser.ts';
import { framesOf } from '../support/oracle.ts';
import { openPackage } from '../support/package.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { BUILT_PAGE, startTestHub, TEST_PLACE, type TestHub } from '../support/test-hub.ts';
import { Resident } from './resident.ts';

test.use({ serviceWorkers: 'allow' });

const TITLE = 'Van seen at night';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-offline-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** In Settings: the page is kept on the device. */
const expectReady = async (page: Page): Promise<void> => {
  await expect(page.getByText('The page opens with the network off.')).toBeVisible({ timeout: 60_000 });
};

/**
 * Takes the stopped hub's place and writes down what is asked for. The one thing it may be asked for is the service worker's own script:
 * the browser looks for a new version by itself, and Chromium's emulated airplane mode does not reach that.
 */
const listenForRequests = async (
  port: number,
): Promise<{ readonly server: Server; readonly asked: readonly string[] }> => {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const [line = ''] = data.toString('latin1').split('\r\n');
      if (!line.startsWith('GET /service-worker.js ')) asked.push(line);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, asked };
};

/** Requests that went, or were meant to go, further than the page's own cache. */
const watchAttempts = (context: BrowserContext): readonly string[] => {
  const attempts: string[] = [];
  context.on('requestfailed', (request) => {
    const problem = request.failure()?.errorText ?? '';
    // Leaving a screen aborts what it was still loading from the cache.
    if (problem !== 'net::ERR_ABORTED') attempts.push(`${problem}: ${request.url()}`);
  });
  context.on('request', (request) => {
    if (request.serviceWorker() !== null) attempts.push(`by the service worker: ${request.url()}`);
  });
  context.on('requestfinished', (request) => {
    void request.response().then((response) => {
      const { protocol } = new URL(request.url());
      if (
        response?.fromServiceWorker() === false &&
        protocol !== 'blob:' &&
        protocol !== 'data:' &&
        request.serviceWorker() === null
      )
        attempts.push(`over the network: ${request.url()}`);
    });
  });
  return attempts;
};

test('airplane mode: import, match, trim, inspect, seal and save, and not one request is tried', async () => {
  test.setTimeout(240_000);
  const hub = await startTestHub();
  const { port } = new URL(hub.url);
  // Not a loopback name: a page may try a hub on its own machine with the network off.
  const origin = `http://porchlight.test:${port}`;
  const browser = await chromium.launch({
    executablePath: ensureBrowser().path,
    args: [
      ...browserFlags(),
      '--host-resolver-rules=MAP porchlight.test 127.0.0.1',
      `--unsafely-treat-insecure-origin-as-secure=${origin}`,
    ],
  });
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  let wall: Awaited<ReturnType<typeof listenForRequests>> | null = null;
  try {
    await hub.publish({ id: 'van', title: TITLE, window: { from: start + 4_500, to: start + 9_000 } });
    const kind = { width: 640, height: 360, durationS: 20 } as const;
    const file = await makeRecording(folder, blinkName('yard', start), start, kind);
    const context = await browser.newContext({
      serviceWorkers: 'allow',
      locale: 'en-US',
      timezoneId: 'America/Los_Angeles',
    });
    const page = await context.newPage();
    const resident = new Resident(page, origin);
    await resident.open('/settings');
    await expectReady(page);
    await page.getByRole('button', { name: 'Make ready for offline use' }).click();
    await expect(page.getByText('What cutting needs is kept, too')).toBeVisible({ timeout: 60_000 });
    await resident.open();
    await expect(resident.post(TITLE)).toBeVisible();

    await context.setOffline(true);
    await hub.stop();
    wall = await listenForRequests(Number(port));
    const attempts = watchAttempts(context);

    await resident.addCamera('Yard', TEST_PLACE);
    await expect(page.getByText('You are offline.')).toBeVisible();
    await resident.importFiles([file], 'Yard');
    await resident.beginShare(TITLE);
    await resident.waitForClips(1);
    await resident.seal();
    await page.getByRole('button', { name: 'Do everything but send' }).click();
    await expect(page.getByText('Nothing was sent.', { exact: false })).toBeVisible();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save exactly what will be sent' }).click();
    const saved = join(folder, 'saved.zip.age');
    await (await saving).saveAs(saved);
    const sinking = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save what the sink received' }).click();
    expect((await readFile(await (await sinking).path())).equals(await readFile(saved))).toBe(true);

    const { identity } = await demoAgeKey('police');
    const { clips } = await openPackage(saved, identity, folder);
    const inWindow = (await framesOf(file, 'honouring')).filter(({ at }) => at >= 4.5 && at < 9);
    expect(await framesOf(clips[0] ?? '', 'ignoring')).toHaveLength(inWindow.length);
    expect(attempts).toEqual([]);
    expect(wall.asked).toEqual([]);
  } finally {
    await browser.close();
    wall?.server.close();
    await hub.start();
    await hub.dispose();
  }
});

const assetOf = async (dist: string, pattern: RegExp): Promise<string> => {
  const name = (await readdir(join(dist, 'assets'))).find((file) => pattern.test(file));
  if (name === undefined) throw new Error(`nothing like ${pattern} was built`);
  return join(dist, 'assets', name);
};

/** Another version of the page in `dist`: with a mark, and a service worker that knows it. */
const publishVersion = async (dist: string, mark: string): Promise<void> => {
  const index = join(dist, 'index.html');
  const html = await readFile(index, 'utf8');
  await writeFile(index, html.replace(/<html lang="en"[^>]*>/, `<html lang="en" data-version="${mark}">`));
  await buildServiceWorker(dist);
};

test.describe('a page that changes', () => {
  let hub: TestHub;
  let dist = '';
  test.beforeEach(async () => {
    dist = join(folder, 'dist');
    await cp(BUILT_PAGE, dist, { recursive: true });
    hub = await startTestHub({ distDir: dist });
  });
  test.afterEach(() => hub.dispose());

  const version = (page: Page): Promise<string | null> =>
    page.evaluate(() => document.documentElement.getAttribute('data-version'));

  test('a new version waits until the person agrees; one with a file that is not as built is never taken', async ({
    page,
  }) => {
    await publishVersion(dist, 'one');
    await page.goto(`${hub.url}/settings`);
    await expectReady(page);
    await page.reload();
    expect(await version(page)).toBe('one');

    // Damaged on its way or on the server: the service worker refuses to install.
    await publishVersion(dist, 'damaged');
    const index = join(dist, 'index.html');
    const good = await readFile(index);
    await appendFile(index, '<!-- something more -->');
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update().catch(() => undefined));
    await page.reload();
    expect(await version(page)).toBe('one');
    await expect(page.getByText('A new version of this page is here.')).toBeHidden();
    await writeFile(index, good);

    await publishVersion(dist, 'two');
    await page.reload();
    await expect(page.getByText('A new version of this page is here.')).toBeVisible({ timeout: 60_000 });
    await page.reload();
    expect(await version(page)).toBe('one');
    await page.getByRole('button', { name: 'Update now' }).click();
    await expect.poll(() => version(page).catch(() => null), { timeout: 30_000 }).toBe('two');
    await expect(page.getByText('A new version of this page is here.')).toBeHidden();
    const pages = async (): Promise<number> =>
      (await page.evaluate(() => caches.keys())).filter((name) => name.startsWith('porchlight-page')).length;
    await expect.poll(pages).toBe(1);
  });

  test('requests to the hub pass the service worker by, so that it can sleep and be replaced', async ({ page }) => {
    await page.goto(`${hub.url}/settings`);
    await expectReady(page);
    await hub.publish({
      id: 'van',
      title: TITLE,
      window: { from: Date.now() - 7_200_000, to: Date.now() - 3_600_000 },
    });
    const resident = new Resident(page, hub.url);
    await resident.open();
    await expect(resident.post(TITLE)).toBeVisible();
    /** Which rule of the service worker the browser followed for each (Resource Timing); nothing where it was asked itself. */
    const followed = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => new URL(name).pathname.startsWith('/v1/'))
        .map((entry) => ('workerMatchedSourceType' in entry ? entry.workerMatchedSourceType : 'not told')),
    );
    expect(followed.length).toBeGreaterThan(0);
    expect(new Set(followed)).toEqual(new Set(['network']));
  });

  test('an encoder that is not the pinned one is neither kept nor used', async ({ page }) => {
    const core = await assetOf(dist, /^ffmpeg-core.*\.wasm$/);
    await appendFile(core, 'x');
    await page.goto(`${hub.url}/settings`);
    await expectReady(page);
    await page.getByRole('button', { name: 'Make ready for offline use' }).click();
    await expect(page.getByText('is not the file that this version was built with')).toBeVisible({ timeout: 60_000 });
    const url = new URL(`/assets/${core.split('/').at(-1) ?? ''}`, hub.url).href;
    expect(
      await page.evaluate(
        (address) =>
          fetch(address).then(
            () => 'given',
            () => 'refused',
          ),
        url,
      ),
    ).toBe('refused');
  });
});
