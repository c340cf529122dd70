/** Whoever does not belong gets a problem document without internals, and the hub stays as it was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../../server/rate-limit.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { createSigner, signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoSigner, type DemoRole } from '../../tools/demo/keys.ts';
import { randomBytes } from 'node:crypto';
import { uploader } from '../support/uploader.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const OPEN = 'wpd-alder-parcels';

let hub: TestHub;
let device: NoteSigner;
beforeAll(async () => {
  hub = await testHub(NOW);
  expect((await seedDemo(hub.running.hub, NOW)).ok).toBe(true);
  device = await createSigner('device', new Uint8Array(32).fill(3));
});
afterAll(() => hub.stop());

const commentNote = async (text: string, change: Record<string, unknown> = {}, signer = device): Promise<string> => {
  const document = { request: OPEN, name: 'N', text, at: new Date().toISOString(), key: device.verifierKey, ...change };
  const note = await signNote(documentText('comment', document), signer);
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}/v1/${path}`, { method: 'POST', body, headers });

/** The problem's reason; fails when the answer tells anything of the hub's insides. */
const reasonOf = async (response: Response): Promise<string> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const text = await response.text();
  expect(text).not.toMatch(/node_modules|\.ts\b|at \w+ \(|\/tmp\/|select |insert /);
  return `${response.status} ${(JSON.parse(text) as { type: string }).type.split(':').at(-1)}`;
};

const signedGet = async (path: string, role: DemoRole, at = Date.now(), origin = new URL(hub.url).host) => {
  const request = { method: 'GET', authority: origin, ...splitPath(path), body: null };
  return fetch(hub.url + path, { headers: await signRequest(request, await demoSigner(role), at) });
};

describe('the inbox and the review queue', () => {
  it('open to the keys of their role alone', async () => {
    expect((await signedGet('/v1/inbox', 'police')).status).toBe(200);
    expect((await signedGet('/v1/review', 'reviewer')).status).toBe(200);
    expect(await reasonOf(await fetch(`${hub.url}/v1/inbox`))).toBe('401 signature-unsigned');
    expect(await reasonOf(await signedGet('/v1/inbox', 'reviewer'))).toBe('401 signature-wrong-key');
    expect(await reasonOf(await signedGet('/v1/inbox', 'stranger'))).toBe('401 signature-wrong-key');
    expect(await reasonOf(await signedGet('/v1/review', 'police'))).toBe('401 signature-wrong-key');
  });

  it('do not open to a signature replayed later, for another path, or made for another hub', async () => {
    expect(await reasonOf(await signedGet('/v1/inbox', 'police', Date.now() - 200_000))).toBe('401 signature-expired');
    expect(await reasonOf(await signedGet('/v1/inbox', 'police', Date.now() + 200_000))).toBe('401 signature-expired');
    expect(await reasonOf(await signedGet('/v1/inbox', 'police', Date.now(), 'other.example'))).toBe(
      '401 signature-wrong-signature',
    );
    const request = { method: 'GET', authority: new URL(hub.url).host, ...splitPath('/v1/inbox'), body: null };
    const headers = await signRequest(request, await demoSigner('police'), Date.now());
    expect(await reasonOf(await fetch(`${hub.url}/v1/inbox/${'a'.repeat(32)}`, { headers }))).toBe(
      '401 signature-wrong-signature',
    );
  });

  it.each(['..%2f..%2fhub.lock', '%00', 'A'.repeat(32), `${'a'.repeat(31)}%2f`, "'; drop table packages; --"])(
    'know no package called %s',
    async (id) => {
      const path = new URL(`/v1/inbox/${id}`, hub.url).pathname;
      expect(await reasonOf(await signedGet(path, 'police'))).toMatch(/^404 /);
    },
  );
});

describe('ids', () => {
  const TRICKS = [
    '..%2f..%2fhub.lock',
    '%2e%2e',
    '%00',
    '..%5c..%5chub.lock',
    "'%20or%201=1",
    '%ff',
    'a'.repeat(5_000),
  ];
  it.each(['requests', 'agencies', 'comments', 'packages', 'cells/9q8'])('of %s lead nowhere else', async (kind) => {
    for (const id of TRICKS) {
      const answer = await fetch(`${hub.url}/v1/${kind}/${id}`);
      // Packages are read by nobody, whatever they are called.
      expect(await reasonOf(answer)).toMatch(kind === 'packages' ? /^(404|405) / : /^(400|404) /);
    }
  });
});

describe('comments', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['forged', async () => (await commentNote('Hello')).replace('Hello', 'Hullo'), '403 bad-signature'],
    ['signed by another key', async () => commentNote('Hello', {}, await demoSigner('police')), '403 bad-signature'],
    ['truncated', async () => (await commentNote('Hello')).slice(0, -20), '400 unreadable'],
    ['about another request', () => commentNote('Hello', { request: 'wpd-garage' }), '409 conflict'],
    [
      'from yesterday',
      () => commentNote('Old', { at: new Date(NOW - 2 * 86_400_000).toISOString() }),
      '422 wrong-time',
    ],
    ['from tomorrow', () => commentNote('New', { at: new Date(NOW + 86_400_000).toISOString() }), '422 wrong-time'],
    ['too long', () => commentNote('x'.repeat(601)), '400 unreadable'],
    ['oversized', async () => 'x'.repeat(5_000), '413 too-large'],
    ['deeply nested', async () => `porchlight/comment/v1\n${'['.repeat(1_900)}\n\n— a b\n`, '400 unreadable'],
    ['with an unknown field', () => commentNote('Hello', { admin: true }), '400 unreadable'],
  ])('that are %s are refused', async (_, note, reason) => {
    expect(await reasonOf(await post(`requests/${OPEN}/comments`, await note()))).toBe(reason);
  });

  it('from another site’s page are refused; the very same again changes nothing', async () => {
    const note = await commentNote('Once');
    expect(await reasonOf(await post(`requests/${OPEN}/comments`, note, { Origin: 'https://evil.example' }))).toBe(
      '403 cross-origin',
    );
    expect((await post(`requests/${OPEN}/comments`, note)).status).toBe(201);
    expect((await post(`requests/${OPEN}/comments`, note)).status).toBe(201);
    const file = (await (await fetch(`${hub.url}/v1/comments/all`)).json()) as { comments: { note: string }[] };
    expect(file.comments.filter((comment) => comment.note === note)).toHaveLength(1);
  });

  it('10,000 in a minute from one address: ten are taken', async () => {
    const clock = { now: Date.now() };
    await hub.restart({ rateLimits: { comment: 10 }, now: () => clock.now });
    const statuses = new Map<number, number>();
    const say = async (body: string): Promise<void> => {
      const url = `http://hub.test/v1/requests/${OPEN}/comments`;
      const { status } = await hub.running.hub.fetch(new Request(url, { method: 'POST', body }));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    for (let number = 0; number < 10; number += 1) await say(await commentNote(`Number ${number}`));
    const eleventh = await commentNote('Number 10');
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(Array.from({ length: 999 }, () => say(eleventh)));
    }
    expect([...statuses]).toEqual([
      [201, 10],
      [429, 9_990],
    ]);
    await hub.restart();
  });
});

describe('uploads', () => {
  it('past their end, out of place, read, deleted or without a request are refused', async () => {
    const upload = uploader(() => hub.url, OPEN);
    const location = await upload.create(randomBytes(10));
    expect(await reasonOf(await upload.patch(location, 11, randomBytes(1)))).toBe('409 upload-409');
    expect(await reasonOf(await upload.patch(location, 5, randomBytes(1)))).toBe('409 upload-409');
    expect(await reasonOf(await fetch(hub.url + location))).toBe('405 method-not-allowed');
    expect(await reasonOf(await fetch(hub.url + location, { method: 'DELETE' }))).toBe('405 method-not-allowed');
    await expect(uploader(() => hub.url, 'nothing').create(randomBytes(10))).rejects.toThrow('409');
    expect(await upload.offset(location)).toBe(0);
  });
});

describe('one client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('at %s counts as %s', (address, client) => {
    expect(clientOf(address)).toBe(client);
  });
});
