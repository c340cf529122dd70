/** Loads an ffmpeg.wasm core from this origin, after checking that it is the very one this page was built with. */
import { FFmpeg } from '@ffmpeg/ffmpeg';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import threadedCoreUrl from '@ffmpeg/core-mt?url';
import threadedWasmUrl from '@ffmpeg/core-mt/wasm?url';
import threadUrl from '@ffmpeg/core-mt/worker?url';
import { CORE_SHA256, THREADED_CORE_SHA256 } from '../../src/contracts/ffmpeg-core.ts';
import classWorkerUrl from './core-host.ts?worker&url';
import { passStopFlag } from './stop-flag.ts';

export class CoreUnavailable extends Error {}

/** `plain` runs anywhere; `threaded` needs a page that is isolated from other origins, and has encoders that take threads. */
export type CoreBuild = 'plain' | 'threaded';

const LOAD_TIMEOUT_MS = 60_000;

interface BuildFiles {
  readonly urls: { readonly coreURL: string; readonly wasmURL: string; readonly workerURL?: string };
  readonly sha256: readonly (readonly [string, string])[];
}

const absolute = (url: string): string => new URL(url, globalThis.location.href).href;

const BUILDS: Readonly<Record<CoreBuild, BuildFiles>> = {
  plain: {
    urls: { coreURL: absolute(coreUrl), wasmURL: absolute(wasmUrl) },
    sha256: [
      [coreUrl, CORE_SHA256.script],
      [wasmUrl, CORE_SHA256.wasm],
    ],
  },
  threaded: {
    urls: { coreURL: absolute(threadedCoreUrl), wasmURL: absolute(threadedWasmUrl), workerURL: absolute(threadUrl) },
    sha256: [
      [threadedCoreUrl, THREADED_CORE_SHA256.script],
      [threadedWasmUrl, THREADED_CORE_SHA256.wasm],
      [threadUrl, THREADED_CORE_SHA256.thread],
    ],
  },
};

/** Checks once per worker that this origin serves the pinned files, then lets instances load them from the HTTP cache. */
const checked = new Map<CoreBuild, Promise<void>>();

const checkIntegrity = (build: CoreBuild): Promise<void> => {
  const known = checked.get(build);
  if (known) return known;
  const check = Promise.all(BUILDS[build].sha256.map(([url, expected]) => checkFile(url, expected))).then(
    () => undefined,
    (error: unknown) => {
      checked.delete(build);
      throw error;
    },
  );
  checked.set(build, check);
  return check;
};

const checkFile = async (url: string, expected: string): Promise<void> => {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new CoreUnavailable('The video encoder could not be loaded from this page’s own server.');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== expected)
    throw new CoreUnavailable('The video encoder is not the one this page was built with; it was not used.');
};

/** @ffmpeg/ffmpeg keeps the worker that it starts to itself; it starts it before `load` gives back its promise. */
const tellingWorker = <T>(start: () => T, tell: (worker: Worker) => void): T => {
  const OwnWorker = globalThis.Worker;
  globalThis.Worker = class extends OwnWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      tell(this);
    }
  };
  try {
    return start();
  } finally {
    globalThis.Worker = OwnWorker;
  }
};

/** Throws CoreUnavailable when the files are not there, are not the pinned ones, or do not start. */
export const loadCore = async (build: CoreBuild): Promise<FFmpeg> => {
  if (build === 'threaded' && !globalThis.crossOriginIsolated) {
    throw new CoreUnavailable('This page is not isolated from other origins, which the video encoder’s threads need.');
  }
  await checkIntegrity(build);
  const ffmpeg = new FFmpeg();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CoreUnavailable('The video encoder did not start.')), LOAD_TIMEOUT_MS);
  });
  try {
    const loading = tellingWorker(
      () => ffmpeg.load({ ...BUILDS[build].urls, classWorkerURL: absolute(classWorkerUrl) }),
      passStopFlag,
    );
    await Promise.race([loading, late]);
    return ffmpeg;
  } catch (error) {
    ffmpeg.terminate();
    throw new CoreUnavailable(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
};
