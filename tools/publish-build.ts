/**
 * After the build: adds the service worker, refuses it when a way out is in it, and publishes beside the page what it takes to check it:
 * `licences.txt` (every bundled package with its licence's own text) and `SHA256SUMS.txt` (for `sha256sum -c`).
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { buildServiceWorker } from './build-service-worker.ts';
import { forbiddenInBundle } from './check-bundle.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const SUMS = 'SHA256SUMS.txt';
const LICENCES = 'licences.txt';

/**
 * A source's name in a source map, the same wherever the project lies: from `node_modules/` or from the project's own folder.
 * `sourcemapPath` is the map's own path and `source` is relative to it.
 */
export const stableSource = (source: string, sourcemapPath: string): string => {
  const absolute = resolve(sourcemapPath, '..', source).replaceAll('\\', '/');
  const dependency = absolute.lastIndexOf('/node_modules/');
  if (dependency >= 0) return absolute.slice(dependency + 1);
  return absolute.startsWith(`${PROJECT}/`) ? absolute.slice(PROJECT.length + 1) : source.replace(/^(?:\.\.\/)+/, '');
};

/** The npm package that a source of a source map belongs to; null for the project's own. */
const packageOf = (source: string): string | null =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(source)?.[1] ?? null;

/** Every package of which something is in the build, by the source maps; the ffmpeg cores have none and are always in it. */
export const bundledPackages = (folder: string): readonly string[] => {
  const names = new Set<string>(['@ffmpeg/core', '@ffmpeg/core-mt']);
  for (const file of globSync('**/*.js.map', { cwd: folder })) {
    const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly sources: readonly string[] };
    for (const name of sources.map(packageOf)) if (name !== null) names.add(name);
  }
  return [...names].toSorted();
};

interface PackageManifest {
  readonly version?: string;
  readonly license?: string;
  readonly homepage?: string;
}

const licenceOf = (name: string): string => {
  const folder = join(PROJECT, 'node_modules', name);
  const {
    version = '',
    license = '',
    homepage = '',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  const texts = globSync('{LICENSE,LICENCE,License,license,COPYING}*', { cwd: folder }).toSorted();
  const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const without = 'The package holds no licence text of its own; NOTICE.md and its home page tell more.';
  return `${name} ${version}\n${license}${homepage === '' ? '' : `\n${homepage}`}\n\n${text === '' ? without : text}\n`;
};

const licencesText = (folder: string): string =>
  [
    'Porchlight is under the MIT licence. It is built with the packages below, each under its own licence.',
    readFileSync(join(PROJECT, 'LICENSE'), 'utf8').trim(),
    readFileSync(join(PROJECT, 'NOTICE.md'), 'utf8').trim(),
    ...bundledPackages(folder).map(licenceOf),
  ].join(`\n\n${'='.repeat(80)}\n\n`);

const sumsText = (folder: string): string =>
  globSync('**/*', { cwd: folder })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file !== SUMS && statSync(join(folder, file)).isFile())
    .toSorted()
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('');

/**
 * The bundler's names for files that it emits differ from run to run when modules are read in another order. In scripts it replaces
 * them; in the sources that source maps carry they stay, so they are made alike here.
 */
const settleSourceMaps = (folder: string): void => {
  for (const file of globSync('**/*.js.map', { cwd: folder })) {
    const path = join(folder, file);
    const map = readFileSync(path, 'utf8');
    const settled = map.replace(/ROLLDOWN_FILE_URL_[\w$-]+/g, 'ROLLDOWN_FILE_URL');
    if (settled !== map) writeFileSync(path, settled);
  }
};

/** For the page's build only; it must be the last plugin. */
export const publishBuild = (): Plugin => ({
  name: 'publish-build',
  apply: 'build',
  enforce: 'post',
  writeBundle: {
    order: 'post',
    sequential: true,
    async handler(options) {
      const folder = resolve(PROJECT, options.dir ?? 'dist');
      settleSourceMaps(folder);
      await buildServiceWorker(folder);
      const findings = forbiddenInBundle(folder);
      if (findings.length > 0) this.error(`There is another way out in the build:\n${findings.join('\n')}`);
      writeFileSync(join(folder, LICENCES), licencesText(folder));
      writeFileSync(join(folder, SUMS), sumsText(folder));
    },
  },
});
