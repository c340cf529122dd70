/** Matching through the real worker: answers, deltas, an ended worker, a library that is not there, and upgrades that it does not hold up. */
import { deleteDB, openDB } from 'idb';
import { afterEach, expect, it } from 'vitest';
import { createMatcher } from '../../../src/bridge/match.ts';
import type { MatchableRequest } from '../../../src/contracts/match-api.ts';
import { DATABASE_NAME, type LibraryStore } from '../../../src/contracts/storage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { camera, recording } from '../storage/samples.ts';

afterEach(() => deleteDB(DATABASE_NAME));

const T0 = 1_700_000_000_000;
const here: MatchableRequest = {
  id: 'here',
  area: { type: 'Circle', center: [-122.27, 37.8], radiusM: 500 },
  window: { from: T0 + 3_600_000, to: T0 + 3_660_000 },
};
const elsewhere: MatchableRequest = {
  ...here,
  id: 'elsewhere',
  area: { type: 'Circle', center: [2, 48], radiusM: 500 },
};

const fill = async (): Promise<LibraryStore> => {
  const opened = await openStores();
  if (!opened.ok) throw new Error(opened.detail);
  const { library } = opened.value;
  await library.putCamera(camera());
  for (let i = 0; i < 120; i += 1) {
    const time = { startMs: T0 + i * 60_000, confidence: 'accepted', source: 'tapo', candidates: [] } as const;
    await library.addRecording(recording(`r${i}`, { durationMs: 30_000, time }), new Blob([`${i}`]), null);
  }
  return library;
};

const value = <T>(result: { ok: true; value: T } | { ok: false; detail: string }): T => {
  if (!result.ok) throw new Error(result.detail);
  return result.value;
};

it('answers, follows the library and the requests, and begins again when it was ended', async () => {
  await deleteDB(DATABASE_NAME);
  const matcher = createMatcher();
  expect(await matcher.matchAll([here])).toMatchObject({ ok: false, reason: 'storage-unavailable' });

  const library = await fill();
  const first = value(await matcher.matchAll([here, elsewhere]));
  expect(first.verdictOf('here')).toEqual({
    requestId: 'here',
    cameras: 1,
    placed: 1,
    camerasInside: 1,
    nearestOutsideM: 0,
    recordings: 1,
    unconfirmed: 0,
    overlapMs: 30_000,
    miss: null,
  });
  expect(first.verdictOf('elsewhere')?.nearestOutsideM).toBeGreaterThan(8_000_000);
  expect(first.verdictOf('nobody')).toBeNull();
  expect(first.recordings).toBe(120);
  expect(value(await matcher.matchesOf('here')).map(({ recordingId }) => recordingId)).toEqual(['r60']);
  expect(value(await matcher.matchesOf('nobody'))).toEqual([]);

  await library.deleteRecording('r60');
  const second = value(await matcher.matchAll([here]));
  expect(second.verdictOf('here')).toMatchObject({ recordings: 0, miss: { side: 'after', byMs: 0 } });
  expect(second.verdictOf('elsewhere')).toBeNull();
  expect(first.verdictOf('here')?.recordings).toBe(1);

  const stop = new AbortController();
  const stopped = matcher.matchAll([here, elsewhere], stop.signal);
  stop.abort();
  expect(await stopped).toMatchObject({ ok: false, reason: 'cancelled' });
  const third = value(await matcher.matchAll([elsewhere, { ...here, window: { from: T0, to: T0 + 120_000 } }]));
  expect(third.verdictOf('here')?.recordings).toBe(2);
  expect(value(await matcher.matchesOf('here')).map(({ recordingId }) => recordingId)).toEqual(['r0', 'r1']);

  const newer = await openDB(DATABASE_NAME, 99);
  newer.close();
});
