/**
 * Loads `@ffmpeg/core` inside a Node worker thread. The stock core is built for a browser's Worker: it asks for `self.location`,
 * and would fetch its wasm were the bytes not given. One instance does one job (an instance can be left broken by it).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The part of Emscripten's file system that is used here: https://emscripten.org/docs/api_reference/Filesystem-API.html */
export interface CoreFileSystem {
  writeFile(path: string, bytes: Uint8Array): void;
  readFile(path: string): Uint8Array<ArrayBuffer>;
  makedev(major: number, minor: number): number;
  registerDevice(
    device: number,
    operations: {
      open(stream: unknown): void;
      close(stream: unknown): void;
      read(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
    },
  ): void;
  mkdev(path: string, device: number): void;
}

export interface Core {
  readonly FS: CoreFileSystem;
  /** Runs the ffmpeg program with these arguments; its exit code. */
  exec(...args: readonly string[]): number;
  setLogger(log: (line: { readonly message: string }) => void): void;
}

type CreateCore = (options: { readonly wasmBinary: Uint8Array }) => Promise<Core>;

/** A fresh core. Only in a worker thread: it sets `self` on the global object. */
export const loadCore = async (): Promise<Core> => {
  Object.assign(globalThis, { self: globalThis, location: new URL('http://localhost/') });
  const wasmBinary = readFileSync(fileURLToPath(import.meta.resolve('@ffmpeg/core/wasm')));
  const { default: createCore } = (await import(import.meta.resolve('@ffmpeg/core'))) as {
    readonly default: CreateCore;
  };
  return createCore({ wasmBinary });
};
