/** Matching on the real database, directly and through the real worker: bounded reads, and a library that is not there. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { createMatcher } from '../../../src/bridge/match.ts';
import type { MatchableRequest } from '../../../src/contracts/match-api.ts';
import { DATABASE_NAME, type LibraryStore } from '../../../src/contracts/storage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { databaseSource, openLibrary } from '../../../workers/match/database-source.ts';
import { matchAll } from '../../../workers/match/engine.ts';
import { camera, freshName, recording } from '../storage/samples.ts';

const names: string[] = [];
afterEach(async () => {
  for (const name of names.splice(0)) await deleteDB(name);
});

const library = async (name: string): Promise<LibraryStore> => {
  names.push(name);
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value.library;
};

const T0 = 1_700_000_000_000;
const here: MatchableRequest = {
  id: 'here',
  area: { type: 'Circle', center: [-122.27, 37.8], radiusM: 500 },
  window: { from: T0 + 3_600_000, to: T0 + 3_660_000 },
};

const fill = async (store: LibraryStore): Promise<void> => {
  await store.putCamera(camera());
  await store.putCamera(camera({ id: 'elsewhere', place: [-122.3, 37.9] }));
  const starts = Array.from({ length: 120 }, (_, i) => T0 + i * 60_000);
  for (const [i, startMs] of starts.entries()) {
    const time = { startMs, confidence: 'accepted', source: 'tapo', candidates: [] } as const;
    await store.addRecording(recording(`r${i}`, { durationMs: 30_000, time }), new Blob([`${i}`]), null);
  }
  const doubtful = {
    startMs: T0 - 3_600_000,
    otherStartMs: T0 + 3_600_000,
    confidence: 'unconfirmed',
    source: 'blink-local',
    candidates: [],
  } as const;
  await store.addRecording(recording('doubtful', { durationMs: 30_000, time: doubtful }), new Blob(['d']), null);
  const unknown = { startMs: null, confidence: 'unconfirmed', source: null, candidates: [] } as const;
  await store.addRecording(recording('unknown', { durationMs: 30_000, time: unknown }), new Blob(['u']), null);
  await store.addRecording(recording('other', { cameraId: 'elsewhere', durationMs: 9e9 }), new Blob(['o']), null);
};

describe('the real database', () => {
  it('reads only the rows that can overlap', async () => {
    const name = freshName();
    await fill(await library(name));
    const database = await openLibrary(name);
    const outcome = await matchAll([here], databaseSource(database), 0);
    expect(
      outcome.verdicts[0]?.matches.map(({ recordingId, timeConfirmed }) => [recordingId, timeConfirmed]).toSorted(),
    ).toEqual([
      ['doubtful', false],
      ['r60', true],
    ]);
    expect(outcome.recordingsRead).toBeLessThanOrEqual(3);
    expect(await databaseSource(database).longestMs('elsewhere')).toBe(9e9);
    expect(await databaseSource(database).longestMs('nobody')).toBeNull();
    database.close();
  });

  it('finds a day-long recording that began the day before', async () => {
    const name = freshName();
    const store = await library(name);
    await fill(store);
    const time = { startMs: T0 - 86_000_000, confidence: 'accepted', source: 'tapo', candidates: [] } as const;
    await store.addRecording(recording('long', { durationMs: 2 * 86_400_000, time }), new Blob(['long']), null);
    const database = await openLibrary(name);
    const outcome = await matchAll([here], databaseSource(database), 0);
    expect(outcome.verdicts[0]?.matches.map(({ recordingId }) => recordingId)).toContain('long');
    database.close();
  });

  it('does not create a library that is not there', async () => {
    const name = freshName();
    await expect(openLibrary(name)).rejects.toBeInstanceOf(DOMException);
    expect((await indexedDB.databases()).map((found) => found.name)).not.toContain(name);
  });
});

describe('the worker', () => {
  it("answers as the engine does, refuses without a library, cancels, and does not stand in an upgrade's way", async () => {
    await deleteDB(DATABASE_NAME);
    const matcher = createMatcher();
    expect(await matcher.matchAll([here])).toMatchObject({ ok: false, reason: 'storage-unavailable' });
    await fill(await library(DATABASE_NAME));
    const result = await matcher.matchAll([
      here,
      { ...here, id: 'there', area: { type: 'Circle', center: [-122.27, 38], radiusM: 500 } },
    ]);
    if (!result.ok) throw new Error(result.detail);
    expect(result.value.verdicts.map(({ requestId, matches }) => [requestId, matches.length])).toEqual([
      ['here', 2],
      ['there', 0],
    ]);
    expect(result.value.verdicts[1]?.nearestOutsideM).toBeGreaterThan(10_000);
    const stop = new AbortController();
    const stopped = matcher.matchAll([here], stop.signal);
    stop.abort();
    expect(await stopped).toMatchObject({ ok: false, reason: 'cancelled' });
    const newer = await openDB(DATABASE_NAME, 99);
    newer.close();
  });
});
