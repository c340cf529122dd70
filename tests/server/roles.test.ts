/** Every role of the page against a real hub: an agency posts, a reviewer looks, residents comment and send, the agency opens. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommentsState } from '../../src/contracts/comments.ts';
import type { InboxItem } from '../../src/contracts/inbox.ts';
import type { Net, NetRequest, NetResult } from '../../src/contracts/net.ts';
import { writable } from '../../src/contracts/observable.ts';
import type { Result } from '../../src/contracts/result.ts';
import type { RequestDraft, Roles } from '../../src/contracts/roles-api.ts';
import { ok } from '../../src/contracts/result.ts';
import { createPublicRecordKeeper } from '../../src/requests/public-record.ts';
import { createRoles } from '../../src/requests/roles.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoAgeKey, demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { audit } from '../../workers/inspect/audit.ts';
import { memoryHubFiles, memoryRoles } from '../support/memory-roles.ts';
import { sealedPackage, sha256, type PackagePlan } from '../support/sealed-package.ts';
import { clipOf, cut, makeSource } from '../unit/workers/inspect/clips.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const HOUR = 3_600_000;
const AGENCY = 'wrenfield-police';

let hub: TestHub;
let folder: string;
let clip: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  hub = await testHub(NOW);
  const seeded = await seedDemo(hub.running.hub, NOW);
  if (!seeded.ok) throw new Error(seeded.detail);
  folder = await mkdtemp(join(tmpdir(), 'porchlight-roles-'));
  clip = clipOf(cut(await makeSource(folder, 'source.mp4', ['-bf', '0']), 0, 3));
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

const valueOf = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
};

/** The page's network as it really is, and a list of what it asked for. */
const pageNet = (): Net & { readonly sent: NetRequest[] } => {
  const sent: NetRequest[] = [];
  return {
    sent,
    send: async (request): Promise<NetResult> => {
      sent.push(request);
      const { method, path, headers, body } = request;
      const response = await fetch(hub.url + path, { method, headers: { ...headers }, ...(body ? { body } : {}) });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      if (response.ok) return { ok: true, status, headers: response.headers, body: bytes };
      return { ok: false, reason: 'http-error', status, detail: new TextDecoder().decode(bytes) };
    },
  };
};

/** A browser with everything of the page that has no screen. */
const page = async (online = true) => {
  const net = pageNet();
  const [roleStore, hubFiles] = [memoryRoles(), memoryHubFiles()];
  const now = () => Date.now();
  const notes = { all: async () => [], replaceHubNotes: async () => ok(undefined), put: async () => ok(undefined) };
  const record = createPublicRecordKeeper({ net, notes, files: hubFiles, rootKey: DEMO_ROOT_KEY, now });
  await record.refresh();
  const comments = writable<CommentsState>({ byRequest: new Map(), fetched: false, problem: null });
  const { roles, start } = createRoles({
    net,
    stores: { roles: roleStore, hubFiles },
    record,
    comments,
    authority: new URL(hub.url).host,
    audit: (bytes) => audit(bytes, new Blob([bytes]), { from: 0, to: 86_400, mode: 'exact', mute: false }),
    online: () => online,
    now,
  });
  await start();
  await expect.poll(() => comments.get().fetched).toBe(online);
  return { net, roles, record, comments, roleStore };
};

const keyFile = async (role: 'police' | 'fire' | 'reviewer' | 'stranger'): Promise<Blob> =>
  new Blob([
    JSON.stringify({
      format: 'porchlight/keys/v1',
      role: role === 'reviewer' ? 'reviewer' : 'agency',
      signerKey: (await demoSigner(role)).signerKey,
      identity: role === 'police' || role === 'fire' ? (await demoAgeKey(role)).identity : null,
    }),
  ]);
const withKeys = async (roles: Roles, role: Parameters<typeof keyFile>[0]): Promise<string> =>
  valueOf(await roles.importKeys(await keyFile(role), null)).id;

const draft = (change: Partial<RequestDraft> = {}): RequestDraft => ({
  caseNumber: 'R-1',
  incidentType: 'Theft',
  suspectedCrime: 'Petit larceny',
  title: 'A parcel taken',
  description: 'Between noon and one.',
  investigator: { name: 'Det. Lindqvist', email: 'm@police.example', telephone: '' },
  incident: [-119.05, 40.87],
  placeName: 'Alder Street',
  area: { type: 'Circle', center: [-119.05, 40.87], radiusM: 400 },
  from: NOW - 30 * HOUR,
  to: NOW - 29 * HOUR,
  zone: 'America/Los_Angeles',
  expires: NOW + 100 * HOUR,
  policy: 'npss',
  ...change,
});

/** Posts as the police and approves as the reviewer; the request's id. */
const publish = async (roles: Roles, change: Partial<RequestDraft> = {}): Promise<string> => {
  const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
  const { requestId } = valueOf(await roles.postRequest(police, draft(change)));
  const item = valueOf(await roles.reviewQueue(reviewer)).find(({ request }) => request.id === requestId);
  if (item === undefined) throw new Error('not in the queue');
  valueOf(await roles.approve(reviewer, item));
  return requestId;
};

describe('keys', () => {
  it('leave as a file sealed with a passphrase and come back with it alone', async () => {
    const { roles } = await page();
    const made = valueOf(await roles.createKeys('agency', 'new.police.example'));
    expect(made).toMatchObject({ role: 'agency', holder: null, recipient: expect.stringMatching(/^age1/) });
    const file = valueOf(await roles.exportKeys(made.id, 'correct horse'));
    const other = (await page()).roles;
    expect(await other.importKeys(file, null)).toMatchObject({ reason: 'passphrase-needed' });
    expect(await other.importKeys(file, 'wrong')).toMatchObject({ reason: 'wrong-passphrase' });
    expect(valueOf(await other.importKeys(file, 'correct horse'))).toMatchObject({
      id: made.id,
      recipient: made.recipient,
    });
    expect(await other.importKeys(new Blob(['{}']), null)).toMatchObject({ reason: 'unreadable' });
    valueOf(await other.removeKeys(made.id));
    expect(other.keys.get()).toEqual([]);
  });

  it('that the directory does not know sign nothing', async () => {
    const { roles, net } = await page();
    const stranger = await withKeys(roles, 'stranger');
    const asked = net.sent.length;
    expect(await roles.postRequest(stranger, draft())).toMatchObject({ reason: 'not-allowed' });
    expect(await roles.inbox(stranger)).toMatchObject({ reason: 'not-allowed' });
    expect(net.sent).toHaveLength(asked);
  });
});

describe('a request', () => {
  it('is composed, posted, reviewed, public, and closed, each step in the agency’s verified history', async () => {
    const { roles, record } = await page();
    const before = valueOf(await roles.agencyProfile(AGENCY));
    expect(before.problems).toEqual([]);
    const check = roles.checkDraft(draft(), AGENCY, [], Date.now());
    expect(check).toMatchObject({ ready: true, problems: [] });
    expect(check.squareKilometres).toBeCloseTo(0.5027, 3);
    const requestId = await publish(roles);
    await record.refresh();
    expect(record.record.get().requests.find(({ id }) => id === requestId)).toMatchObject({ status: 'open' });
    const police = await withKeys(roles, 'police');
    valueOf(await roles.closeRequest(police, requestId, 'resolved', 'Found.'));
    const after = valueOf(await roles.agencyProfile(AGENCY));
    expect(after).toMatchObject({ problems: [], added: 2 });
    expect(after.history.entries.slice(-2)).toMatchObject([
      { kind: 'post', requestId, outcome: 'resolved', reviewer: { id: 'reviewer-okafor' } },
      { kind: 'closing', requestId, status: 'resolved', reason: 'Found.' },
    ]);
  });

  it('that breaks its policy is told while it is typed, cannot be posted, and cannot be approved', async () => {
    const { roles } = await page();
    const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
    const bad = draft({ to: NOW - 17 * HOUR });
    expect(roles.checkDraft(bad, AGENCY, [], Date.now())).toMatchObject({ ready: false });
    expect(await roles.postRequest(police, bad)).toMatchObject({ reason: 'refused-by-hub' });
    const { requestId } = valueOf(await roles.postRequest(police, draft({ caseNumber: 'R-2' })));
    const item = valueOf(await roles.reviewQueue(reviewer)).find(({ request }) => request.id === requestId);
    if (item === undefined) throw new Error('not in the queue');
    expect(await roles.approve(reviewer, { ...item, obstacle: 'It breaks a rule.' })).toMatchObject({
      reason: 'not-allowed',
    });
    expect(await roles.approve(police, item)).toMatchObject({ reason: 'not-allowed' });
    valueOf(await roles.approve(reviewer, item));
    expect(await roles.approve(reviewer, item)).toMatchObject({ reason: 'refused-by-hub' });
  });

  it('is rejected in public with code and reason; a harmful text is withheld, its place is not', async () => {
    const { roles } = await page();
    const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
    for (const [code, shown] of [
      ['announcement', true],
      ['victim-identity', false],
    ] as const) {
      const { requestId } = valueOf(await roles.postRequest(police, draft({ caseNumber: `R-${code}` })));
      valueOf(await roles.reject(reviewer, { id: requestId, agency: AGENCY }, code, 'Not like this.'));
      const { history, problems } = valueOf(await roles.agencyProfile(AGENCY));
      expect(problems).toEqual([]);
      const entry = history.entries.at(-1);
      expect(entry).toMatchObject({
        outcome: 'rejected',
        rejection: { code, reason: 'Not like this.', reviewer: { id: 'reviewer-okafor' } },
        withheld: shown ? null : 'harmful',
      });
      expect(entry?.kind === 'post' && entry.request !== null).toBe(shown);
    }
  });
});

describe('comments', () => {
  it('are written, read by anyone, removed by their device or with a reason that stays', async () => {
    const writer = await page();
    const requestId = await publish(writer.roles, { caseNumber: 'R-3' });
    const mine = valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'I saw a white van.\nTwice.'));
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'Rude words.'));
    const reader = await page();
    const read = async (roles: Roles) => valueOf(await roles.comments(requestId));
    expect((await read(reader.roles)).map(({ text, mine: own }) => [text, own])).toEqual([
      ['I saw a white van.\nTwice.', false],
      ['Rude words.', false],
    ]);
    expect((await read(writer.roles)).map(({ mine: own }) => own)).toEqual([true, true]);
    expect(await reader.roles.removeMyComment(mine)).toMatchObject({ reason: 'not-allowed' });
    valueOf(await writer.roles.removeMyComment(mine));
    const rude = (await read(reader.roles)).find(({ text }) => text === 'Rude words.');
    if (rude === undefined) throw new Error('the comment is gone');
    const reviewer = await withKeys(reader.roles, 'reviewer');
    valueOf(await reader.roles.removeComment(reviewer, rude, 'threats-or-harassment', 'It insults somebody.'));
    expect(await read(reader.roles)).toMatchObject([
      { text: null, removed: { by: 'writer', reason: null } },
      { text: null, removed: { by: 'reviewer', reason: 'It insults somebody.', reviewer: { id: 'reviewer-okafor' } } },
    ]);
    expect(reader.net.sent.some(({ method, path }) => method === 'GET' && path.includes(requestId))).toBe(false);
  });

  it('come with the feed, all of them, and go when requests are switched off; whoever opens one asks for nothing', async () => {
    const writer = await page();
    const requestId = await publish(writer.roles, { caseNumber: 'R-3b' });
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'First.'));
    const reader = await page();
    const comments = () =>
      reader.comments
        .get()
        .byRequest.get(requestId)
        ?.map(({ text }) => text);
    const asked = () => reader.net.sent.filter(({ path }) => path.startsWith('/v1/comments/'));
    await expect.poll(comments).toEqual(['First.']);
    expect(asked().map(({ path }) => path)).toEqual(['/v1/comments/all']);
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'Second.'));
    await reader.record.reevaluate();
    expect(asked()).toHaveLength(1);
    await reader.record.refresh();
    await expect.poll(comments).toEqual(['First.', 'Second.']);
    expect(asked()).toHaveLength(2);
    await reader.record.setEnabled(false);
    await expect.poll(() => reader.comments.get().byRequest.size).toBe(0);
    expect(asked()).toHaveLength(2);
  });

  it('are not tried with the network off', async () => {
    const { net, record } = await page(false);
    await record.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(net.sent.filter(({ path }) => path.startsWith('/v1/comments/'))).toEqual([]);
  });

  it('under two requests cannot be told to be by one device', async () => {
    const { roles, roleStore } = await page();
    for (const caseNumber of ['R-4', 'R-5']) {
      valueOf(await roles.postComment(await publish(roles, { caseNumber }), 'Me', 'Hello.'));
    }
    const keys = await roleStore.commentKeys();
    expect(new Set(keys.map(({ verifierKey }) => verifierKey)).size).toBe(2);
  });

  it.each([
    ['', 'Hello', 'name'],
    ['Me', '', 'text'],
    ['Me', 'x'.repeat(601), '600'],
    ['Me\nToo', 'Hello', 'line'],
    ['Me', 'abc\u202edef', 'invisible'],
  ])('by %j saying %j are refused before anything is sent', async (name, text, why) => {
    const { roles, net } = await page();
    const asked = net.sent.length;
    const refused = await roles.postComment('wpd-alder-parcels', name, text);
    expect(refused).toMatchObject({ ok: false, detail: expect.stringContaining(why) });
    expect(net.sent).toHaveLength(asked);
  });
});

describe('the inbox', () => {
  const tus = { 'Tus-Resumable': '1.0.0' };
  const send = async (requestId: string, sealed: Uint8Array<ArrayBuffer>): Promise<void> => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const metadata = `request ${base64(requestId)},sha256 ${base64(sha256(sealed))}`;
    const headers = { ...tus, 'Upload-Length': String(sealed.length), 'Upload-Metadata': metadata };
    const created = await fetch(`${hub.url}/v1/packages`, { method: 'POST', headers });
    const patched = await fetch(hub.url + (created.headers.get('location') ?? ''), {
      method: 'PATCH',
      headers: { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
      body: sealed,
    });
    expect(patched.status).toBe(204);
  };

  const received = async (
    change: Partial<PackagePlan> = {},
    caseNumber = 'R-6',
  ): Promise<{ roles: Roles; police: string; item: InboxItem; plan: PackagePlan }> => {
    const { roles, record } = await page();
    const requestId = await publish(roles, { caseNumber });
    await record.refresh();
    const view = record.record.get().requests.find(({ id }) => id === requestId);
    if (view === undefined) throw new Error('not public');
    const plan = { request: view.request, note: view.note, clip, recipients: view.agency?.recipients ?? [], ...change };
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
      { changeClip: (one) => ({ ...one, frames: { total: 10, original: 10, reencoded: 2 } }) },
      ['frames'],
    ],
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

describe('with requests switched off', () => {
  it('no role asks the hub for anything', async () => {
    const { roles, record, net } = await page();
    const keys = await withKeys(roles, 'police');
    const reviewer = await withKeys(roles, 'reviewer');
    await record.setEnabled(false);
    const asked = net.sent.length;
    const answers = await Promise.all([
      roles.agencyProfile(AGENCY),
      roles.postRequest(keys, draft()),
      roles.reviewQueue(reviewer),
      roles.comments('wpd-alder-parcels'),
      roles.postComment('wpd-alder-parcels', 'Me', 'Hello'),
      roles.inbox(keys),
    ]);
    expect(answers.map((answer) => !answer.ok && answer.reason)).toEqual(answers.map(() => 'requests-off'));
    expect(net.sent).toHaveLength(asked);
  });
});
