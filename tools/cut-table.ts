/** `npm run cut:table`: cuts every recording of the fixtures folder by many windows, has native ffmpeg judge the clips, writes docs/cut-table.md. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BAR, fileTable, summaryLine, tally } from './cut-table/markdown.ts';
import { cutAndJudge } from './cut-table/run.ts';
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
  const { values } = parseArgs({
    options: {
      ...{ only: { type: 'string' }, windows: { type: 'string' }, out: { type: 'string' }, keep: { type: 'string' } },
      help: { type: 'boolean' },
    },
  });
  const folder = join(process.env['PORCHLIGHT_FIXTURES'] ?? resolve(ROOT, '../shared/fixtures'), 'video');
  if (values.help || !existsSync(folder)) {
    console.error(values.help ? USAGE : `There are no recordings in ${folder}.\n\n${USAGE}`);
    return 2;
  }
  ensureNativeTools();
  const files = readdirSync(folder)
    .filter((name) => name !== 'MANIFEST.json' && name.includes(values.only ?? ''))
    .sort()
    .map((name) => join(folder, name));
  if (values.keep !== undefined) await mkdir(values.keep, { recursive: true });
  const most = Number(values.windows ?? Infinity);
  const results = await cutAndJudge(files, {
    choose: (windows, recording) => (most < windows.length ? someOf(windows, recording, most) : windows),
    say: (line) => console.log(line),
    ...(values.keep === undefined ? {} : { keep: resolve(values.keep) }),
  });
  const told = tally(results);
  for (const problem of told.problems) console.log(`WRONG ${problem}`);
  console.log(summaryLine(told));
  const out = values.out ?? (values.only === undefined ? join(ROOT, 'docs/cut-table.md') : null);
  if (out === null) console.log(fileTable(results));
  else await writeFile(out, page(summaryLine(told), fileTable(results), told.problems));
  return told.problems.length === 0 && told.cut >= BAR * told.playable ? 0 : 1;
};

const page = (summary: string, table: string, problems: readonly string[]): string => `# Every file, cut and judged

Made by \`npm run cut:table\`; not written by hand. ${summary}

Each recording is cut by up to 13 windows (its start, a middle, inside one group of pictures, its end, both ends, beyond both, one frame,
no frame, boundaries on a frame's time and a microsecond beside it, camera bits only, blacked out without sound). Native
ffmpeg 5.1 judges each clip: its frames, edit lists ignored, are the recording's of that window at their times; those
called the camera's own have the recording's MD5, the others are near them and nearer than to their neighbours; sound
lies wholly inside; no tag, box, text or message is left that tells more; and it plays without a complaint that the
recording itself does not raise.

${table}
${problems.length === 0 ? '' : `\n## Found wrong\n\n${problems.map((problem) => `- ${problem}`).join('\n')}\n`}`;

process.exitCode = await main();
