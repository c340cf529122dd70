/**
 * Adds to package-lock.json the entries of other platforms' binaries that npm left out, and prints their names.
 * npm drops an optional dependency that the registry in use does not have; `npm ci` then refuses the lock file everywhere.
 * An entry with its version, `os` and `cpu` is enough: npm passes over what is not for this machine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface Missing {
  readonly path: string;
  readonly version: string;
  readonly dev: boolean;
}

const LOCK = resolve(import.meta.dirname, '../package-lock.json');
const PLATFORM =
  /(?:^|[/-])(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|x64|ppc64|riscv64|s390x)(?:-(\w+))?$/;

/** Optional dependencies of exact versions that have no entry of their own. */
export const missingPlatforms = ({ packages }: LockFile): readonly Missing[] =>
  Object.entries(packages).flatMap(([parent, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => PLATFORM.test(name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, version, dev }))
      .filter(({ path }) => !(path in packages) && !(`${parent}/${path}` in packages)),
  );

/** What npm needs to know to pass over a binary: read from its name, as `linux-x64-musl`. Throws Error for another name. */
const platformOf = (path: string): Readonly<Record<'os' | 'cpu' | 'libc', readonly string[] | undefined>> => {
  const [, os, cpu, abi] = PLATFORM.exec(path) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`${path} does not name a platform`);
  const libc = os !== 'linux' ? undefined : abi?.startsWith('musl') === true ? ['musl'] : ['glibc'];
  return { os: [os], cpu: [cpu], libc };
};

/** The lock file with an entry for each missing platform, sorted as npm sorts it. */
export const completeLock = (lock: LockFile): LockFile => {
  const added = missingPlatforms(lock).map(({ path, version, dev }) => [
    path,
    { version, ...platformOf(path), ...(dev ? { dev } : {}), optional: true },
  ]);
  const packages = Object.entries(lock.packages).concat(added as [string, LockEntry][]);
  packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(packages) };
};

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as LockFile;
  for (const { path } of missingPlatforms(lock)) console.log(path);
  writeFileSync(LOCK, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
}
