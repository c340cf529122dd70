/**
 * Takes third-party addresses out of dependencies while Vite bundles them, and shuts other ways out in every worker.
 * The build fails when a text to be replaced is no longer found: then the dependency has changed and must be read again.
 */
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

interface Replacement {
  /** Part of the module's path. */
  readonly module: string;
  readonly find: string;
  readonly put: string;
  /** How often it must occur. */
  readonly times: number;
}

/** Everything in a dependency that names a host which the page would ask, or that only looks like one. */
const REPLACEMENTS: readonly Replacement[] = [
  {
    // Asked when no coreURL is given. Ours always is; now there is nothing else to ask.
    module: '@ffmpeg/ffmpeg/dist/esm/const.js',
    find: '`https://unpkg.com/@ffmpeg/core@${CORE_VERSION}/dist/umd/ffmpeg-core.js`',
    put: "'/umd/the-core-must-be-named.js'",
    times: 1,
  },
  {
    // The icon library that src/ui/web-awesome.ts replaces by our own sprite.
    module: '@awesome.me/webawesome/dist/chunks/',
    find: 'isPro ? `https://ka-p.fontawesome.com/releases/v${FA_VERSION}/svgs/${folder}/${name}.svg?token=${encodeURIComponent(kitCode)}` : `https://ka-f.fontawesome.com/releases/v${FA_VERSION}/svgs/${folder}/${name}.svg`',
    put: "isPro ? '' : ''",
    times: 1,
  },
  {
    // A comment that every element of Web Awesome would put into the page.
    module: '@awesome.me/webawesome/dist/chunks/',
    find: '` Web Awesome: https://webawesome.com/docs/components/${this.localName.replace("wa-", "")} `',
    put: "''",
    times: 2,
  },
];

/** Eighty icons as data, which src/ui/web-awesome.ts replaces by our own sprite: 43 kB of script that nothing reads. */
const ICON_MODULE = { mark: '// src/components/icon/library.system.ts', from: 'var icons = {', to: '\n};\n' } as const;

/** How a worker imports it: a name without a place, for source maps that are the same everywhere. */
const GUARD = 'porchlight:worker-guard';
const GUARD_FILE = resolve(import.meta.dirname, '../src/net/worker-guard.ts');
const isWorkerEntry = (id: string): boolean =>
  /\/workers\/[a-z-]+\.worker\.ts$/.test(id) || id.endsWith('@ffmpeg/ffmpeg/dist/esm/worker.js');

/** What the page imports of a worker is its URL; the worker itself comes without this query. */
const isWorkerUrl = (path: string): boolean => /[?&]worker(?:&|$)/.test(path);

const count = (text: string, part: string): number => text.split(part).length - 1;

const withoutIcons = (code: string): string => {
  const from = code.indexOf(ICON_MODULE.from);
  const to = code.indexOf(ICON_MODULE.to, from);
  if (from < 0 || to < 0) return code;
  return `${code.slice(0, from)}var icons = { solid: {}, regular: {} };${code.slice(to + ICON_MODULE.to.length - 1)}`;
};

export interface OwnOriginOnly {
  /** For `plugins`. */
  readonly page: () => Plugin;
  /** For `worker.plugins`. */
  readonly worker: () => Plugin[];
}

/** One instance for page and workers: what was found in either counts. */
export const ownOriginOnly = (): OwnOriginOnly => {
  const found = new Map<string, number>();
  let iconsGone = false;

  const transform = (code: string, path: string): string | null => {
    const id = path.split('?')[0] ?? path;
    let changed = code;
    for (const { module, find, put } of REPLACEMENTS) {
      const times = id.includes(module) ? count(changed, find) : 0;
      if (times === 0) continue;
      found.set(find, times);
      changed = changed.replaceAll(find, put);
    }
    if (id.includes('@awesome.me/webawesome/') && code.includes(ICON_MODULE.mark)) {
      changed = withoutIcons(changed);
      iconsGone = !changed.includes('fontawesome');
    }
    if (isWorkerEntry(id) && !isWorkerUrl(path)) changed = `import '${GUARD}';\n${changed}`;
    return changed === code ? null : changed;
  };

  const plugin = (checks: boolean): Plugin => ({
    name: 'own-origin-only',
    enforce: 'pre',
    resolveId: (id) => (id === GUARD ? GUARD_FILE : null),
    transform: (code, id) => {
      const changed = transform(code, id);
      return changed === null ? null : { code: changed, map: null };
    },
    ...(checks && {
      generateBundle() {
        const missing = REPLACEMENTS.filter(({ find, times }) => found.get(find) !== times).map(
          ({ module, find }) => `${module}: ${find}`,
        );
        if (!iconsGone) missing.push(`@awesome.me/webawesome: ${ICON_MODULE.mark}`);
        if (missing.length > 0)
          this.error(
            `A dependency no longer has the address that the build takes out of it; read it again and change ${join('tools', 'own-origin-only.ts')}:\n${missing.join('\n')}`,
          );
      },
    }),
  });
  return { page: () => plugin(true), worker: () => [plugin(false)] };
};
