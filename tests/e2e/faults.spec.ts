/** When things go wrong: nothing is lost, the message is clear, and there is a way on. */
import { sep } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { TEST_PLACE, type TestHub } from '../support/test-hub.ts';
import { blinkName, makeRecording, type RecordingKind } from '../support/recording.ts';
import { expect, test } from './fixtures.ts';
import type { Resident } from './resident.ts';

const TITLE = 'A bicycle taken from a garage';
const CAMERA = 'Front door';
const SMALL: RecordingKind = { width: 640, height: 360, durationS: 20 };
const MEBIBYTE = 1024 * 1024;

const nameOf = (path: string): string => path.split(sep).at(-1) ?? path;

/** A recording of each of the last hours, every one with another content, and a request for eight seconds of the first. */
const prepare = async (
  hub: TestHub,
  folder: string,
  count = 1,
  kind: RecordingKind = SMALL,
): Promise<readonly string[]> => {
  const first = Math.floor(Date.now() / 1000) * 1000 - 8 * 3_600_000;
  const starts = Array.from({ length: count }, (_, index) => first + index * 3_600_000);
  const files: string[] = [];
  for (const start of starts) files.push(await makeRecording(folder, blinkName('front-door', start), start, kind));
  await hub.publish({ id: 'bicycle', title: TITLE, window: { from: first + 5_000, to: first + 13_000 } });
  return files;
};

const withRecording = async (hub: TestHub, folder: string, resident: Resident): Promise<void> => {
  const files = await prepare(hub, folder);
  await resident.addCamera(CAMERA, TEST_PLACE);
  await resident.importFiles(files, CAMERA);
};

const setQuota = async (page: Page, url: string, bytes: number): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(url).origin, quotaSize: bytes });
};

test('a full disk: the file is named, nothing half-stored stays, and with room it can be taken', async ({
  hub,
  folder,
  resident,
}) => {
  const [file = ''] = await prepare(hub, folder, 1, {});
  // Before the database is opened: Chromium remembers for a while how much room it found.
  await setQuota(resident.page, hub.url, 8 * MEBIBYTE);
  await resident.addCamera(CAMERA, TEST_PLACE);
  await resident.chooseFiles([file], CAMERA);
  await expect(resident.importStatus()).toContainText('0 recordings kept, 1 not taken', { timeout: 30_000 });
  const list = resident.page.getByRole('region', { name: 'Import', exact: true });
  await expect(list).toContainText(nameOf(file));
  await expect(list).toContainText('No room left');
  await expect(resident.recordings()).toHaveCount(0);
  await resident.open('/library');
  await expect(resident.page.getByText('No recordings yet')).toBeVisible();

  await setQuota(resident.page, hub.url, 2048 * MEBIBYTE);
  await resident.importFiles([file], CAMERA);
  await expect(resident.recordings()).toHaveCount(1);
});

test('the tab closes in mid-import: what was kept is whole, and importing again adds only the rest', async ({
  hub,
  folder,
  resident,
  context,
}) => {
  const files = await prepare(hub, folder, 5, {});
  await resident.addCamera(CAMERA, TEST_PLACE);
  await resident.chooseFiles(files, CAMERA);
  await expect(resident.importStatus()).toContainText(/Importing: [1-4] of 5/, { timeout: 60_000 });
  await resident.page.close();

  const again = resident.at(await context.newPage());
  await again.open('/library');
  await expect(again.recordings().first()).toBeVisible();
  const kept = await again.recordings().count();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(5);
  await again.chooseFiles(files, CAMERA);
  await expect(again.importStatus()).toContainText('Import finished', { timeout: 90_000 });
  await expect(again.recordings()).toHaveCount(5);
  for (const play of await again.recordings().all()) {
    await play.click();
    const dialog = again.page.getByRole('dialog');
    await expect
      .poll(() => again.page.locator('wa-dialog video').evaluate((video: HTMLVideoElement) => video.duration))
      .toBeCloseTo(60, 0);
    await again.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});

test('files that are no recordings are refused by name, and the library stays as it was', async ({
  hub,
  folder,
  resident,
}) => {
  await withRecording(hub, folder, resident);
  await resident.fileField().setInputFiles([
    { name: 'empty.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(0) },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('milk, bread') },
  ]);
  await expect(resident.importStatus()).toContainText('2 not taken');
  const list = resident.page.getByRole('region', { name: 'Import', exact: true });
  await expect(list).toContainText('The file is empty.');
  await expect(list).toContainText('This is not a video file.');
  await expect(resident.recordings()).toHaveCount(1);
});

test('the tab closes in mid-upload: the same sealed bytes go on from where they stopped', async ({
  hub,
  folder,
  resident,
  context,
}) => {
  const [file = ''] = await prepare(hub, folder, 1, { durationS: 20 });
  await resident.addCamera(CAMERA, TEST_PLACE);
  await resident.importFiles([file], CAMERA);
  await resident.beginShare(TITLE);
  await resident.waitForClips(1);
  await resident.seal();
  const sealed =
    (await resident.page
      .getByText(/^SHA-256 /)
      .first()
      .textContent()) ?? '';

  let patches = 0;
  await context.route('**/v1/packages/*', async (route) => {
    if (route.request().method() !== 'PATCH' || ++patches === 1) await route.continue();
  });
  await resident.send();
  await expect.poll(() => patches, { timeout: 30_000 }).toBeGreaterThan(1);
  await resident.page.close();
  await context.unrouteAll();

  const again = resident.at(await context.newPage());
  await again.open('/activity');
  await again.resume();
  await expect(again.page.getByRole('heading', { name: 'Unfinished' })).toBeHidden({ timeout: 30_000 });
  expect(await hub.packages()).toHaveLength(1);
  await again.page.getByText('Receipt', { exact: true }).click();
  await expect(again.page.getByText('The same bytes that you sealed')).toBeVisible();
  await expect(again.page.getByText(sealed.replace('SHA-256 ', '').trim()).first()).toBeVisible();
});

test('the hub is down: the sealed package waits, and goes when the hub is back', async ({ hub, folder, resident }) => {
  await withRecording(hub, folder, resident);
  await resident.beginShare(TITLE);
  await resident.waitForClips(1);
  await resident.seal();
  await hub.stop();
  await resident.send();
  await expect(resident.page.getByText('The hub cannot be reached. Your sealed package is kept here')).toBeVisible({
    timeout: 60_000,
  });
  await hub.start();
  await resident.resume();
  await expect(resident.receipt()).toBeVisible({ timeout: 30_000 });
  expect(await hub.packages()).toHaveLength(1);
});

test.describe('a hub that fails', () => {
  let failing = false;
  test.use({
    hubOptions: {
      onRequest: (request) =>
        failing && new URL(request.url).pathname.startsWith('/v1/')
          ? new Response('out of order', { status: 500 })
          : null,
    },
  });

  test('answers 500 and then recovers: the message says so, and sending goes on', async ({ hub, folder, resident }) => {
    await withRecording(hub, folder, resident);
    await resident.beginShare(TITLE);
    await resident.waitForClips(1);
    await resident.seal();
    failing = true;
    await resident.send();
    await expect(
      resident.page.getByText('The hub answered with an error. Your sealed package is kept here'),
    ).toBeVisible({ timeout: 60_000 });
    failing = false;
    await resident.resume();
    await expect(resident.receipt()).toBeVisible({ timeout: 30_000 });
    expect(await hub.packages()).toHaveLength(1);
  });

  test('at the start: the page says so, and shows the requests once it recovers', async ({ hub, folder, resident }) => {
    await prepare(hub, folder);
    failing = true;
    await resident.open();
    await expect(resident.page.getByRole('button', { name: 'Try again' })).toBeVisible();
    failing = false;
    // The page tries by itself as well, and may be quicker.
    await expect(async () => {
      if (!(await resident.post(TITLE).isVisible()))
        await resident.page.getByRole('button', { name: 'Try again' }).click({ timeout: 1_000 });
      await expect(resident.post(TITLE)).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
  });
});

/** A browser whose own coders cannot make the edges: the page's ffmpeg core is then needed. */
const withoutBrowserEncoders = async (context: BrowserContext): Promise<void> => {
  await context.route(/\/assets\/trim[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete globalThis.VideoEncoder;\n${await response.text()}` });
  });
};

test('the ffmpeg core does not load: the clip is refused with the reason, and cutting again works', async ({
  hub,
  folder,
  resident,
  context,
}) => {
  await withoutBrowserEncoders(context);
  await withRecording(hub, folder, resident);
  let refused = 0;
  await context.route(/ffmpeg-core/, async (route) => {
    refused++;
    await route.abort();
  });
  await resident.beginShare(TITLE);
  await expect(resident.page.getByText('This clip cannot be shared')).toBeVisible({ timeout: 60_000 });
  expect(refused).toBeGreaterThan(0);
  await expect(resident.page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  await context.unrouteAll();
  await resident.page.getByRole('button', { name: 'Cut again' }).click();
  await resident.waitForClips(1);
});

test('the worker crashes in mid-cut: it is told, nothing leaves, and cutting again works', async ({
  hub,
  folder,
  resident,
  context,
}) => {
  await withoutBrowserEncoders(context);
  await withRecording(hub, folder, resident);
  /** The core's answer is held back, so that the cut is surely under way when its worker dies. */
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  await context.route(/ffmpeg-core/, async (route) => {
    asked++;
    await released;
    await route.continue().catch(() => undefined);
  });
  await resident.beginShare(TITLE);
  // Once while the encoder loads ahead of need, of which nobody must hear; once in the cut that then waits for it.
  for (const filesAskedFor of [2, 4]) {
    await expect.poll(() => asked, { timeout: 30_000 }).toBe(filesAskedFor);
    const trimWorkers = () => resident.page.workers().filter((worker) => worker.url().includes('trim'));
    // The one that died may be listed a little longer.
    await expect.poll(() => trimWorkers().length).toBe(1);
    for (const worker of trimWorkers()) {
      await worker.evaluate(() => {
        setTimeout(() => {
          throw new Error('crashed by a test');
        });
      });
    }
  }
  await expect(resident.page.getByText('This clip cannot be shared')).toBeVisible({ timeout: 60_000 });
  expect(await hub.packages()).toEqual([]);
  release();
  await context.unrouteAll();
  await resident.page.getByRole('button', { name: 'Cut again' }).click();
  await resident.waitForClips(1);
});

test('a cut is cancelled: nothing is kept, and cutting again works', async ({ hub, folder, resident, context }) => {
  await withRecording(hub, folder, resident);
  /** The core's answer is held back, so that the cut is surely under way when it is cancelled. */
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(/ffmpeg-core/, async (route) => {
    await released;
    await route.continue();
  });
  await resident.beginShare(TITLE);
  await resident.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(resident.page.getByText('The cut was cancelled')).toBeVisible();
  await expect(resident.page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  release();
  await resident.page.getByRole('button', { name: 'Cut again' }).click();
  await resident.waitForClips(1);
});
