/** The egress ledger as a tester sees it: what leaves and what is blocked, live and after a reload, exported, cleared. */
import { readFile } from 'node:fs/promises';
import type { Download } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import { startTestHub, TEST_PLACE } from '../support/test-hub.ts';
import { Resident } from './resident.ts';

/** Without the fixtures’ promise that nothing is ever blocked: here it is. */
const test = base;

const readHar = async (download: Download) =>
  JSON.parse(await readFile(await download.path(), 'utf8')) as {
    readonly log: {
      readonly version: string;
      readonly entries: readonly {
        readonly request: { readonly method: string; readonly url: string };
        readonly comment: string;
      }[];
    };
  };

test('requests and blocked attempts, of the page and of a worker, are written down and cannot be lost quietly', async ({
  page,
}) => {
  const hub = await startTestHub();
  try {
    const resident = new Resident(page, hub.url);
    await resident.addCamera('Yard', TEST_PLACE);
    // Tried once, while the page is still opening its database.
    await page.addInitScript(() =>
      document.addEventListener('DOMContentLoaded', () => {
        if (sessionStorage.getItem('tried') === null) void fetch('https://early.example/leak').catch(() => undefined);
        sessionStorage.setItem('tried', 'yes');
      }),
    );
    await resident.open('/activity');
    const ledger = page.getByRole('region', { name: 'Network ledger' });
    await expect(ledger.getByText('/v1/feed').first()).toBeVisible();
    await expect(ledger.getByText('Chain unbroken')).toBeVisible();

    await expect(ledger.getByText('https://early.example/leak')).toBeVisible();

    // What is loaded past the ledger is listed beside it, and nothing that is in the ledger already.
    await ledger.getByText(/The page’s own files: \d+ files/).click();
    const files = ledger.getByRole('region', { name: 'List of the page’s own files' }).getByRole('listitem');
    await expect(files.first()).toContainText('/activity');
    await expect(files.filter({ hasText: /\/assets\/index-[\w-]+\.js/ })).toContainText(/bytes over the network|cache/);
    await expect(files.filter({ hasText: '/v1/' })).toHaveCount(0);

    const tried = await page.evaluate(async () => {
      const image = new Image();
      image.src = 'https://tracker.example/pixel.png';
      return fetch('https://elsewhere.example/leak').then(
        () => 'went out',
        () => 'blocked',
      );
    });
    expect(tried).toBe('blocked');
    await expect(ledger.getByText('https://elsewhere.example/leak')).toBeVisible();
    await expect(ledger.getByText('https://tracker.example/pixel.png')).toBeVisible();
    await expect(ledger.getByText('tried by the page').first()).toBeVisible();

    const [worker] = page.workers();
    if (!worker) throw new Error('the match worker should be there');
    await worker.evaluate(() => fetch('https://worker.example/leak').catch(() => undefined));
    await expect(ledger.getByText('https://worker.example/leak')).toBeVisible();
    await expect(ledger.getByText(/tried by the worker “match”/)).toBeVisible();
    await expect(ledger.getByText('4 blocked attempts')).toBeVisible();
    await expect(ledger.getByText('tried by the worker')).toHaveCount(1);

    await page.reload();
    await expect(ledger.getByText('https://elsewhere.example/leak')).toBeVisible();
    await expect(ledger.getByText('Chain unbroken')).toBeVisible();

    const saved = page.waitForEvent('download');
    await ledger.getByRole('button', { name: 'Export as HAR' }).click();
    const har = await readHar(await saved);
    expect(har.log.version).toBe('1.2');
    const urls = har.log.entries.map(({ request }) => request.url);
    expect(urls).toEqual(
      expect.arrayContaining([`${hub.url}/v1/directory`, `${hub.url}/v1/feed`, 'https://worker.example/leak']),
    );

    // Whoever takes a line out of the database is found out.
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('porchlight');
          opening.onerror = () => reject(new Error('not opened'));
          opening.onsuccess = () => {
            const transaction = opening.result.transaction('ledger', 'readwrite');
            transaction.objectStore('ledger').delete(2);
            transaction.oncomplete = () => {
              opening.result.close();
              resolve();
            };
          };
        }),
    );
    await page.reload();
    await expect(ledger.getByRole('alert')).toContainText('line 3 does not follow');

    await ledger.getByRole('button', { name: 'Clear…' }).click();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect(ledger.getByText(/the ledger was cleared: \d+ lines/)).toBeVisible();
    await expect(ledger.getByText('https://elsewhere.example/leak')).toBeHidden();
    await page.reload();
    await expect(ledger.getByText(/the ledger was cleared: \d+ lines/)).toBeVisible();
    await expect(ledger.getByText('Chain unbroken')).toBeVisible();
  } finally {
    await hub.dispose();
  }
});

test('on a full disk nothing is asked, the kept requests stay, and with room it goes on', async ({ page }) => {
  const hub = await startTestHub();
  try {
    const title = 'Shed broken into';
    await hub.publish({ id: 'shed', title, window: { from: Date.now() - 3_600_000, to: Date.now() - 3_000_000 } });
    const resident = new Resident(page, hub.url);
    await resident.open();
    await expect(resident.post(title)).toBeVisible();

    const session = await page.context().newCDPSession(page);
    const setQuota = (quotaSize: number) =>
      session.send('Storage.overrideQuotaForOrigin', { origin: hub.url, quotaSize });
    await setQuota(1);
    const refused = page.getByText('nothing leaves unrecorded', { exact: false }).first();
    // Chromium remembers for a while how much room it found.
    await expect(async () => {
      await page.reload();
      await expect(refused).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });

    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await expect(refused).toBeVisible();
    await expect(refused).toContainText('not enough room');
    await expect(resident.post(title)).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked.filter((path) => path.startsWith('/v1/'))).toEqual([]);

    await setQuota(2 ** 31);
    await expect(async () => {
      await page.reload();
      await expect(resident.post(title)).toBeVisible();
      // The kept requests are there before the hub is asked.
      await page.waitForLoadState('networkidle');
      expect(asked).toContain('/v1/feed');
    }).toPass({ timeout: 60_000 });
    await expect(refused).toBeHidden();
  } finally {
    await hub.dispose();
  }
});
