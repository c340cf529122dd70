/** Putting a new version to use: asked of the waiting worker; a browser that keeps the old one is told of. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOffline } from '../../../src/net/offline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page with a waiting worker that takes over `afterMs` after it is asked. */
const opened = async (afterMs: number) => {
  const container = Object.assign(new EventTarget(), { controller: {} });
  const reload = vi.fn<() => void>();
  const waiting = Object.assign(new EventTarget(), {
    state: 'installed',
    postMessage: () => {
      if (!Number.isFinite(afterMs)) return;
      setTimeout(() => {
        waiting.state = 'activating';
        waiting.dispatchEvent(new Event('statechange'));
        container.dispatchEvent(new Event('controllerchange'));
      }, afterMs);
    },
  });
  const active = Object.assign(new EventTarget(), { state: 'activated', postMessage: () => undefined });
  const registration = Object.assign(new EventTarget(), { active, waiting, installing: null });
  const offline = createOffline({
    container: container as unknown as ServiceWorkerContainer,
    register: () => Promise.resolve(registration as unknown as ServiceWorkerRegistration),
    reload,
  });
  await vi.waitFor(() => expect(offline.state.get().update).toBe('waiting'));
  const updating = offline.update();
  await vi.advanceTimersByTimeAsync(60_000);
  await updating;
  return { update: offline.state.get().update, reload };
};

test.each([0, 5_000])('a worker that takes over after %i ms: the page is opened anew, once', async (ms) => {
  const { update, reload } = await opened(ms);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(update).toBe('waiting');
});

test('a worker that never takes over: it is told, and nothing hangs', async () => {
  const { update, reload } = await opened(Infinity);
  expect(reload).not.toHaveBeenCalled();
  expect(update).toBe('stuck');
});

test('one that takes over later than anybody would wait: the page is still opened anew, as was agreed', async () => {
  const { reload } = await opened(40_000);
  expect(reload).toHaveBeenCalledTimes(1);
});
