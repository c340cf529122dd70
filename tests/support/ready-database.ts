/** The hub's empty database, made once by the hub's own code and copied for each test hub: making one costs seconds, a copy does not. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openEmbeddedDatabase } from '../../server/stores/database.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const CACHE = join(PROJECT, '.cache/test-databases');
/** What the made database depends on: the migrations and the engine. */
const SOURCES = ['server/stores/migrations.ts', 'node_modules/@electric-sql/pglite/package.json'];

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const made = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(await readFile(join(PROJECT, source)));
  const folder = join(CACHE, hash.digest('hex').slice(0, 16));
  if (await isThere(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(join(CACHE, 'making-'));
  const opened = await openEmbeddedDatabase(join(own, 'database'));
  if (!opened.ok) throw new Error(opened.detail);
  await opened.value.destroy();
  // Another test file may have been first; then its database is as good.
  await rename(join(own, 'database'), folder).catch(async (error: unknown) => {
    if (!(await isThere(folder))) throw error;
  });
  await rm(own, { recursive: true });
  return folder;
};

/** Lays an empty database of today's version into a hub's data folder, which is made where it is not there; an existing one stays. */
export const layReadyDatabase = async (dataDir: string): Promise<void> => {
  const database = join(dataDir, 'database');
  if (await isThere(database)) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(await made(), database, { recursive: true, mode: constants.COPYFILE_FICLONE });
};
