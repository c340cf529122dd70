/** `npm run bench -- import`: files a second into the library, beside bare `idb` puts of the same files. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { nativeTool } from '../tools/find-native.ts';
import { openBrowser, servePage } from './common/browser.ts';
import { interleave, medianOf, type Contestant } from './common/interleave.ts';
import type { ImportBench, ImportRun } from './import/page/page.ts';
import { atMost, isSo, rowOf, type BenchReport } from './report.ts';
import { execFileSync } from 'node:child_process';

const SEED = 20_261_123;
const CLIP_BYTES = 1_000_000;
const OURS = 'Porchlight, without thumbnails';
const WITH_THUMBNAILS = 'Porchlight, with thumbnails';
const STRICT = 'bare puts, strict, one by one';
const RELAXED = 'bare puts, relaxed, one by one';
const READ = 'each file read, nothing kept';

/** One film of just under a megabyte, then as many files as wanted: each with a `free` box of its own at the end, so that no two are alike. */
const makeClips = async (folder: string, clips: number): Promise<readonly string[]> => {
  const film = join(folder, 'film.mp4');
  execFileSync(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15:duration=10'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=10', '-c:a', 'aac', '-b:a', '64k'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '600k', '-maxrate', '600k', '-bufsize', '600k'],
    ...['-pix_fmt', 'yuv420p', '-g', '60', '-movflags', '+faststart', film],
  ]);
  const bytes = await readFile(film);
  const room = CLIP_BYTES - bytes.length;
  if (room < 16) throw new Error(`the film has ${bytes.length} bytes: too many`);
  const paths: string[] = [];
  for (let index = 0; index < clips; index += 1) {
    const free = Buffer.alloc(room, 0x5a);
    free.writeUInt32BE(room, 0);
    free.write('free', 4, 'latin1');
    free.writeUInt32BE(index, 8);
    const clock = new Date(Date.UTC(2026, 4, 11) + index * 60_000).toISOString().replace(/[-:]/g, '');
    const path = join(folder, `${clock.slice(0, 8)}_${clock.slice(9, 15)}_Porch.mp4`);
    await writeFile(path, Buffer.concat([bytes, free]));
    paths.push(path);
  }
  return paths;
};

const contestant = (engine: string, clips: number, run: () => Promise<ImportRun>): Contestant<ImportRun> => ({
  engine,
  run: async () => {
    const result = await run();
    return { result, ms: result.ms };
  },
  check: ({ kept, problem }) => problem ?? (kept === clips ? null : `kept ${kept} of ${clips}`),
});

const ask = (page: Page, method: keyof ImportBench, argument: boolean | string): Promise<ImportRun> =>
  page.evaluate(
    ([name, value]) => {
      const bench: ImportBench = Reflect.get(globalThis, 'importBench');
      if (name === 'read') return bench.read();
      return name === 'ours' ? bench.ours(value === true) : bench.floor(value === 'strict' ? 'strict' : 'relaxed');
    },
    [method, argument] as const,
  );

export const run = async ({ quick }: { readonly quick: boolean }): Promise<BenchReport> => {
  const clips = quick ? 150 : 1_000;
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-bench-import-'));
  const served = await servePage(join(import.meta.dirname, 'import/page'), 'import');
  const browser = await openBrowser();
  try {
    const page = await browser.open(served.url);
    await page.locator('#files').setInputFiles([...(await makeClips(folder, clips))]);
    const timings = await interleave(
      [
        contestant(OURS, clips, () => ask(page, 'ours', false)),
        contestant(WITH_THUMBNAILS, clips, () => ask(page, 'ours', true)),
        contestant(STRICT, clips, () => ask(page, 'floor', 'strict')),
        contestant(RELAXED, clips, () => ask(page, 'floor', 'relaxed')),
        contestant(READ, clips, () => ask(page, 'read', true)),
      ],
      { runs: quick ? 2 : 3, warmUps: 1, seed: SEED },
    );
    const name = `${clips} clips of 1 MB`;
    const rows = timings.map((timing) => {
      const row = rowOf(name, timing, { longestTaskMs: timing.result?.longestTaskMs ?? null });
      return { ...row, filesPerSecond: row.medianMs === null ? null : (clips / row.medianMs) * 1_000 };
    });
    const ratio = (engine: string, peer: string): number => medianOf(timings, engine) / medianOf(timings, peer);
    return {
      rows,
      claims: [
        atMost('import without thumbnails over bare strict puts of the same files', ratio(OURS, STRICT), 2.5, 'times'),
        isSo(
          'the main thread never blocks over 50 ms',
          timings.every(({ engine, result }) => !engine.startsWith('Porch') || (result?.longestTaskMs ?? 99) <= 50),
        ),
      ],
      notes: [
        `${browser.version}; files picked from the disk; every run in a database of its own.`,
        `The floor keeps the same promise as the library (strict: on the disk before it is told). Over relaxed puts, which promise nothing, import takes ${ratio(OURS, RELAXED).toFixed(2)} times as long, with thumbnails ${ratio(WITH_THUMBNAILS, STRICT).toFixed(2)} times the strict floor.`,
        `Reading the files into memory, without which nobody can hash them, takes ${ratio(READ, STRICT).toFixed(2)} times the strict floor, for which the browser copies them itself.`,
        'Import reads each file, looks into it, hashes it, copies it out of the reach of its disk, and writes rows, columns and the list of what is left; the floor only puts.',
      ],
    };
  } finally {
    await browser.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
};
