/** The strict policy on every screen: walked through with real content, the fixture failing on any violation or foreign request. */
import type { Page } from '@playwright/test';
import { SECURITY_HEADERS } from '../../src/contracts/security-headers.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { expect, test } from './fixtures.ts';

const TITLE = 'Lights seen at night';

const otherDoors = (): readonly string[] =>
  ['RTCPeerConnection', 'RTCDataChannel', 'webkitRTCPeerConnection', 'WebSocket', 'EventSource', 'WebTransport'].filter(
    (name) => name in globalThis,
  );

/** Neither the page nor a worker, the ffmpeg core's included, has another way to the network than `fetch` and XMLHttpRequest. */
const expectOneDoorOnly = async (page: Page): Promise<void> => {
  expect(await page.evaluate(otherDoors)).toEqual([]);
  expect(await page.evaluate(() => 'sendBeacon' in navigator)).toBe(false);
  const workers = page.workers();
  expect(workers.length).toBeGreaterThanOrEqual(3);
  for (const worker of workers) expect(await worker.evaluate(otherDoors), worker.url()).toEqual([]);
};

test('every screen keeps the policy, and asks nobody but its own origin', async ({ hub, folder, resident }) => {
  const { page } = resident;
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const file = await makeRecording(folder, blinkName('yard', start), start, { width: 640, height: 360, durationS: 20 });
  await hub.publish({ id: 'lights', title: TITLE, window: { from: start + 4_000, to: start + 9_000 } });

  await resident.addCamera('Yard', TEST_PLACE);
  await resident.importFiles([file], 'Yard');
  await resident.recordings().first().click();
  await expect
    .poll(() => page.locator('wa-dialog video').evaluate((video: HTMLVideoElement) => video.readyState))
    .toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Correct time' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Edit Yard' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  for (const path of [
    '/?show=for-me',
    '/?show=nearby',
    '/?show=resolved',
    '/settings',
    '/activity',
    '/agencies/wrenfield-police',
    '/agencies/nobody',
    '/review',
    '/agency',
    '/no-such-screen',
  ]) {
    await resident.open(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await resident.beginShare(TITLE);
  await resident.waitForClips(1);
  await expectOneDoorOnly(page);
  await resident.seal();
  await resident.send();
  await expect(resident.receipt()).toBeVisible({ timeout: 60_000 });
  await resident.open('/activity');
  await expect(page.getByRole('heading', { name: 'Network ledger' })).toBeVisible();
  await expect(page.getByText('/v1/packages').first()).toBeVisible();
});

test('page, scripts, workers and API carry every security header', async ({ hub, request }) => {
  const page = await request.get(`${hub.url}/`);
  const scripts = [...(await page.text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(scripts.length).toBeGreaterThan(0);
  for (const path of ['/', '/library', ...scripts, '/v1/feed', '/v1/no-such-thing']) {
    const headers = (await request.get(`${hub.url}${path}`)).headers();
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(headers[name.toLowerCase()], `${name} of ${path}`).toBe(value);
  }
});

test('the browser itself says that only what is used is permitted', async ({ resident }) => {
  await resident.open('/settings');
  const policy = (SECURITY_HEADERS['Permissions-Policy'] ?? '').split(', ').map((one) => one.split('='));
  // A newer browser may know more names, an older one fewer: those of the policy are judged.
  const allowed = await resident.page.evaluate(() => {
    const told = Reflect.get(document, 'featurePolicy') as { allowedFeatures(): readonly string[] };
    return told.allowedFeatures();
  });
  const used = policy.filter(([, who]) => who !== '()').map(([name = '']) => name);
  expect(allowed.filter((name) => policy.some(([named]) => named === name)).toSorted()).toEqual(used.toSorted());
});

test('with requests switched off, nothing is fetched on any screen, and each says so', async ({ hub, resident }) => {
  const start = Date.now() - 3_600_000;
  await hub.publish({ id: 'lights', title: TITLE, window: { from: start, to: start + 60_000 } });
  await resident.open('/review');
  await resident.page.getByRole('button', { name: 'Be the demo’s reviewer' }).click();
  await resident.page.getByRole('link', { name: 'Waiting' }).click();
  await expect(resident.page.getByText('Nothing waits.')).toBeVisible();
  await resident.open();
  await expect(resident.post(TITLE)).toBeVisible();
  await resident.page.getByRole('switch', { name: 'Receive requests' }).press('Space');
  await expect(resident.page.getByText('Requests are off')).toBeVisible();
  const asked: string[] = [];
  resident.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of ['/', '/agencies/wrenfield-police', '/review', '/review/public', '/review/comments']) {
    await resident.open(path);
    await expect(resident.page.getByText('Requests are off')).toBeVisible();
  }
  await resident.open('/request/lights');
  await expect(resident.page.getByText('Requests are turned off.')).toBeVisible();
  // What the page does when it has nothing else to do has come and gone, too.
  await resident.page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path.startsWith('/v1/'))).toEqual([]);
});
