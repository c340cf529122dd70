/** The library stage on the real database: valid cameras, confirmed times, deletions, and the storage meter. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { decideTime, timeCandidates } from '../../../src/core/camera-clocks.ts';
import { createLibraryStage } from '../../../src/stages/library/library-stage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { camera, freshName, recording } from '../storage/samples.ts';

let name: string;
let stores: Stores;

beforeEach(async () => {
  name = freshName();
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  stores = opened.value;
});
afterEach(() => deleteDB(name));

const stage = () => createLibraryStage({ library: stores.library, storageManager: navigator.storage });

/** A recording as import would keep it under this name. */
const named = (id: string, relativePath: string, change: Partial<Recording> = {}): Recording => {
  const candidates = timeCandidates({
    relativePath,
    lastModified: 0,
    creationMs: null,
    durationMs: 60_000,
    zone: 'America/Los_Angeles',
  });
  return recording(id, { relativePath, time: decideTime(candidates, 60_000), ...change });
};

describe('cameras', () => {
  it('saves a valid one and shows it with the meter', async () => {
    const { state, saveCamera, reload } = stage();
    await reload();
    expect(state.get()).toMatchObject({ loaded: true, cameras: [], recordings: [], problem: null });
    expect(await saveCamera(camera({ name: '  Front door ' }))).toMatchObject({ ok: true });
    expect(state.get().cameras).toEqual([camera()]);
    expect(state.get().meter.quotaBytes).toBeGreaterThan(0);
    expect(state.get().meter.persisted).toBeTypeOf('boolean');
  });

  it.each<[string, Partial<Camera>, RegExp]>([
    ['an unknown zone', { zone: 'Mars/Olympus' }, /time zone/],
    ['no zone', { zone: '' }, /time zone/],
    ['no name', { name: '  ' }, /name/],
    ['an endless name', { name: 'x'.repeat(81) }, /longer/],
    ['a latitude of 91', { place: [0, 91] }, /latitude/],
    ['a longitude of 181', { place: [181, 0] }, /longitude/],
    ['a place of NaN', { place: [Number.NaN, 0] }, /longitude/],
    ['an infinite offset', { clockOffsetMs: Infinity }, /offset/],
  ])('refuses %s and keeps nothing', async (_, change, detail) => {
    const { saveCamera } = stage();
    expect(await saveCamera(camera(change))).toMatchObject({
      ok: false,
      reason: 'invalid-camera',
      detail: expect.stringMatching(detail),
    });
    expect(await stores.library.cameras()).toEqual([]);
  });

  it('reads local names again when the zone was wrong, and leaves what a person confirmed', async () => {
    const { saveCamera, confirmTime } = stage();
    await saveCamera(camera());
    await stores.library.addRecording(named('a', '20260511_140000_Porch.mp4'), new Blob(['a']), null);
    await stores.library.addRecording(named('b', '20260511_150000_Porch.mp4'), new Blob(['b']), null);
    await confirmTime('b', 1_778_500_000_000, false);
    await saveCamera(camera({ zone: 'America/New_York' }));
    expect((await stores.library.recording('a'))?.time.startMs).toBe(Date.parse('2026-05-11T18:00:00Z'));
    expect((await stores.library.recording('b'))?.time).toMatchObject({
      startMs: 1_778_500_000_000,
      confidence: 'confirmed',
    });
  });

  it('deletes a camera with its recordings', async () => {
    const { state, saveCamera, deleteCamera } = stage();
    await saveCamera(camera());
    await stores.library.addRecording(recording('a'), new Blob(['a']), null);
    expect(await deleteCamera('cam-1')).toMatchObject({ ok: true });
    expect(state.get()).toMatchObject({ cameras: [], recordings: [] });
  });
});

describe('confirmTime', () => {
  const start = Date.parse('2026-05-11T21:00:00Z');

  it('confirms one recording and drops its second reading', async () => {
    const { state, confirmTime } = stage();
    await stores.library.addRecording(named('a', '20261101_013000_Porch.mp4'), new Blob(['a']), null);
    expect((await stores.library.recording('a'))?.time.otherStartMs).toBeDefined();
    expect(await confirmTime('a', Date.parse('2026-11-01T09:30:00Z'), false)).toMatchObject({ ok: true });
    const [row] = state.get().recordings;
    expect(row?.time).toMatchObject({
      startMs: Date.parse('2026-11-01T09:30:00Z'),
      confidence: 'confirmed',
      source: 'person',
    });
    expect(row?.time).not.toHaveProperty('otherStartMs');
    expect(row?.time.candidates).toHaveLength(1);
  });

  it('applies to the same camera and rule, with the same correction, and to nothing else', async () => {
    const { confirmTime } = stage();
    const rows = [
      named('a', '20260511_140000_Porch.mp4'),
      named('b', '20260511_150000_Porch.mp4'),
      named('ambiguous', '20261101_013000_Porch.mp4'),
      named('other-camera', '20260511_140000_Porch.mp4', { cameraId: 'cam-2' }),
      named('other-rule', 'Ring_Porch_202605111400.mp4'),
      named('settled', '1778533200-1778533260.mp4'),
    ];
    for (const row of rows) await stores.library.addRecording(row, new Blob([row.id]), null);
    await confirmTime('a', start + 3_000, true);
    const after = new Map((await stores.library.recordings()).map((row) => [row.id, row.time]));
    expect(after.get('a')).toMatchObject({ startMs: start + 3_000, confidence: 'confirmed' });
    expect(after.get('b')).toMatchObject({
      startMs: start + 3_600_000 + 3_000,
      confidence: 'confirmed',
      source: 'person',
    });
    expect(after.get('ambiguous')?.confidence).toBe('unconfirmed');
    expect(after.get('other-camera')?.confidence).toBe('unconfirmed');
    expect(after.get('other-rule')?.confidence).toBe('unconfirmed');
    expect(after.get('settled')).toEqual(rows[5]?.time);
  });

  it('remembers that each is to be looked at, until one answer is given for all', async () => {
    const { state, saveCamera, askEach, confirmTime } = stage();
    await saveCamera(camera());
    await stores.library.addRecording(named('a', '20260511_140000_Porch.mp4'), new Blob(['a']), null);
    expect(await askEach('cam-1', 'blink-local')).toMatchObject({ ok: true });
    expect(state.get().cameras[0]?.confirmedRules).toEqual({ 'blink-local': 'ask-each' });
    await saveCamera(camera({ name: 'Porch' }));
    expect(state.get().cameras[0]).toMatchObject({ name: 'Porch', confirmedRules: { 'blink-local': 'ask-each' } });
    await confirmTime('a', start, true);
    expect(state.get().cameras[0]?.confirmedRules?.['blink-local']).toMatchObject({ correctionMs: 0 });
    expect(await askEach('gone', 'blink-local')).toMatchObject({ ok: false, reason: 'storage-unavailable' });
  });

  it('refuses what is no time and a recording that is gone', async () => {
    const { confirmTime } = stage();
    await stores.library.addRecording(recording('a'), new Blob(['a']), null);
    expect(await confirmTime('a', Number.NaN, false)).toMatchObject({ ok: false, reason: 'invalid-time' });
    expect(await confirmTime('zz', start, false)).toMatchObject({ ok: false, reason: 'storage-unavailable' });
  });
});

it('says in its state, not by throwing, that the database cannot be read', async () => {
  const broken = createLibraryStage({
    library: { ...stores.library, recordings: () => Promise.reject(new Error('disk on fire')) },
  });
  await broken.reload();
  expect(broken.state.get().problem).toBe('disk on fire');
});
