/** Compiles the match kernel (wasm/assembly) and gives it to the bundler as the module `virtual:match-kernel`: bytes in the script, nothing to fetch. */
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import asc from 'assemblyscript/asc';
import type { Plugin } from 'vite';
import { contentKey } from './content-key.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const FOLDER = 'wasm/assembly';
const SOURCE = `${FOLDER}/kernel.ts`;
const CACHE = join(PROJECT, 'node_modules/.cache/match-kernel');
const NAME = 'virtual:match-kernel';
const RESOLVED = `\0${NAME}`;

/** No runtime: the kernel allocates nothing. `--converge` repeats the optimiser until nothing changes. */
const OPTIONS = ['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--enable', 'simd'] as const;

const compile = async (): Promise<Uint8Array> => {
  let binary: Uint8Array | null = null;
  const { error } = await asc.main([SOURCE, '--outFile', 'kernel.wasm', '--baseDir', PROJECT, ...OPTIONS], {
    readFile: (name, base) => {
      try {
        return readFileSync(resolve(base, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`${SOURCE} does not compile`, { cause: error });
  return binary;
};

const sources = (): readonly string[] => globSync(join(PROJECT, FOLDER, '*.ts')).toSorted();

/** The kernel, compiled when its source or the compiler has changed. */
export const kernelBytes = async (): Promise<Uint8Array> => {
  const kept = join(CACHE, `${contentKey([`${FOLDER}/*.ts`], asc.version, ...OPTIONS)}.wasm`);
  try {
    return readFileSync(kept);
  } catch {
    const bytes = await compile();
    mkdirSync(CACHE, { recursive: true });
    // Another process may be at the same: whole files only.
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, bytes);
    renameSync(own, kept);
    return bytes;
  }
};

/** For the page's plugins, the workers' and the tests'. */
export const matchKernel = (): Plugin => ({
  name: 'match-kernel',
  resolveId: (id) => (id === NAME ? RESOLVED : null),
  load: async function (id) {
    if (id !== RESOLVED) return null;
    for (const source of sources()) this.addWatchFile(source);
    const base64 = Buffer.from(await kernelBytes()).toString('base64');
    return `export const KERNEL = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));`;
  },
});
