/** A feed too large for one file: the page reads whole coarse cells around its cameras, and what has not changed not again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Net } from '../../src/contracts/net.ts';
import type { Feed, FeedIndex } from '../../src/contracts/request.ts';
import { ok } from '../../src/contracts/result.ts';
import type { Position } from '../../src/contracts/units.ts';
import { cellOf } from '../../src/core/geohash.ts';
import { signNote } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import { createPublicRecordKeeper } from '../../src/requests/public-record.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { demoTown } from '../../tools/demo/town.ts';
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

it('begins with one request more than a file holds', async () => {
  const shape = async (wholeLimit: number): Promise<string> => {
    await hub.restart({ feed: { wholeLimit } });
    const feed = (await (await fetch(`${hub.url}/v1/feed`)).json()) as Partial<Feed & FeedIndex>;
    return feed.cells === undefined ? `whole, ${feed.requests?.length}` : `cells, ${feed.open} open`;
  };
  // Seven are open as the hub sees it, one of them an exhibit; a whole feed has the closed and the forged ones as well.
  expect(await shape(7)).toBe('whole, 12');
  expect(await shape(6)).toBe('cells, 7 open');
  await hub.restart();
});

it('reaches a camera that hangs across the border of a cell', async () => {
  const index = (await (await fetch(`${hub.url}/v1/feed`)).json()) as FeedIndex;
  const name = cellOf(TOWN, index.precision);
  expect(Object.keys(index.cells)).toContain(name);
  // Eastward in steps of a kilometre or so, to the first place in another cell.
  const lat = TOWN[1];
  let [lng] = TOWN;
  while (cellOf([lng, lat], index.precision) === name) lng += 0.01;
  const { keeper, asked } = page([[lng, lat]]);
  await keeper.refresh();
  expect(keeper.record.get().requests.map(({ id }) => id)).toContain('wpd-alder-parcels');
  expect(asked.some((line) => line.includes(`/cells/${name}/`))).toBe(true);
});

it('changes only the cells that something changes in, and keeps the old ones a while', async () => {
  const read = async () => (await (await fetch(`${hub.url}/v1/feed`)).json()) as FeedIndex;
  const file = (index: FeedIndex, cell: string) => `${hub.url}/v1/cells/${cell}/${index.cells[cell]?.version}`;
  const cell = cellOf(TOWN, (await read()).precision);
  const before = await read();
  const { document } = demoTown(NOW).requests[0] ?? {};
  if (document === undefined) throw new Error('the demo town has requests');
  const far = { id: 'far-away', agency: 'wrenfield-police', seq: 99, prev: null, incident: [150, -30] as Position };
  const note = await signNote(
    documentText('request', { ...document, ...far, area: { type: 'Circle', center: [150, -30], radiusM: 400 } }),
    await demoSigner('police'),
  );
  if (!note.ok) throw new Error(note.detail);
  const place = { id: far.id, agency: far.agency, seq: far.seq, textSha256: 'a'.repeat(64) };
  const stored = { ...place, note: note.value, expiresAt: NOW + 86_400_000 };
  await hub.running.hub.documents.addRequest(stored, 'published', NOW);
  const after = await read();
  expect(Object.keys(after.cells)).toContain(cellOf([150, -30], after.precision));
  expect(after.cells[cell]?.version).toBe(before.cells[cell]?.version);
  await hub.running.hub.documents.close('wpd-alder-parcels', 'a closing note', null, NOW);
  const closed = await read();
  expect(closed.cells[cell]?.version).not.toBe(before.cells[cell]?.version);
  // Whoever read the index a moment ago still finds the cell that it names.
  expect((await fetch(file(after, cell))).status).toBe(200);
  expect((await fetch(file(closed, cell))).status).toBe(200);
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
