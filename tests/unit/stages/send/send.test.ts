/** Sending to a real hub: pause, resume, failures that pass and failures that do not, and the receipt at the end. */
import { readFile } from 'node:fs/promises';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RequestView } from '../../../../src/contracts/public-record.ts';
import type { FootageRequest } from '../../../../src/contracts/request.ts';
import type { SealedPackage, ShareRecord } from '../../../../src/contracts/share.ts';
import { sha256Hex } from '../../../../src/core/sha256.ts';
import type { VerifierKey } from '../../../../src/core/signed-note.ts';
import { openDirectory } from '../../../../src/core/trusted-directory.ts';
import { createNet } from '../../../../src/net/door.ts';
import { uploadPackage } from '../../../../src/net/upload.ts';
import { sealPackage } from '../../../../src/stages/inspect/package.ts';
import { verifyReceipt } from '../../../../src/stages/receipt/verify.ts';
import { createSendStage, type SendStage } from '../../../../src/stages/send/send.ts';
import { demoDirectoryNote } from '../../../../tools/demo/documents.ts';
import { DEMO_ROOT_KEY } from '../../../../tools/demo/root-key.ts';
import { memoryLedger, memoryShares } from '../../../support/memory-stores.ts';
import { camera, recording, verifiedClip, view as sampleView } from '../../../support/share-fixtures.ts';
import { valueOf } from '../../../support/value-of.ts';
import { startTestHub, TEST_PLACE, type TestHub } from '../../../support/test-hub.ts';

const CHUNK = 64 * 1024;

let hub: TestHub;
let request: FootageRequest;
let answer: ((request: Request) => Response | null) | null;
let shares: ReturnType<typeof memoryShares>;
let ledger: ReturnType<typeof memoryLedger>;
let hubKey: VerifierKey;
let view: RequestView;
let sealed: SealedPackage;
let retryDelays: readonly number[];

const stage = (): SendStage => {
  const net = createNet({ ledger, origin: hub.url, now: Date.now });
  return createSendStage({
    net,
    shares,
    now: Date.now,
    currentRequest: (id) => (id === view.id ? view : null),
    upload: (call) => uploadPackage({ ...call, chunkBytes: CHUNK, retryDelays }),
    verifyReceipt: (note, share) => verifyReceipt(note, share, hubKey),
    chunkBytes: CHUNK,
  });
};
const freely = () => ({ signal: new AbortController().signal, onProgress: () => undefined });
const lines = (from = 0): string[] => ledger.entries.slice(from).map(({ method, status }) => `${method} ${status}`);

beforeAll(async () => {
  answer = null;
  hub = await startTestHub({ onRequest: (request) => answer?.(request) ?? null });
  request = await hub.publish({ id: 'porch-theft', title: 'Parcel taken', window: sampleView.window });
  hubKey = valueOf(await openDirectory(await demoDirectoryNote(Date.now()), DEMO_ROOT_KEY)).hubKey;
});
afterAll(() => hub.dispose());

beforeEach(async () => {
  answer = null;
  retryDelays = [20, 20, 20];
  view = {
    ...sampleView,
    request,
    agency: sampleView.agency && {
      ...sampleView.agency,
      recipients: [await identityToRecipient(await generateX25519Identity())],
    },
  };
  [shares, ledger] = [memoryShares(), memoryLedger()];
  const clip = await verifiedClip(crypto.getRandomValues(new Uint8Array(60_000)));
  const clips = [clip, clip, clip, clip];
  sealed = valueOf(
    await sealPackage({
      view,
      clips,
      identity: { name: 'A', email: 'b', address: 'c' },
      cameras: [{ ...camera, place: TEST_PLACE }],
      recordings: [recording],
      tools: {},
      now: Date.now(),
    }),
  );
});
const kept = async (): Promise<ShareRecord> => valueOf(await stage().keep(sealed));
/** Stops the upload once so many bytes have been acknowledged. */
const pauseAfter = async (bytes: number) => {
  const stop = new AbortController();
  return stage().send(sealed.shareId, {
    signal: stop.signal,
    onProgress: ({ bytesSent }) => void (bytesSent >= bytes && stop.abort()),
  });
};

/** SHA-256 of what lies on the hub's disk for a share. */
const arrived = async (share: ShareRecord | null): Promise<string> => {
  const id = share?.uploadUrl?.split('/').at(-1) ?? '';
  const path = (await hub.packages()).find((each) => each.endsWith(`${id}.age`)) ?? '';
  return sha256Hex(Uint8Array.from(await readFile(path)));
};

describe('send', () => {
  test('every byte arrives once, and the receipt is checked and kept', async () => {
    const record = await kept();
    expect(record).toMatchObject({
      status: 'sealed',
      requestTitle: 'Parcel taken',
      agencyName: 'Wrenfield Police',
      recordingIds: ['r1'],
    });
    const seen: number[] = [];
    const sent = valueOf(
      await stage().send(record.id, {
        signal: new AbortController().signal,
        onProgress: ({ bytesSent }) => void seen.push(bytesSent),
      }),
    );
    expect(sent).toMatchObject({ status: 'sent', bytesSent: sealed.bytes.length, lastProblem: null });
    expect(sent.receipt?.receipt).toMatchObject({
      sha256: sealed.sha256,
      bytes: sealed.bytes.length,
      request: 'porch-theft',
    });
    expect(await shares.get(record.id)).toEqual(sent);
    expect(seen.at(-1)).toBe(sealed.bytes.length);
    expect(await arrived(sent)).toBe(sealed.sha256);
    expect(lines()).toEqual(['POST 201', 'PATCH 204', 'PATCH 204', 'PATCH 204', 'PATCH 204', 'GET 200']);
    expect(ledger.entries.reduce((sum, entry) => sum + entry.bytesOut, 0)).toBe(sealed.bytes.length);
    expect(ledger.entries[1]?.bodySha256).toBe(await sha256Hex(sealed.bytes.slice(0, CHUNK)));
    const planned = stage().plannedExchanges(sealed);
    // What was announced is what was done, to the header.
    expect(planned.map(({ method, bodyBytes, headers }) => [method, bodyBytes, headers])).toEqual(
      ledger.entries.map(({ method, bytesOut, headers = {} }) => [method, bytesOut, headers]),
    );
    // Sending again changes nothing and asks nobody.
    expect(valueOf(await stage().send(record.id, freely()))).toEqual(sent);
    expect(ledger.entries).toHaveLength(6);
  });

  test('pauses, and goes on after a reload where the hub says it stopped', async () => {
    await kept();
    expect(await pauseAfter(2 * CHUNK)).toMatchObject({ ok: false, reason: 'paused' });
    const paused = await shares.get(sealed.shareId);
    expect(paused).toMatchObject({ status: 'paused', lastProblem: null });
    expect(paused?.uploadUrl).toMatch(/^\/v1\/packages\/[0-9a-f]{32}$/);
    expect(paused?.bytesSent).toBeGreaterThanOrEqual(2 * CHUNK);
    const before = ledger.entries.length;
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines(before)[0]).toBe('HEAD 200');
    expect(lines(before)).not.toContain('POST 201');
    expect(await arrived(await shares.get(sealed.shareId))).toBe(sealed.sha256);
  });

  test('a hub that fails and recovers loses nothing', async () => {
    await kept();
    let failures = 2;
    answer = (request) =>
      request.method === 'PATCH' && failures-- > 0 ? Response.json({ title: 'Broken' }, { status: 500 }) : null;
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines().filter((line) => line === 'PATCH 500')).toHaveLength(2);
    expect(lines().filter((line) => line === 'POST 201')).toHaveLength(1);
  });

  test('a HEAD that fails while resuming never begins a second upload', async () => {
    await kept();
    await pauseAfter(CHUNK);
    const before = ledger.entries.length;
    let failures = 1;
    answer = (request) => (request.method === 'HEAD' && failures-- > 0 ? new Response(null, { status: 503 }) : null);
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines(before).slice(0, 2)).toEqual(['HEAD 503', 'HEAD 200']);
    expect(lines(before)).not.toContain('POST 201');
  });

  test('nor does one that fails in the middle of a first upload', async () => {
    await kept();
    const failing = ['PATCH', 'HEAD'];
    answer = (asked) => {
      if (asked.method !== failing[0]) return null;
      failing.shift();
      return new Response(null, { status: 503 });
    };
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines().slice(0, 4)).toEqual(['POST 201', 'PATCH 503', 'HEAD 503', 'HEAD 200']);
    expect(lines().filter((line) => line === 'POST 201')).toHaveLength(1);
  });

  test('a hub that keeps failing ends in a clear failure, and the share can be sent later', async () => {
    await kept();
    answer = () =>
      Response.json(
        { title: 'Broken', detail: 'disk' },
        { status: 500, headers: { 'Content-Type': 'application/problem+json' } },
      );
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({
      ok: false,
      reason: 'hub-error',
      detail: 'Broken: disk (HTTP 500)',
    });
    expect(await shares.get(sealed.shareId)).toMatchObject({
      status: 'paused',
      lastProblem: 'Broken: disk (HTTP 500)',
    });
    answer = null;
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
  });

  test('a hub that is down in the middle, and back', async () => {
    await kept();
    await pauseAfter(CHUNK);
    await hub.stop();
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'offline' });
    expect(ledger.entries.at(-1)).toMatchObject({
      method: 'HEAD',
      status: null,
      problem: 'The hub cannot be reached.',
    });
    await hub.start();
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
  });

  test('an upload that the hub has forgotten begins anew', async () => {
    await kept();
    const record = await shares.get(sealed.shareId);
    if (record !== null) await shares.put({ ...record, uploadUrl: `/v1/packages/${'0'.repeat(32)}`, bytesSent: 5 });
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
  });

  test('a lost answer to the last part is made good from the hub’s own count', async () => {
    await kept();
    let parts = 0;
    answer = (request) =>
      request.url.endsWith('/receipt') && parts++ === 0 ? new Response(null, { status: 503 }) : null;
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'hub-error' });
    const before = ledger.entries.length;
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines(before)).toEqual(['HEAD 200', 'GET 200']);
  });

  test('a hub that says it took nothing is not asked for ever', async () => {
    await kept();
    answer = (request) =>
      request.method === 'PATCH'
        ? new Response(null, { status: 204, headers: { 'Upload-Offset': '0', 'Tus-Resumable': '1.0.0' } })
        : null;
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'hub-error' });
    expect(ledger.entries.length).toBeLessThan(20);
  });

  test('a request that the hub does not take is refused in its own words, once', async () => {
    await kept();
    const record = await shares.get(sealed.shareId);
    view = { ...view, id: 'unknown' };
    if (record !== null)
      await shares.put({
        ...record,
        requestId: 'unknown',
        manifest: { ...record.manifest, request: { ...record.manifest.request, id: 'unknown' } },
      });
    const result = await stage().send(sealed.shareId, freely());
    expect(result).toMatchObject({ ok: false, reason: 'refused-by-hub' });
    expect(result.ok ? '' : result.detail).toMatch(/open requests only/);
    expect(ledger.entries).toHaveLength(1);
  });

  test('a ledger that takes no more lines stops the upload at once, and with room it goes on where it was', async () => {
    await kept();
    const { begin } = ledger;
    let room = 2;
    const full = (): Promise<never> => Promise.reject(new Error('There is not enough room.'));
    ledger = { ...ledger, begin: (entry, body) => (room-- > 0 ? begin(entry, body) : full()) };
    let asked = 0;
    answer = () => {
      asked += 1;
      return null;
    };
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'unrecorded' });
    expect(asked).toBe(2);
    expect(lines()).toEqual(['POST 201', 'PATCH 204']);
    expect(await shares.get(sealed.shareId)).toMatchObject({ status: 'paused', bytesSent: CHUNK });
    room = 9;
    expect(valueOf(await stage().send(sealed.shareId, freely())).status).toBe('sent');
    expect(lines().slice(2)).toEqual(['HEAD 200', 'PATCH 204', 'PATCH 204', 'PATCH 204', 'GET 200']);
  });

  test('the gates are asked again: nothing leaves for a request closed since', async () => {
    await kept();
    view = { ...view, status: 'resolved' };
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'request-closed' });
    expect(ledger.entries).toHaveLength(0);
  });

  test('without the package there is nothing to send', async () => {
    await kept();
    valueOf(await stage().discard(sealed.shareId));
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'package-missing' });
  });

  test('an address on another host is never followed', async () => {
    await kept();
    answer = (request) =>
      request.method === 'POST'
        ? new Response(null, {
            status: 201,
            headers: { Location: 'http://elsewhere.example/v1/packages/1', 'Tus-Resumable': '1.0.0' },
          })
        : null;
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'refused-by-hub' });
    expect(ledger.entries.slice(1).every(({ bytesOut }) => bytesOut === 0)).toBe(true);
  });
});

describe('a receipt', () => {
  test('that is forged, or about anything else, is not kept', async () => {
    await kept();
    const genuine = valueOf(await stage().send(sealed.shareId, freely()));
    const note = genuine.receipt?.note ?? '';
    const refused = async (text: string, share: Partial<ShareRecord> = {}) =>
      (await verifyReceipt(text, { ...genuine, ...share }, hubKey)).ok;
    expect(await refused(note)).toBe(true);
    expect(await refused(note.replace('"porch-theft"', '"other-theft"'))).toBe(false);
    expect(await refused(note, { sha256: '0'.repeat(64) })).toBe(false);
    expect(await refused(note, { bytes: 1 })).toBe(false);
    expect(await refused(note, { requestId: 'other' })).toBe(false);
    expect(await refused(note, { uploadUrl: '/v1/packages/other' })).toBe(false);
    expect(await refused('not a note')).toBe(false);
    expect((await verifyReceipt(note, genuine, null)).ok).toBe(false);
  });

  test('that is bad leaves the share unsent', async () => {
    await kept();
    answer = (request) =>
      request.url.endsWith('/receipt') ? new Response('porchlight/receipt/v1\n{}\n\n— hub AAAA\n') : null;
    expect(await stage().send(sealed.shareId, freely())).toMatchObject({ ok: false, reason: 'bad-receipt' });
    expect(await shares.get(sealed.shareId)).toMatchObject({ status: 'paused', receipt: null });
  });
});
