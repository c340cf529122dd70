/** Several workers of one kind: calls run side by side up to a limit, the rest in the order in which they were made. */
import type { Remote } from 'comlink';
import { WorkerAborted, workerHandle, type HandleOptions, type WorkerHandle } from './worker-handle.ts';

export interface WorkerPool<Api> {
  /** How many calls may run at the same time. */
  readonly size: number;
  /** Runs `call` on a worker of its own as soon as one is free. Rejects like `WorkerHandle.run`; a waiting call rejects at once on abort. */
  run<T>(call: (api: Remote<Api>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Gets a free worker ready ahead of need. It counts as free meanwhile: the next call goes to it, and waits until it is ready. */
  prepare(call: (api: Remote<Api>) => Promise<void>): Promise<void>;
  /** Ends all workers now. Running and waiting calls reject with WorkerAborted. */
  end(): void;
}

interface Waiting<Api> {
  start(handle: WorkerHandle<Api>): void;
  reject(error: Error): void;
}

/** Workers start when they are needed; one that has run already is preferred, as it has loaded what it needs. */
export const workerPool = <Api>(
  url: string,
  name: string,
  { size, ...options }: HandleOptions & { readonly size: number },
): WorkerPool<Api> => {
  const handles: WorkerHandle<Api>[] = [];
  /** Most recently used last. */
  const free: WorkerHandle<Api>[] = [];
  const waiting: Waiting<Api>[] = [];

  const take = (): WorkerHandle<Api> | null => {
    const used = free.pop();
    if (used || handles.length >= size) return used ?? null;
    const fresh = workerHandle<Api>(url, handles.length === 0 ? name : `${name} ${handles.length + 1}`, options);
    handles.push(fresh);
    return fresh;
  };

  const give = (handle: WorkerHandle<Api>): void => {
    const next = waiting.shift();
    if (next) next.start(handle);
    else free.push(handle);
  };

  const nextFree = (signal: AbortSignal | undefined): Promise<WorkerHandle<Api>> =>
    new Promise((resolve, reject) => {
      const entry: Waiting<Api> = {
        start: (handle) => {
          signal?.removeEventListener('abort', leave);
          resolve(handle);
        },
        reject,
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(new WorkerAborted('cancelled before it began'));
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(entry);
    });

  return {
    size,
    run: async (call, signal) => {
      if (signal?.aborted) throw new WorkerAborted('cancelled before it began');
      const handle = take() ?? (await nextFree(signal));
      try {
        return await handle.run(call, signal);
      } finally {
        give(handle);
      }
    },
    prepare: async (call) => {
      const handle = take();
      if (!handle) return;
      free.push(handle);
      await handle.run(call);
    },
    end: () => {
      for (const entry of waiting.splice(0)) entry.reject(new WorkerAborted('ended'));
      for (const handle of handles) handle.end();
    },
  };
};
