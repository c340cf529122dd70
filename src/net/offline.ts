/** The page's side of the service worker: registers it, tells what is ready, fetches the ffmpeg core, and updates when asked to. */
import { writable, type Readable } from '../contracts/observable.ts';
import type { OfflineAnswer, OfflineRequest, OfflineState } from '../contracts/offline.ts';
import { failure, ok, type Result } from '../contracts/result.ts';

export interface Offline {
  readonly state: Readable<OfflineState>;
  /** Fetches what cutting needs, so that everything works with the network off. */
  makeReady(): Promise<Result<void, 'unavailable'>>;
  /** Puts the waiting version to use and reloads. Call it only when the person agreed. */
  update(): Promise<void>;
}

export interface OfflineParts {
  /** `navigator.serviceWorker`, or null where there is none or none is wanted. */
  readonly container: ServiceWorkerContainer | null;
  readonly register: (container: ServiceWorkerContainer) => Promise<ServiceWorkerRegistration>;
  readonly reload: () => void;
}

const ask = (worker: ServiceWorker, request: OfflineRequest): Promise<OfflineAnswer> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<OfflineAnswer>) => resolve(data);
    worker.postMessage(request, [port2]);
  });

/** The browser first lets the old worker finish, which is a moment; nobody is left without a word for longer than this. */
const TAKEOVER_MS = 20_000;

/** Asks the waiting worker to take over; false when the browser has kept the old one all the same. It may still change its mind. */
const takesOver = (worker: ServiceWorker): Promise<boolean> =>
  new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), TAKEOVER_MS);
    const changed = (): void => {
      clearTimeout(late);
      resolve(true);
    };
    worker.addEventListener('statechange', changed, { once: true });
    void ask(worker, 'activate');
  });

/** Begins at once; never throws. */
export const createOffline = ({ container, register, reload }: OfflineParts): Offline => {
  const page = container === null ? 'unsupported' : 'installing';
  const state = writable<OfflineState>({ page, core: 'unknown', update: 'none' });
  const change = (next: Partial<OfflineState>): void => state.set({ ...state.get(), ...next });
  let waiting: ServiceWorker | null = null;
  let agreed = false;

  const askCore = async (active: ServiceWorker): Promise<void> => {
    const told = await ask(active, 'core-state');
    change({ page: 'ready', core: told.ok && told.core ? 'ready' : 'absent' });
  };

  const follow = (worker: ServiceWorker, replaces: boolean): void => {
    const check = (): void => {
      if (worker.state === 'installed' && replaces) {
        waiting = worker;
        change({ update: 'waiting' });
      }
      if (worker.state === 'activated') void askCore(worker);
      if (worker.state === 'redundant' && state.get().page === 'installing') change({ page: 'failed' });
    };
    worker.addEventListener('statechange', check);
    check();
  };

  const begin = async (workers: ServiceWorkerContainer): Promise<void> => {
    const controlled = workers.controller !== null;
    workers.addEventListener('controllerchange', () => {
      if (agreed) reload();
      else if (controlled) change({ update: 'elsewhere' });
    });
    const registration = await register(workers);
    registration.addEventListener('updatefound', () => {
      if (registration.installing) follow(registration.installing, registration.active !== null);
    });
    if (registration.active) void askCore(registration.active);
    if (registration.waiting && registration.active) follow(registration.waiting, true);
    if (registration.installing) follow(registration.installing, registration.active !== null);
  };

  if (container !== null) begin(container).catch(() => change({ page: 'failed' }));

  return {
    state,
    makeReady: async () => {
      const active = container === null ? null : (await container.getRegistration())?.active;
      if (!active) return failure('unavailable', 'This browser does not let the page keep its own files.');
      change({ core: 'fetching' });
      const told = await ask(active, 'fetch-core');
      change({ core: told.ok && told.core ? 'ready' : 'failed' });
      return told.ok ? ok(undefined) : failure('unavailable', told.detail);
    },
    update: async () => {
      agreed = true;
      if (!waiting) reload();
      else if (!(await takesOver(waiting))) change({ update: 'stuck' });
    },
  };
};
