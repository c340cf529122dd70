/** Installs what only benchmarks need, so that `npm ci` of the project stays small. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** True when each package of the lock file lies in node_modules in its version (what is optional may be missing). */
const isInstalled = (folder: string): boolean => {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(lock.packages).every(([path, { version, optional = false }]) => {
    if (path === '') return true;
    const manifest = join(folder, path, 'package.json');
    if (!existsSync(manifest)) return optional;
    return (
      withoutBuild((JSON.parse(readFileSync(manifest, 'utf8')) as Installed).version) === withoutBuild(version ?? '')
    );
  });
};

interface Installed {
  readonly version: string;
}

/** Versions are the same whatever stands behind a plus sign (semver §10); lock files leave it out. */
const withoutBuild = (version: string): string => version.replace(/\+.*$/, '');

/** Runs `npm ci` in `folder` unless its packages are there. Throws Error when that fails. */
export const installPeers = (folder: string): void => {
  if (isInstalled(folder)) return;
  console.error('Installing what the benchmarks compare with …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed.`);
};
