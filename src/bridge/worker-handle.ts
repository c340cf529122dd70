/** One worker's life: started on the first call, one call at a time, terminated on abort or crash, ended when idle. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import type { StopFlagMessage } from '../contracts/stop-flag.ts';
import { startWorker } from './script-policy.ts';

/** Terminated by the caller's signal. */
export class WorkerAborted extends Error {
  override readonly name = 'WorkerAborted';
}

/** The worker died: failed to load, ran out of memory or threw outside a call. */
export class WorkerCrashed extends Error {
  override readonly name = 'WorkerCrashed';
}

export interface WorkerHandle<Api> {
  /**
   * Runs `call` when the calls before it are done. Rejects with WorkerAborted when `signal` aborts (the worker is
   * terminated, whatever it was doing) and with WorkerCrashed when the worker dies; the next call starts a fresh one.
   */
  run<T>(call: (api: Remote<Api>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Ends the worker now. A running call rejects with WorkerAborted. */
  end(): void;
}

interface Running<Api> {
  readonly worker: Worker;
  readonly api: Remote<Api>;
  /** Null unless it was asked for, and where the page has no shared memory. */
  readonly stopFlag: StopFlagMessage['flag'] | null;
}

/** Ends the worker, and what its own workers compute. */
const terminate = <Api>({ worker, stopFlag }: Running<Api>): void => {
  if (stopFlag) Atomics.store(stopFlag, 0, 1);
  worker.terminate();
};

const sendStopFlag = (worker: Worker): StopFlagMessage['flag'] | null => {
  if (!globalThis.crossOriginIsolated) return null;
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  worker.postMessage({ type: 'stop-flag', flag } satisfies StopFlagMessage);
  return flag;
};

/** A worker that is alive answers between two steps of whatever it does; one caught in a loop never does. */
const KNOCK_EVERY_MS = 5_000;
/** Counted in knocks, not in time: a device that slept has missed none. */
const UNANSWERED_KNOCKS = 6;

/** Knocks until `stop` is called; calls `onSilence` once when too many knocks go unanswered. */
const watch = <Api>(api: Remote<Api>, everyMs: number, onSilence: () => void): { stop(): void } => {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (++unanswered > UNANSWERED_KNOCKS) {
      clearInterval(timer);
      onSilence();
      return;
    }
    // Reading any property asks the worker for its value; that there is none does not matter.
    void Promise.resolve((api as unknown as { readonly alive: Promise<unknown> }).alive).then(
      () => (unanswered = 0),
      () => undefined,
    );
  }, everyMs);
  return { stop: () => clearInterval(timer) };
};

export interface HandleOptions {
  /** How often a working worker is asked whether it is alive; after seven times without an answer it is ended. */
  readonly knockEveryMs?: number;
  /** A worker without calls ends after so long. */
  readonly idleMs?: number;
  /** Send it a stop flag (contracts/stop-flag.ts) before its first call. */
  readonly stopFlag?: boolean;
}

/** Whoever cancels a waiting call need not wait for the calls before it. Never resolves. */
const abortedBeforeItsTurn = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new WorkerAborted('cancelled')), { once: true });
  });

export const workerHandle = <Api>(
  url: string,
  name: string,
  { idleMs = 30_000, stopFlag = false, knockEveryMs = KNOCK_EVERY_MS }: HandleOptions = {},
): WorkerHandle<Api> => {
  let running: Running<Api> | null = null;
  let stopCurrent: ((error: Error) => void) | null = null;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const end = (error: Error): void => {
    clearTimeout(idleTimer);
    if (running) terminate(running);
    running = null;
    stopCurrent?.(error);
    stopCurrent = null;
  };

  const start = (): Running<Api> => {
    if (running) return running;
    const worker = startWorker(url, name);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      end(new WorkerCrashed(event.message || `the ${name} worker could not be loaded`));
    });
    worker.addEventListener('messageerror', () =>
      end(new WorkerCrashed(`the ${name} worker sent an unreadable message`)),
    );
    running = { worker, api: wrap<Api>(worker), stopFlag: stopFlag ? sendStopFlag(worker) : null };
    return running;
  };

  const idle = (): void => {
    idleTimer = setTimeout(() => {
      running?.api[releaseProxy]();
      if (running) terminate(running);
      running = null;
    }, idleMs);
  };

  const runNow = async <T>(call: (api: Remote<Api>) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (signal?.aborted) throw new WorkerAborted('cancelled before it began');
    clearTimeout(idleTimer);
    const abort = (): void => end(new WorkerAborted('cancelled'));
    const stopped = new Promise<never>((_, reject) => {
      stopCurrent = reject;
    });
    signal?.addEventListener('abort', abort, { once: true });
    const { api } = start();
    const silence = watch(api, knockEveryMs, () =>
      end(new WorkerCrashed(`the ${name} worker did not answer any more`)),
    );
    try {
      return await Promise.race([call(api), stopped]);
    } finally {
      silence.stop();
      signal?.removeEventListener('abort', abort);
      stopCurrent = null;
      idle();
    }
  };

  return {
    run: (call, signal) => {
      const result = queue.then(() => runNow(call, signal));
      queue = result.catch(() => undefined);
      return Promise.race([result, abortedBeforeItsTurn(signal)]);
    },
    end: () => end(new WorkerAborted('ended')),
  };
};
