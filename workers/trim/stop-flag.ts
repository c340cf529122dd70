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

const throwWhenTold = (): void => {
  if (flag && Atomics.load(flag, 0) === 1) throw new Stopped('stopped');
};

/** In the worker that computes: the core asks for the time with every picture, and is then told to stop by an exception. */
export const stopWhenTold = (): void => {
  const now = performance.now.bind(performance);
  performance.now = () => {
    throwWhenTold();
    return now();
  };
};

/**
 * What Emscripten 3.1 has the page do for copies of 512 bytes or more, where WebAssembly has no instruction for it
 * (https://github.com/emscripten-core/emscripten/blob/3.1.40/src/library.js). An encoder needs many of them for each picture.
 */
const COPY = '_emscripten_memcpy_big';

type Copy = (to: number, from: number, bytes: number) => void;

/** A core's imports, of which large copies end in an exception when everything is to stop. A core with threads copies by itself. */
export const stoppable = (imports: WebAssembly.Imports): WebAssembly.Imports =>
  Object.fromEntries(
    Object.entries(imports).map(([space, values]) => [
      space,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, isCopy(value) ? stoppingCopy(value) : value]),
      ),
    ]),
  );

const isCopy = (value: WebAssembly.ImportValue): value is Copy => typeof value === 'function' && value.name === COPY;

const stoppingCopy =
  (copy: Copy): Copy =>
  (to, from, bytes) => {
    throwWhenTold();
    copy(to, from, bytes);
  };
