/** A feed too large for one file: the page reads whole coarse cells around its cameras, and what has not changed not again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Net } from '../../src/contracts/net.ts';
import { ok } from '../../src/contracts/result.ts';
import type { Position } from '../../src/contracts/units.ts';
import { createPublicRecordKeeper } from '../../src/requests/public-record.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { memoryHubFiles } from '../support/memory-roles.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const TOWN: Position = [-119.05, 40.87];

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub(NOW, { feed: { wholeLimit: 2 } });
  expect((await seedDemo(hub.running.hub, NOW)).ok).toBe(true);
});
afterAll(() => hub.stop());

const page = (places: readonly Position[]) => {
  const asked: string[] = [];
  const net: Net = {
    send: async ({ path, headers }) => {
      const response = await fetch(hub.url + path, { headers: { ...headers } });
      asked.push(`${path} ${response.status}`);
      const { status } = response;
      const body = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return { ok: true, status, headers: response.headers, body };
      return { ok: false, reason: 'http-error', detail: '', status };
    },
  };
  const notes = { all: async () => [], replaceHubNotes: async () => ok(undefined), put: async () => ok(undefined) };
  const files = memoryHubFiles();
  const keeper = createPublicRecordKeeper({
    ...{ net, notes, files, rootKey: DEMO_ROOT_KEY },
    places: () => places,
    now: () => Date.now(),
  });
  return { asked, keeper };
};

it('is read in the cells around the cameras, each request once, never by a place', async () => {
  const { asked, keeper } = page([TOWN]);
  await keeper.refresh();
  const record = keeper.record.get();
  expect(record.message).toBeNull();
  expect(record.cells?.read.length).toBeGreaterThan(0);
  const ids = record.requests.map(({ id }) => id);
  expect(ids).toContain('wpd-alder-parcels');
  expect(new Set(ids).size).toBe(ids.length);
  for (const line of asked) expect(line).toMatch(/^\/v1\/(directory|feed|cells\/[0-9a-z]{3}\/[0-9a-f]{16}) 200$/);
  asked.length = 0;
  await keeper.refresh();
  expect(asked).toEqual(['/v1/directory 304', '/v1/feed 304']);
});

it('is not read at all where no camera is near', async () => {
  for (const places of [[], [[10, 50]]] as const) {
    const { asked, keeper } = page(places);
    await keeper.refresh();
    expect(keeper.record.get()).toMatchObject({ requests: [], cells: { read: [] } });
    expect(asked).toHaveLength(2);
  }
});

it('sends its cells compressed, for good, and none under an old version', async () => {
  const index = (await (await fetch(`${hub.url}/v1/feed`)).json()) as { cells: Record<string, { version: string }> };
  const [[cell, { version }] = ['', { version: '' }]] = Object.entries(index.cells);
  const found = await fetch(`${hub.url}/v1/cells/${cell}/${version}`, { headers: { 'Accept-Encoding': 'br' } });
  expect([found.headers.get('content-encoding'), found.headers.get('cache-control')]).toEqual([
    'br',
    'public, max-age=31536000, immutable',
  ]);
  expect((await found.json()) as unknown).toMatchObject({ version: 1 });
  expect((await fetch(`${hub.url}/v1/cells/${cell}/${'0'.repeat(16)}`)).status).toBe(404);
  expect((await fetch(`${hub.url}/v1/comments/${cell}`)).status).toBe(200);
});
