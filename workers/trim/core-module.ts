/**
 * Hands an ffmpeg core the WebAssembly module that was checked and compiled before: an instance then starts in a fraction of the time,
 * as instances share compiled code, and the bytes that run are the very ones whose SHA-256 was right.
 */

interface CoreModuleMessage {
  readonly type: 'core-module';
  readonly module: WebAssembly.Module;
}

export const isCoreModuleMessage = (data: unknown): data is CoreModuleMessage =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'core-module' && 'module' in data;

/** To a core's worker, before it is told to load. */
export const passCoreModule = (worker: Worker, module: WebAssembly.Module): void =>
  worker.postMessage({ type: 'core-module', module } satisfies CoreModuleMessage);
