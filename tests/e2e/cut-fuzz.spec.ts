/**
 * Harmed recordings through the page's own trimmer and audit: an answer in time, by name, and no clip that has not passed.
 * `PORCHLIGHT_FUZZ=1000:7` tries 1000 files from seed 7; what fails is kept and named.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { TrimJob, TrimMode } from '../../src/contracts/trim-api.ts';
import { openCutBrowser, type CutBrowser } from '../../tools/cut-browser.ts';
import { filmCalled, makeFilm } from '../../tools/cut-table/synthetic/made-films.ts';
import { MUTATIONS, seeded } from '../support/mutate.ts';

const [TRIES = 70, SEED = 20261123] = (process.env['PORCHLIGHT_FUZZ'] ?? '').split(':').filter(Boolean).map(Number);
/** More than the same cut of the unharmed file takes: loading the encoder is slow on a busy machine, and no hang. */
const HANG_MS = 5000;
const PATIENCE_MS = 60_000;
const BASES = [
  ...['open-gop.mp4', 'fragmented.mp4', 'pcm.mov', 'edits-several.mp4', 'first-no-keyframe.ts', 'reordered-deeply.mkv'],
  ...['hevc-cra.mp4', 'hevc-radl.ts', 'vp9-hidden.webm', 'vp8.webm', 'av1.mp4', 'mjpeg.avi', 'h264.flv', 'mpeg2.mpg'],
];
/** Answers that are no refusals but something gone wrong. */
const CRASHES = new Set(['worker-crashed', 'browser-crashed', 'hung', 'threw']);

let browser: CutBrowser | undefined;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  browser = await openCutBrowser();
});
test.afterAll(() => browser?.close());

const MODES: readonly TrimMode[] = ['exact', 'exact', 'original', 'redacted'];

interface Answer {
  readonly reason: string;
  readonly detail: string;
  readonly ms: number;
}

const cut = async (input: string, mode: TrimMode, output: string): Promise<Answer> => {
  if (!browser) throw new Error('there is no browser');
  const began = performance.now();
  // Within the recording's third and fourth second; MPEG-TS and -PS begin their clocks later.
  const from = /\.(ts|mpg)$/.test(input) ? 3.7 : 2.7;
  const job: TrimJob = {
    from,
    to: from + (mode === 'redacted' ? 0.4 : 1.3),
    mode,
    mute: mode === 'redacted',
    boxes: [],
  };
  const late = new Promise<Omit<Answer, 'ms'>>((resolve) => {
    setTimeout(() => resolve({ reason: 'hung', detail: 'no answer' }), PATIENCE_MS).unref();
  });
  const answer = await Promise.race([
    browser.cut(input, job, output).then(
      (outcome) => (outcome.ok ? { reason: 'cut', detail: '' } : { reason: outcome.reason, detail: outcome.detail }),
      (error: unknown) => ({ reason: 'threw', detail: String(error) }),
    ),
    late,
  ]);
  if (answer.reason === 'hung') {
    await browser.close();
    browser = await openCutBrowser();
  }
  return { ...answer, ms: performance.now() - began };
};

test(`${TRIES} harmed recordings: each is cut or refused by name, and none hangs`, async () => {
  test.setTimeout(600_000 + TRIES * 4000);
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-fuzz-'));
  const bases = await Promise.all(BASES.map(async (name) => makeFilm(filmCalled(name))));
  const unharmed = new Map<string, number>();
  const answers = new Map<string, number>();
  const failures: string[] = [];
  for (let number = 0; number < TRIES; number++) {
    const random = seeded(SEED + number);
    const base = bases[number % bases.length] ?? '';
    const mutation = MUTATIONS[Math.floor(random() * MUTATIONS.length)];
    const mode = MODES[Math.floor(random() * MODES.length)] ?? 'exact';
    const key = `${base} ${mode}`;
    if (!unharmed.has(key)) unharmed.set(key, (await cut(base, mode, join(folder, 'unharmed.mp4'))).ms);
    const harmed = join(folder, `${number}${extname(base)}`);
    await writeFile(harmed, mutation?.apply(await readFile(base), random) ?? '');
    const { reason, detail, ms } = await cut(harmed, mode, join(folder, 'clip.mp4'));
    answers.set(reason, (answers.get(reason) ?? 0) + 1);
    if (CRASHES.has(reason) || ms > (unharmed.get(key) ?? 0) + HANG_MS) {
      const kept = join(tmpdir(), `porchlight-fuzz-${SEED + number}${extname(base)}`);
      await copyFile(harmed, kept);
      failures.push(
        `${basename(base)}, ${mutation?.name}, ${mode}: ${reason} after ${Math.round(ms)} ms: ${detail} (${kept})`,
      );
    }
    await rm(harmed);
  }
  console.log([...answers].map(([reason, count]) => `${reason} × ${count}`).join(', '));
  await rm(folder, { recursive: true, force: true });
  expect(failures).toEqual([]);
  // Harm that leaves every file whole, or none, would prove nothing.
  expect(answers.get('cut') ?? 0).toBeGreaterThan(TRIES / 20);
  expect(answers.size).toBeGreaterThan(3);
});
