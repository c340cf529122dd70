/** Finds PostgreSQL's server programs, which Debian keeps off the PATH, or installs them; and the user they may run as. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canInstallDebian, installDebian } from './debian.ts';
import { findOnPath } from './find-on-path.ts';

const DEBIAN_FOLDER = '/usr/lib/postgresql';

const findPostgres = (): string | null => {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a));
  const folders = newest.map((version) => join(DEBIAN_FOLDER, version, 'bin'));
  const onPath = findOnPath(['initdb']);
  return (
    [...folders, ...(onPath === null ? [] : [dirname(onPath)])].find((bin) => existsSync(join(bin, 'initdb'))) ?? null
  );
};

/** The folder that holds `postgres` and `initdb`, installed first where that is possible; null where it is not. */
export const ensurePostgres = (): string | null => {
  const found = findPostgres();
  if (found !== null || !canInstallDebian()) return found;
  return installDebian(['postgresql']) ? findPostgres() : null;
};

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Null when this process may run the server itself; as root the user `postgres` or `nobody`; `none` when there is neither. */
export const unprivilegedUser = (): SystemUser | null | 'none' => {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ['postgres', 'nobody'].map((name) => lines.find((one) => one.startsWith(`${name}:`))).find(Boolean);
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? 'none' : { uid: Number(uid), gid: Number(gid) };
};
