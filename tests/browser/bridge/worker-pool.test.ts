/** Several real workers: side by side up to the limit, in order behind it, cancelled one by one or all together. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerAborted, WorkerCrashed } from '../../../src/bridge/worker-handle.ts';
import { workerPool, type WorkerPool } from '../../../src/bridge/worker-pool.ts';
import type { StubbornApi } from './stubborn.worker.ts';
import url from './stubborn.worker.ts?worker&url';

let pool: WorkerPool<StubbornApi>;
beforeEach(() => {
  pool = workerPool<StubbornApi>(url, 'stubborn', { size: 2, idleMs: 300 });
});
afterEach(() => pool.end());

const born = (): Promise<number> => pool.run((api) => api.born);
const answer = (value: number, signal?: AbortSignal): Promise<number> => pool.run((api) => api.answer(value), signal);
const hang = (signal?: AbortSignal): Promise<never> => pool.run((api) => api.hang(), signal);

describe('workerPool', () => {
  it('answers although one worker hangs', async () => {
    const abort = new AbortController();
    const hung = hang(abort.signal);
    expect(await Promise.all([answer(1), answer(2), answer(3)])).toEqual([1, 2, 3]);
    abort.abort();
    await expect(hung).rejects.toBeInstanceOf(WorkerAborted);
  });

  it('starts as many workers as are needed at once, and no more than its size', async () => {
    const births = await Promise.all(Array.from({ length: 6 }, born));
    expect(new Set(births).size).toBe(2);
    const [first] = births;
    expect(births).toContain(await born());
    expect(first).toBeDefined();
  });

  it('one call after the other stays with one worker', async () => {
    const births = [await born(), await born(), await born()];
    expect(new Set(births).size).toBe(1);
  });

  it('tells a waiting call at once that it is cancelled, and runs the one behind it', async () => {
    const abort = new AbortController();
    const waiting = new AbortController();
    const hung = [hang(abort.signal), hang(abort.signal)];
    const cancelled = answer(1, waiting.signal);
    const behind = answer(2);
    waiting.abort();
    await expect(cancelled).rejects.toBeInstanceOf(WorkerAborted);
    abort.abort();
    for (const call of hung) await expect(call).rejects.toBeInstanceOf(WorkerAborted);
    expect(await behind).toBe(2);
  });

  it('one signal ends everything that runs and waits under it', async () => {
    const abort = new AbortController();
    const calls = [hang(abort.signal), hang(abort.signal), hang(abort.signal), hang(abort.signal)];
    setTimeout(() => abort.abort(), 50);
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof WorkerAborted)).toEqual(
      [true, true, true, true],
    );
    expect(await answer(5)).toBe(5);
  });

  it('a crash is told to its own call only', async () => {
    const [died, answered] = await Promise.allSettled([pool.run((api) => api.die()), answer(1)]);
    expect(died).toEqual({ status: 'rejected', reason: expect.any(WorkerCrashed) });
    expect(answered).toEqual({ status: 'fulfilled', value: 1 });
    expect(await Promise.all([answer(2), answer(3)])).toEqual([2, 3]);
  });

  it('a worker that gets ready is the next call’s, which waits for it', async () => {
    let ready = false;
    const getsReady = pool.prepare(async (api) => {
      await api.answer(0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      ready = true;
    });
    const first = pool.run(async (api) => ({ ready, born: await api.born }));
    const second = born();
    expect((await first).ready).toBe(true);
    expect(await second).not.toBe((await first).born);
    await getsReady;
  });

  it('a call whose worker dies while it gets ready has a fresh one', async () => {
    const getsReady = pool.prepare((api) => api.die());
    const call = answer(1);
    await expect(getsReady).rejects.toBeInstanceOf(WorkerCrashed);
    expect(await call).toBe(1);
  });

  it('gets nothing ready while all are busy', async () => {
    const abort = new AbortController();
    const hung = [hang(abort.signal), hang(abort.signal)];
    await pool.prepare(() => Promise.reject(new Error('not to be called')));
    abort.abort();
    for (const call of hung) await expect(call).rejects.toBeInstanceOf(WorkerAborted);
  });

  it('ends with calls running and waiting', async () => {
    const calls = [hang(), hang(), hang()];
    setTimeout(() => pool.end(), 50);
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
