/** The demo loader takes a description of a town and nothing else; a hub without a demo answers with the page itself. */
import { describe, expect, test } from 'vitest';
import type { Net } from '../../../src/contracts/net.ts';
import { createDemoLoader } from '../../../src/requests/demo-town.ts';

const answering = (text: string, asked: string[] = []): Net => ({
  send: ({ path }) => {
    asked.push(path);
    return Promise.resolve({ ok: true, status: 200, headers: new Headers(), body: new TextEncoder().encode(text) });
  },
});
const camera = { id: 'c', name: 'Porch', place: [-119, 40], zone: 'UTC', clockOffsetMs: 0, createdAt: 0 };
const recording = { path: '2026-11-22/20/shop/05.10.mp4', cameraId: 'c', bytes: 3, lastModified: 5 };

describe('createDemoLoader', () => {
  test('reads a town and fetches its recordings under their own names', async () => {
    const asked: string[] = [];
    const loader = createDemoLoader(answering(JSON.stringify({ cameras: [camera], recordings: [recording] }), asked));
    expect(await loader.describe()).toEqual({ ok: true, value: { cameras: [camera], recordings: [recording] } });
    const file = await loader.fetch(recording);
    expect(file.ok && [file.value.name, file.value.lastModified]).toEqual(['05.10.mp4', 5]);
    expect(asked).toEqual(['/demo/town.json', '/demo/recordings/2026-11-22/20/shop/05.10.mp4']);
  });

  test.each(['<!doctype html><title>Porchlight</title>', '{"cameras":', '{"cameras":[{}],"recordings":[]}', 'null'])(
    'takes %s for no town',
    async (text) => {
      expect(await createDemoLoader(answering(text)).describe()).toMatchObject({ ok: false, reason: 'unavailable' });
    },
  );
});
