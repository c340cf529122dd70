/** A folder of a thousand files: progress, stopping, going on after a reload, and of each file not taken why not. */
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makeRecording } from '../support/recording.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { expect, test } from './fixtures.ts';

const FILES = 1_000;
const START = Date.parse('2026-11-20T08:00:00Z');

/** What is in the folder besides recordings, with the words that the person reads. */
const NOT_TAKEN = new Map<string, { readonly bytes: Uint8Array; readonly why: RegExp }>([
  ['empty-a.mp4', { bytes: new Uint8Array(0), why: /The file is empty/ }],
  ['empty-z.mp4', { bytes: new Uint8Array(0), why: /The file is empty/ }],
  ['index.txt', { bytes: Buffer.from('Recordings of November'), why: /not a video/ }],
  ['thumb.jpg', { bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), why: /JPEG picture, not a video/ }],
  ['zones.zip', { bytes: Buffer.from('PK\u0003\u0004'), why: /ZIP archive: unpack it first/ }],
]);

/** Appends a `free` box with the number in it: another file for whoever compares bytes, the same film for whoever plays it. */
const numbered = (film: Uint8Array, number: number): Uint8Array => {
  const free = Buffer.alloc(16);
  free.writeUInt32BE(16, 0);
  free.write('free', 4, 'latin1');
  free.writeUInt32BE(number, 8);
  return Buffer.concat([film, free]);
};

const makeFolder = async (folder: string): Promise<string> => {
  const card = join(folder, 'card');
  await mkdir(card);
  const kind = { durationS: 1, width: 160, height: 90, framesPerSecond: 5, sound: false } as const;
  const film = await readFile(await makeRecording(folder, 'film.mp4', START, kind));
  for (let number = 0; number < FILES - NOT_TAKEN.size; number += 1) {
    const from = START + number * 60_000;
    const path = join(card, `FCECDA8FE96B_0_${from}_${from + 1_000}.mp4`);
    await writeFile(path, numbered(film, number));
    await utimes(path, from / 1_000, from / 1_000);
  }
  for (const [name, { bytes }] of NOT_TAKEN) await writeFile(join(card, name), bytes);
  return card;
};

/** The names of the files not taken that the list shows, with their reasons. */
const refusalsOn = async (page: Page): Promise<ReadonlyMap<string, string>> => {
  const lines = page.getByRole('list', { name: 'Files' }).getByRole('listitem').filter({ hasText: 'Not taken' });
  const texts = await lines.evaluateAll((items) =>
    items.map((item) => [item.querySelector('.name')?.textContent ?? '', item.textContent ?? ''] as const),
  );
  return new Map(texts);
};

test('a thousand files are read, stopped half-way, gone on with after a reload, and each refusal has its reason', async ({
  folder,
  resident,
}) => {
  const { page } = resident;
  // Its picker cannot be driven from outside; the field that other browsers have can.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
  const card = await makeFolder(folder);
  await resident.addCamera('Front door', TEST_PLACE);

  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await choosing).setFiles(card);
  const status = resident.importStatus();
  await expect(status).toHaveText(/Importing: \d{2,} of 1,000 files done/);
  await expect(page.getByRole('progressbar', { name: 'Import' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop import' }).click();
  await expect(status).toContainText('Import finished');
  const before = await refusalsOn(page);
  const [, left = '0'] =
    /(\d+) files of 1,000/.exec(await page.getByRole('region', { name: 'Not finished' }).innerText()) ?? [];
  expect(Number(left)).toBeGreaterThan(0);
  expect(Number(left)).toBeLessThan(FILES);

  await page.reload();
  await expect(
    page.getByText(`${left} files of 1,000 from the folder “card” are still to be read. Pick it again to go on.`),
  ).toBeVisible();
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Continue' }).click();
  await (await again).setFiles(card);
  await expect(status).toContainText('Import finished', { timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Not finished' })).toBeHidden();

  const refused = new Map([...before, ...(await refusalsOn(page))]);
  expect([...refused.keys()].toSorted()).toEqual([...NOT_TAKEN.keys()].toSorted());
  for (const [name, { why }] of NOT_TAKEN) expect(refused.get(name), name).toMatch(why);
  await expect(page.getByRole('button', { name: /^Front door/ })).toContainText(`${FILES - NOT_TAKEN.size} recordings`);
});
