/** The database's life: upgrades that keep the data, upgrades that fail, other tabs, a full disk, a browser that ends the connection. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DATABASE_VERSION } from '../../../src/contracts/storage.ts';
import { connect } from '../../../src/storage/connection.ts';
import { createLibraryStore } from '../../../src/storage/library-store.ts';
import { openDatabase, UPGRADE_STEPS, type UpgradeStep } from '../../../src/storage/open-database.ts';
import { camera, freshName, recording } from './samples.ts';

const toClose: (() => void)[] = [];
const names: string[] = [];

const newName = (): string => {
  const name = freshName();
  names.push(name);
  return name;
};

const library = async (name: string, steps?: readonly UpgradeStep[]) => {
  const connected = await connect(steps ? { name, steps } : { name });
  if (!connected.ok) throw new Error(connected.detail);
  toClose.push(connected.value.close);
  return { store: createLibraryStore(connected.value), connection: connected.value };
};

afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of toClose.splice(0)) close();
  for (const name of names.splice(0)) await deleteDB(name);
});

const fill = async (name: string): Promise<void> => {
  const { store, connection } = await library(name);
  await store.putCamera(camera());
  await store.addRecording(recording('a'), new Blob(['video bytes']), null);
  connection.close();
};

/** What a second version might do: a new index, and a field added to every row. */
const addNotesToCameras: UpgradeStep = async (_database, transaction) => {
  const cameras = transaction.objectStore('cameras');
  for (const old of await cameras.getAll()) await cameras.put({ ...old, name: `${old.name} (moved)` });
};

describe('upgrades', () => {
  it('has as many steps as the contract has versions', () => {
    expect(UPGRADE_STEPS).toHaveLength(DATABASE_VERSION);
  });

  it('carries version 1 data through a second step', async () => {
    const name = newName();
    await fill(name);
    const { store } = await library(name, [...UPGRADE_STEPS, addNotesToCameras]);
    expect(await store.cameras()).toEqual([camera({ name: 'Front door (moved)' })]);
    expect(await store.recordings()).toEqual([recording('a')]);
    expect(await (await store.video('a'))?.text()).toBe('video bytes');
  });

  it('undoes a step that fails half way and leaves version 1 in working order', async () => {
    const name = newName();
    await fill(name);
    const failing: UpgradeStep = async (database, transaction) => {
      await addNotesToCameras(database, transaction);
      throw new Error('step 2 broke');
    };
    const refused = await openDatabase({ name, steps: [...UPGRADE_STEPS, failing] });
    expect(refused).toMatchObject({
      ok: false,
      reason: 'storage-unavailable',
      detail: expect.stringContaining('step 2 broke'),
    });
    const { store } = await library(name);
    expect(await store.cameras()).toEqual([camera()]);
  });

  it('refuses a library made by a newer page and says to reload', async () => {
    const name = newName();
    (await openDB(name, 7)).close();
    expect(await openDatabase({ name })).toMatchObject({ ok: false, detail: expect.stringContaining('newer version') });
  });
});

describe('other tabs', () => {
  it("makes way for another tab's upgrade, and says so to the one left behind", async () => {
    const name = newName();
    const { store } = await library(name);
    await store.putCamera(camera());
    const newer = await openDatabase({ name, steps: [...UPGRADE_STEPS, addNotesToCameras] });
    expect(newer.ok).toBe(true);
    if (newer.ok) toClose.push(() => newer.value.close());
    expect(await store.putCamera(camera({ id: 'cam-2' }))).toMatchObject({
      ok: false,
      reason: 'storage-unavailable',
      detail: expect.stringContaining('newer version'),
    });
  });

  it('gives up with a message when a tab will not make way', async () => {
    const name = newName();
    const stubborn = await openDB(name, 1);
    toClose.push(() => stubborn.close());
    const refused = await openDatabase({ name, steps: [...UPGRADE_STEPS, addNotesToCameras] });
    expect(refused).toMatchObject({
      ok: false,
      reason: 'storage-unavailable',
      detail: expect.stringContaining('Close the other tabs'),
    });
  }, 15_000);

  it('reopens after the connection was lost', async () => {
    const name = newName();
    const { store } = await library(name);
    await store.putCamera(camera());
    await deleteDB(name);
    expect(await store.cameras()).toEqual([]);
    expect((await store.putCamera(camera())).ok).toBe(true);
  });
});

// Chromium's own quota is for the whole origin, and other tests run on it at the same time: tests/e2e fills it for real.
describe('a disk without room', () => {
  it('keeps nothing of a recording whose video does not fit', async () => {
    const { store } = await library(newName());
    await store.addRecording(recording('a'), new Blob(['fits']), null);
    const put = IDBObjectStore.prototype.add;
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
      key?: IDBValidKey,
    ) {
      if (this.name === 'videos') throw new DOMException('no room', 'QuotaExceededError');
      return put.call(this, value, key);
    });
    expect(await store.addRecording(recording('b'), new Blob(['does not fit']), null)).toMatchObject({
      ok: false,
      reason: 'quota-exceeded',
    });
    vi.restoreAllMocks();
    expect((await store.recordings()).map(({ id }) => id)).toEqual(['a']);
    expect((await store.addRecording(recording('b'), new Blob(['fits now']), null)).ok).toBe(true);
  });
});
