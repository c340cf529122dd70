/** Hands the page's stop flag on to the ffmpeg core, which then ends within a picture instead of after two seconds (contracts/stop-flag.ts). */
import { isStopFlagMessage, type StopFlagMessage } from '../../src/contracts/stop-flag.ts';

let flag: StopFlagMessage['flag'] | null = null;

/** Whoever imports this hears of the flag first; other listeners, which would not know it, do not. */
globalThis.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (!isStopFlagMessage(event.data)) return;
  flag = event.data.flag;
  event.stopImmediatePropagation();
});

/** Tells a worker that was just started of the flag, if there is one: pages that are not isolated have no shared memory. */
export const passStopFlag = (worker: Worker): void => {
  if (flag) worker.postMessage({ type: 'stop-flag', flag } satisfies StopFlagMessage);
};

class Stopped extends Error {}

/** In the worker that computes: the core asks for the time with every picture, and is then told to stop by an exception. */
export const stopWhenTold = (): void => {
  const now = performance.now.bind(performance);
  performance.now = () => {
    if (flag && Atomics.load(flag, 0) === 1) throw new Stopped('stopped');
    return now();
  };
};
