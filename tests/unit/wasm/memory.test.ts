/** Memory: a thousand comparisons take no more than one, and a large one's memory is given back. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { loadKernel } from '../../../wasm/kernel.ts';
import { createLiveMatch } from '../../../workers/match/live-match.ts';
import { columnsOf } from './worlds.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes outside the heap (columns, WebAssembly memory) and in it, once what is not needed is gone. */
const used = async (): Promise<number> => {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const MEGABYTE = 2 ** 20;

const kernel = loadKernel();
if (!kernel) throw new Error('this Node has no WebAssembly SIMD');

const cameras = Array.from({ length: 30 }, (_, i) => ({
  id: `c${i}`,
  place: [i / 1_000, 0] as const,
  columns: columnsOf(Array.from({ length: 50 }, (_unused, r) => ({ from: r * 10, to: r * 10 + 15 }))),
}));

it('does not grow over a thousand rebuilds', async () => {
  const live = createLiveMatch(kernel);
  for (let slot = 0; slot < 300; slot += 1) {
    const area = { type: 'Circle', center: [slot / 10_000, 0] as [number, number], radiusM: 800 } as const;
    live.putRequest(slot, area, { from: slot, to: slot + 50 });
  }
  for (let i = 0; i < 50; i += 1) live.rebuild(cameras);
  const before = await used();
  for (let i = 0; i < 1_000; i += 1) live.rebuild(cameras);
  expect(live.sums.recordings.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(1_000);
  expect((await used()) - before).toBeLessThan(4 * MEGABYTE);
});

it('gives the memory of a large comparison back with the next one', async () => {
  const before = await used();
  const large = createLiveMatch(kernel);
  for (let slot = 0; slot < 2; slot += 1) {
    large.putRequest(slot, { type: 'Circle', center: [0, 0], radiusM: 90_000 }, { from: 0, to: 10 });
  }
  large.rebuild(
    Array.from({ length: 40 }, (_, i) => ({
      id: `c${i}`,
      place: [0, 0] as const,
      columns: columnsOf(Array.from({ length: 100_000 }, (_unused, r) => ({ from: r, to: r + 1 }))),
    })),
  );
  expect((await used()) - before).toBeGreaterThan(60 * MEGABYTE);
  large.rebuild([]);
  createLiveMatch(kernel).rebuild(cameras);
  expect((await used()) - before).toBeLessThan(20 * MEGABYTE);
});
