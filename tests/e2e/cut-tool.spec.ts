/** `npm run cut`, the engine on the command line: every mode, a batch, and refusals, all judged by native ffmpeg. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { nativeTool } from '../../tools/find-native.ts';
import { audioPacketsOf, framesOf } from '../support/oracle.ts';
import { makeRecording } from '../support/recording.ts';
import { run } from '../support/run.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const START = Date.UTC(2026, 10, 20, 18, 3);
/** A clip's track may count time in other units than its source's. */
const TICK = 0.0005;

interface Report {
  readonly ok: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly framesInWindow: number;
  readonly framesOriginal: number;
  readonly framesReencoded: number;
  readonly bytes: number;
  readonly leftOutStart: number;
  readonly leftOutEnd: number;
  readonly removed: readonly string[];
  readonly audit: readonly string[];
}

let folder = '';
let plain = '';
let reordered = '';

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-cut-'));
  const small = { durationS: 20, width: 640, height: 360 } as const;
  plain = await makeRecording(folder, 'plain.mp4', START, small);
  reordered = await makeRecording(folder, 'reordered.mp4', START, { ...small, bFrames: true });
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

const cut = (...args: readonly string[]): { readonly status: number | null; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/cut.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
};

const readReport = async (path: string): Promise<Report> => JSON.parse(await readFile(path, 'utf8')) as Report;

const cutOne = async (input: string, from: number, to: number, ...more: readonly string[]) => {
  const clip = join(folder, 'clip.mp4');
  const report = join(folder, 'clip.json');
  const { status, said } = cut(input, '--from', `${from}`, '--to', `${to}`, '--out', clip, '--report', report, ...more);
  expect([0, 3], said).toContain(status);
  return { clip, status, report: await readReport(report) };
};

/** Frames of the source in the window, and how many of the clip's are the same pictures. */
const compare = async (source: string, clip: string, from: number, to: number) => {
  const wanted = (await framesOf(source, 'honouring')).filter(({ at }) => at >= from && at < to);
  const found = await framesOf(clip, 'ignoring');
  const offset = (wanted[0]?.at ?? 0) - (found[0]?.at ?? 0);
  const late = found.filter(({ at }, index) => Math.abs(at + offset - (wanted[index]?.at ?? NaN)) > TICK);
  return { wanted, found, late, identical: found.filter(({ md5 }, index) => md5 === wanted[index]?.md5).length };
};

test.describe('exact', () => {
  // Keyframes every 4 s; the ends fall on keyframes, between them, and among reordered pictures.
  const windows = [
    [4, 12],
    [5.5, 14.2],
    [5, 7],
    [0, 20.5],
    [11.94, 12.01],
  ] as const;
  const kinds = ['plain', 'reordered'] as const;
  const pathOf = (kind: string, from: number, ending: string): string => join(folder, `${kind}-${from}.${ending}`);

  test.beforeAll(async () => {
    const jobs = kinds.flatMap((kind) =>
      windows.map(([from, to]) => ({
        ...{ input: kind === 'plain' ? plain : reordered, from, to },
        ...{ output: pathOf(kind, from, 'mp4'), report: pathOf(kind, from, 'json') },
      })),
    );
    const list = join(folder, 'exact.json');
    await writeFile(list, JSON.stringify(jobs));
    const { status, said } = cut('--batch', list);
    expect(status, said).toBe(0);
  });

  for (const [from, to] of windows) {
    for (const kind of kinds) {
      test(`${from}–${to} s of a ${kind} recording`, async () => {
        const source = kind === 'plain' ? plain : reordered;
        const clip = pathOf(kind, from, 'mp4');
        const report = await readReport(pathOf(kind, from, 'json'));
        expect(report.ok, report.detail).toBe(true);
        const { wanted, found, late, identical } = await compare(source, clip, from, to);
        expect(found).toHaveLength(wanted.length);
        expect(late).toEqual([]);
        expect(identical).toBeGreaterThanOrEqual(report.framesOriginal);
        expect(report.framesOriginal + report.framesReencoded).toBe(wanted.length);
        const { stderr } = await run(nativeTool('ffmpeg'), ['-v', 'warning', '-i', clip, '-f', 'null', '-']);
        expect(stderr).toBe('');
      });
    }
  }
});

test('a window that ends at a frame’s printed time, a little after the frame, leaves that frame out', async () => {
  // 3/14 s is printed as 0.214286: later than the picture by 0.3 µs, and the same to the microsecond.
  const source = await makeRecording(folder, 'fourteen.mp4', START, {
    ...{ durationS: 20, width: 640, height: 360, framesPerSecond: 14, bFrames: true },
  });
  const { clip, report } = await cutOne(source, 1.5, 4.214286);
  expect(report.ok, report.detail).toBe(true);
  const { wanted, found, late } = await compare(source, clip, 1.5, 4.214285);
  expect(found).toHaveLength(wanted.length);
  expect(late).toEqual([]);
  expect(report.framesReencoded).toBeGreaterThan(0);
});

test('original keeps the camera’s own bits alone and says what it left out', async () => {
  const { clip, report } = await cutOne(plain, 5.5, 14.2, '--mode', 'original');
  const { found } = await compare(plain, clip, 5.5, 14.2);
  const own = new Set((await framesOf(plain, 'honouring')).map(({ md5 }) => md5));
  expect(found.every(({ md5 }) => own.has(md5))).toBe(true);
  expect(report).toMatchObject({ ok: true, framesReencoded: 0, framesOriginal: found.length });
  expect(report.leftOutStart).toBeCloseTo(2.5, 1);
});

test('redacted blacks out the box for its time and no other, and mute leaves the sound out', async () => {
  const { clip, report } = await cutOne(plain, 5, 9, '--mode', 'redacted', '--mute', '--box', '100,50,200,100,6,8');
  expect(report).toMatchObject({ ok: true, framesOriginal: 0 });
  expect(await audioPacketsOf(clip, 'ignoring')).toEqual([]);
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', '-f', 'lavfi', '-i', `movie=${clip},crop=196:96:102:52,signalstats`],
    ...['-show_entries', 'frame=pts_time:frame_tags=lavfi.signalstats.YMAX', '-of', 'json'],
  ]);
  const { frames } = JSON.parse(stdout) as { frames: { pts_time: string; tags: Record<string, string> }[] };
  const first = (await compare(plain, clip, 5, 9)).wanted[0]?.at ?? 0;
  expect(frames).toHaveLength(60);
  for (const { pts_time, tags } of frames) {
    const at = first + Number(pts_time) - Number(frames[0]?.pts_time);
    const black = Number(tags['lavfi.signalstats.YMAX']) < 40;
    expect(black, `at ${at.toFixed(3)} s`).toBe(at >= 6 - TICK && at < 8 - TICK);
  }
});

test('a batch writes a report for each job; a refusal has a reason, no clip, and status 3', async () => {
  const text = join(folder, 'notes.mp4');
  await writeFile(text, 'These are notes, not a video.\n'.repeat(100));
  const empty = join(folder, 'empty.mp4');
  await writeFile(empty, '');
  const job = (input: string, from: number, to: number, name: string) => ({
    ...{ input, from, to },
    ...{ output: join(folder, `${name}.mp4`), report: join(folder, `${name}.json`) },
  });
  const jobs = [
    job(plain, 1, 2, 'good'),
    job(plain, 30, 40, 'after'),
    job(plain, 3, 2, 'backwards'),
    job(text, 0, 1, 'text'),
    job(empty, 0, 1, 'empty-cut'),
    job(join(folder, 'gone.mp4'), 0, 1, 'gone'),
    { ...job(plain, 5, 7, 'no-keyframe'), mode: 'original' },
  ];
  const list = join(folder, 'jobs.json');
  await writeFile(list, JSON.stringify(jobs));
  const { status, said } = cut('--batch', list);
  expect(status, said).toBe(3);
  const outcomes = await Promise.all(
    jobs.map(async ({ report, output }) => {
      const { ok, reason } = await readReport(report);
      return { outcome: ok ? 'cut' : reason, clip: existsSync(output) };
    }),
  );
  expect(outcomes).toEqual([
    { outcome: 'cut', clip: true },
    { outcome: 'nothing-in-window', clip: false },
    { outcome: 'bad-window', clip: false },
    { outcome: 'not-a-video', clip: false },
    { outcome: 'empty-file', clip: false },
    { outcome: 'unreadable', clip: false },
    { outcome: 'no-keyframe-in-window', clip: false },
  ]);
});

test('wrong usage says how it is used and ends with 2', () => {
  for (const args of [[], [plain, '--from', '1'], ['--batch', join(folder, 'gone.json')], ['--frum', '1']]) {
    const { status, said } = cut(...args);
    expect(status).toBe(2);
    expect(said).toContain('npm run cut -- INPUT');
  }
});
