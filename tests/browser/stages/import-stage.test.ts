/** The import stage with the real worker and the real database: a queue in which no file can harm another. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImporter } from '../../../src/bridge/import.ts';
import type { ImportFile } from '../../../src/contracts/journey-api.ts';
import { failure } from '../../../src/contracts/result.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { createImportStage, type ImportStageParts } from '../../../src/stages/import/import-stage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { makeVideo } from '../import/make-video.ts';
import { camera, freshName } from '../storage/samples.ts';

let name: string;
let stores: Stores;
let ids = 0;

beforeEach(async () => {
  name = freshName();
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  stores = opened.value;
  await stores.library.putCamera(camera());
});
afterEach(() => deleteDB(name));

const importer = createImporter();
const stage = (change: Partial<ImportStageParts> = {}) =>
  createImportStage({
    importer,
    library: stores.library,
    now: () => 1_700_000_000_000,
    newId: () => `rec-${(ids += 1)}`,
    ...change,
  });

const picked = (...files: File[]): ImportFile[] => files.map((file) => ({ file, relativePath: `card/${file.name}` }));

describe('a queue of files', () => {
  it('keeps what is a recording, says why of the rest, and recognises what it has', { timeout: 60_000 }, async () => {
    const { state, add, clear } = stage();
    const video = await makeVideo('20260511_140000_Porch.mp4', 3);
    const again = new File([video], 'copy.mp4');
    const states = new Set<string>();
    state.subscribe(() => state.get().lines.forEach((line) => states.add(line.state)));
    await add(picked(new File([], 'empty.mp4'), video, new File(['not a video at all'], 'notes.mp4'), again), camera());
    expect(state.get()).toMatchObject({ running: false, done: 4 });
    const [empty, kept, notes, copy] = state.get().lines;
    expect(empty).toMatchObject({ state: 'refused', refusal: { reason: 'empty-file' } });
    expect(kept).toMatchObject({ name: '20260511_140000_Porch.mp4', bytes: video.size, state: 'kept', refusal: null });
    expect(notes).toMatchObject({ state: 'refused', refusal: { reason: 'not-a-video' } });
    expect(copy).toMatchObject({ state: 'already-kept', recordingId: kept?.recordingId });
    expect([...states]).toEqual(expect.arrayContaining(['waiting', 'reading', 'storing', 'kept']));

    const [row, ...more] = await stores.library.recordings();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      id: kept?.recordingId,
      cameraId: 'cam-1',
      relativePath: 'card/20260511_140000_Porch.mp4',
      bytes: video.size,
      durationMs: 3_000,
      firstFrameAt: 0,
      video: { width: 160, height: 90, rotation: 0 },
      audio: null,
      time: { startMs: Date.parse('2026-05-11T21:00:00Z'), confidence: 'unconfirmed', source: 'blink-local' },
      importedAt: 1_700_000_000_000,
    });
    expect(row).not.toHaveProperty('thumbnail');
    const stored = await stores.library.video(row?.id ?? '');
    expect(new Uint8Array(await (stored ?? new Blob()).arrayBuffer())).toEqual(
      new Uint8Array(await video.arrayBuffer()),
    );
    const thumbnail = await stores.library.thumbnail(row?.id ?? '');
    expect((await createImageBitmap(thumbnail ?? new Blob())).width).toBe(160);
    clear();
    expect(state.get()).toEqual({ running: false, done: 0, lines: [] });
  });

  it('goes on after a crash of the worker, a full disk and a broken database', async () => {
    const [a, b, c, d] = await Promise.all([
      makeVideo('a.mp4', 1),
      makeVideo('b.mp4', 1),
      makeVideo('c.mp4', 1),
      makeVideo('d.mp4', 1),
    ]);
    const { state, add } = stage({
      importer: {
        probe: async (file, request, signal) =>
          request.relativePath.endsWith('a.mp4')
            ? failure('worker-crashed', 'It crashed.')
            : importer.probe(file, request, signal),
      },
      library: {
        ...stores.library,
        addRecording: async (recording, video, thumbnail) => {
          if (recording.fileName === 'b.mp4') return failure('quota-exceeded', 'No room.');
          if (recording.fileName === 'c.mp4') throw new DOMException('gone', 'UnknownError');
          return stores.library.addRecording(recording, video, thumbnail);
        },
      },
    });
    await add(picked(a, b, c, d), camera());
    expect(state.get().lines.map((line) => line.refusal?.reason ?? line.state)).toEqual([
      'worker-crashed',
      'quota-exceeded',
      'storage-unavailable',
      'kept',
    ]);
    expect(await stores.library.recordings()).toHaveLength(1);
  });

  it('cancels the file being read and those waiting, keeps those done, and starts afresh', async () => {
    const files = await Promise.all(['a', 'b', 'c'].map((letter) => makeVideo(`${letter}.mp4`, 1)));
    const { state, add, cancel } = stage();
    const stopAtSecond = state.subscribe(() => {
      if (state.get().lines[1]?.state === 'reading') cancel();
    });
    await add(picked(...files), camera());
    stopAtSecond();
    expect(state.get().lines.map((line) => line.state)).toEqual(['kept', 'cancelled', 'cancelled']);
    expect(await stores.library.recordings()).toHaveLength(1);
    await add(picked(...files.slice(1)), camera());
    expect(state.get().lines.map((line) => line.state)).toEqual(['kept', 'cancelled', 'cancelled', 'kept', 'kept']);
  });

  it('keeps nothing for a camera that was deleted meanwhile', async () => {
    const { state, add } = stage();
    await add(picked(await makeVideo('a.mp4', 1)), camera({ id: 'gone' }));
    expect(state.get().lines[0]).toMatchObject({ state: 'refused', refusal: { reason: 'storage-unavailable' } });
    expect(await stores.library.recordings()).toEqual([]);
  });
});
