/**
 * The service worker: the page's own files from a cache that was checked against the SHA-256 of the build, so that the page works
 * with the network off and never mixes two versions. A new version waits until the person agrees. It asks for the page's own files only
 * and sees nothing else: requests to the hub go past it.
 */
import type { OfflineAnswer, OfflineRequest } from '../contracts/offline.ts';
import { sha256Hex } from '../core/sha256.ts';

interface BuiltFile {
  readonly path: string;
  readonly sha256: string;
}

/** Filled in by tools/build-service-worker.ts from what was built. */
declare const __PAGE_FILES__: readonly BuiltFile[];
declare const __CORE_FILES__: readonly BuiltFile[];
declare const __PAGE_VERSION__: string;

/** The parts of ServiceWorkerGlobalScope (https://w3c.github.io/ServiceWorker/) that are used; TypeScript's DOM library lacks it. */
interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface InstallEvent extends ExtendableEvent {
  /** Static routes (Chromium 123; https://w3c.github.io/ServiceWorker/#dom-installevent-addroutes); absent elsewhere. */
  addRoutes?(rule: { readonly condition: { readonly urlPattern: string }; readonly source: 'network' }): Promise<void>;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerMessage extends ExtendableEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}
interface ServiceWorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install', listener: (event: InstallEvent) => void): void;
  addEventListener(type: 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: WorkerMessage) => void): void;
}
const scope = globalThis as unknown as ServiceWorkerScope;

const PAGE_CACHE = `porchlight-page-${__PAGE_VERSION__}`;
const CORE_CACHE = `porchlight-core-${__CORE_FILES__.map(({ sha256 }) => sha256.slice(0, 12)).join('-')}`;
const SHELL = '/';

const page = new Map(__PAGE_FILES__.map((file) => [file.path, file]));
const core = new Map(__CORE_FILES__.map((file) => [file.path, file]));

/** The file as this build made it; from an older cache if it is there unchanged. Throws for anything else. */
const fetchChecked = async ({ path, sha256 }: BuiltFile): Promise<Response> => {
  const isRight = async (response: Response): Promise<boolean> =>
    (await sha256Hex(new Uint8Array(await response.clone().arrayBuffer()))) === sha256;
  const kept = await caches.match(path);
  if (kept !== undefined && (await isRight(kept))) return kept;
  const response = await fetch(path, { credentials: 'omit', redirect: 'error', cache: 'no-cache' });
  if (!response.ok) throw new Error(`The server answered ${response.status} for ${path}.`);
  if (!(await isRight(response))) throw new Error(`${path} is not the file that this version was built with.`);
  return response;
};

const install = async (): Promise<void> => {
  const cache = await caches.open(PAGE_CACHE);
  for (const file of __PAGE_FILES__) await cache.put(file.path, await fetchChecked(file));
};

const activate = async (): Promise<void> => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('porchlight-') && name !== PAGE_CACHE && name !== CORE_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
};

/** From the cache; if it is not there, checked, kept and given. A core that is not the pinned one is not given at all. */
const coreFile = async (file: BuiltFile): Promise<Response> => {
  const kept = await caches.match(file.path, { cacheName: CORE_CACHE });
  if (kept !== undefined) return kept;
  const response = await fetchChecked(file);
  const cache = await caches.open(CORE_CACHE);
  // Without room the core still works; it is only not there the next time.
  await cache.put(file.path, response.clone()).catch(() => undefined);
  return response;
};

const hasCore = async (): Promise<boolean> => {
  // Never `open`: that would bring back a cache that was erased.
  const kept = await Promise.all(__CORE_FILES__.map(({ path }) => caches.match(path, { cacheName: CORE_CACHE })));
  return kept.every((response) => response !== undefined);
};

const pageFile = async (request: Request, path: string): Promise<Response> =>
  (await caches.match(path, { cacheName: PAGE_CACHE })) ?? fetch(request);

/** A path without an extension is a screen, answered with the page itself, as the hub does. */
const isScreen = (request: Request, path: string): boolean =>
  request.mode === 'navigate' && !/^\/(?:v1|demo)\//.test(path) && !(path.split('/').at(-1) ?? '').includes('.');

const respond = (request: Request): Promise<Response> | null => {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== globalThis.location.origin) return null;
  const file = core.get(url.pathname);
  if (file !== undefined) return coreFile(file).catch(() => Response.error());
  if (isScreen(request, url.pathname)) return pageFile(request, SHELL);
  return page.has(url.pathname) ? pageFile(request, url.pathname) : null;
};

const answer = async (request: OfflineRequest): Promise<OfflineAnswer> => {
  try {
    if (request === 'activate') await scope.skipWaiting();
    if (request === 'fetch-core') for (const file of __CORE_FILES__) await coreFile(file);
    return { ok: true, core: await hasCore() };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
};

const REQUESTS: readonly OfflineRequest[] = ['core-state', 'fetch-core', 'activate'];

scope.addEventListener('install', (event) => {
  // Requests to the hub do not even wake this worker, which must be idle for an update to take its place.
  const routed = event.addRoutes?.({ condition: { urlPattern: '/v1/*' }, source: 'network' });
  // Without them everything works all the same.
  if (routed) event.waitUntil(routed.catch(() => undefined));
  event.waitUntil(install());
});
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const response = respond(event.request);
  if (response !== null) event.respondWith(response);
});
scope.addEventListener('message', (event) => {
  const request = REQUESTS.find((known) => known === event.data);
  if (request !== undefined) event.waitUntil(answer(request).then((told) => event.ports[0]?.postMessage(told)));
});
