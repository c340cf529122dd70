/** The packed columns in Chromium's own IndexedDB: in step with the rows after every write, and never believed when they are damaged. */
import { deleteDB, type IDBPDatabase } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Match, MatchableRequest } from '../../../src/contracts/match-api.ts';
import type { LibraryStore, PorchlightSchema } from '../../../src/contracts/storage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { databaseSource, openLibrary } from '../../../workers/match/database-source.ts';
import { createMatchEngine, type MatchEngine } from '../../../workers/match/engine.ts';
import { camera, freshName, recording } from '../storage/samples.ts';

const T0 = 1_700_000_000_000;
const MINUTE = 60_000;
const around = (from: number, to: number): MatchableRequest => ({
  id: 'q',
  area: { type: 'Circle', center: [-122.27, 37.8], radiusM: 500 },
  window: { from, to },
});
/** Holds everything. */
const wide = around(T0 - 1e9, T0 + 1e12);

const at = (startMs: number) => ({ startMs, confidence: 'accepted', source: 'tapo', candidates: [] }) as const;
const row = (id: string, minute: number, cameraId = 'cam-1') =>
  recording(id, { cameraId, durationMs: 30_000, time: at(T0 + minute * MINUTE) });

let name = '';
let store: LibraryStore;
let database: IDBPDatabase<PorchlightSchema>;
const others: (() => Promise<void>)[] = [];

const openLibraryStore = async (of: string): Promise<LibraryStore> => {
  const opened = await openStores({ name: of });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value.library;
};

beforeEach(async () => {
  name = freshName();
  store = await openLibraryStore(name);
  database = await openLibrary(name);
  await store.putCamera(camera());
});

afterEach(async () => {
  database.close();
  await deleteDB(name);
  for (const close of others.splice(0)) await close();
});

const add = async (...rows: ReturnType<typeof recording>[]): Promise<void> => {
  for (const one of rows) {
    const added = await store.addRecording(one, new Blob([one.id]), null);
    if (!added.ok) throw new Error(added.detail);
  }
};

const newEngine = (): MatchEngine => createMatchEngine(loadKernel() ?? reference, () => 0);

interface Seen {
  readonly matches: readonly Match[];
  readonly ids: readonly string[];
  readonly rebuilt: readonly string[];
}

const ask = async (request: MatchableRequest = wide, engine = newEngine()): Promise<Seen> => {
  engine.put([{ ...request, number: 0 }]);
  const source = databaseSource(database);
  const { rebuilt, columns } = await engine.match(source, 0);
  const matches = await engine.matchesOf(source, 0);
  expect(columns.recordings[0]).toBe(matches.length);
  return { matches, rebuilt, ids: matches.map(({ recordingId }) => recordingId).toSorted() };
};

describe('in step with the rows', () => {
  it('after imports one by one and in one go, a change of time, deletions, and a camera that goes', async () => {
    await add(row('a', 1), row('b', 2));
    await store.addRecordings([
      { recording: row('c', 3), video: new Blob(['c']), thumbnail: null },
      { recording: row('d', 0, 'cam-2'), video: new Blob(['d']), thumbnail: null },
    ]);
    await store.putCamera(camera({ id: 'cam-2' }));
    expect(await ask()).toMatchObject({ ids: ['a', 'b', 'c', 'd'], rebuilt: [] });

    await store.putRecordings([recording('b', { durationMs: 30_000, time: at(T0 + 900 * MINUTE) })]);
    expect((await ask(around(T0 + 900 * MINUTE, T0 + 901 * MINUTE))).ids).toEqual(['b']);
    expect((await ask(around(T0 + 2 * MINUTE, T0 + 3 * MINUTE))).ids).toEqual([]);

    await store.deleteRecording('a');
    await store.deleteCamera('cam-2');
    expect(await ask()).toMatchObject({ ids: ['b', 'c'], rebuilt: [] });
    await add(row('e', 5));
    expect(await ask()).toMatchObject({ ids: ['b', 'c', 'e'], rebuilt: [] });
  });

  it('after recordings were moved to another camera, with and without recordings of its own', async () => {
    await add(row('a', 1), row('b', 2), row('c', 3, 'cam-3'));
    await store.putCamera(camera({ id: 'cam-2' }));
    await store.putCamera(camera({ id: 'cam-3' }));
    await store.putRecordings([row('a', 1, 'cam-2'), row('b', 4, 'cam-3')]);
    const { matches, rebuilt } = await ask();
    expect(matches.map(({ recordingId, cameraId }) => [recordingId, cameraId])).toEqual([
      ['a', 'cam-2'],
      ['c', 'cam-3'],
      ['b', 'cam-3'],
    ]);
    expect(rebuilt).toEqual([]);
    await store.deleteRecording('b');
    expect((await ask()).ids).toEqual(['a', 'c']);
  });

  it('keeps nothing of an import that was undone', async () => {
    await add(row('a', 1));
    const again = await store.addRecording(
      recording('b', { sha256: recording('a').sha256, time: at(T0) }),
      new Blob(['b']),
      null,
    );
    expect(again.ok).toBe(false);
    expect(await ask()).toMatchObject({ ids: ['a'], rebuilt: [] });
  });

  it('over several parts, with both readings of a doubtful time', async () => {
    const many = Array.from({ length: 4_200 }, (_, i) => ({
      recording: recording(`r${i}`, { durationMs: 1_000, time: at(T0 + i * 1_000) }),
      video: new Blob([`${i}`]),
      thumbnail: null,
    }));
    const added = await store.addRecordings(many);
    expect(added.every(({ ok }) => ok)).toBe(true);
    const doubtful = { ...at(T0 - MINUTE), confidence: 'unconfirmed', otherStartMs: T0 + 9_999_000 } as const;
    await add(recording('doubtful', { durationMs: 1_000, time: doubtful }));
    expect(await database.count('columns')).toBe(2);
    expect((await ask(around(T0 + 4_098_500, T0 + 4_100_000))).ids).toEqual(['r4098', 'r4099']);
    const late = await ask(around(T0 + 9_999_000, T0 + 9_999_500));
    expect(late.matches).toMatchObject([{ recordingId: 'doubtful', timeConfirmed: false }]);
  });

  it('tells an engine that goes on what one that begins anew is told', async () => {
    await add(row('a', 1));
    const engine = newEngine();
    expect((await ask(wide, engine)).ids).toEqual(['a']);
    await add(row('b', 2), row('c', 0));
    expect((await ask(wide, engine)).ids).toEqual(['a', 'b', 'c']);
    await store.putCamera(camera({ clockOffsetMs: -10 * MINUTE }));
    expect((await ask(around(T0 - 9 * MINUTE, T0 - 8 * MINUTE), engine)).ids).toEqual(['a']);
    await store.putCamera(camera({ place: [0, 0] }));
    expect((await ask(wide, engine)).ids).toEqual([]);
  });
});

const otherLibrary = async (): Promise<IDBPDatabase<PorchlightSchema>> => {
  const other = freshName();
  const theirs = await openLibraryStore(other);
  await theirs.putCamera(camera());
  for (const id of ['x', 'y', 'z']) await theirs.addRecording(row(id, 7), new Blob([id]), null);
  const opened = await openLibrary(other);
  others.push(async () => {
    opened.close();
    await deleteDB(other);
  });
  return opened;
};

const damages: readonly (readonly [name: string, said: string, damage: () => Promise<unknown>])[] = [
  [
    'cut short',
    'is cut short',
    async () => {
      const chunk = await database.get('columns', ['cam-1', 0]);
      if (chunk) await database.put('columns', { ...chunk, data: chunk.data.slice(0, -20) });
    },
  ],
  [
    'with one bit turned over',
    'has a wrong checksum',
    async () => {
      const chunk = await database.get('columns', ['cam-1', 0]);
      if (!chunk) return;
      const bytes = new Uint8Array(chunk.data);
      bytes[13] = (bytes[13] ?? 0) ^ 4;
      await database.put('columns', chunk);
    },
  ],
  [
    'of another version',
    'is of version 2',
    async () => {
      const chunk = await database.get('columns', ['cam-1', 0]);
      if (chunk) await database.put('columns', { ...chunk, version: 2 });
    },
  ],
  [
    'of another library',
    'of another library',
    async () => {
      const chunk = await (await otherLibrary()).get('columns', ['cam-1', 0]);
      if (chunk) await database.put('columns', chunk);
    },
  ],
  ['missing', '0 of 1 parts', () => database.clear('columns')],
  [
    'without a head',
    'had no index',
    async () => {
      await database.clear('columnHeads');
      await database.clear('columns');
    },
  ],
  [
    'with a head of another version',
    'is of version 9',
    async () => {
      const head = await database.get('columnHeads', 'cam-1');
      if (head && 'stamp' in head) await database.put('columnHeads', { ...head, version: 9 });
    },
  ],
];

describe('columns that cannot be trusted', () => {
  it.each(damages)('%s are made anew from the rows, which is said, once', async (_, said, damage) => {
    await add(row('a', 1), row('b', 2), row('c', 3));
    await damage();
    const seen = await ask();
    expect(seen.ids).toEqual(['a', 'b', 'c']);
    expect(seen.rebuilt).toHaveLength(1);
    expect(seen.rebuilt[0]).toContain(said);
    expect(await ask()).toMatchObject({ ids: ['a', 'b', 'c'], rebuilt: [] });
  });

  it.each(damages)('%s do not stop a later import', async (_name, _said, damage) => {
    await add(row('a', 1), row('b', 2));
    await damage();
    await add(row('c', 3));
    await store.deleteRecording('a');
    expect((await ask()).ids).toEqual(['b', 'c']);
  });

  it('ids that are damaged are made anew', async () => {
    await add(row('a', 1), row('b', 2));
    const ids = await database.get('columnIds', ['cam-1', 0]);
    if (ids) await database.put('columnIds', { ...ids, ids: ids.ids.replace('b', 'c') });
    expect((await ask()).ids).toEqual(['a', 'b']);
  });

  it('a whole index of another library, token and all, is not believed: its recordings have no rows here', async () => {
    await add(row('a', 1), row('b', 2));
    const other = await otherLibrary();
    for (const table of ['columns', 'columnIds', 'columnHeads'] as const) {
      await database.clear(table);
      for (const value of await other.getAll(table)) await database.put(table, value as never);
    }
    const engine = newEngine();
    engine.put([{ ...wide, number: 0 }]);
    const source = databaseSource(database);
    await engine.match(source, 0);
    expect((await engine.matchesOf(source, 0)).map(({ recordingId }) => recordingId).toSorted()).toEqual(['a', 'b']);
  });
});

it('does not create a library that is not there', async () => {
  const nowhere = freshName();
  await expect(openLibrary(nowhere)).rejects.toBeInstanceOf(DOMException);
  expect((await indexedDB.databases()).map((found) => found.name)).not.toContain(nowhere);
});
