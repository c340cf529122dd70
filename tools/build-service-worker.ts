/** Bundles the service worker after the page, with the list of what was built and each file's SHA-256 in it. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { CORE_SHA256, THREADED_CORE_SHA256 } from '../src/contracts/ffmpeg-core.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const NAME = 'service-worker.js';

interface BuiltFile {
  readonly path: string;
  readonly sha256: string;
}

const CORE: readonly string[] = [...Object.values(CORE_SHA256), ...Object.values(THREADED_CORE_SHA256)];
/** Looked at by testers, not needed by the page. */
const isForReaders = (file: string): boolean => file.endsWith('.map') || file.endsWith('.txt');

const builtFiles = (folder: string): readonly BuiltFile[] =>
  globSync('**/*', { cwd: folder })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file !== NAME && !isForReaders(file) && statSync(join(folder, file)).isFile())
    .toSorted()
    .map((file) => ({
      // The page is asked for by its folder: some servers answer `/index.html` with a redirect.
      path: file === 'index.html' ? '/' : `/${file}`,
      sha256: createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    }));

/** Writes `service-worker.js` into the built page's folder. Its version is the hash of all files of the page. */
export const buildServiceWorker = async (folder: string): Promise<void> => {
  const files = builtFiles(folder);
  const core = files.filter(({ sha256 }) => CORE.includes(sha256));
  const page = files.filter(({ sha256 }) => !CORE.includes(sha256));
  const version = createHash('sha256').update(JSON.stringify(page)).digest('hex').slice(0, 16);
  const built = await build({
    root: PROJECT,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    define: {
      __PAGE_FILES__: JSON.stringify(page),
      __CORE_FILES__: JSON.stringify(core),
      __PAGE_VERSION__: JSON.stringify(version),
    },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: join(PROJECT, 'src/net/service-worker.ts'), formats: ['es'], fileName: () => NAME },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  const script = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined;
  if (script === undefined) throw new Error('the service worker was not built');
  writeFileSync(join(folder, NAME), script.code);
};
