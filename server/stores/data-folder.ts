/** The hub's data folder, held by one process at a time: two PGlite processes on one database corrupt it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { failure, ok, type Result } from '../../src/contracts/result.ts';

export interface DataFolder {
  readonly database: string;
  /** Unfinished uploads. */
  readonly uploads: string;
  /** Finished packages, `ID.age` each. */
  readonly packages: string;
  release(): Promise<void>;
}

export type DataFolderProblem = 'data-locked' | 'data-unusable';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

/**
 * Makes the folder where needed and takes its lock, `hub.lock` inside it. A lock that a crash left behind is taken over after ten
 * seconds. A `shared` folder is not locked: hubs on one PostgreSQL server may hold their packages in it together.
 */
export const openDataFolder = async (
  dataDir: string,
  shared: boolean,
): Promise<Result<DataFolder, DataFolderProblem>> => {
  const [database, uploads, packages] = [
    join(dataDir, 'database'),
    join(dataDir, 'uploads'),
    join(dataDir, 'packages'),
  ];
  try {
    for (const folder of [dataDir, uploads, packages]) await mkdir(folder, { recursive: true, mode: 0o700 });
    if (shared) return ok({ database, uploads, packages, release: () => Promise.resolve() });
    const onCompromised = (error: Error): never => {
      // Nothing to go on with: another hub may be writing. Ending the process is what keeps the database whole.
      throw new Error(`The lock on ${dataDir} was lost while the hub ran; it stops before two of them write.`, {
        cause: error,
      });
    };
    const release = await lock(dataDir, {
      onCompromised,
      lockfilePath: join(dataDir, 'hub.lock'),
      stale: 10_000,
      retries: 0,
    });
    return ok({ database, uploads, packages, release });
  } catch (error) {
    if (codeOf(error) === 'ELOCKED') {
      return failure(
        'data-locked',
        `Another hub is using ${dataDir}, or one crashed there seconds ago: stop it or wait ten seconds, or give this hub a folder of its own.`,
      );
    }
    return failure('data-unusable', `The data folder ${dataDir} cannot be used (${codeOf(error)}).`);
  }
};
