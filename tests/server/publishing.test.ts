/** Posting, reviewing and closing requests over HTTP, with everything that must be refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgencyHistory } from '../../src/contracts/agency-history.ts';
import type { Feed, FootageRequest, RequestStatusNote } from '../../src/contracts/request.ts';
import { CLOCK_SKEW_MS } from '../../server/publishing.ts';
import { coSignNote, signNote } from '../../src/core/signed-note.ts';
import { documentText, textSha256 } from '../../src/core/typed-note.ts';
import { demoSigner, type DemoRole } from '../../tools/demo/keys.ts';
import { demoTown } from '../../tools/demo/town.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const DAY = 86_400_000;
const template = demoTown(NOW).requests.find(({ document }) => document.id === 'wpd-alder-parcels')?.document;
if (template === undefined) throw new Error('the demo town has this request');

let hub: TestHub;
const clock = { now: NOW };
beforeAll(async () => {
  hub = await testHub(NOW, { now: () => clock.now });
});
beforeEach(() => hub.running.hub.documents.clear());
afterAll(() => hub.stop());

const at = (ms: number): string => new Date(NOW + ms).toISOString();

const first = (change: Partial<FootageRequest> = {}): FootageRequest => ({
  ...template,
  seq: 1,
  prev: null,
  ...change,
});

const noteBy = async (text: string, ...roles: readonly DemoRole[]): Promise<string> => {
  const [author, ...others] = await Promise.all(roles.map(demoSigner));
  if (author === undefined) throw new Error('nobody signs');
  let note = await signNote(text, author);
  for (const other of others) if (note.ok) note = await coSignNote(note.value, other);
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};
const requestBy = (request: FootageRequest, ...roles: readonly DemoRole[]) =>
  noteBy(documentText('request', request), ...roles);
/** The agency's own is the second entry of its chain; a reviewer's rejection has no place but a code. */
const statusBy = async (change: Partial<RequestStatusNote>, ...roles: readonly DemoRole[]) => {
  const { request, agency, reason } = { request: template.id, agency: template.agency, reason: 'Solved.' };
  const link =
    change.status === 'rejected'
      ? { code: 'lawful-activity' as const }
      : { seq: 2, prev: await textSha256(documentText('request', first())) };
  const at = new Date(NOW).toISOString();
  return noteBy(
    documentText('status', { request, agency, status: 'resolved', reason, at, ...link, ...change }),
    ...roles,
  );
};

const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${hub.url}/v1/${path}`, { method: 'POST', body, headers });
  const text = await response.text();
  const json = (text === '' ? {} : JSON.parse(text)) as { type?: string; detail?: string; state?: string };
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    reason: json.type?.split(':').at(-1),
    detail: json.detail,
    state: json.state,
  };
};
const feed = async (): Promise<Feed> => (await (await fetch(`${hub.url}/v1/feed`)).json()) as Feed;

const postFirst = async () => {
  expect(await post('requests', await requestBy(first(), 'police'))).toMatchObject({ status: 201, state: 'pending' });
};
const publishFirst = async () => {
  await postFirst();
  expect(await post(`requests/${template.id}/review`, await requestBy(first(), 'police', 'reviewer'))).toMatchObject({
    status: 200,
    state: 'published',
  });
};

describe('a request', () => {
  it('is public only after its review, with both signatures', async () => {
    await postFirst();
    expect((await feed()).requests).toEqual([]);
    expect((await fetch(`${hub.url}/v1/requests/${template.id}`)).status).toBe(404);
    const approved = await requestBy(first(), 'police', 'reviewer');
    expect(await post(`requests/${template.id}/review`, approved)).toMatchObject({ status: 200, state: 'published' });
    expect((await feed()).requests).toEqual([approved]);
    expect(await (await fetch(`${hub.url}/v1/requests/${template.id}`)).text()).toBe(approved);
    const history = (await (await fetch(`${hub.url}/v1/agencies/${template.agency}`)).json()) as AgencyHistory;
    expect(history).toMatchObject({
      agency: { id: template.agency },
      entries: [{ seq: 1, note: approved }],
      others: [],
    });
  });

  it('survives a restart of the hub', async () => {
    await publishFirst();
    await hub.restart();
    expect((await feed()).requests).toHaveLength(1);
  });

  it.each<[string, Partial<FootageRequest>, readonly DemoRole[], number, string]>([
    ['by a stranger', {}, ['stranger'], 403, 'bad-signature'],
    ['by another agency', {}, ['fire'], 403, 'bad-signature'],
    ['by a reviewer’s key', {}, ['reviewer'], 403, 'bad-signature'],
    ['by the hub’s own key', {}, ['hub'], 403, 'bad-signature'],
    ['for an unknown agency', { agency: 'somebody' }, ['police'], 403, 'bad-signature'],
    ['breaking its policy', { policy: 'rfa-2021' }, ['police'], 422, 'breaks-policy'],
    ['that has expired', { expires: new Date(NOW).toISOString() }, ['police'], 422, 'wrong-time'],
    [
      'dated a second further ahead than clocks may be',
      { posted: at(CLOCK_SKEW_MS + 1_000) },
      ['police'],
      422,
      'wrong-time',
    ],
    ['that never ends', { expires: at(91 * DAY) }, ['police'], 422, 'wrong-time'],
    ['dated tomorrow', { posted: new Date(NOW + DAY).toISOString() }, ['police'], 422, 'wrong-time'],
    ['out of its place', { seq: 2 }, ['police'], 409, 'wrong-place-in-chain'],
    ['with a predecessor it never had', { prev: 'a'.repeat(64) }, ['police'], 409, 'wrong-place-in-chain'],
  ])('%s is refused', async (_, change, roles, status, reason) => {
    const answer = await post('requests', await requestBy(first(change), ...roles));
    expect(answer).toMatchObject({ status, reason, contentType: 'application/problem+json' });
    expect(answer.detail).toBeTruthy();
  });

  it('dated as far ahead as clocks may be is taken', async () => {
    expect(await post('requests', await requestBy(first({ posted: at(CLOCK_SKEW_MS) }), 'police'))).toMatchObject({
      status: 201,
    });
  });

  it.each<[string, (note: string) => string]>([
    ['cut off in its text', (note) => note.slice(0, note.length / 2)],
    ['cut off in its signature', (note) => `${note.trimEnd().slice(0, -30)}\n`],
    ['without its signature', (note) => `${note.split('\n\n')[0]}\n`],
    ['with its signature first', (note) => `${note.split('\n\n')[1]}\n${note.split('\n\n')[0]}\n`],
    ['with text after its signature', (note) => `${note}And more.\n`],
    ['nested deeply', () => `porchlight/request/v1\n${'['.repeat(90_000)}\n\n— a b\n`],
    ['of many keys', () => `porchlight/request/v1\n{${'"a":1,'.repeat(30_000)}"b":1}\n\n— a b\n`],
    ['with a number of a hundred thousand digits', () => `porchlight/request/v1\n${'9'.repeat(100_000)}\n\n— a b\n`],
  ])('%s is refused', async (_, damage) => {
    const answer = await post('requests', damage(await requestBy(first(), 'police')));
    expect(answer).toMatchObject({ contentType: 'application/problem+json' });
    expect(answer.reason).toMatch(/^(unreadable|bad-signature)$/);
    expect(await hub.running.hub.documents.request(template.id)).toBeNull();
  });

  it('that watches the future is refused', async () => {
    const window = { from: new Date(NOW + 1).toISOString(), to: new Date(NOW + 60_000).toISOString(), zone: 'UTC' };
    expect(await post('requests', await requestBy(first({ window }), 'police'))).toMatchObject({
      status: 422,
      reason: 'wrong-time',
    });
  });

  it('changed after it was signed is refused', async () => {
    const note = (await requestBy(first(), 'police')).replace('Parcels', 'Packets');
    expect(await post('requests', note)).toMatchObject({ status: 403, reason: 'bad-signature' });
  });

  it('posted twice is refused, a chained second one accepted', async () => {
    await postFirst();
    expect(await post('requests', await requestBy(first(), 'police'))).toMatchObject({ status: 409 });
    const prev = await textSha256(documentText('request', first()));
    const second = first({ id: 'second', seq: 2, prev });
    expect(await post('requests', await requestBy(second, 'police'))).toMatchObject({ status: 201 });
  });

  it('posted five times at once is kept once', async () => {
    const note = await requestBy(first(), 'police');
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('requests', note)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });

  it('may be the second for its case under rfa-2021, not the third', async () => {
    const area = { type: 'Circle', center: template.incident, radiusM: 400 } as const;
    const window = {
      from: new Date(NOW - DAY).toISOString(),
      to: new Date(NOW - DAY + 1_800_000).toISOString(),
      zone: 'UTC',
    };
    let prev: string | null = null;
    const answers: number[] = [];
    for (const seq of [1, 2, 3]) {
      const request = first({ id: `post-${seq}`, seq, prev, area, window, policy: 'rfa-2021' });
      answers.push((await post('requests', await requestBy(request, 'police'))).status);
      prev = await textSha256(documentText('request', request));
    }
    expect(answers).toEqual([201, 201, 422]);
  });

  it.each([
    ['empty', ''],
    ['not a note', '{"id":"x"}'],
    ['a note of another kind', 'status'],
  ])('that is %s is refused', async (_, body) => {
    const note = body === 'status' ? await statusBy({}, 'police') : body;
    expect(await post('requests', note)).toMatchObject({ status: 400, reason: 'unreadable' });
  });

  it('that is too large is refused', async () => {
    expect(await post('requests', 'x'.repeat(200_001))).toMatchObject({ status: 413, reason: 'too-large' });
  });

  it.each([0, 1, 2])(
    'that is too large is told to one who is held up in the middle of sending, %i turns on',
    async (n) => {
      const posted = post('requests', 'x'.repeat(200_001));
      for (let turn = 0; turn < n; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      // As on a busy machine; the server underneath waits half a second for what is left of a body, then closes.
      const until = performance.now() + 700;
      while (performance.now() < until);
      expect(await posted).toMatchObject({ status: 413, reason: 'too-large' });
    },
  );

  it('sent by another site’s page is refused', async () => {
    const note = await requestBy(first(), 'police');
    expect(await post('requests', note, { Origin: 'https://elsewhere.example' })).toMatchObject({
      status: 403,
      reason: 'cross-origin',
    });
    expect(await post('requests', note, { 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({
      status: 403,
      reason: 'cross-origin',
    });
    expect(await post('requests', note, { Origin: hub.url })).toMatchObject({ status: 201 });
  });
});

describe('a review', () => {
  it.each<[string, Partial<FootageRequest>, readonly DemoRole[], number]>([
    ['without a reviewer', {}, ['police', 'fire'], 403],
    ['by a reviewer over another text', { title: 'Another title' }, ['police', 'reviewer'], 409],
    ['without the agency', {}, ['reviewer'], 403],
  ])('%s changes nothing', async (_, change, roles, status) => {
    await postFirst();
    expect(await post(`requests/${template.id}/review`, await requestBy(first(change), ...roles))).toMatchObject({
      status,
    });
    expect((await feed()).requests).toEqual([]);
  });

  it('rejects with a reason that a reviewer signed', async () => {
    await postFirst();
    const byAgency = await statusBy({ status: 'rejected', reason: 'protest' }, 'police');
    expect(await post(`requests/${template.id}/review`, byAgency)).toMatchObject({ status: 403 });
    const rejection = await statusBy({ status: 'rejected', reason: 'protest' }, 'reviewer');
    expect(await post(`requests/${template.id}/review`, rejection)).toMatchObject({ status: 200, state: 'rejected' });
    expect(await post(`requests/${template.id}/review`, await requestBy(first(), 'police', 'reviewer'))).toMatchObject({
      status: 409,
    });
    expect((await feed()).requests).toEqual([]);
  });

  it('of nothing is refused', async () => {
    expect(await post('requests/none/review', await requestBy(first(), 'police', 'reviewer'))).toMatchObject({
      status: 404,
    });
  });
});

describe('a closing note', () => {
  it('by the agency joins the feed, once', async () => {
    await publishFirst();
    const note = await statusBy({}, 'police');
    expect(await post(`requests/${template.id}/status`, note)).toMatchObject({ status: 204 });
    expect((await feed()).statuses).toEqual([note]);
    expect(
      await post(`requests/${template.id}/status`, await statusBy({ status: 'withdrawn' }, 'police')),
    ).toMatchObject({ status: 409 });
  });

  it.each<[string, Partial<RequestStatusNote>, readonly DemoRole[], number]>([
    ['by another agency', {}, ['fire'], 403],
    ['by another agency for itself', { agency: 'wrenfield-fire' }, ['fire'], 409],
    ['about another request', { request: 'another' }, ['police'], 409],
    ['that withdraws, by a reviewer', { status: 'withdrawn' }, ['reviewer'], 403],
  ])('%s is refused', async (_, change, roles, status) => {
    await publishFirst();
    expect(await post(`requests/${template.id}/status`, await statusBy(change, ...roles))).toMatchObject({ status });
    expect((await feed()).statuses).toEqual([]);
  });
});

describe('the feed', () => {
  const asked = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${hub.url}/v1/feed`, { headers });
    await response.arrayBuffer();
    return response;
  };

  it('keeps its ETag until something changes', async () => {
    await publishFirst();
    const etag = (await asked()).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await asked({ 'If-None-Match': etag })).status).toBe(304);
    await post(`requests/${template.id}/status`, await statusBy({}, 'police'));
    expect((await asked({ 'If-None-Match': etag })).status).toBe(200);
  });

  it('comes plain or as Brotli, each under an ETag of its own, and is known again under any form of it', async () => {
    await publishFirst();
    const [plain, brotli] = [await asked({ 'Accept-Encoding': 'identity' }), await asked({ 'Accept-Encoding': 'br' })];
    expect([plain.headers.get('content-encoding'), brotli.headers.get('content-encoding')]).toEqual([null, 'br']);
    expect([plain.headers.get('vary'), brotli.headers.get('vary')]).toEqual(['Accept-Encoding', 'Accept-Encoding']);
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    const etags = [plain, brotli].map(({ headers }) => headers.get('etag') ?? '');
    expect(new Set(etags).size).toBe(2);
    const [, compressed = ''] = etags;
    const again = async (field: string) => (await asked({ 'Accept-Encoding': 'br', 'If-None-Match': field })).status;
    expect(await again(compressed)).toBe(304);
    expect(await again(`W/${compressed}`)).toBe(304);
    expect(await again(`"other", ${compressed}`)).toBe(304);
    expect(await again('"other"')).toBe(200);
    expect(Number(brotli.headers.get('content-length'))).toBeLessThan(Number(plain.headers.get('content-length')));
  });

  it('leaves out what was closed or has expired for over 30 days', async () => {
    const day = async (days: number): Promise<number> => {
      clock.now = NOW + days * DAY;
      return (await feed()).requests.length;
    };
    try {
      const expires = at(80 * DAY);
      const request = first({ expires });
      await post('requests', await requestBy(request, 'police'));
      await post(`requests/${template.id}/review`, await requestBy(request, 'police', 'reviewer'));
      const prev = await textSha256(documentText('request', request));
      clock.now = NOW + 10 * DAY;
      await post(`requests/${template.id}/status`, await statusBy({ prev }, 'police'));
      expect(await day(39)).toBe(1);
      expect(await day(41)).toBe(0);
      clock.now = NOW;
      await hub.running.hub.documents.clear();
      await post('requests', await requestBy(request, 'police'));
      await post(`requests/${template.id}/review`, await requestBy(request, 'police', 'reviewer'));
      expect(await day(109)).toBe(1);
      expect(await day(111)).toBe(0);
    } finally {
      clock.now = NOW;
    }
  });
});
