/** Tasks side by side: values in order, the first refusal calls off the rest and waits for it. */
import { describe, expect, test } from 'vitest';
import { failure, ok, type Result } from '../../../src/contracts/result.ts';
import { sideBySide } from '../../../src/stages/trim/side-by-side.ts';

const never = new AbortController().signal;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends when it is called off, as a cut does. */
const patient = (signal: AbortSignal, ended: string[], name: string): Promise<Result<string, string>> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      setTimeout(() => {
        ended.push(name);
        resolve(failure('cancelled', name));
      }, 5);
    });
  });

describe('sideBySide', () => {
  test('gives values in the order of the items, whichever is done first', async () => {
    const result = await sideBySide([30, 10, 20], never, async (ms, index) => {
      await after(ms);
      return ok(`${index}:${ms}`);
    });
    expect(result).toEqual(ok(['0:30', '1:10', '2:20']));
  });

  test('of nothing is nothing', async () => {
    expect(await sideBySide([], never, async () => ok(1))).toEqual(ok([]));
  });

  test('the first refusal is the answer, and nothing runs on behind it', async () => {
    const ended: string[] = [];
    const result = await sideBySide(['a', 'b', 'c'], never, (name, _index, signal) =>
      name === 'b' ? after(10).then(() => failure('damaged', 'b is damaged')) : patient(signal, ended, name),
    );
    expect(result).toEqual(failure('damaged', 'b is damaged'));
    expect(ended).toEqual(['a', 'c']);
  });

  test('a caller’s abort reaches every task', async () => {
    const ended: string[] = [];
    const abort = new AbortController();
    const running = sideBySide(['a', 'b'], abort.signal, (name, _index, signal) => patient(signal, ended, name));
    abort.abort();
    expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(ended).toEqual(['a', 'b']);
  });

  test('a bug in one task calls off the others and is not swallowed', async () => {
    const ended: string[] = [];
    const running = sideBySide(['a', 'b'], never, (name, _index, signal) =>
      name === 'b' ? Promise.reject(new TypeError('a bug')) : patient(signal, ended, name),
    );
    await expect(running).rejects.toThrow('a bug');
    expect(ended).toEqual(['a']);
  });
});
