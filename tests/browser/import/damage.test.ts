/** Flipped bytes: whatever a damaged file says, the import engine answers soon and in words. */
import { expect, it } from 'vitest';
import { probe } from '../../../workers/import/probe.ts';
import { makeVideo } from './make-video.ts';

const request = { relativePath: 'clip.mp4', lastModified: 0, zone: 'UTC' };

const indexOf = (bytes: Uint8Array, box: string): number => {
  const letters = [...box].map((letter) => letter.charCodeAt(0));
  const at = bytes.findIndex((_, i) => letters.every((code, j) => bytes[i + j] === code));
  if (at < 0) throw new Error(`no ${box}`);
  return at;
};

/** Rejects, saying what it waited for, when that takes longer. */
const within = async <T>(ms: number, what: () => string, promise: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms: ${what()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** A little more than the patience with a decoder that has fallen silent, of which there may be several. */
const ANSWERS_WITHIN_MS = 6_000;

it.each([
  ['stts', 8, 'how many samples last so long'],
  ['stsc', 8, 'which chunk comes first'],
  ['stsc', 12, 'how many samples are in a chunk'],
  ['stsz', 8, 'how many samples there are'],
])('%s + %d, %s: four thousand million is told at once', async (box, field) => {
  const bytes = new Uint8Array(await (await makeVideo('clip.mp4', 1)).arrayBuffer());
  bytes.fill(255, indexOf(bytes, box) + 4 + field, indexOf(bytes, box) + 8 + field);
  const started = performance.now();
  expect(await probe(new Blob([bytes]), request)).toMatchObject({ ok: false, reason: 'damaged' });
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('answers soon and in words for any few bytes of the header changed', { timeout: 300_000 }, async () => {
  const made = within(30_000, () => 'an encoder that makes the video', makeVideo('clip.mp4', 1));
  const whole = new Uint8Array(await (await made).arrayBuffer());
  const moov = indexOf(whole, 'moov');
  let seed = 7;
  const random = (below: number): number => {
    // Numerical Recipes' linear congruential generator: the same damage in every run.
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((seed / 2 ** 32) * below);
  };
  let refused = 0;
  const slow: string[] = [];
  for (let round = 0; round < 200; round += 1) {
    const bytes = whole.slice();
    for (let i = random(6); i >= 0; i -= 1) {
      bytes[moov + random(Math.min(800, whole.length - moov))] = random(3) === 0 ? 255 : random(256);
    }
    const started = performance.now();
    const what = (): string => `round ${round}; slow before it: ${slow.join(', ') || 'none'}`;
    const result = await within(ANSWERS_WITHIN_MS, what, probe(new Blob([bytes]), request));
    const ms = Math.round(performance.now() - started);
    if (ms > 1_000) slow.push(`${round} (${ms} ms)`);
    if (result.ok) expect(result.value.durationMs).toBeGreaterThan(0);
    else {
      refused += 1;
      expect(result.detail).toMatch(/^[A-Z].{20,}[.]$/);
    }
  }
  expect(refused).toBeGreaterThan(20);
});
