/** In the core's worker, imported before @ffmpeg/ffmpeg's own script: takes the module that is handed over, and has the core start from it. */
import { isCoreModuleMessage } from './core-module.ts';
import { stoppable } from './stop-flag.ts';

/** A factory as Emscripten makes it; `instantiateWasm` (https://emscripten.org/docs/api_reference/module.html) replaces its own fetch. */
type CreateCore = (options: CoreOptions) => Promise<unknown>;
interface CoreOptions {
  instantiateWasm?(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

let module: WebAssembly.Module | null = null;
globalThis.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (!isCoreModuleMessage(event.data)) return;
  module = event.data.module;
  event.stopImmediatePropagation();
});

const instantiateWasm: CoreOptions['instantiateWasm'] = (imports, receive) => {
  if (!module) throw new Error('no module was handed over');
  const instance = new WebAssembly.Instance(module, stoppable(imports));
  receive(instance, module);
  return instance.exports;
};

/** @ffmpeg/ffmpeg stores the factory in this global variable, then calls it from there. */
let createCore: CreateCore | undefined;
Object.defineProperty(globalThis, 'createFFmpegCore', {
  get: () => createCore,
  set: (stored: CreateCore) => {
    createCore = (options) => stored({ ...options, instantiateWasm });
  },
});
