/** The page of the import benchmark: the product's own import stage, and the least that keeping the same files can be. */
import { deleteDB, openDB } from 'idb';
import { createImporter } from '../../../src/bridge/import.ts';
import type { Camera } from '../../../src/contracts/library.ts';
import { createImportStage } from '../../../src/stages/import/import-stage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';

export interface ImportRun {
  readonly ms: number;
  readonly kept: number;
  readonly longestTaskMs: number;
  readonly problem: string | null;
}

export interface ImportBench {
  ours(thumbnails: boolean): Promise<ImportRun>;
  floor(durability: IDBTransactionDurability): Promise<ImportRun>;
  /** Every byte into memory, one file after the other, and nothing else: who hashes a file must do that. */
  read(): Promise<ImportRun>;
}

const camera: Camera = {
  ...{ id: 'cam', name: 'Porch', place: null, zone: 'America/Los_Angeles' },
  ...{ clockOffsetMs: 0, createdAt: 0 },
};

const picked = (): readonly File[] => [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])];

/** The longest stretch for which the main thread answered nobody, as the browser tells it (over 50 ms only). */
const watchTasks = (): (() => number) => {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  return () => {
    for (const { duration } of observer.takeRecords()) longest = Math.max(longest, duration);
    observer.disconnect();
    return longest;
  };
};

const importer = createImporter();
let databases = 0;

const ours = async (thumbnails: boolean): Promise<ImportRun> => {
  const name = `bench-${Date.now()}-${(databases += 1)}`;
  const stores = await openStores({ name });
  if (!stores.ok) throw new Error(stores.detail);
  const { library, imports } = stores.value;
  await library.putCamera(camera);
  let ids = 0;
  const stage = createImportStage({
    importer: {
      readers: importer.readers,
      probe: (file, request, signal) => importer.probe(file, { ...request, thumbnail: thumbnails }, signal),
    },
    ...{ library, pending: imports, now: () => Date.now(), newId: () => `id-${(ids += 1)}` },
  });
  const longest = watchTasks();
  const began = performance.now();
  await stage.add(
    picked().map((file) => ({ file, relativePath: `card/${file.name}` })),
    camera,
  );
  const ms = performance.now() - began;
  // A turn later the browser has told of the last task; reading the whole library back is not part of the import.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const longestTaskMs = longest();
  const { lines } = stage.state.get();
  const kept = (await library.recordings()).length;
  await deleteDB(name);
  const refused = lines.find(({ state }) => state !== 'kept');
  return { ms, kept, longestTaskMs, problem: refused?.refusal?.detail ?? refused?.state ?? null };
};

const floor = async (durability: IDBTransactionDurability): Promise<ImportRun> => {
  const name = `floor-${Date.now()}-${(databases += 1)}`;
  const database = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore('videos') });
  const longest = watchTasks();
  const began = performance.now();
  for (const file of picked()) {
    const transaction = database.transaction('videos', 'readwrite', { durability });
    await Promise.all([transaction.store.put(file, file.name), transaction.done]);
  }
  const ms = performance.now() - began;
  const kept = await database.count('videos');
  database.close();
  await deleteDB(name);
  return { ms, kept, longestTaskMs: longest(), problem: null };
};

const read = async (): Promise<ImportRun> => {
  const longest = watchTasks();
  const began = performance.now();
  const files = picked();
  for (const file of files) await file.arrayBuffer();
  return { ms: performance.now() - began, kept: files.length, longestTaskMs: longest(), problem: null };
};

const bench: ImportBench = { ours, floor, read };
Object.assign(globalThis, { importBench: bench });
