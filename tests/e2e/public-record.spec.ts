/** The public side end to end: an agency posts by its tool, a reviewer decides in the page, neighbours comment, and everybody can check the history. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { AgencyHistory, HistoryEntry } from '../../src/contracts/agency-history.ts';
import { demoKeyFile } from '../../src/core/demo-keys.ts';
import { run } from '../support/run.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { expect, test } from './fixtures.ts';
import { AXE, flawsOf } from './flaws.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const AGENCY_PATH = '/v1/agencies/wrenfield-police';
const HOUR = 3_600_000;

/** What a hub that cannot be trusted answers in the place of the history; null while it is honest. */
let lie: string | null = null;

test.use({
  contextOptions: { reducedMotion: 'reduce' },
  hubOptions: {
    rateLimits: { comment: 5 },
    onRequest: (request) =>
      lie !== null && new URL(request.url).pathname === AGENCY_PATH ? new Response(lie, { status: 200 }) : null,
  },
});

test.beforeEach(async ({ context }) => {
  lie = null;
  await context.addInitScript({ path: AXE });
});

const fieldsOf = (caseNumber: string, title: string): Record<string, unknown> => ({
  ...{ caseNumber, title, incidentType: 'Theft', suspectedCrime: 'Petit larceny', description: 'A white van.' },
  investigator: { name: 'Det. Lindqvist', email: 'm.lindqvist@police.wrenfield.example' },
  ...{ incident: TEST_PLACE, placeName: 'Alder Street', area: { type: 'Circle', center: TEST_PLACE, radiusM: 300 } },
  window: {
    from: new Date(Date.now() - 3 * HOUR).toISOString(),
    to: new Date(Date.now() - 2 * HOUR).toISOString(),
    zone: 'America/Los_Angeles',
  },
  ...{ expires: new Date(Date.now() + 48 * HOUR).toISOString(), policy: 'npss' },
});

/** The agency's command line, with the demo police's keys in the folder. */
const agencyTool = async (folder: string, url: string) => {
  await writeFile(join(folder, 'police.json'), await demoKeyFile('police'));
  const tool = async (...args: string[]): Promise<string> => {
    const node = join(PROJECT, 'node_modules/.bin/node');
    const common = ['--hub', url, '--keys', 'police.json'];
    return (await run(node, [join(PROJECT, 'tools/agency.ts'), ...args, ...common], { cwd: folder })).stdout;
  };
  return {
    post: async (caseNumber: string, title: string): Promise<string> => {
      await writeFile(join(folder, 'request.json'), JSON.stringify(fieldsOf(caseNumber, title)));
      return (await tool('post', '--request', 'request.json')).split(' ')[0] ?? '';
    },
    resolve: (id: string) => tool('resolve', '--request', id, '--reason', 'The van was found.'),
  };
};

const waiting = (page: Page, title: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name: title }) });

const comment = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });

const write = async (page: Page, name: string, text: string): Promise<void> => {
  await page.getByLabel('Name to show').fill(name);
  await page.getByLabel('Comment', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Publish the comment' }).click();
};

/** The history as it is, to be told otherwise. */
const trueHistory = async (url: string): Promise<AgencyHistory> =>
  (await (await fetch(`${url}${AGENCY_PATH}`)).json()) as AgencyHistory;

const noteOf = (entry: HistoryEntry | undefined): string => (entry !== undefined && 'note' in entry ? entry.note : '');

test('posted by the tool, decided in the page, commented on, resolved: in a history that names every lie about it', async ({
  hub,
  folder,
  resident,
  browser,
}) => {
  const tool = await agencyTool(folder, hub.url);
  const van = await tool.post('V-1', 'A van was taken');
  await tool.post('V-2', 'Who was at the rally?');
  const elsewhere = await browser.newContext({ reducedMotion: 'reduce', timezoneId: 'America/Los_Angeles' });
  await elsewhere.addInitScript({ path: AXE });
  const reviewer = resident.at(await elsewhere.newPage());
  const { page } = resident;

  await test.step('the reviewer approves one and rejects the other', async () => {
    const desk = reviewer.page;
    await reviewer.open('/review');
    await desk.getByRole('button', { name: 'Be the demo’s reviewer' }).click();
    await desk.getByRole('link', { name: 'Waiting' }).click();
    const first = waiting(desk, 'A van was taken');
    const approve = first.getByRole('button', { name: 'Approve and publish' });
    await expect(first).toContainText('The area reaches 300 m from the incident');
    await expect(approve).toBeDisabled();
    for (const no of await first.getByRole('radio', { name: 'No' }).all()) await no.click();
    await expect(approve).toBeEnabled();
    expect(await flawsOf(desk), 'review').toEqual([]);
    await approve.click();
    await expect(desk.getByText('Approved: “A van was taken” is public now.')).toBeVisible();
    const rally = waiting(desk, 'Who was at the rally?');
    await rally.getByRole('radio', { name: 'Yes' }).first().click();
    await expect(rally.getByRole('button', { name: 'Approve and publish' })).toBeDisabled();
    await rally.getByRole('button', { name: 'Reject…' }).click();
    await expect(rally.getByLabel('Ground')).toHaveValue('lawful-activity');
    await rally.getByLabel('Reason, in your words').fill('A rally is lawful.');
    await rally.getByRole('button', { name: 'Reject the request' }).click();
    await expect(desk.getByText('Nothing waits.')).toBeVisible();
  });

  await test.step('a neighbour comments, takes one back, and is told to wait', async () => {
    await resident.openRequest('A van was taken');
    await page.getByText('Write a comment').click();
    await write(page, 'Neighbour', 'It went north.\n<b>Fast.</b>');
    await expect(comment(page, '<b>Fast.</b>')).toContainText('Neighbour');
    await write(page, 'Neighbour', 'It is the tall one from number 5.');
    await expect(page.getByRole('heading', { name: 'Comments 2' })).toBeVisible();
    await comment(page, 'It went north.').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect(page.getByText('Removed by its writer (you)')).toBeVisible();
    await resident.open();
    await expect(resident.post('A van was taken')).toContainText('1 comment');
  });

  await test.step('the reviewer removes the other, with a reason that stays', async () => {
    const desk = reviewer.page;
    await reviewer.open('/review/comments');
    await comment(desk, 'the tall one').getByRole('button', { name: 'Remove as reviewer…' }).click();
    await desk.getByLabel('Ground').selectOption('profiling');
    await desk.getByLabel('Reason, in your words').fill('Points at a neighbour.');
    await desk.getByRole('button', { name: 'Remove the comment' }).click();
    await expect(desk.getByText('Profiling: Points at a neighbour.')).toBeVisible();
    expect(await flawsOf(desk), 'moderation').toEqual([]);
    await resident.openRequest('A van was taken');
    await expect(page.getByText('Profiling: Points at a neighbour.')).toBeVisible();
    await expect(page.getByText('the tall one')).toHaveCount(0);
    await page.getByText('Write a comment').click();
    await write(page, 'Neighbour', 'One more.');
    await expect(page.getByText('Your comment is public now.')).toBeVisible();
    await write(page, 'Neighbour', 'And another.');
    await expect(page.getByText(/takes only so many of these a minute.*Try again in \d+ seconds/)).toBeVisible();
    await expect(page.getByLabel('Comment', { exact: true })).toHaveValue('And another.');
    expect(await flawsOf(page), 'request with comments').toEqual([]);
  });

  const entries = page.getByRole('list').getByRole('article');
  await test.step('the profile shows all of it', async () => {
    await tool.resolve(van);
    await resident.open();
    await resident.post('A van was taken').getByRole('link', { name: 'Wrenfield Police Department' }).click();
    await expect(page.getByText('The chain holds from entry 1 to 3.')).toBeVisible();
    await expect(entries).toHaveCount(3);
    await expect(entries.nth(0)).toContainText('Resolved: A van was taken');
    await expect(entries.nth(0)).toContainText('The van was found.');
    await expect(entries.nth(1)).toContainText('About lawful activity. A rally is lawful.');
    await expect(entries.nth(1)).toContainText('Rejected by N. Okafor');
    await entries.nth(1).getByText('The text as it was posted').click();
    await expect(entries.nth(1)).toContainText('A white van.');
    await expect(entries.nth(2)).toContainText('Approved by N. Okafor');
    expect(await flawsOf(page), 'profile').toEqual([]);
  });

  const honest = await trueHistory(hub.url);
  const [one, two, three] = honest.entries;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three entries');
  const changed = { seq: 2, note: noteOf(two).replace('rally', 'picnic') };
  const lies: readonly (readonly [string, string, readonly HistoryEntry[]])[] = [
    ['changed', 'Entry 2: changed.', [one, changed, three]],
    ['dropped', 'Entry 2: dropped.', [one, three]],
    ['reordered', 'Entry 1: reordered.', [two, one, three]],
    ['forked', 'Entry 2: forked.', [one, two, changed, three]],
    ['cut off', 'The history is not a continuation of what this device saw on', [one, two]],
  ];
  for (const [name, sentence, told] of lies) {
    await test.step(`a history that was ${name} is named with its position`, async () => {
      lie = JSON.stringify({ ...honest, entries: told });
      await page.reload();
      await expect(page.getByText('This history does not hold')).toBeVisible();
      await expect(page.getByRole('alert').getByText(sentence)).toBeVisible();
    });
  }
  lie = null;
  await page.reload();
  await expect(page.getByText('The chain holds from entry 1 to 3.')).toBeVisible();
  await elsewhere.close();
});
