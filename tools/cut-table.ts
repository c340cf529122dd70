/** `npm run cut:table`: cuts every recording of the fixtures folder by many windows, has native ffmpeg judge the clips, writes docs/cut-table.md. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readCommandLine, wrongUsage } from './command-line.ts';
import { BAR, fileTable, summaryLine, tally } from './cut-table/markdown.ts';
import { cutAndJudge } from './cut-table/run.ts';
import { FILMS, UNPLAYABLE } from './cut-table/synthetic/films.ts';
import { makeFilm, refusalProblem } from './cut-table/synthetic/made-films.ts';
import { someOf } from './cut-table/windows.ts';
import { ensureNativeTools } from './find-native.ts';

const USAGE = `Usage: npm run cut:table -- [--only WORD] [--windows N] [--out FILE.md] [--keep DIR]

Recordings: $PORCHLIGHT_FIXTURES/video, or ../shared/fixtures/video beside the project.
--only     those whose name contains WORD
--windows  at most N windows of each (all 13 unless given)
--out      where the page goes (docs/cut-table.md; with --only it is printed)
--keep     keep clips and reports there

Exit status: 0 when nothing is wrong and the bar is held, 1 otherwise, 2 wrong usage.`;

const ROOT = resolve(import.meta.dirname, '..');

const main = async (): Promise<number> => {
  const option = { type: 'string' } as const;
  const { values } = readCommandLine(USAGE, { options: { only: option, windows: option, out: option, keep: option } });
  const folder = join(process.env['PORCHLIGHT_FIXTURES'] ?? resolve(ROOT, '../shared/fixtures'), 'video');
  if (!existsSync(folder)) return wrongUsage(`There are no recordings in ${folder}.`, USAGE);
  ensureNativeTools();
  const isWanted = (name: string): boolean => name !== 'MANIFEST.json' && name.includes(values.only ?? '');
  const films = [...FILMS, ...UNPLAYABLE].filter(({ name }) => isWanted(name));
  const recordings = readdirSync(folder)
    .filter(isWanted)
    .sort()
    .map((name) => join(folder, name));
  const made = [];
  for (const film of films) made.push(await makeFilm(film));
  if (values.keep !== undefined) await mkdir(values.keep, { recursive: true });
  const most = Number(values.windows ?? Infinity);
  const results = await cutAndJudge([...recordings, ...made], {
    choose: (windows, recording) => (most < windows.length ? someOf(windows, recording, most) : windows),
    say: (line) => console.log(line),
    ...(values.keep === undefined ? {} : { keep: resolve(values.keep) }),
  });
  const [ofRecordings, ofFilms] = [results.slice(0, recordings.length), results.slice(recordings.length)];
  const [recordingTally, filmTally] = [tally(ofRecordings), tally(ofFilms)];
  const wrong = [
    ...[...recordingTally.problems, ...filmTally.problems],
    ...films.flatMap((film, index) => (ofFilms[index] ? (refusalProblem(film, ofFilms[index]) ?? []) : [])),
  ];
  for (const problem of wrong) console.log(`WRONG ${problem}`);
  const sections = [
    `## Real recordings\n\n${summaryLine(recordingTally)}\n\n${fileTable(ofRecordings)}`,
    `## Made for this\n\n${summaryLine(filmTally)} What each has: tools/cut-table/synthetic/films.ts.\n\n${fileTable(ofFilms)}`,
    ...(wrong.length === 0 ? [] : [`## Found wrong\n\n${asList(wrong)}`]),
  ];
  console.log(`${summaryLine(recordingTally)}\n${summaryLine(filmTally)}`);
  const out = values.out ?? (values.only === undefined ? join(ROOT, 'docs/cut-table.md') : null);
  if (out === null) console.log(sections.join('\n\n'));
  else await writeFile(out, `${heading(most)}\n${sections.join('\n\n')}\n`);
  return wrong.length === 0 && recordingTally.cut >= BAR * recordingTally.playable ? 0 : 1;
};

const asList = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

const heading = (most: number): string => `# Every file, cut and judged

Made by \`npm run cut:table${most < Infinity ? ` -- --windows ${most}` : ''}\`; not written by hand.

Of 13 kinds of window ${most < Infinity ? `each recording is cut by ${most}, the kinds taking turns` : 'each recording is cut by all that it is long enough for'}: its start, a middle, inside one group
of pictures, its end, both ends, beyond both, one frame, no frame, boundaries on a frame's time and a microsecond beside it,
camera bits only, blacked out without sound. Native ffmpeg judges each clip: its frames, edit lists ignored, are the recording's of
that window at their times; those called the camera's own have the recording's MD5, the others are near them and nearer than to
their neighbours; sound lies wholly inside; no tag, box, text or message is left that tells more; and it plays without a
complaint that the recording itself does not raise. “Cut” means: in every window that holds a frame, but for windows whose damage
is named.
`;

process.exitCode = await main();
