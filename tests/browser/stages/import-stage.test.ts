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

/** One after the other, where a test counts on the order. */
const importer = createImporter(1);
const stage = (change: Partial<ImportStageParts> = {}) =>
  createImportStage({
    importer,
    library: stores.library,
    now: () => 1_700_000_000_000,
    newId: () => `rec-${(ids += 1)}`,
    pending: stores.imports,
    showEveryMs: 0,
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
    expect(state.get()).toEqual({ running: false, done: 0, lines: [], unfinished: [] });
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
        addRecordings: async (added) => {
          const answers = [];
          for (const one of added) {
            const { fileName } = one.recording;
            answers.push(
              fileName === 'b.mp4'
                ? failure('quota-exceeded', 'No room.')
                : fileName === 'c.mp4'
                  ? failure('storage-unavailable', 'The disk went away.')
                  : await stores.library.addRecording(one.recording, one.video, one.thumbnail),
            );
          }
          return answers;
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

it('marks what its camera was still writing, and nothing that ended or was left so long ago', async () => {
  const now = 1_700_000_000_000;
  const { add } = stage();
  const files = await Promise.all([
    makeVideo('growing.mp4', 2, now - 5_000, true),
    makeVideo('cut-off.mp4', 2, now - 3_600_000, true),
    makeVideo('ended.mp4', 2, now - 5_000),
  ]);
  await add(picked(...files), camera());
  const rows = await stores.library.recordings();
  expect(new Map(rows.map(({ fileName, unfinished }) => [fileName, unfinished]))).toEqual(
    new Map([
      ['growing.mp4', true],
      ['cut-off.mp4', undefined],
      ['ended.mp4', undefined],
    ]),
  );
});

it('believes what was confirmed for its camera while it ran', async () => {
  const { add } = stage();
  const reading = 'blink-local start camera-local';
  const queued = camera();
  await stores.library.putCamera({ ...queued, confirmedRules: { 'blink-local': { reading, correctionMs: 2_000 } } });
  await add(picked(await makeVideo('20260511_140000_Porch.mp4', 1)), queued);
  expect((await stores.library.recordings())[0]?.time).toMatchObject({
    ...{ confidence: 'confirmed', startMs: Date.parse('2026-05-11T21:00:02Z') },
  });
});

describe('a folder whose import was stopped', () => {
  it('goes on where it stopped, with the files at hand', { timeout: 60_000 }, async () => {
    const files = picked(...(await Promise.all(['a', 'b', 'c'].map((letter) => makeVideo(`${letter}.mp4`, 1)))));
    const { state, add, cancel, resume } = stage();
    const stopAtSecond = state.subscribe(() => {
      if (state.get().lines[1]?.state === 'reading') cancel();
    });
    await add(files, camera());
    stopAtSecond();
    expect(state.get().unfinished).toMatchObject([
      { folder: 'card', atHand: true, left: 2, files: 3, cameraId: 'cam-1' },
    ]);
    expect(resume(state.get().unfinished[0]?.id ?? '', null, () => camera())).toBe(2);
    await expect.poll(() => state.get().running, { timeout: 20_000 }).toBe(false);
    expect(await stores.library.recordings()).toHaveLength(3);
    await expect.poll(() => state.get().unfinished).toEqual([]);
    expect(await stores.imports.pending()).toEqual([]);
  });

  it('is offered again after a reload, and takes from the folder only what waits', { timeout: 60_000 }, async () => {
    const files = picked(...(await Promise.all(['a', 'b', 'c'].map((letter) => makeVideo(`${letter}.mp4`, 1)))));
    const first = stage();
    const stopAtSecond = first.state.subscribe(() => {
      if (first.state.get().lines[1]?.state === 'reading') first.cancel();
    });
    await first.add(files, camera());
    stopAtSecond();

    const { state, start, resume } = stage();
    await start();
    const [left] = state.get().unfinished;
    expect(left).toMatchObject({ folder: 'card', atHand: false, left: 2, files: 3 });
    const [, b] = files;
    const changed = { file: new File(['another file of that name'], 'c.mp4'), relativePath: 'card/c.mp4' };
    expect(resume(left?.id ?? '', [changed], () => camera())).toBe(0);
    expect(resume(left?.id ?? '', b ? [...files.slice(0, 2), changed] : [], () => camera())).toBe(1);
    await expect.poll(() => state.get().running, { timeout: 20_000 }).toBe(false);
    expect(state.get().lines).toMatchObject([{ name: 'b.mp4', state: 'kept' }]);
    await expect.poll(() => state.get().unfinished).toMatchObject([{ left: 1 }]);
  });

  it('is forgotten when the person says so', async () => {
    await stores.imports.begin(
      { id: 'old', cameraId: 'cam-1', folder: 'card', directory: null, startedAt: 1, files: 2 },
      [{ relativePath: 'card/a.mp4', bytes: 1, lastModified: 1 }],
    );
    const { state, start, forget } = stage();
    await start();
    expect(state.get().unfinished).toHaveLength(1);
    await forget('old');
    expect(state.get().unfinished).toEqual([]);
    expect(await stores.imports.pending()).toEqual([]);
  });
});

it('reads side by side, keeps together, and sees twins within one basket', { timeout: 60_000 }, async () => {
  const films = await Promise.all([0, 1, 2, 3, 4].map((n) => makeVideo(`${n}.mp4`, 1)));
  const twin = new File([films[0] ?? new Blob()], 'twin.mp4');
  const told: string[] = [];
  let transactions = 0;
  const { state, add } = stage({
    importer: createImporter(2),
    library: {
      ...stores.library,
      addRecordings: (added) => {
        transactions += 1;
        return stores.library.addRecordings(added);
      },
    },
    onKept: (recordings) => told.push(...recordings.map(({ fileName }) => fileName)),
  });
  await add(picked(...films, twin), camera());
  expect(
    state
      .get()
      .lines.map((line) => line.state)
      .toSorted(),
  ).toEqual(['already-kept', ...Array.from({ length: 5 }, () => 'kept')]);
  expect(transactions).toBe(1);
  expect(told).toHaveLength(5);
});
