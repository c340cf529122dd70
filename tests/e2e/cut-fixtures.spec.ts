/** Real recordings of many makers, where the folder with them is at hand: cut in one batch, each clip judged by native ffmpeg. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { describeFile, framesOf, wordsFoundIn } from '../support/oracle.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const VIDEOS = join(process.env['PORCHLIGHT_FIXTURES'] ?? resolve(ROOT, '../shared/fixtures'), 'video');
/** A clip's track may count time in other units than its source's; ffprobe prints microseconds. */
const TICK = 0.0011;

/** What the manifest says of a file, as far as it matters here. */
interface Fixture {
  readonly file: string;
  readonly video_codec?: string;
  readonly container?: string;
  readonly audio?: readonly { readonly codec: string }[];
  readonly shown_first_pts?: number;
  readonly shown_last_pts?: number;
}

/** Where the recording's timeline is not the one that ffprobe shows (docs/cut.md, known limits), or the cut is refused. */
const OTHERWISE = new Set([
  'fmp4-rotated-5.1.mp4',
  'h264-opengop-iibbibb-editlist.mp4',
  'f4v-fragmented-co64-emptyedit.mp4',
]);

const isCuttable = ({ file, video_codec, container, audio = [] }: Fixture): boolean =>
  video_codec === 'h264' &&
  (container?.startsWith('mov') || container?.startsWith('matroska')) === true &&
  audio.every(({ codec }) => codec === 'aac') &&
  !file.startsWith('bad-') &&
  !file.startsWith('android-media-cut-away') &&
  !OTHERWISE.has(file);

const fixtures = (): readonly Fixture[] =>
  existsSync(join(VIDEOS, 'MANIFEST.json'))
    ? (JSON.parse(readFileSync(join(VIDEOS, 'MANIFEST.json'), 'utf8')) as Fixture[]).filter(isCuttable)
    : [];

test('the middle of each real H.264 recording: exactly its frames, at their times, and nothing that tells more', async () => {
  const chosen = fixtures();
  test.skip(chosen.length === 0, 'the folder of real recordings is not here');
  test.setTimeout(400_000);
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-fixtures-'));
  const jobs = chosen.map(({ file, shown_first_pts = 0, shown_last_pts = 0 }) => {
    const length = shown_last_pts - shown_first_pts;
    const place = (share: number): number => Number((shown_first_pts + length * share).toFixed(6));
    return {
      ...{ input: join(VIDEOS, file), from: place(0.31), to: place(0.72) },
      ...{ output: join(folder, `${file}.mp4`), report: join(folder, `${file}.json`) },
    };
  });
  await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
  spawnSync(process.execPath, ['tools/cut.ts', '--batch', join(folder, 'jobs.json')], { cwd: ROOT });

  for (const { input, from, to, output, report } of jobs) {
    const { ok, detail, framesOriginal } = JSON.parse(await readFile(report, 'utf8')) as {
      readonly ok: boolean;
      readonly detail?: string;
      readonly framesOriginal: number;
    };
    expect.soft(ok, `${input}: ${detail}`).toBe(true);
    if (!ok) continue;
    const wanted = (await framesOf(input, 'honouring')).filter(({ at }) => at >= from && at < to);
    const found = await framesOf(output, 'ignoring');
    expect.soft(found.length, input).toBe(wanted.length);
    const offset = (wanted[0]?.at ?? 0) - (found[0]?.at ?? 0);
    const late = found.filter(({ at }, index) => !(Math.abs(at + offset - (wanted[index]?.at ?? NaN)) < TICK));
    expect.soft(late, input).toEqual([]);
    const identical = found.filter(({ md5 }, index) => md5 === wanted[index]?.md5).length;
    expect.soft(identical, input).toBeGreaterThanOrEqual(framesOriginal);
    expect.soft(await wordsFoundIn(output, ['©xyz', 'loci', 'udta', 'gpmd', 'mebx', 'tmcd']), input).toEqual([]);
    const { streams, format } = await describeFile(output);
    expect.soft(streams.length, input).toBeLessThanOrEqual(2);
    expect
      .soft(
        [format, ...streams].filter(({ tags }) => tags?.['creation_time'] !== undefined),
        input,
      )
      .toEqual([]);
  }
  await rm(folder, { recursive: true, force: true });
});
