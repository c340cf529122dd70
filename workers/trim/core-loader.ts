/** Loads an ffmpeg.wasm core from this origin, after checking that it is the very one this page was built with. */
import { FFmpeg } from '@ffmpeg/ffmpeg';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import threadedCoreUrl from '@ffmpeg/core-mt?url';
import threadedWasmUrl from '@ffmpeg/core-mt/wasm?url';
import threadUrl from '@ffmpeg/core-mt/worker?url';
import { CORE_SHA256, THREADED_CORE_SHA256 } from '../../src/contracts/ffmpeg-core.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import classWorkerUrl from './core-host.ts?worker&url';
import { passCoreModule } from './core-module.ts';
import { passStopFlag } from './stop-flag.ts';

export class CoreUnavailable extends Error {}

/** `plain` runs anywhere; `threaded` needs a page that is isolated from other origins, and has encoders that take threads. */
export type CoreBuild = 'plain' | 'threaded';

const LOAD_TIMEOUT_MS = 60_000;

interface PinnedFile {
  readonly url: string;
  readonly sha256: string;
}
interface BuildFiles {
  readonly script: PinnedFile;
  readonly wasm: PinnedFile;
  /** What its threads run; null for the build without. */
  readonly thread: PinnedFile | null;
}

const BUILDS: Readonly<Record<CoreBuild, BuildFiles>> = {
  plain: {
    script: { url: coreUrl, sha256: CORE_SHA256.script },
    wasm: { url: wasmUrl, sha256: CORE_SHA256.wasm },
    thread: null,
  },
  threaded: {
    script: { url: threadedCoreUrl, sha256: THREADED_CORE_SHA256.script },
    wasm: { url: threadedWasmUrl, sha256: THREADED_CORE_SHA256.wasm },
    thread: { url: threadUrl, sha256: THREADED_CORE_SHA256.thread },
  },
};

const absolute = (url: string): string => new URL(url, globalThis.location.href).href;

/** The bytes at `url`; throws CoreUnavailable when they are not there or are others. */
const fetchPinned = async ({ url, sha256 }: PinnedFile): Promise<ArrayBuffer> => {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new CoreUnavailable('The video encoder could not be loaded from this page’s own server.');
  const bytes = await response.arrayBuffer();
  if ((await sha256Hex(new Uint8Array(bytes))) !== sha256)
    throw new CoreUnavailable('The video encoder is not the one this page was built with; it was not used.');
  return bytes;
};

/** Throws CoreUnavailable where the browser has no room for it. */
const compileBytes = (bytes: ArrayBuffer): Promise<WebAssembly.Module> =>
  WebAssembly.compile(bytes).catch((error: unknown) => {
    throw new CoreUnavailable(
      `The video encoder could not be made ready (${error instanceof Error ? error.message : String(error)}).`,
    );
  });

/** Fetched, checked and compiled once per worker; all instances share it. */
const compiled = new Map<CoreBuild, Promise<WebAssembly.Module>>();

const compile = (build: CoreBuild): Promise<WebAssembly.Module> => {
  const known = compiled.get(build);
  if (known) return known;
  const { script, wasm, thread } = BUILDS[build];
  const scripts = [script, thread].filter((file) => file !== null).map(fetchPinned);
  const module = Promise.all([fetchPinned(wasm), ...scripts]).then(([bytes]) => compileBytes(bytes));
  compiled.set(build, module);
  module.catch(() => compiled.delete(build));
  return module;
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
  const module = await compile(build);
  const { script, wasm, thread } = BUILDS[build];
  const ffmpeg = new FFmpeg();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CoreUnavailable('The video encoder did not start.')), LOAD_TIMEOUT_MS);
  });
  try {
    const loading = tellingWorker(
      () =>
        ffmpeg.load({
          coreURL: absolute(script.url),
          wasmURL: absolute(wasm.url),
          ...(thread && { workerURL: absolute(thread.url) }),
          classWorkerURL: absolute(classWorkerUrl),
        }),
      (worker) => {
        passStopFlag(worker);
        passCoreModule(worker, module);
      },
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
