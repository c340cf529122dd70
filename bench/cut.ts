/** `npm run bench -- cut`: the product's cut against what others offer in the same browser, from one minute, one hour and 4 GB. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { judge, packetsOf, type Judgement } from './cut/judge.ts';
import { cutNatively, durationOf, longRecording, minute, sizeOf } from './cut/media.ts';
import type { TimedCut, Window } from './cut/page/page.ts';
import { openBrowser, servePage, type BenchBrowser, type MemoryPeak } from './common/browser.ts';
import { interleave, medianOf, type Contestant } from './common/interleave.ts';
import {
  atLeast,
  atMost,
  isSo,
  rowOf,
  type BenchClaim,
  type BenchReport,
  type BenchRow,
  type RunOptions,
} from './report.ts';

const SEED = 20_261_123;
const HALF_MINUTE: Window = { from: 10.1, to: 40.25 };
const GOP_SECONDS = 4;
const MEGABYTE = 1_000_000;
const MIBIBYTE = 2 ** 20;

interface Cut extends TimedCut {
  readonly file: string;
  readonly memory: MemoryPeak | null;
}

interface Stage {
  readonly folder: string;
  readonly page: Page;
  readonly browser: BenchBrowser;
  readonly quick: boolean;
}

type Judged = Cut & { judgement: Judgement };

export const run = async ({ quick, only }: RunOptions): Promise<BenchReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-bench-cut-'));
  const served = await servePage(join(import.meta.dirname, 'cut/page'), 'cut');
  const browser = await openBrowser();
  try {
    const page = await browser.open(served.url);
    await page.waitForFunction(() => typeof globalThis.cutBench === 'object');
    const stage: Stage = { folder, page, browser, quick };
    const done: Part[] = [];
    for (const [name, part] of Object.entries(PARTS)) if (!only || only.includes(name)) done.push(await part(stage));
    return {
      rows: done.flatMap(({ rows }) => rows),
      claims: done.flatMap(({ claims }) => claims),
      notes: [
        `${browser.version}. A row's "outside" counts coded frames from outside the window that are in the file, hidden or not, by native ffprobe.`,
        'ffmpeg.wasm: its own example for trimming, made kinder by -preset ultrafast and by seeking the input; loading its core is not timed.',
        'Memory is that of the tab’s process: "own" without the program itself, "resident" with it.',
      ],
    };
  } finally {
    await browser.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Part {
  readonly rows: readonly BenchRow[];
  readonly claims: readonly BenchClaim[];
}

/** Runs a cutter of the page and saves its clip. */
const cutOnPage = async (
  { page, browser, folder }: Stage,
  name: string,
  cut: (page: Page) => Promise<TimedCut>,
): Promise<{ result: Cut; ms: number }> => {
  const stop = await browser.watchMemory();
  const timed = await cut(page);
  const memory = await stop();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#clip')]);
  const file = join(folder, `${name}.mp4`);
  await download.saveAs(file);
  await download.delete();
  return { result: { ...timed, file, memory }, ms: timed.ms };
};

/** Ours must be exact, whoever encodes its edges; of the others only their own promise is asked: that the window is in the clip. */
const problemWith = ({ outside, missing }: Judgement, ours: boolean): string | null => {
  if (missing > 0) return `${missing} frames of the window are missing`;
  return ours && outside > 0 ? `${outside} frames from outside the window` : null;
};

const columnsOf = (result: Judged | undefined): Record<string, number | null> =>
  result === undefined
    ? {}
    : {
        outside: result.judgement.outside,
        original: Math.round(result.judgement.originalShare * 1000) / 1000,
        clipMB: round(result.bytes / MEGABYTE),
        readMB: result.bytesRead === null ? null : round(result.bytesRead / MEGABYTE),
        ownMB: result.memory && Math.round(result.memory.ownBytes / MIBIBYTE),
        residentMB: result.memory && Math.round(result.memory.residentBytes / MIBIBYTE),
      };

const round = (value: number): number => Math.round(value * 100) / 100;

/** 30 s out of a minute: ours with either encoder, and the others. */
const peers = async (stage: Stage): Promise<Part> => {
  const { page, folder, quick } = stage;
  const input = await minute();
  await page.setInputFiles('#recording', input);
  const window: Window = quick ? { from: 10.1, to: 14.25 } : HALF_MINUTE;
  const source = await packetsOf(input);
  const judged = new Map<string, Judged>();
  const contestant = (
    engine: string,
    ours: boolean,
    cut: () => Promise<{ result: Cut; ms: number }>,
  ): Contestant<Cut> => ({
    engine,
    run: cut,
    check: async (result) => {
      const judgement = await judge(source, result.file, window.from, window.to);
      judged.set(engine, { ...result, judgement });
      return problemWith(judgement, ours);
    },
  });
  const onPage = (engine: string, ours: boolean, cut: (on: Page) => Promise<TimedCut>): Contestant<Cut> =>
    contestant(engine, ours, () => cutOnPage(stage, 'clip', cut));
  const contestants = [
    onPage('porchlight, WebCodecs', true, (on) =>
      on.evaluate((at) => globalThis.cutBench.porchlight(at, 'webcodecs'), window),
    ),
    onPage('porchlight, ffmpeg core', true, async (on) => {
      await on.evaluate(() => globalThis.cutBench.warm());
      return on.evaluate((at) => globalThis.cutBench.porchlight(at, 'ffmpeg'), window);
    }),
    onPage('ffmpeg.wasm', false, (on) => on.evaluate((at) => globalThis.cutBench.ffmpegWasm(at), window)),
    onPage('mediabunny', false, (on) => on.evaluate((at) => globalThis.cutBench.mediabunny(at), window)),
    contestant('native ffmpeg', false, async () => {
      const file = join(folder, 'native.mp4');
      const ms = await cutNatively(input, window.from, window.to, file);
      return { result: { ms, file, bytes: await sizeOf(file), bytesRead: null, memory: null }, ms };
    }),
  ];
  const timings = await interleave(contestants, { runs: quick ? 1 : 3, warmUps: quick ? 0 : 1, seed: SEED });
  const times = (engine: string): number => medianOf(timings, 'ffmpeg.wasm') / medianOf(timings, engine);
  const name = `${window.to - window.from} s of 60 s`;
  const ours = judged.get('porchlight, WebCodecs');
  return {
    rows: timings.map((timing) => rowOf(name, timing, columnsOf(judged.get(timing.engine)))),
    claims: [
      atLeast('faster than ffmpeg.wasm, edges by WebCodecs', round(times('porchlight, WebCodecs')), 8, 'times'),
      atLeast('the same, as far as it was hoped for', round(times('porchlight, WebCodecs')), 25, 'times'),
      atLeast('faster than ffmpeg.wasm, edges by the ffmpeg core', round(times('porchlight, ffmpeg core')), 8, 'times'),
      isSo('no frame from outside the window in the clip', ours?.judgement.outside === 0),
      atMost(
        'peak memory of page, workers and wasm with the ffmpeg core',
        Math.round((judged.get('porchlight, ffmpeg core')?.memory?.ownBytes ?? Number.NaN) / MIBIBYTE),
        350,
        'MB',
      ),
    ],
  };
};

/** The same window out of ever longer recordings of the same packets: time, bytes read and memory follow the window. */
const lengths = async (stage: Stage): Promise<Part> => {
  const { page, folder, quick } = stage;
  const input = await minute();
  const source = await packetsOf(input);
  const hour = await longRecording(folder, quick ? 10 : 60);
  // The same packets come again after a little more than a minute: sound ends in whole packets.
  const period = ((await durationOf(hour)) - (await durationOf(input))) / (quick ? 9 : 59);
  const inputs = [
    { engine: '60 s', file: input, minutes: 0 },
    { engine: quick ? '10 min' : '1 h', file: hour, minutes: quick ? 5 : 30 },
    ...(quick ? [] : [{ engine: '4 GB', file: await longRecording(folder, 280), minutes: 277 }]),
  ];
  const judged = new Map<string, Judged>();
  const peaks = new Map<string, number>();
  const contestants = inputs.map(({ engine, file, minutes }): Contestant<Cut> => ({
    engine,
    run: async () => {
      await page.setInputFiles('#recording', file);
      const earlier = minutes * period;
      const at = { from: HALF_MINUTE.from + earlier, to: HALF_MINUTE.to + earlier };
      return cutOnPage(stage, 'long', (on) =>
        on.evaluate((where) => globalThis.cutBench.porchlight(where, 'auto'), at),
      );
    },
    check: async (result) => {
      const judgement = await judge(source, result.file, HALF_MINUTE.from, HALF_MINUTE.to);
      judged.set(engine, { ...result, judgement });
      peaks.set(engine, Math.max(peaks.get(engine) ?? 0, result.memory?.ownBytes ?? Number.NaN));
      return problemWith(judgement, true);
    },
  }));
  const timings = await interleave(contestants, { runs: quick ? 2 : 9, warmUps: 1, seed: SEED + 1 });
  const audited = await memoryWithAudit(stage, hour, source, (quick ? 5 : 30) * period);
  const [, long] = inputs;
  const longest = judged.get(long?.engine ?? '');
  const allowed = await allowedBytes(input, hour);
  return {
    rows: [
      ...timings.map((timing) => rowOf('30 s, by length', timing, columnsOf(judged.get(timing.engine)))),
      ...audited.rows,
    ],
    claims: [
      atMost(
        `time out of ${long?.engine} against out of 60 s`,
        round(medianOf(timings, long?.engine ?? '') / medianOf(timings, '60 s')),
        1.3,
        'times',
      ),
      atMost(`bytes read out of ${long?.engine}`, round((longest?.bytesRead ?? Number.NaN) / MEGABYTE), allowed, 'MB'),
      atMost(
        `peak memory of page, workers and wasm out of ${long?.engine}`,
        Math.round((peaks.get(long?.engine ?? '') ?? Number.NaN) / MIBIBYTE),
        350,
        'MB',
      ),
      ...(quick
        ? []
        : [
            isSo(
              'cuts out of 4 GB',
              timings.some(({ engine, ms }) => engine === '4 GB' && ms.length > 0),
            ),
          ]),
    ],
  };
};

/** In a fresh tab: the cut and the audit of what it made, several times over, as a person who tries windows does it. */
const memoryWithAudit = async (
  stage: Stage,
  file: string,
  source: Awaited<ReturnType<typeof packetsOf>>,
  earlier: number,
): Promise<Part> => {
  const { page, quick } = stage;
  await reload(page);
  await page.setInputFiles('#recording', file);
  const at = { from: HALF_MINUTE.from + earlier, to: HALF_MINUTE.to + earlier };
  const peaks: number[] = [];
  let last: Judged | undefined;
  const contestant: Contestant<Cut> = {
    engine: 'cut and audit',
    run: () =>
      cutOnPage(stage, 'audited', (on) => on.evaluate((where) => globalThis.cutBench.audited(where, 'auto'), at)),
    check: async (result) => {
      const judgement = await judge(source, result.file, HALF_MINUTE.from, HALF_MINUTE.to);
      last = { ...result, judgement };
      peaks.push(result.memory?.ownBytes ?? Number.NaN);
      return problemWith(judgement, true);
    },
  };
  const timings = await interleave([contestant], { runs: quick ? 1 : 5, warmUps: 0, seed: SEED + 3 });
  return {
    rows: timings.map((timing) => rowOf('30 s of the longer one', timing, columnsOf(last))),
    claims: [
      atMost('the same memory with the audit, over several cuts', Math.round(Math.max(...peaks) / MIBIBYTE), 350, 'MB'),
    ],
  };
};

/** A page as it is when it is opened: no workers, nothing kept. */
const reload = async (page: Page): Promise<void> => {
  await page.reload();
  await page.waitForFunction(() => typeof globalThis.cutBench === 'object');
};

/** The window's packets, two groups of pictures, the index and 1 MB, in MB. The index is what is no packet. */
const allowedBytes = async (source: string, recording: string): Promise<number> => {
  const pictures = await packetsOf(source);
  const sound = await packetsOf(source, 'sound');
  const bytesBetween = (from: number, to: number): number =>
    [...pictures, ...sound].filter(({ at }) => at >= from && at < to).reduce((sum, { bytes }) => sum + bytes, 0);
  const keys = pictures.filter(({ key }) => key).map(({ at }) => at);
  const gop = Math.max(...keys.map((at) => bytesBetween(at, at + GOP_SECONDS)));
  const minutes = Math.round((await sizeOf(recording)) / (await sizeOf(source)));
  const index = (await sizeOf(recording)) - minutes * bytesBetween(-1, Infinity);
  return round((bytesBetween(HALF_MINUTE.from, HALF_MINUTE.to) + 2 * gop + index + MEGABYTE) / MEGABYTE);
};

/** Ten clips of one request, as the share screen asks for them, against one after the other. */
const several = async ({ page, quick }: Stage): Promise<Part> => {
  await page.setInputFiles('#recording', await minute());
  const windows = Array.from({ length: quick ? 4 : 10 }, (_, index) => ({
    from: 1.1 + index * 5,
    to: 9.3 + index * 5,
  }));
  const contestants = (['all', 'one'] as const).map((workers): Contestant<TimedCut> => ({
    engine: workers === 'all' ? 'side by side' : 'one by one',
    run: async () => {
      const result = await page.evaluate(([list, on]) => globalThis.cutBench.several(list, on, 'auto'), [
        windows,
        workers,
      ] as const);
      return { result, ms: result.ms };
    },
    check: ({ bytes }) => (bytes > 0 ? null : 'no clips'),
  }));
  const timings = await interleave(contestants, { runs: quick ? 1 : 7, warmUps: 1, seed: SEED + 2 });
  return {
    rows: timings.map((timing) => rowOf(`${windows.length} clips of 8 s`, timing)),
    claims: [
      atLeast(
        `${windows.length} clips side by side, faster than one by one`,
        round(medianOf(timings, 'one by one') / medianOf(timings, 'side by side')),
        1,
        'times',
      ),
    ],
  };
};

/** Long cuts on every worker called off: until the calls answer, and until the last worker's thread is gone, ffmpeg's too. */
const cancelling = async ({ page, browser, quick }: Stage): Promise<Part> => {
  // Nothing of what was measured before may be left: its idle workers would be counted.
  await reload(page);
  await page.setInputFiles('#recording', await minute());
  const windows = Array.from({ length: 4 }, (_, index) => ({ from: 5 + index, to: 55 }));
  const answered: number[] = [];
  const gone: number[] = [];
  for (let round_ = 0; round_ < (quick ? 1 : 5); round_++) {
    const { abortedAt, answeredMs } = await page.evaluate(
      (list) => globalThis.cutBench.cancelled(list, 3_000),
      windows,
    );
    answered.push(answeredMs);
    while (((await browser.workerThreads()) ?? 0) > 0 && Date.now() - abortedAt < 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    gone.push(Date.now() - abortedAt);
  }
  const timings = [
    { engine: 'calls have answered', ms: answered },
    { engine: 'all threads are gone', ms: gone },
  ].map((timing) => ({ ...timing, result: undefined, problem: null }));
  return {
    rows: timings.map((timing) => rowOf('cancelling four cuts', timing)),
    claims: [
      atMost('cancelling answers within', round(medianOf(timings, 'calls have answered')), 200, 'ms'),
      atMost('cancelling frees every worker within', round(medianOf(timings, 'all threads are gone')), 200, 'ms'),
    ],
  };
};

const PARTS = { peers, lengths, several, cancelling } as const;

export const parts = Object.keys(PARTS);
