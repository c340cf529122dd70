/** The whole library out of one browser's IndexedDB and into another's: sealed or not, interrupted, damaged, hostile. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recording } from '../../../src/contracts/library.ts';
import type { LibraryFileProgress } from '../../../src/contracts/library-file.ts';
import type { ShareRecord } from '../../../src/contracts/share.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { readTar, writeTar, type TarEntry } from '../../../src/core/tar.ts';
import { exportLibrary, importLibrary } from '../../../src/stages/library/library-file.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { freshName } from '../storage/samples.ts';

const names: string[] = [];
const open = async (): Promise<Stores> => {
  const name = freshName();
  names.push(name);
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
};
afterEach(async () => {
  await Promise.all(names.splice(0).map((name) => deleteDB(name)));
});

const VIDEOS = ['first video', 'second video', 'third video'];

const recordingOf = async (index: number): Promise<Recording> => {
  const bytes = new TextEncoder().encode(VIDEOS[index]);
  return {
    ...{ id: `r${index}`, cameraId: 'c1', fileName: `${index}.mp4`, relativePath: `${index}.mp4`, importedAt: 5 },
    ...{ bytes: bytes.length, sha256: await sha256Hex(bytes), durationMs: 1_000, firstFrameAt: 0 },
    video: { codec: 'avc1.640028', width: 640, height: 360, rotation: 0 },
    audio: null,
    time: { startMs: 1_000 * index, confidence: 'accepted', source: 'blink-utc', candidates: [] },
  };
};

const shareOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<ShareRecord> => ({
  ...{ id: 's1', requestId: 'q', requestTitle: 'Van', agencyName: 'Police', recordingIds: ['r0'], createdAt: 3 },
  ...{ bytes: bytes.length, sha256: await sha256Hex(bytes), submissionKey: 'AGE-SECRET-KEY-1X', bytesSent: 0 },
  manifest: {
    format: 'porchlight/package/v1',
    request: { id: 'q', agency: 'a', caseNumber: '1', noteSha256: '' },
    sharedBy: { name: 'Ana', email: 'a@example.org', address: '1 Elm' },
    ...{ consent: '', created: '', clips: [], tools: {} },
  },
  ...{ status: 'sealed', uploadUrl: null, lastProblem: null, receipt: null },
});

const options = { passphrase: null, signal: new AbortController().signal, onProgress: () => undefined };

let full: Stores;
beforeEach(async () => {
  full = await open();
  await full.library.putCamera({
    id: 'c1',
    name: 'Porch',
    place: [-119, 40],
    zone: 'America/Los_Angeles',
    clockOffsetMs: 7,
    createdAt: 1,
  });
  for (const index of VIDEOS.keys()) {
    await full.library.addRecording(
      await recordingOf(index),
      new Blob([VIDEOS[index] ?? '']),
      index === 0 ? new Blob(['thumb']) : null,
    );
  }
  const sealed = new TextEncoder().encode('sealed bytes');
  await full.shares.add(await shareOf(sealed), new Blob([sealed]));
  await full.notes.put({ key: 'request/x', note: 'from a file', origin: 'file', fetchedAt: 1 });
  await full.notes.put({ key: 'request/y', note: 'from the hub', origin: 'hub', fetchedAt: 1 });
  await full.settings.save({ identity: { name: 'Ana', email: 'a@example.org', address: '1 Elm' } });
});

const expectWhole = async (stores: Stores): Promise<void> => {
  expect(await stores.library.cameras()).toEqual(await full.library.cameras());
  expect(await stores.library.recordings()).toEqual(await full.library.recordings());
  for (const [index, text] of VIDEOS.entries())
    expect(await (await stores.library.video(`r${index}`))?.text()).toBe(text);
  expect(await (await stores.library.thumbnail('r0'))?.text()).toBe('thumb');
  expect(await stores.shares.all()).toEqual(await full.shares.all());
  expect(await (await stores.shares.package('s1'))?.text()).toBe('sealed bytes');
  expect((await stores.notes.all()).map(({ key }) => key)).toEqual(['request/x']);
  expect((await stores.settings.load()).identity?.name).toBe('Ana');
};

describe('a library', () => {
  it('goes into a file and comes out whole, and again changes nothing', async () => {
    const file = await exportLibrary(full, null, 9);
    const empty = await open();
    expect(await importLibrary(empty, file, options)).toEqual({
      ok: true,
      value: { cameras: 1, recordings: 3, shares: 1, alreadyThere: 0, leftOut: [] },
    });
    await expectWhole(empty);
    expect(await importLibrary(empty, file, options)).toMatchObject({
      value: { recordings: 0, shares: 0, alreadyThere: 4 },
    });
    await expectWhole(empty);
  });

  it('is sealed with a passphrase, and only that opens it', async () => {
    const file = await exportLibrary(full, 'correct horse', 9);
    expect(await file.slice(0, 21).text()).toBe('age-encryption.org/v1');
    expect(await file.text()).not.toContain('first video');
    const empty = await open();
    expect(await importLibrary(empty, file, options)).toMatchObject({ reason: 'passphrase-needed' });
    expect(await importLibrary(empty, file, { ...options, passphrase: 'wrong' })).toMatchObject({
      reason: 'wrong-passphrase',
    });
    const cut = file.slice(0, file.size - 10);
    expect(await importLibrary(empty, cut, { ...options, passphrase: 'correct horse' })).toMatchObject({
      reason: 'damaged',
    });
    expect(await empty.library.cameras()).toEqual([]);
    expect(await importLibrary(empty, file, { ...options, passphrase: 'correct horse' })).toMatchObject({ ok: true });
    await expectWhole(empty);
  });

  it('that was stopped in the middle goes on where it stopped', async () => {
    const file = await exportLibrary(full, null, 9);
    const half = await open();
    const stop = new AbortController();
    const onProgress = ({ done }: LibraryFileProgress): void => void (done === 2 && stop.abort());
    expect(await importLibrary(half, file, { ...options, signal: stop.signal, onProgress })).toMatchObject({
      reason: 'cancelled',
    });
    expect(await half.library.recordings()).toHaveLength(2);
    expect(await importLibrary(half, file, options)).toMatchObject({ value: { recordings: 1, alreadyThere: 2 } });
    await expectWhole(half);
  });

  it('that is cut short keeps what came whole', async () => {
    const file = await exportLibrary(full, null, 9);
    const half = await open();
    const result = await importLibrary(half, file.slice(0, file.size - 4_000), options);
    expect(result).toMatchObject({ reason: 'damaged' });
    expect((await half.library.recordings()).length).toBeLessThan(3);
    expect(await importLibrary(half, file, options)).toMatchObject({ ok: true });
    await expectWhole(half);
  });
});

/** The file with its index rewritten, or with other contents. */
const altered = async (
  change: (index: Record<string, unknown>) => string,
  content: (entry: TarEntry) => TarEntry = (entry) => entry,
): Promise<Blob> => {
  const entries: TarEntry[] = [];
  for await (const entry of readTar(await exportLibrary(full, null, 9))) {
    if (entry === null) throw new Error('a whole file');
    const index =
      entry.name === 'library.json' ? change(JSON.parse(await entry.content.text()) as Record<string, unknown>) : null;
    entries.push(index === null ? content(entry) : { name: entry.name, content: new Blob([index]) });
  }
  return writeTar(entries);
};

describe('a file that is not to be trusted', () => {
  it('cannot bring another video under a recording’s name', async () => {
    const file = await altered(JSON.stringify, (entry) =>
      entry.name === 'videos/r1' ? { ...entry, content: new Blob(['second vide0']) } : entry,
    );
    const empty = await open();
    const result = await importLibrary(empty, file, options);
    expect(result).toMatchObject({ value: { recordings: 2, leftOut: [expect.stringContaining('1.mp4')] } });
    expect(await empty.library.video('r1')).toBeNull();
  });

  it('touches no prototype', async () => {
    const file = await altered((index) =>
      JSON.stringify({ ...index, recordings: [] }).replace(
        '"cameras":[{',
        '"__proto__":{"polluted":1},"cameras":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
      ),
    );
    const empty = await open();
    expect(await importLibrary(empty, file, options)).toMatchObject({ ok: true });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    const [camera] = await empty.library.cameras();
    expect(Object.keys(camera ?? {})).not.toContain('__proto__');
    expect(Reflect.get(camera ?? {}, 'polluted')).toBeUndefined();
  });

  it.each<[string, (index: Record<string, unknown>) => string]>([
    ['another format', (index) => JSON.stringify({ ...index, format: 'porchlight/library/v9' })],
    ['no JSON', () => '{'],
    ['a list', () => '[]'],
    ['a zone that is none', (index) => JSON.stringify(index).replace('America/Los_Angeles', '<img src=x>')],
    ['a camera off the Earth', (index) => JSON.stringify(index).replace('[-119,40]', '[-119,400]')],
    ['a duration below zero', (index) => JSON.stringify(index).replace('"durationMs":1000', '"durationMs":-1')],
    ['a source that every object has', (index) => JSON.stringify(index).replace('blink-utc', 'constructor')],
    ['an id that is a path', (index) => JSON.stringify(index).replaceAll('"r1"', '"../r1"')],
    ['a hash that is none', (index) => JSON.stringify(index).replace(/"sha256":"[0-9a-f]{64}"/, '"sha256":"x"')],
    ['a note that says it is the hub’s', (index) => JSON.stringify(index).replace('"origin":"file"', '"origin":"hub"')],
  ])('is refused whole: %s', async (_, change) => {
    const empty = await open();
    expect(await importLibrary(empty, await altered(change), options)).toMatchObject({
      ok: false,
      reason: 'not-a-library',
    });
    expect(await empty.library.cameras()).toEqual([]);
  });

  it('is refused when it is something else altogether', async () => {
    const empty = await open();
    for (const file of [new Blob([]), new Blob(['hello']), new Blob([crypto.getRandomValues(new Uint8Array(4_096))])])
      expect(await importLibrary(empty, file, options)).toMatchObject({ ok: false, reason: 'not-a-library' });
  });
});
