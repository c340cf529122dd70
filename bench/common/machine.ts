/** What the figures were measured on. */
import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run, averaged over a minute, before and after: above `cores`, others were at work. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** Call it before the benchmark; the function it returns, called afterwards, describes the machine. */
export const watchMachine = (): (() => Machine) => {
  const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const loadBefore = load();
  return () => ({
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    loadBefore,
    loadAfter: load(),
  });
};

/** The commit that was measured, with `+` when files differ from it; `unknown` outside a checkout. */
export const commitOf = (folder: string): string => {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
};
