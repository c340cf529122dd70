/** Notes, shares, ledger and settings in Chromium's own IndexedDB. */
import { deleteDB } from 'idb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FootageRequest } from '../../../src/contracts/request.ts';
import type { LedgerEntry, ShareRecord } from '../../../src/contracts/share.ts';
import type { KeptNote, Stores } from '../../../src/contracts/storage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { emptyForm } from '../../../src/ui/request-form.ts';
import { freshName } from './samples.ts';

const name = freshName();
let stores: Stores;

beforeAll(async () => {
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  stores = opened.value;
});
// The open connection makes way for the deletion by itself.
afterAll(() => deleteDB(name));

const note = (key: string, origin: KeptNote['origin'], text = key): KeptNote => ({
  key,
  note: text,
  origin,
  fetchedAt: 1,
});

it("replaces the hub's notes and leaves those that came as files", async () => {
  const { notes } = stores;
  await notes.put(note('request/from-file', 'file'));
  await notes.replaceHubNotes([note('directory', 'hub'), note('request/a', 'hub')]);
  await notes.replaceHubNotes([
    note('directory', 'hub', 'newer'),
    note('request/b', 'hub'),
    note('request/from-file', 'hub', 'another text'),
  ]);
  expect(await notes.all()).toEqual([
    note('directory', 'hub', 'newer'),
    note('request/b', 'hub'),
    note('request/from-file', 'file'),
  ]);
});

describe('shares', () => {
  const share: ShareRecord = {
    id: 's1',
    requestId: 'r1',
    requestTitle: 'Hit and run',
    agencyName: 'Police',
    recordingIds: ['a'],
    createdAt: 1,
    bytes: 3,
    sha256: '0'.repeat(64),
    submissionKey: 'AGE-SECRET-KEY-1',
    manifest: {
      format: 'porchlight/package/v1',
      request: { id: 'r1', agency: 'a', caseNumber: '1', noteSha256: '' },
      sharedBy: { name: '', email: '', address: '' },
      consent: '',
      created: '',
      clips: [],
      tools: {},
    },
    status: 'sealed',
    uploadUrl: null,
    bytesSent: 0,
    lastProblem: null,
    receipt: null,
  };

  it('keeps record and bytes together, changes the record, discards both', async () => {
    const { shares } = stores;
    expect(await shares.add(share, new Blob(['age']))).toMatchObject({ ok: true });
    expect((await shares.add(share, new Blob(['other']))).ok).toBe(false);
    await shares.put({ ...share, status: 'paused', bytesSent: 2 });
    expect(await shares.get('s1')).toMatchObject({ status: 'paused', bytesSent: 2 });
    expect(await (await shares.package('s1'))?.text()).toBe('age');
    await shares.delete('s1');
    expect(await shares.all()).toEqual([]);
    expect(await shares.get('s1')).toBeNull();
    expect(await shares.package('s1')).toBeNull();
  });
});

it('lists the ledger in the order in which it was written', async () => {
  const entry = (purpose: string): LedgerEntry => ({
    at: 1,
    purpose,
    method: 'GET',
    url: '/v1/feed',
    bytesOut: 0,
    bytesIn: 1,
    bodySha256: null,
    status: 200,
    problem: null,
  });
  for (const purpose of ['one', 'two', 'three']) await stores.ledger.append(entry(purpose));
  expect((await stores.ledger.all()).map(({ purpose }) => purpose)).toEqual(['one', 'two', 'three']);
});

it('has defaults for settings never set and keeps those that were', async () => {
  const { settings } = stores;
  expect(await settings.load()).toEqual({ requestsOn: true, identity: null, theme: 'system' });
  await settings.save({ theme: 'dark' });
  await settings.save({ identity: { name: 'A', email: 'a@example.org', address: '1 Elm' } });
  expect(await settings.load()).toEqual({
    requestsOn: true,
    identity: { name: 'A', email: 'a@example.org', address: '1 Elm' },
    theme: 'dark',
  });
});

const posted = (id: string, agency: string): FootageRequest => ({
  ...{ id, agency, seq: 1, prev: null, caseNumber: 'C-1', incidentType: 'Theft', suspectedCrime: '' },
  ...{ title: 'T', description: 'D', investigator: { name: 'I' }, incident: [0, 0], placeName: 'P' },
  area: { type: 'Circle', center: [0, 0], radiusM: 100 },
  window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'UTC' },
  ...{ posted: '2026-11-22T19:00:00Z', expires: '2026-12-22T19:00:00Z', policy: 'npss' },
});

describe('what those who sign keep', () => {
  it('a comment key signs after a reload, and its private half cannot be read out', async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('not a pair');
    await stores.roles.putCommentKey({ request: 'r1', pair, verifierKey: 'device+00000000+x' });
    const [kept] = await stores.roles.commentKeys();
    if (kept === undefined) throw new Error('not kept');
    const text = new TextEncoder().encode('text');
    const signature = await crypto.subtle.sign('Ed25519', kept.pair.privateKey, text);
    expect(await crypto.subtle.verify('Ed25519', pair.publicKey, signature, text)).toBe(true);
    await expect(crypto.subtle.exportKey('pkcs8', kept.pair.privateKey)).rejects.toThrow();
  });

  it('keys of roles come and go, a history is replaced by the next one', async () => {
    const keys = {
      id: 'police+1',
      role: 'agency',
      signerKey: 's',
      verifierKey: 'v',
      identity: 'i',
      recipient: 'r',
      addedAt: 1,
    } as const;
    await stores.roles.putKeys(keys);
    expect(await stores.roles.keys()).toEqual([keys]);
    await stores.roles.deleteKeys(keys.id);
    expect(await stores.roles.keys()).toEqual([]);
    await stores.roles.putSeenHistory({ agency: 'police', texts: ['a'], seenAt: 1 });
    await stores.roles.putSeenHistory({ agency: 'police', texts: ['a', 'b'], seenAt: 2 });
    expect(await stores.roles.seenHistory('police')).toEqual({ agency: 'police', texts: ['a', 'b'], seenAt: 2 });
    expect(await stores.roles.seenHistory('fire')).toBeNull();
  });

  it('a composer is kept as typed until it is posted, and posted requests are told apart by agency', async () => {
    const form = emptyForm('UTC', 0);
    await stores.roles.putRequestForm('police', { ...form, title: 'Half a ti' });
    expect((await stores.roles.requestForm('police'))?.title).toBe('Half a ti');
    expect(await stores.roles.requestForm('fire')).toBeNull();
    await stores.roles.putRequestForm('police', null);
    expect(await stores.roles.requestForm('police')).toBeNull();
    await stores.roles.putPostedRequest(posted('p-1', 'police'));
    await stores.roles.putPostedRequest(posted('f-1', 'fire'));
    expect((await stores.roles.postedRequests('police')).map(({ id }) => id)).toEqual(['p-1']);
  });

  it('files of the hub are kept by path, and a folder is cleared but for what is still wanted', async () => {
    const file = (path: string) => ({ path, etag: '"1"', text: path, fetchedAt: 1 });
    const paths = ['/v1/feed', '/v1/cells/9qh/a', '/v1/cells/9qh/b'];
    for (const path of paths) await stores.hubFiles.put(file(path));
    await stores.hubFiles.keepOnly('/v1/cells', ['/v1/cells/9qh/b']);
    expect(await Promise.all(paths.map((path) => stores.hubFiles.get(path)))).toEqual([
      file('/v1/feed'),
      null,
      file('/v1/cells/9qh/b'),
    ]);
  });
});
