/** A tab closed in mid-import leaves whole recordings only. */
import { deleteDB } from 'idb';
import { expect, it } from 'vitest';
import { openStores } from '../../../src/storage/open-stores.ts';
import { freshName } from './samples.ts';

it.each([0, 10, 40, 90])('killed %d ms into the third recording', async (delay) => {
  const name = freshName();
  const worker = new Worker(new URL('./endless-import.worker.ts', import.meta.url), { type: 'module' });
  await new Promise<void>((resolve, reject) => {
    let begun = 0;
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = () => {
      begun += 1;
      if (begun === 3) setTimeout(resolve, delay);
    };
    worker.postMessage(name);
  });
  worker.terminate();
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  const { library } = opened.value;
  const rows = await library.recordings();
  expect(rows.length).toBeGreaterThanOrEqual(2);
  for (const row of rows) {
    expect((await (await library.video(row.id))?.arrayBuffer())?.byteLength).toBe(row.bytes);
    expect(await (await library.thumbnail(row.id))?.text()).toBe('picture');
  }
  for (let i = rows.length; i < rows.length + 3; i += 1) {
    expect(await library.video(`r${i}`)).toBeNull();
    expect(await library.thumbnail(`r${i}`)).toBeNull();
  }
  await deleteDB(name);
});
