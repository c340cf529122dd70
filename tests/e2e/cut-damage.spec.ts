/** A damaged stretch outside the window does not matter; of one inside, the person is told which seconds are missing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { mainStream, probe } from '../../tools/cut-table/probe.ts';
import { cutAndJudge, type FileResult } from '../../tools/cut-table/run.ts';
import { filmCalled, makeFilm } from '../../tools/cut-table/synthetic/made-films.ts';
import type { Window } from '../../tools/cut-table/windows.ts';
import { ask } from '../../tools/cut-table/native.ts';

/** A keyframe every second; the harm lies between 2 and 3 s. */
const HARM = { from: 2.2, to: 2.8 } as const;
const exact = { mode: 'exact', mute: false } as const;
/** Relative to the first frame. */
const OUTSIDE: readonly Window[] = [
  { kind: 'before', from: 0.3, to: 1.7, ...exact },
  { kind: 'after', from: 3.3, to: 4.7, ...exact },
];
const INSIDE: Window = { kind: 'over', from: 1.5, to: 3.5, ...exact };

interface Harm {
  readonly name: string;
  readonly film: string;
  /** Changes a packet's bytes; `start` is where it lies in the file. */
  readonly apply: (file: Buffer, start: number, bytes: number) => void;
  /** Whether bits cannot be an encoder's any more: then the picture's own time is told. */
  readonly isTold?: true;
}

const HARMS: readonly Harm[] = [
  {
    name: 'unit lengths overwritten',
    film: 'index-first.mp4',
    apply: (file, start) => file.fill(0xff, start, start + 4),
  },
  {
    name: 'slices scrambled',
    film: 'index-first.mp4',
    apply: (file, start, bytes) => file.fill(0x5a, start + Math.floor(bytes / 2), start + bytes),
  },
  {
    name: 'zeros where a card failed',
    film: 'index-first.mp4',
    apply: (file, start, bytes) => file.fill(0, start, start + bytes),
  },
  {
    name: 'zeros in the middle of a picture',
    film: 'index-first.mp4',
    apply: (file, start, bytes) => file.fill(0, start + Math.floor(bytes / 3), start + Math.floor(bytes / 2)),
    isTold: true,
  },
  {
    name: 'zeros in the middle of a picture of HEVC',
    film: 'hevc-cra.mp4',
    apply: (file, start, bytes) => file.fill(0, start + Math.floor(bytes / 3), start + Math.floor(bytes / 2)),
    isTold: true,
  },
  {
    name: 'scrambled in HEVC',
    film: 'hevc-cra.mp4',
    apply: (file, start, bytes) => file.fill(0x5a, start + Math.floor(bytes / 2), start + bytes),
  },
];

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-damage-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where each packet of the picture between the harm's bounds lies in the file. */
const packetsToHarm = async (file: string): Promise<readonly { readonly start: number; readonly bytes: number }[]> => {
  const told = await probe(file, 'honouring');
  const video = told && mainStream(told, 'video');
  if (!video) throw new Error('no picture to harm');
  const { stdout } = await ask('ffprobe', [
    ...[
      '-v',
      'error',
      '-select_streams',
      `${video.index}`,
      '-show_entries',
      'packet=pts_time,pos,size',
      '-of',
      'json',
      file,
    ],
  ]);
  const { packets } = JSON.parse(stdout.toString('utf8')) as {
    readonly packets: readonly { readonly pts_time: string; readonly pos: string; readonly size: string }[];
  };
  return packets
    .filter(({ pts_time }) => Number(pts_time) >= HARM.from && Number(pts_time) < HARM.to)
    .map(({ pos, size }) => ({ start: Number(pos), bytes: Number(size) }));
};

test('damage outside the window does not matter; inside, the missing seconds are named', async () => {
  test.setTimeout(300_000);
  const files: string[] = [];
  for (const [index, { film, apply }] of HARMS.entries()) {
    const path = await makeFilm(filmCalled(film));
    const file = await readFile(path);
    for (const { start, bytes } of await packetsToHarm(path)) apply(file, start, bytes);
    const harmed = join(folder, `harmed-${index}${extname(film)}`);
    await writeFile(harmed, file);
    files.push(harmed);
  }
  const results = await cutAndJudge(files, { choose: () => [...OUTSIDE, INSIDE] });
  for (const [index, result] of results.entries()) {
    const harm = HARMS[index];
    if (harm) judgeHarm(harm, result);
  }
});

/** ffmpeg decodes overwritten slices of HEVC without a word; here it is known that they are. */
const ALARM = /^said to be damaged at .*, though ffmpeg plays it without a complaint$/;

const judgeHarm = ({ name, isTold }: Harm, { judged }: FileResult): void => {
  for (const { window, verdict } of judged) {
    const what = `${name}, ${window.kind}: ${verdict.kind === 'refused' ? verdict.detail : ''}`;
    const problems = verdict.problems.filter((problem) => window.kind !== INSIDE.kind || !ALARM.test(problem));
    expect.soft(problems, what).toEqual([]);
    if (window.kind !== INSIDE.kind) {
      expect.soft(verdict, what).toMatchObject({ kind: 'cut', missing: [], damaged: [] });
    } else if (verdict.kind === 'refused') {
      expect.soft(verdict.reason, what).toBe('damaged-in-window');
      expect.soft(verdict.detail, what).toMatch(/\d\.\d+ s/);
    } else {
      const named = verdict.missing.filter(({ from, to }) => from < HARM.to && to > HARM.from);
      expect.soft(named, what).toEqual(verdict.missing);
      for (const { from, to } of verdict.missing) expect.soft(to, what).toBeGreaterThan(from);
      const told = [...verdict.missing, ...verdict.damaged].filter(({ from, to }) => from < HARM.to && to > HARM.from);
      if (isTold) expect.soft(told, what).not.toEqual([]);
      // As long as its group of pictures at most: a second.
      for (const { from, to } of verdict.damaged) {
        expect.soft(from, what).toBeGreaterThan(HARM.from - 0.2);
        expect.soft(to, what).toBeLessThan(3.1);
      }
    }
  }
};
