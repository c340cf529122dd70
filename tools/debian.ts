/** Installs Debian packages when that is possible: only as root, only where apt-get exists. Used by the find-* tools. */
import { spawnSync } from 'node:child_process';
import { findOnPath } from './find-on-path.ts';

/** True when `apt-get install` can work here without asking anybody for a password. */
export const canInstallDebian = (): boolean => process.getuid?.() === 0 && findOnPath(['apt-get']) !== null;

const apt = (args: readonly string[]): boolean =>
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** Runs `apt-get update` and installs the packages; true when both went well. Says on standard error what it does. */
export const installDebian = (packages: readonly string[]): boolean => {
  console.error(`Installing ${packages.join(', ')} with apt-get …`);
  return apt(['update', '-qq']) && apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
};
