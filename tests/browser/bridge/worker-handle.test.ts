/** A worker's life, with a real worker: calls in turn, cancelled at once even in an endless loop, alive again after a crash. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerAborted, WorkerCrashed, workerHandle, type WorkerHandle } from '../../../src/bridge/worker-handle.ts';
import type { StubbornApi } from './stubborn.worker.ts';
import url from './stubborn.worker.ts?worker&url';

let handle: WorkerHandle<StubbornApi>;
beforeEach(() => {
  handle = workerHandle<StubbornApi>(url, 'stubborn', { idleMs: 300 });
});
afterEach(() => handle.end());

const born = (): Promise<number> => handle.run((api) => api.born);
const answer = (value: number, signal?: AbortSignal): Promise<number> => handle.run((api) => api.answer(value), signal);

describe('workerHandle', () => {
  it('answers calls in the order in which they were made', async () => {
    expect(await Promise.all([answer(1), answer(2), answer(3)])).toEqual([1, 2, 3]);
  });

  it('tells of a worker that answers no more, and starts another for the next call', async () => {
    const watched = workerHandle<StubbornApi>(url, 'watched', { knockEveryMs: 60 });
    await expect(watched.run((api) => api.hang())).rejects.toThrow('did not answer any more');
    expect(await watched.run((api) => api.answer(7))).toBe(7);
    watched.end();
  });

  it('ends an endless loop when its call is cancelled, and serves the calls behind it', async () => {
    const abort = new AbortController();
    const endless = handle.run((api) => api.hang(), abort.signal);
    const behind = answer(7);
    setTimeout(() => abort.abort(), 100);
    await expect(endless).rejects.toBeInstanceOf(WorkerAborted);
    expect(await behind).toBe(7);
  });

  it('tells a cancelled call at once that it is, although another is still running', async () => {
    const running = new AbortController();
    const waiting = new AbortController();
    const endless = handle.run((api) => api.hang(), running.signal);
    const behind = answer(7, waiting.signal);
    waiting.abort();
    await expect(behind).rejects.toBeInstanceOf(WorkerAborted);
    running.abort();
    await expect(endless).rejects.toBeInstanceOf(WorkerAborted);
    expect(await answer(8)).toBe(8);
  });

  it('tells of a crash and starts afresh', async () => {
    const first = await born();
    await expect(handle.run((api) => api.die())).rejects.toBeInstanceOf(WorkerCrashed);
    expect(await born()).not.toBe(first);
  });

  it('keeps the worker between calls and ends it when it is idle', async () => {
    const first = await born();
    expect(await born()).toBe(first);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await born()).not.toBe(first);
  });

  it('refuses a script from another origin', async () => {
    const foreign = workerHandle<StubbornApi>('https://elsewhere.example/x.js', 'foreign');
    await expect(foreign.run((api) => api.answer(1))).rejects.toBeInstanceOf(TypeError);
  });
});
