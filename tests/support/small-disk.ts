/** A real disk that is small: a tmpfs of its own, which fills up like any other. Only root can have one, and only on Linux. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../tools/find-on-path.ts';
import { run } from './run.ts';

export interface SmallDisk {
  readonly folder: string;
  /** Leaves about this many bytes free. */
  fill(leave: number): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  dispose(): Promise<void>;
}

/** Mounts one, or says why there is none: then tests are skipped. */
export const smallDisk = async (megabytes: number): Promise<SmallDisk | string> => {
  const mount = findOnPath(['mount']);
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || mount === null) {
    return 'only root on Linux can mount a small disk';
  }
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-small-disk-'));
  try {
    await run(mount, ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch (error) {
    rmSync(folder, { recursive: true });
    return `a small disk cannot be mounted here: ${error instanceof Error ? error.message : String(error)}`;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: async (leave) => {
      const { bavail, bsize } = statfsSync(folder);
      const handle = await open(filler, 'w');
      const block = Buffer.alloc(65_536, 1);
      for (let left = bavail * bsize - leave; left > 0; left -= block.length) {
        await handle.write(block, 0, Math.min(left, block.length));
      }
      await handle.close();
    },
    free: () => rm(filler, { force: true }),
    dispose: async () => {
      await run('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
};
