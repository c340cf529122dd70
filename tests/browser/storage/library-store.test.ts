/** The library store in Chromium's own IndexedDB: all or nothing, duplicates, deletions, and real copies of picked files. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { commands, userEvent } from 'vitest/browser';
import type { LibraryStore } from '../../../src/contracts/storage.ts';
import { connect } from '../../../src/storage/connection.ts';
import { createLibraryStore } from '../../../src/storage/library-store.ts';
import { camera, freshName, recording } from './samples.ts';

const opened: { name: string; close: () => void }[] = [];

const freshStore = async (): Promise<LibraryStore> => {
  const name = freshName();
  const connected = await connect({ name });
  if (!connected.ok) throw new Error(connected.detail);
  opened.push({ name, close: connected.value.close });
  return createLibraryStore(connected.value);
};

afterEach(async () => {
  for (const { name, close } of opened.splice(0)) {
    close();
    await deleteDB(name);
  }
});

const video = (text: string): Blob => new Blob([text], { type: 'video/mp4' });

describe('addRecording', () => {
  it('keeps row, video and thumbnail', async () => {
    const store = await freshStore();
    expect(
      await store.addRecording(recording('a'), video('bytes'), new Blob(['jpeg'], { type: 'image/jpeg' })),
    ).toEqual({ ok: true, value: undefined });
    expect(await store.recordings()).toEqual([recording('a')]);
    expect(await store.recording('a')).toEqual(recording('a'));
    expect(await store.recording('b')).toBeNull();
    expect(await (await store.video('a'))?.text()).toBe('bytes');
    expect((await store.video('a'))?.type).toBe('video/mp4');
    expect(await (await store.thumbnail('a'))?.text()).toBe('jpeg');
    expect(await store.thumbnail('b')).toBeNull();
    expect(await store.findBySha256(recording('a').sha256)).toEqual(recording('a'));
  });

  it('recognises the same bytes under another name and keeps nothing of the second', async () => {
    const store = await freshStore();
    await store.addRecording(recording('a'), video('one'), null);
    const again = await store.addRecording(
      recording('b', { sha256: recording('a').sha256 }),
      video('two'),
      video('thumb'),
    );
    expect(again).toMatchObject({ ok: false, reason: 'duplicate' });
    expect(await store.recordings()).toHaveLength(1);
    expect(await store.video('b')).toBeNull();
    expect(await store.thumbnail('b')).toBeNull();
  });

  it('keeps nothing when the last of three puts fails', async () => {
    const store = await freshStore();
    await store.addRecording(recording('a'), video('one'), video('thumb'));
    // The row of another recording whose video key is taken.
    await store.deleteRecording('a');
    await store.addRecording(recording('a'), video('one'), null);
    const clash = await store.addRecording(recording('a', { sha256: 'f'.repeat(64) }), video('two'), null);
    expect(clash.ok).toBe(false);
    expect(await (await store.video('a'))?.text()).toBe('one');
    expect((await store.recording('a'))?.sha256).toBe(recording('a').sha256);
  });

  it('does not keep the name or date of a picked file', async () => {
    const store = await freshStore();
    await store.addRecording(recording('a'), new File(['x'], 'private-name.mp4', { lastModified: 1 }), null);
    expect(await store.video('a')).not.toBeInstanceOf(File);
  });

  it('still has the bytes of a picked file after the file is gone', async () => {
    const store = await freshStore();
    const path = `./.picked-${Date.now()}.bin`;
    const text = 'recorded on a card '.repeat(200_000);
    await commands.writeFile(path, text);
    const input = document.createElement('input');
    input.type = 'file';
    document.body.append(input);
    try {
      await userEvent.upload(input, path);
      const picked = input.files?.[0];
      if (!picked) throw new Error('nothing was picked');
      expect((await store.addRecording(recording('a'), picked, null)).ok).toBe(true);
      await commands.removeFile(path);
      expect((await (await store.video('a'))?.text())?.length).toBe(text.length);
    } finally {
      input.remove();
    }
  });
});

describe('a picked file that vanishes', () => {
  it('before it could be copied, keeps nothing and says so', async () => {
    const store = await freshStore();
    const path = `./.picked-${Date.now()}.bin`;
    await commands.writeFile(path, 'gone soon');
    const input = document.createElement('input');
    input.type = 'file';
    document.body.append(input);
    await userEvent.upload(input, path);
    const picked = input.files?.[0];
    input.remove();
    if (!picked) throw new Error('nothing was picked');
    await commands.removeFile(path);
    expect(await store.addRecording(recording('a'), picked, null)).toMatchObject({
      ok: false,
      reason: 'storage-unavailable',
    });
    expect(await store.recordings()).toEqual([]);
  });
});

describe('deletions and changes', () => {
  it('deletes a camera with everything of it and nothing of another', async () => {
    const store = await freshStore();
    await store.putCamera(camera());
    await store.putCamera(camera({ id: 'cam-2' }));
    await store.addRecording(recording('a'), video('a'), video('t'));
    await store.addRecording(recording('b', { cameraId: 'cam-2' }), video('b'), video('t'));
    expect(await store.deleteCamera('cam-1')).toMatchObject({ ok: true });
    expect((await store.cameras()).map(({ id }) => id)).toEqual(['cam-2']);
    expect((await store.recordings()).map(({ id }) => id)).toEqual(['b']);
    expect(await store.video('a')).toBeNull();
    expect(await store.thumbnail('a')).toBeNull();
    expect(await store.video('b')).not.toBeNull();
  });

  it('deletes a recording with its video and thumbnail, after which it can be imported again', async () => {
    const store = await freshStore();
    await store.addRecording(recording('a'), video('a'), video('t'));
    await store.deleteRecording('a');
    expect(await store.recordings()).toEqual([]);
    expect(await store.video('a')).toBeNull();
    expect(await store.thumbnail('a')).toBeNull();
    expect((await store.addRecording(recording('a'), video('a'), null)).ok).toBe(true);
  });

  it('changes a row, but never brings a deleted one back', async () => {
    const store = await freshStore();
    await store.addRecording(recording('a'), video('a'), null);
    const changed = recording('a', { durationMs: 1 });
    expect((await store.putRecording(changed)).ok).toBe(true);
    expect(await store.recording('a')).toEqual(changed);
    await store.deleteRecording('a');
    expect((await store.putRecording(changed)).ok).toBe(false);
    expect(await store.recordings()).toEqual([]);
  });
});
