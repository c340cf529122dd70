/** Takes the README's picture: the demo town's timeline with its recordings loaded, into docs/screenshot.png. Needs a built page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { startHub } from '../server/main.ts';
import { demoDirectoryNote, seedComments, seedDemo } from './demo/documents.ts';
import { demoSigner } from './demo/keys.ts';
import { ensureTown } from './demo/recordings.ts';
import { DEMO_ROOT_KEY } from './demo/root-key.ts';
import { browserFlags, ensureBrowser } from './find-browser.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const PICTURE = join(PROJECT, 'docs/screenshot.png');
const SIZE = { width: 1280, height: 860 };

const demoDir = join(PROJECT, '.porchlight/demo');
const anchor = await ensureTown(demoDir, Date.now(), (made, total) =>
  console.log(`Demo recordings: ${made} of ${total}`),
);
const dataDir = await mkdtemp(join(tmpdir(), 'porchlight-picture-'));
const started = await startHub({
  ...{ port: 0, host: '127.0.0.1', dataDir, demoDir, distDir: join(PROJECT, 'dist') },
  directoryNote: await demoDirectoryNote(anchor),
  rootKey: DEMO_ROOT_KEY,
  hubKey: (await demoSigner('hub')).signerKey,
});
if (!started.ok) throw new Error(started.detail);
const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: [...browserFlags()] });
try {
  const seeded = await seedDemo(started.value.hub, anchor);
  if (!seeded.ok) throw new Error(seeded.detail);
  await seedComments(started.value.hub, Date.now());
  const page = await browser.newPage({ viewport: SIZE, locale: 'en-US', timezoneId: 'America/Los_Angeles' });
  await page.goto(`${started.value.url}/library`);
  await page.getByRole('button', { name: 'Load demo recordings' }).click();
  await page
    .getByRole('button', { name: /^Play / })
    .nth(5)
    .waitFor();
  await page.goto(started.value.url);
  await page.getByRole('region', { name: 'For you', exact: true }).getByRole('article').first().waitFor();
  await page.screenshot({ path: PICTURE });
  console.log(`Taken: ${PICTURE}`);
} finally {
  await browser.close();
  await started.value.stop();
  await rm(dataDir, { recursive: true, force: true });
}
