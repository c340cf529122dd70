/** The built cut page, kept until something that goes into it changes: to build it takes longer than most cuts. */
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, version } from 'vite';
import { contentKey } from './content-key.ts';

export const CUT_PAGE = join(import.meta.dirname, 'cut-page');
const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/cut-page');
const SOURCES = ['package-lock.json', '{src,workers,wasm,tools/cut-page}/**/*.*', 'tools/cut-page-build.ts'];
/** Pages of other states of the project may still be served by who began earlier. */
const OUTDATED_MS = 24 * 3_600_000;

/** The folder that holds it. Throws what the bundler throws. */
export const builtCutPage = async (): Promise<string> => {
  const folder = join(CACHE, contentKey(SOURCES, version));
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  await removeOutdated();
  // Another process may be at the same: whole folders only.
  const own = await mkdtemp(join(CACHE, 'building-'));
  await build({
    ...{ root: CUT_PAGE, configFile: false, logLevel: 'warn' },
    worker: { format: 'es' },
    build: {
      outDir: own,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  try {
    await rename(own, folder);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
};

const removeOutdated = async (): Promise<void> => {
  for (const name of await readdir(CACHE)) {
    const { mtimeMs } = await stat(join(CACHE, name));
    if (Date.now() - mtimeMs > OUTDATED_MS) await rm(join(CACHE, name), { recursive: true, force: true });
  }
};
