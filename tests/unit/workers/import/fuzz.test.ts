/** Mutated real files, the same in every run: the import engine answers soon, and every answer is a fact that can be or a refusal in words. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { probe } from '../../../../workers/import/probe.ts';
import { makeFilm } from './films.ts';

/** Real video files made by others, outside the repository. */
const FIXTURES = resolve(
  process.env['PORCHLIGHT_FIXTURES'] ?? resolve(import.meta.dirname, '../../../../../shared/fixtures'),
  'video',
);
const LARGEST = 600_000;
const ROUNDS = 12;
const PATIENCE_MS = 5_000;

/** Numerical Recipes' linear congruential generator: the same damage in every run. */
const generator = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

type Random = ReturnType<typeof generator>;

const MUTATIONS: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  // A few bytes near the beginning, where headers lie.
  (bytes, random) => {
    for (let i = random(8); i >= 0; i -= 1)
      bytes[random(Math.min(bytes.length, 1_500))] = random(3) === 0 ? 255 : random(256);
    return bytes;
  },
  // Anywhere.
  (bytes, random) => {
    for (let i = random(64); i >= 0; i -= 1) bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  // A number of four bytes at its largest, or 0.
  (bytes, random) => {
    const at = random(Math.max(1, bytes.length - 4));
    bytes.fill(random(2) === 0 ? 255 : 0, at, at + 4);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, 1 + random(bytes.length)),
  (bytes, random) => bytes.subarray(random(bytes.length)),
  // A stretch twice.
  (bytes, random) => {
    const from = random(bytes.length);
    const twice = bytes.subarray(from, from + random(5_000));
    const out = new Uint8Array(bytes.length + twice.length);
    out.set(bytes.subarray(0, from));
    out.set(twice, from);
    out.set(bytes.subarray(from), from + twice.length);
    return out;
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return bytes.fill(0, at, at + random(20_000));
  },
];

const answersSoonInWords = async (name: string, whole: Uint8Array, seed: number): Promise<void> => {
  const random = generator(seed);
  for (let round = 0; round < ROUNDS; round += 1) {
    const mutate = MUTATIONS[random(MUTATIONS.length)];
    const damaged = mutate ? mutate(whole.slice(), random) : whole;
    const about = `${name}, round ${round}`;
    const started = performance.now();
    const result = await probe(new Blob([damaged.slice()]), {
      ...{ relativePath: name, lastModified: 0, zone: 'UTC', thumbnail: false },
    });
    expect(performance.now() - started, about).toBeLessThan(PATIENCE_MS);
    if (result.ok) {
      const { durationMs, firstFrameAt, video } = result.value;
      expect(Number.isFinite(durationMs) && durationMs > 0, about).toBe(true);
      expect(Number.isFinite(firstFrameAt) && firstFrameAt >= 0, about).toBe(true);
      expect(video.width > 0 && video.height > 0, about).toBe(true);
    } else {
      expect(result.detail, about).toMatch(/^[A-Z][^\0]{15,}[.]$/);
    }
  }
};

// Mediabunny tells the console of every codec it does not know.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

describe('files made here', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'porchlight-fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each<[string, string[]]>([
    ['h264.avi', ['-c:v', 'libx264', '-c:a', 'libmp3lame']],
    ['mjpeg.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']],
    ['h264.flv', ['-c:v', 'libx264', '-c:a', 'aac']],
    ['sorenson.flv', ['-c:v', 'flv1', '-an']],
    ['mpeg2.mpg', ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2', '-f', 'vob']],
    ['mpeg1.mpg', ['-c:v', 'mpeg1video', '-c:a', 'mp2', '-f', 'mpeg']],
    ['h264.mpg', ['-c:v', 'libx264', '-c:a', 'mp2', '-f', 'vob']],
    ['h264.ts', ['-c:v', 'libx264', '-c:a', 'aac']],
    ['mpeg2.ts', ['-c:v', 'mpeg2video', '-c:a', 'mp2']],
    ['h264.mkv', ['-c:v', 'libx264', '-c:a', 'aac']],
    ['h264.mp4', ['-c:v', 'libx264', '-c:a', 'aac']],
    ['fragmented.mp4', ['-c:v', 'libx264', '-an', '-movflags', 'frag_keyframe+empty_moov']],
  ])('%s', { timeout: 90_000 }, async (name, options) => {
    const film = await makeFilm(folder, name, options);
    await answersSoonInWords(name, new Uint8Array(await film.arrayBuffer()), 4_711);
  });
});

describe.skipIf(!existsSync(FIXTURES))('real files', async () => {
  const names = existsSync(FIXTURES) ? await readdir(FIXTURES) : [];
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(FIXTURES, name))).size));
  const small = names.filter(
    (name, index) => !name.endsWith('.json') && (sizes[index] ?? 0) <= LARGEST && sizes[index] !== 0,
  );

  it.each(small)('%s', { timeout: 90_000 }, async (name) => {
    const seed = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
    await answersSoonInWords(name, new Uint8Array(await readFile(join(FIXTURES, name))), seed);
  });
});
