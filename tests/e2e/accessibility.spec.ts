/** Every screen with real content, on a phone and on a desk, light and dark: axe finds nothing, nothing overflows, focus comes back. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { harmPictures } from '../support/harm.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { expect, test } from './fixtures.ts';
import { AXE, flawsOf } from './flaws.ts';

const TITLE = 'A van left in a hurry';
const LATER = 'A bicycle taken a little later';

/** Text of the control that has the focus, through all shadow roots. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const root = element?.getRootNode();
    const host = root instanceof ShadowRoot ? root.host : null;
    return (element?.textContent?.trim() || host?.textContent?.trim()) ?? '';
  });

// Motion in flight has passing colours that no reader ever reads.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.beforeEach(({ context }) => context.addInitScript({ path: AXE }));

for (const [width, colorScheme] of [
  [360, 'light'],
  [1280, 'dark'],
  [360, 'dark'],
  [1280, 'light'],
] as const) {
  test.describe(`${width} px, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: 800 }, colorScheme });

    test('no screen has a flaw that axe can find', async ({ hub, folder, resident }) => {
      const { page } = resident;
      const flawless = async (screen: string): Promise<void> => expect(await flawsOf(page), screen).toEqual([]);
      const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
      const kind = { width: 640, height: 360, durationS: 12 } as const;
      const file = await makeRecording(folder, blinkName('yard', start), start, kind);
      await harmPictures(file, 5, 8);
      const doubtful = await makeRecording(folder, 'Ring_Yard_202611201842.mp4', start, kind);
      const notes = join(folder, 'notes.txt');
      await writeFile(notes, 'milk, bread');
      await hub.publish({ id: 'van', title: TITLE, window: { from: start + 2_000, to: start + 7_000 } });
      await hub.publish({ id: 'later', title: LATER, window: { from: start + 600_000, to: start + 1_500_000 } });

      await resident.open();
      await expect(page.getByRole('heading', { name: 'Start with your own cameras' })).toBeVisible();
      await flawless('timeline before the first camera');
      await resident.open('/library');
      await expect(page.getByText('No cameras yet')).toBeVisible();
      await flawless('empty library');
      await page.getByRole('button', { name: 'Add a camera' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await flawless('camera form');
      await resident.addCamera('Yard', TEST_PLACE);
      await resident.importFiles([file, doubtful], 'Yard');
      await expect(page.getByRole('region', { name: 'Are these times right?' })).toBeVisible();
      await expect(page.getByRole('toolbar', { name: /^Yard, 1 recording/ })).toBeVisible();
      await flawless('library with a question, calendar and day ruler');
      await resident.chooseFiles([notes], 'Yard');
      await expect(page.getByText('This is not a video file.')).toBeVisible();
      await flawless('import with a refusal');
      await page.getByRole('button', { name: 'Correct time' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await flawless('time form');

      await resident.open();
      await expect(resident.post(TITLE)).toContainText('1 recording overlaps');
      await flawless('timeline');
      await resident.openRequest(LATER);
      await page.getByText('Why not?').click();
      await expect(page.getByText('before the requested time').first()).toBeVisible();
      await flawless('request that takes nothing, and why');
      await resident.openRequest(TITLE);
      await flawless('request');
      await page.getByRole('button', { name: 'Tap here to help' }).click();
      await expect(page.getByRole('heading', { name: 'Choose recordings' })).toBeVisible();
      await flawless('choose');
      await page.getByRole('button', { name: 'Review the clips' }).click();
      await resident.waitForClips(1);
      await expect(page.getByRole('note', { name: 'Damage in the recording' })).toBeVisible();
      await flawless('review of a damaged recording');
      await resident.seal();
      await flawless('what leaves this device');
      await resident.send();
      await expect(resident.receipt()).toBeVisible();
      await flawless('receipt');
      await resident.open('/activity');
      await expect(page.getByRole('table')).toBeVisible();
      await flawless('activity');
      await resident.open('/agencies/wrenfield-police');
      await expect(page.getByText('The chain holds')).toBeVisible();
      await flawless('agency profile');
      await resident.open('/review');
      await page.getByRole('button', { name: 'Be the demo’s reviewer' }).click();
      await page.getByRole('link', { name: 'Public requests' }).click();
      await page.getByRole('button', { name: 'Reject…' }).first().click();
      await flawless('review of what is public');
      await resident.open('/settings');
      await expect(page.getByRole('heading', { name: 'Who you are' })).toBeVisible();
      await flawless('settings');
      await page.getByText('Receive requests').click();
      await expect(page.getByText('Requests are off.')).toBeVisible();
      await resident.open();
      await expect(page.getByRole('heading', { name: 'Requests are off' })).toBeVisible();
      await flawless('timeline with requests off');
    });
  });
}

test('the keyboard opens a dialog and gets back to where it was', async ({ resident }) => {
  const { page } = resident;
  await resident.addCamera('Yard', TEST_PLACE);
  for (const name of ['Add a camera', 'Edit Yard', 'Delete Yard']) {
    const button = page.getByRole('button', { name });
    await button.focus();
    const before = await focused(page);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(button).toBeFocused();
    expect(await focused(page)).toBe(before);
  }
});

test('going to another screen moves the focus to its heading, and Back returns', async ({ resident }) => {
  const { page } = resident;
  await resident.open();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeFocused();
  await expect(page).toHaveTitle('Settings · Porchlight');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Timeline' })).toBeFocused();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Timeline' })).toBeVisible();
});
