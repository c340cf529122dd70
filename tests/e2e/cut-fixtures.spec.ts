/** Real recordings of many makers, where the folder with them is at hand: cut in one batch, each clip judged by native ffmpeg. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { BAR, isCut, tally } from '../../tools/cut-table/markdown.ts';
import { cutAndJudge } from '../../tools/cut-table/run.ts';
import { someOf } from '../../tools/cut-table/windows.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const VIDEOS = join(process.env['PORCHLIGHT_FIXTURES'] ?? resolve(ROOT, '../shared/fixtures'), 'video');
/** Of each recording's 13 windows; every kind turns up among the files. `npm run cut:table` tries them all. */
const WINDOWS_EACH = 1;

test('real recordings: exactly their frames, at their times, and nothing that tells more', async () => {
  test.skip(!existsSync(VIDEOS), 'the folder of real recordings is not here');
  test.setTimeout(900_000);
  const files = readdirSync(VIDEOS)
    .filter((name) => name !== 'MANIFEST.json')
    .sort()
    .map((name) => join(VIDEOS, name));
  const results = await cutAndJudge(files, {
    choose: (windows, recording) => someOf(windows, recording, WINDOWS_EACH),
  });
  const { playable, cut, problems } = tally(results);
  expect.soft(problems).toEqual([]);
  const refused = results.filter((result) => result.source !== null && !isCut(result)).map(({ file }) => file);
  expect(cut / playable, `refused: ${refused.join(', ')}`).toBeGreaterThanOrEqual(BAR);
});
