/** Stores one recording after another until it is killed: a tab that is closed in the middle of an import. */
import { openStores } from '../../../src/storage/open-stores.ts';
import { recording } from './samples.ts';

const BYTES = 8_000_000;

addEventListener('message', (event: MessageEvent<string>) => {
  void (async () => {
    const opened = await openStores({ name: event.data });
    if (!opened.ok) throw new Error(opened.detail);
    const noise = crypto.getRandomValues(new Uint8Array(50_000));
    const parts = Array.from({ length: BYTES / noise.length }, () => noise);
    for (let i = 0; ; i += 1) {
      postMessage('storing');
      const file = new File(parts, `${i}.mp4`);
      await opened.value.library.addRecording(recording(`r${i}`, { bytes: BYTES }), file, new Blob(['picture']));
    }
  })();
});
