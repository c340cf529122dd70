/** The agency's side, with a real hub and a real resident: asks, waits for the review, opens what was sent, checks, plays, accepts, reports. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { HOSTILE } from '../support/hostile.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { approveAll } from '../support/reviewer.ts';
import { sealedPackage } from '../support/sealed-package.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { uploader } from '../support/uploader.ts';
import { toFieldText } from '../../src/ui/wall-clock.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { Agency } from './agency.ts';
import { expect, test } from './fixtures.ts';
import { AXE, flawsOf } from './flaws.ts';
import { marks } from './marks.ts';
import { IDENTITY } from './resident.ts';

const TITLE = 'A van left in a hurry';
const ZONE = 'America/Los_Angeles';

// Motion in flight has passing colours that no reader ever reads.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.beforeEach(({ context }) => context.addInitScript({ path: AXE }));

const PHONE = { width: 360, colorScheme: 'dark' } as const;
const DESK = { width: 1280, colorScheme: 'light' } as const;

const flawless = async (page: Page, screen: string, ...on: readonly (typeof PHONE | typeof DESK)[]): Promise<void> => {
  for (const { width, colorScheme } of on) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await flawsOf(page), `${screen}, ${width} px, ${colorScheme}`).toEqual([]);
  }
};

const savedText = async (page: Page, button: string): Promise<string> => {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await download).path(), 'utf8');
};

test('an agency asks, a resident shares, and the agency opens, checks, plays, accepts and reports', async ({
  hub,
  folder,
  resident,
  context,
}) => {
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const kind = { width: 640, height: 360, durationS: 12 } as const;
  const recording = await makeRecording(folder, blinkName('yard', start), start, kind);
  const agency = new Agency(await context.newPage(), hub.url);
  const { page } = agency;

  await agency.enter();
  await expect(page.getByText('Nothing has been sent to you yet.')).toBeVisible();
  await flawless(page, 'empty inbox', PHONE);
  await agency.go('Keys');
  await expect(page.getByText('May sign')).toBeVisible();
  await flawless(page, 'keys', PHONE);
  await agency.compose({
    ...{ title: TITLE, caseNumber: 'T-26-7', incident: TEST_PLACE },
    from: toFieldText(start + 2_000, ZONE),
    to: toFieldText(start + 7_000, ZONE),
  });
  await expect(page.getByText('0.194 square miles · 0.503 km²')).toBeVisible();
  await expect(page.getByText('Every rule holds: it can be posted.').first()).toBeVisible();
  await flawless(page, 'composer', DESK, PHONE);
  await page.reload();
  await expect(page.getByLabel('Title')).toHaveValue(TITLE);
  await agency.post();
  await agency.go('Posts');
  await expect(agency.ownPost(TITLE)).toContainText('Waits for review');

  await resident.addCamera('Yard', TEST_PLACE);
  await resident.importFiles([recording], 'Yard');
  await resident.open();
  await expect(resident.post(TITLE)).toBeHidden();
  expect(await approveAll(hub.url)).toEqual([TITLE]);
  await resident.share(TITLE);

  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(agency.ownPost(TITLE)).toContainText('Open');
  await flawless(page, 'posts', DESK);
  await agency.openPackage(TITLE);
  await page.getByRole('button', { name: 'Download and open' }).click();
  await expect(agency.verdict('It is what it says it is')).toBeVisible();
  await expect(page.getByText(IDENTITY.address)).toBeVisible();
  await expect
    .poll(() =>
      page.locator('video').evaluate(async (video: HTMLVideoElement) => {
        await video.play();
        return video.currentTime > 0.2 && video.videoWidth;
      }),
    )
    .toBe(640);
  await flawless(page, 'opened package', PHONE, DESK);
  await page.getByLabel('Words for the record').fill('Shows the number plate.');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page.getByText('Shows the number plate.')).toBeVisible();

  await page.getByRole('link', { name: 'See the custody report' }).click();
  await expect(page.getByRole('heading', { name: 'Custody report' })).toBeVisible();
  await flawless(page, 'custody report', PHONE);
  const [sealed = ''] = await hub.packages();
  const sha256 = createHash('sha256')
    .update(await readFile(sealed))
    .digest('hex');
  expect(JSON.parse(await savedText(page, 'Save as JSON'))).toMatchObject({
    ...{ format: 'porchlight/custody/v1', sound: true },
    ...{ package: { sha256 }, request: { caseNumber: 'T-26-7', title: TITLE }, manifest: { sharedBy: IDENTITY } },
    decision: { decision: 'accepted', reason: 'Shows the number plate.' },
  });
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(sha256, { exact: true })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Agency' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  await agency.go('Open a file');
  await page.getByLabel('Sealed file').setInputFiles(sealed);
  await expect(agency.verdict('It is what it says it is')).toBeVisible();
  await agency.go('Posts');
  await agency.ownPost(TITLE).getByRole('button', { name: 'Resolve…' }).click();
  await page.getByLabel('Reason, in words that everybody reads').fill('Found, thank you.');
  await page.getByRole('button', { name: 'Sign and resolve' }).click();
  await expect(agency.ownPost(TITLE)).toContainText('Found, thank you.');
  await resident.open('/?show=resolved');
  await expect(resident.post(TITLE)).toContainText('Found, thank you.');
});

test('a package that breaks its own manifest is shown as such, and what is written in it stays text', async ({
  hub,
  context,
}) => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const window = { from: now - 3_600_000, to: now - 3_000_000 };
  const titles = HOSTILE.slice(0, 4);
  for (const [index, title] of titles.entries()) await hub.publish({ id: `hostile-${index}`, title, window });
  const request = await hub.publish({ id: 'van', title: TITLE, window });
  const note = await (await fetch(`${hub.url}/v1/requests/van`)).text();
  const { recipient } = await demoAgeKey('police');
  const [name = '', email = '', address = '', consent = '', source = ''] = HOSTILE;
  const bytes = await sealedPackage({
    ...{ request, note, recipients: [recipient], clip: new TextEncoder().encode('no video at all') },
    change: (manifest) => ({
      ...manifest,
      ...{
        sharedBy: { name, email, address },
        consent,
        tools: Object.fromEntries(HOSTILE.map((text) => [text, text])),
      },
      clips: HOSTILE.slice(0, 60).flatMap((text, index) =>
        manifest.clips.map((clip) => ({
          ...clip,
          ...{ file: `clips/${String(index + 1).padStart(2, '0')}.mp4`, timeSource: index === 0 ? source : text },
          camera: { ...clip.camera, name: text },
        })),
      ),
    }),
    files: (files) => [...files, { name: 'clips/<img src=x onerror=globalThis.pwned=1>.mp4', input: 'more' }],
  });
  const upload = uploader(() => hub.url, 'van');
  expect((await upload.patch(await upload.create(bytes), 0, bytes)).status).toBe(204);

  const agency = new Agency(await context.newPage(), hub.url);
  const { page } = agency;
  await agency.enter();
  await agency.go('Posts');
  await expect(agency.ownPost(TITLE)).toBeVisible();
  for (const title of titles) await expect(page.getByText(title, { exact: true }).first()).toBeVisible();
  expect(await marks(page)).toEqual([]);

  await agency.openPackage(TITLE);
  let held: () => void = () => undefined;
  const hold = new Promise<void>((go) => (held = go));
  await page.route('**/v1/inbox/*', async (route) => {
    await hold;
    await route.continue().catch(() => undefined);
  });
  await page.getByRole('button', { name: 'Download and open' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Download and open' })).toBeVisible();
  held();
  await page.getByRole('button', { name: 'Download and open' }).click();

  await expect(agency.verdict('This package breaks its own manifest')).toBeVisible();
  await expect(agency.check('Holds what the manifest lists').first()).toContainText('it also holds clips/<img src=x');
  await expect(page.getByText('Nothing hidden inside the file').first()).toBeVisible();
  await expect(page.getByText('Within the requested time').first()).toBeVisible();
  await expect(page.getByText('The package does not hold this clip.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Accept all the same' })).toBeVisible();
  expect(await marks(page)).toEqual([]);
  await page.getByRole('link', { name: 'See the custody report' }).click();
  await expect(page.getByText('This package breaks its own manifest: checks below do not hold.')).toBeVisible();
  expect(await marks(page)).toEqual([]);
});
