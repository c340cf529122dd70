/** The inbox: packages as agencies get them, in ranges, checked again, decided on once; whoever else asks gets nothing. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InboxItem } from '../../src/contracts/inbox.ts';
import type { Roles } from '../../src/contracts/roles-api.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { sealedPackage, sha256, type PackagePlan } from '../support/sealed-package.ts';
import { uploader } from '../support/uploader.ts';
import { valueOf } from '../support/value-of.ts';
import { clipOf, cut, makeSource } from '../unit/workers/inspect/clips.ts';
import { AGENCY, demoHub, NOW, publish, rolePage, withKeys } from './role-page.ts';
import type { TestHub } from './test-hub.ts';

const OPEN = 'wpd-alder-parcels';
/** The test clip: 15 pictures a second, three seconds long. */
const FRAMES = 45;
const SPAN_MS = 44_000 / 15;

let hub: TestHub;
let folder: string;
let clip: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  hub = await demoHub();
  folder = await mkdtemp(join(tmpdir(), 'porchlight-inbox-'));
  clip = clipOf(cut(await makeSource(folder, 'source.mp4', ['-bf', '0']), 0, 3));
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

describe('a package', () => {
  const send = async (requestId: string, sealed: Uint8Array<ArrayBuffer>): Promise<void> => {
    const upload = uploader(() => hub.url, requestId);
    expect((await upload.patch(await upload.create(sealed), 0, sealed)).status).toBe(204);
  };

  const received = async (
    change: Partial<PackagePlan> = {},
    caseNumber = 'R-6',
  ): Promise<{ roles: Roles; police: string; item: InboxItem; plan: PackagePlan }> => {
    const { roles, record } = await rolePage(hub);
    const requestId = await publish(roles, { caseNumber });
    await record.refresh();
    const view = record.record.get().requests.find(({ id }) => id === requestId);
    if (view === undefined) throw new Error('not public');
    const seen = { frames: FRAMES, spanMs: SPAN_MS };
    const plan = {
      ...{ request: view.request, note: view.note, clip, seen, recipients: view.agency?.recipients ?? [] },
      ...change,
    };
    await send(requestId, await sealedPackage(plan));
    const police = await withKeys(roles, 'police');
    const item = valueOf(await roles.inbox(police)).find(({ request }) => request === requestId);
    if (item === undefined) throw new Error('not in the inbox');
    return { roles, police, item, plan };
  };
  const fetched = async (roles: Roles, keys: string, item: InboxItem): Promise<Blob> =>
    valueOf(await roles.download(keys, item, { signal: new AbortController().signal, onProgress: () => undefined }));

  it('lists, downloads, opens and checks a package, decides once, and reports its custody', async () => {
    const { roles, police, item } = await received();
    const sealed = await fetched(roles, police, item);
    const opened = valueOf(await roles.openPackage(police, sealed, item));
    expect(opened.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(opened).toMatchObject({ sound: true, clips: [{ file: 'clips/01.mp4', sha256: sha256(clip) }] });
    const decided = valueOf(await roles.decide(police, item, { decision: 'accepted', reason: 'Evidence.' }));
    expect(decided.decision).toMatchObject({ decision: 'accepted', reason: 'Evidence.' });
    expect(valueOf(await roles.decide(police, item, { decision: 'accepted' })).decision).toEqual(decided.decision);
    expect(await roles.decide(police, item, { decision: 'declined' })).toMatchObject({ reason: 'refused-by-hub' });
    expect(valueOf(await roles.custodyReport(police, decided, sealed, opened))).toMatchObject({
      format: 'porchlight/custody/v1',
      agency: { id: AGENCY },
      request: { title: 'A parcel taken' },
      package: { sha256: item.sha256 },
      decision: { decision: 'accepted' },
      sound: true,
    });
    expect(valueOf(await roles.custodyReport(police, null, sealed, opened))).toMatchObject({
      package: { id: null, received: null, sha256: item.sha256 },
      receipt: null,
      decision: null,
    });
  });

  it('is closed to other agencies, whose keys open nothing either', async () => {
    const { roles, police, item } = await received();
    const sealed = await fetched(roles, police, item);
    const fire = await withKeys(roles, 'fire');
    expect(valueOf(await roles.inbox(fire))).toEqual([]);
    const signal = new AbortController().signal;
    expect(await roles.download(fire, item, { signal, onProgress: () => undefined })).toMatchObject({
      reason: 'refused-by-hub',
    });
    expect(await roles.decide(fire, item, { decision: 'declined' })).toMatchObject({ reason: 'refused-by-hub' });
    expect(await roles.openPackage(fire, sealed, item)).toMatchObject({ reason: 'wrong-key' });
  });

  it.each<[string, Partial<PackagePlan>, string[]]>([
    [
      'another clip than its manifest says',
      { changeClip: (one) => ({ ...one, sha256: 'b'.repeat(64) }) },
      ['clip-hash'],
    ],
    [
      'a window beyond what was asked',
      { changeClip: (one) => ({ ...one, window: { ...one.window, to: new Date(NOW).toISOString() } }) },
      ['window'],
    ],
    [
      'a camera outside the area',
      { changeClip: (one) => ({ ...one, camera: { name: 'Far', place: [-119, 41] } }) },
      ['place'],
    ],
    [
      'frame counts that do not add up',
      { changeClip: (one) => ({ ...one, frames: { ...one.frames, original: one.frames.total } }) },
      ['frames'],
    ],
    ['fewer frames than its file', { seen: { frames: FRAMES - 1, spanMs: SPAN_MS } }, ['frames']],
    ['a shorter time than its file shows', { seen: { frames: FRAMES, spanMs: SPAN_MS - 1_000 } }, ['frames']],
    ['a file nobody named', { files: (files) => [...files, { name: 'extra.txt', input: 'x' }] }, ['contents']],
    ['no README', { files: (files) => files.filter(({ name }) => name !== 'README.txt') }, ['contents']],
    [
      'another case',
      { change: (manifest) => ({ ...manifest, request: { ...manifest.request, caseNumber: 'other' } }) },
      ['request'],
    ],
    ['another text than was published', { note: 'another' }, ['request']],
    ['a clip that is no video', { clip: new TextEncoder().encode('no video') }, ['audit']],
  ])('shows a package with %s as one that breaks its manifest', async (_, change, rules) => {
    const { roles, police, item } = await received(change, 'R-7');
    const opened = valueOf(await roles.openPackage(police, await fetched(roles, police, item), item));
    expect(opened.sound).toBe(false);
    expect(opened.checks.filter(({ holds }) => !holds).map(({ rule }) => rule)).toEqual(rules);
  });

  it('says that a package is cut off, or holds no manifest', async () => {
    const { roles, police, item, plan } = await received({}, 'R-8');
    const sealed = await fetched(roles, police, item);
    expect(await roles.openPackage(police, sealed.slice(0, sealed.size - 20), null)).toMatchObject({
      reason: 'damaged',
    });
    const empty = await sealedPackage({ ...plan, files: () => [{ name: 'x', input: 'y' }] });
    expect(await roles.openPackage(police, new Blob([empty]), null)).toMatchObject({ reason: 'no-manifest' });
    const handedOver = valueOf(await roles.openPackage(police, sealed, null));
    expect(handedOver.sound).toBe(true);
  });
});

describe('downloads', () => {
  const sendRaw = async (bytes: Uint8Array): Promise<string> => {
    const upload = uploader(() => hub.url, OPEN);
    const location = await upload.create(bytes);
    expect((await upload.patch(location, 0, bytes)).status).toBe(204);
    return location.split('/').at(-1) ?? '';
  };

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=7-1000', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-1000', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=10-', 416, null, 'bytes */10'],
    ['bytes=-0', 416, null, 'bytes */10'],
    // What is no range, or several, is answered with the whole (RFC 9110 §14.2).
    ['bytes=4-2', 200, '0123456789', null],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['bits=0-1', 200, '0123456789', null],
    ['bytes=-', 200, '0123456789', null],
  ])('of %s', async (range, status, body, contentRange) => {
    const id = await sendRaw(Buffer.from('0123456789'));
    const request = { method: 'GET', authority: new URL(hub.url).host, ...splitPath(`/v1/inbox/${id}`), body: null };
    const signature = await signRequest(request, await demoSigner('police'), Date.now());
    const answer = await fetch(`${hub.url}/v1/inbox/${id}`, { headers: { ...signature, Range: range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
    if (body !== null) expect(await answer.text()).toBe(body);
  });

  it('come in ranges, and one that was stopped goes on where it was', async () => {
    const bytes = randomBytes(17 * 1024 * 1024);
    const id = await sendRaw(bytes);
    const { roles, net } = await rolePage(hub);
    const police = await withKeys(roles, 'police');
    const item = valueOf(await roles.inbox(police)).find((one) => one.package === id);
    if (item === undefined) throw new Error('not in the inbox');
    const stopping = new AbortController();
    const stopped = await roles.download(police, item, {
      signal: stopping.signal,
      onProgress: ({ bytesDone }) => bytesDone > 0 && stopping.abort(),
    });
    expect(stopped.ok).toBe(false);
    const whole = valueOf(
      await roles.download(police, item, { signal: new AbortController().signal, onProgress: () => undefined }),
    );
    expect(sha256(new Uint8Array(await whole.arrayBuffer()))).toBe(sha256(bytes));
    const ranges = net.sent.flatMap(({ path, headers }) => (path.endsWith(id) ? [headers?.['Range']] : []));
    expect([...new Set(ranges)]).toEqual([
      'bytes=0-8388607',
      'bytes=8388608-16777215',
      `bytes=16777216-${bytes.length - 1}`,
    ]);
  });

  it('are listed page by page, each package once, newest first', async () => {
    const ids: string[] = [];
    for (let batch = 0; batch < 21; batch += 1) {
      ids.push(...(await Promise.all(Array.from({ length: 10 }, () => sendRaw(randomBytes(4))))));
    }
    const { roles, net } = await rolePage(hub);
    const items = valueOf(await roles.inbox(await withKeys(roles, 'police')));
    const listed = items.map(({ package: id }) => id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(ids));
    const received = items.map((one) => Date.parse(one.received));
    expect(received).toEqual(received.toSorted((a, b) => b - a));
    expect(net.sent.filter(({ path }) => path.startsWith('/v1/inbox'))).toHaveLength(2);
  });
});
