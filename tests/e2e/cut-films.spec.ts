/** Films made for the proof, of what real recordings have none of: cut in one batch, each clip judged by native ffmpeg. */
import { basename } from 'node:path';
import { expect, test } from '@playwright/test';
import { isCut, tally } from '../../tools/cut-table/markdown.ts';
import { cutAndJudge } from '../../tools/cut-table/run.ts';
import { FILMS, UNPLAYABLE } from '../../tools/cut-table/synthetic/films.ts';
import { makeFilm, refusalProblem } from '../../tools/cut-table/synthetic/made-films.ts';
import { someOf } from '../../tools/cut-table/windows.ts';

/** Of each film's 13 windows; every kind turns up among the films. `npm run cut:table` tries them all. */
const WINDOWS_EACH = 1;

test('every kind of stream and container: exactly its frames, or refused by name', async () => {
  test.setTimeout(900_000);
  const films = [...FILMS, ...UNPLAYABLE];
  const files: string[] = [];
  for (const film of films) files.push(await makeFilm(film));
  const results = await cutAndJudge(files, {
    choose: (windows, recording) => someOf(windows, recording, WINDOWS_EACH),
  });
  expect.soft(tally(results).problems).toEqual([]);
  const refused = results
    .filter((result) => result.source !== null && !isCut(result))
    .map(({ file }) => basename(file));
  const toBeRefused = films.filter((film) => film.refused).map(({ name }) => name);
  expect
    .soft(
      refused.filter((name) => !toBeRefused.includes(name)),
      'played by ffprobe, and refused',
    )
    .toEqual([]);
  expect(films.flatMap((film, index) => (results[index] ? (refusalProblem(film, results[index]) ?? []) : []))).toEqual(
    [],
  );
});
