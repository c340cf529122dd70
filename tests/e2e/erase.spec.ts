/** Erase everything: no database, cache, service worker or key stays behind; and the library can be taken along beforehand. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { openWithPassphrase } from '../support/age-passphrase.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { startTestHub, TEST_PLACE } from '../support/test-hub.ts';
import { Resident } from './resident.ts';

test.use({ serviceWorkers: 'allow' });

/** All that a browser keeps for an origin, as its own interfaces tell it. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const files: string[] = [];
    for await (const name of root.keys()) files.push(name);
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files,
      words: localStorage.length + sessionStorage.length,
      cookies: document.cookie,
    };
  });

const NOTHING = { databases: [], caches: [], workers: 0, files: [], words: 0, cookies: '' };

test('export, erase, import: nothing stays behind, and everything comes back', async ({ page, context }) => {
  const hub = await startTestHub();
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-erase-'));
  try {
    const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
    const kind = { width: 640, height: 360, durationS: 20 } as const;
    const file = await makeRecording(folder, blinkName('yard', start), start, kind);
    const resident = new Resident(page, hub.url);
    await resident.addCamera('Yard', TEST_PLACE);
    await resident.importFiles([file], 'Yard');
    await resident.open('/settings');
    await expect(page.getByText('The page opens with the network off.')).toBeVisible({ timeout: 60_000 });
    const other = await context.newPage();
    await resident.at(other).open('/library');
    await expect(resident.at(other).recordings()).toHaveCount(1);

    await page.getByLabel('Passphrase').fill('a long passphrase');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export the library' }).click();
    const library = join(folder, 'library.tar.age');
    await (await saving).saveAs(library);

    // Opened by tools that are not ours: age, asked for the passphrase, and tar.
    const tar = openWithPassphrase(library, 'a long passphrase', join(folder, 'library.tar'));
    if (tar !== null) {
      expect(() => openWithPassphrase(library, 'another passphrase', join(folder, 'wrong.tar'))).toThrow();
      const names = execFileSync('tar', ['--list', '--file', tar], { encoding: 'utf8' }).trim().split('\n');
      expect(names[0]).toBe('library.json');
      const video = names.find((name) => name.startsWith('videos/')) ?? '';
      const bytes = execFileSync('tar', ['--extract', '--to-stdout', '--file', tar, video], { maxBuffer: 2 ** 28 });
      expect(bytes.equals(await readFile(file))).toBe(true);
    }

    const before = await kept(page);
    expect(before.databases).toEqual(['porchlight']);
    expect(before.caches.length).toBeGreaterThan(0);
    expect(before.workers).toBe(1);

    await page.getByRole('button', { name: 'Erase everything…' }).click();
    await page.getByRole('button', { name: 'Erase', exact: true }).click();
    for (const tab of [page, other])
      await expect(tab.getByRole('heading', { name: 'Everything is erased' })).toBeVisible({ timeout: 30_000 });
    expect(await kept(page)).toEqual(NOTHING);
    expect(await kept(other)).toEqual(NOTHING);
    await other.close();

    // Looked at again from a page of the origin on which nothing of ours runs.
    await page.goto(`${hub.url}/SHA256SUMS.txt`);
    expect(await kept(page)).toEqual(NOTHING);

    await resident.open('/settings');
    await page.getByLabel('Library file').setInputFiles(library);
    await expect(page.getByText('is sealed: type its passphrase')).toBeVisible();
    await page.getByLabel('Passphrase').fill('a long passphrase');
    await page.getByRole('button', { name: 'Open it' }).click();
    await expect(page.getByText('Imported: 1 camera, 1 recording, 0 shares')).toBeVisible({ timeout: 60_000 });
    await resident.open('/library');
    await expect(resident.recordings()).toHaveCount(1);
  } finally {
    await hub.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
