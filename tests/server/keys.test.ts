/** Keys that are rotated or revoked: what they signed before stays good for hub and page, what they sign afterwards is nobody's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgencyHistorySchema } from '../../src/contracts/agency-history.ts';
import type { Directory, FootageRequest, KeyTerm } from '../../src/contracts/request.ts';
import { ok } from '../../src/contracts/result.ts';
import { verifyHistory } from '../../src/core/agency-history.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { createSigner, type NoteSigner } from '../../src/core/signed-note.ts';
import { openDirectory } from '../../src/core/trusted-directory.ts';
import { documentText, readDocument, textSha256 } from '../../src/core/typed-note.ts';
import { createPublicRecordKeeper } from '../../src/requests/public-record.ts';
import { demoDirectoryNote } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { demoTown } from '../../tools/demo/town.ts';
import * as v from 'valibot';
import { signed } from '../support/signed.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const DAY = 86_400_000;
/** When the old keys end and the new ones begin. */
const CHANGE = NOW + DAY;
const iso = (ms: number): string => new Date(ms).toISOString();

const template = demoTown(NOW).requests.find(({ document }) => document.id === 'wpd-alder-parcels')?.document;
if (template === undefined) throw new Error('the demo town has this request');
const requestOf = (id: string, seq: number, prev: string | null, posted: number): FootageRequest => ({
  ...{ ...template, id, seq, prev, posted: iso(posted) },
  expires: iso(NOW + 20 * DAY),
});

const [root, oldPolice, oldReviewer] = await Promise.all((['root', 'police', 'reviewer'] as const).map(demoSigner));
const [newPolice, newReviewer] = await Promise.all(
  ['police.new', 'reviewer.new'].map((name, index) => createSigner(name, new Uint8Array(32).fill(90 + index))),
);
if (!root || !oldPolice || !oldReviewer || !newPolice || !newReviewer) throw new Error('five signers');

const requestBy = (request: FootageRequest, ...signers: readonly [NoteSigner, ...NoteSigner[]]): Promise<string> =>
  signed(documentText('request', request), ...signers);

/** The demo's directory with these keys of the police and of the reviewer. */
const directoryWith = async (
  issued: number,
  police: readonly (string | KeyTerm)[],
  reviewer: readonly (string | KeyTerm)[],
): Promise<string> => {
  const read = readDocument('directory', await demoDirectoryNote(NOW));
  if (!read.ok) throw new Error(read.detail);
  const { agencies, reviewers, ...rest } = read.value.document;
  const directory: Directory = {
    ...{ ...rest, issued: iso(issued) },
    agencies: agencies.map((agency) => (agency.id === template.agency ? { ...agency, keys: [...police] } : agency)),
    reviewers: reviewers.map((one) => ({ ...one, keys: [...reviewer] })),
  };
  return signed(documentText('directory', directory), root);
};
const ended = (key: string, how: 'rotated' | 'revoked', lastSeq?: number): KeyTerm => ({
  ...{ key, until: iso(CHANGE), ended: how },
  ...(lastSeq === undefined ? {} : { lastSeq }),
});
const begun = (key: string): KeyTerm => ({ key, from: iso(CHANGE) });

let hub: TestHub;
const clock = { now: NOW };
beforeAll(async () => {
  const directoryNote = await directoryWith(NOW, [oldPolice.verifierKey], [oldReviewer.verifierKey]);
  hub = await testHub(NOW, { directoryNote, now: () => clock.now });
});
afterAll(() => hub.stop());

const post = async (path: string, body: string): Promise<string> => {
  const response = await fetch(`${hub.url}/v1/${path}`, { method: 'POST', body });
  const text = await response.text();
  const { type } = (text === '' ? {} : JSON.parse(text)) as { type?: string };
  return [response.status, ...(type === undefined ? [] : [type.split(':').at(-1)])].join(' ');
};

/** What a page that starts now shows of each request. */
const shown = async (): Promise<Record<string, string>> => {
  const keeper = createPublicRecordKeeper({
    rootKey: DEMO_ROOT_KEY,
    now: () => clock.now,
    notes: { all: async () => [], replaceHubNotes: async () => ok(undefined), put: async () => ok(undefined) },
    net: {
      send: async ({ path }) => {
        const { status, headers, ...response } = await fetch(hub.url + path).then(async (one) => ({
          ...{ status: one.status, headers: one.headers },
          body: new Uint8Array(await one.arrayBuffer()),
        }));
        return { ok: true, status, headers, body: response.body };
      },
    },
  });
  await keeper.refresh();
  expect(keeper.record.get().message).toBeNull();
  return Object.fromEntries(
    keeper.record.get().requests.map(({ id, status, problem }) => [id, problem === null ? status : problem.kind]),
  );
};

const inboxStatus = async (signer: NoteSigner): Promise<number> => {
  const request = { method: 'GET', authority: new URL(hub.url).host, ...splitPath('/v1/inbox'), body: null };
  return (await fetch(`${hub.url}/v1/inbox`, { headers: await signRequest(request, signer, clock.now) })).status;
};

const historyProblems = async (): Promise<readonly string[]> => {
  const trusted = await openDirectory(await (await fetch(`${hub.url}/v1/directory`)).text(), DEMO_ROOT_KEY);
  if (!trusted.ok) throw new Error(trusted.detail);
  const answer: unknown = await (await fetch(`${hub.url}/v1/agencies/${template.agency}`)).json();
  const verified = await verifyHistory(v.parse(AgencyHistorySchema, answer), trusted.value, clock.now);
  if (!verified.ok) throw new Error(verified.detail);
  return verified.value.problems.map(({ kind, position }) => `${kind} ${position}`);
};

it('before their end the old keys do everything', async () => {
  const first = requestOf('first', 1, null, NOW);
  expect(await post('requests', await requestBy(first, oldPolice))).toBe('201');
  expect(await post('requests/first/review', await requestBy(first, oldPolice, oldReviewer))).toBe('200');
  expect(await shown()).toEqual({ first: 'open' });
  expect(await inboxStatus(oldPolice)).toBe(200);
});

it('after it what they signed stays, and what they sign is refused, backdated or not', async () => {
  clock.now = CHANGE + DAY;
  const directoryNote = await directoryWith(
    clock.now,
    [ended(oldPolice.verifierKey, 'revoked', 1), begun(newPolice.verifierKey)],
    [ended(oldReviewer.verifierKey, 'revoked'), begun(newReviewer.verifierKey)],
  );
  await hub.restart({ directoryNote });
  expect(await shown()).toEqual({ first: 'open' });
  expect(await historyProblems()).toEqual([]);

  const prev = await textSha256(documentText('request', requestOf('first', 1, null, NOW)));
  const second = requestOf('second', 2, prev, clock.now);
  const backdated = requestOf('second', 2, prev, CHANGE - 1_000);
  expect(await post('requests', await requestBy(second, oldPolice))).toBe('403 bad-signature');
  expect(await post('requests', await requestBy(backdated, oldPolice))).toBe('403 bad-signature');
  // Nor does a key sign for the time before it was.
  expect(await post('requests', await requestBy(backdated, newPolice))).toBe('403 bad-signature');
  expect(await post('requests', await requestBy(second, newPolice))).toBe('201');

  expect(await post('requests/second/review', await requestBy(second, newPolice, oldReviewer))).toBe(
    '403 bad-signature',
  );
  const rejection = (signer: NoteSigner, at: number) =>
    signed(
      documentText('status', {
        ...{ request: 'second', agency: template.agency, status: 'rejected', code: 'announcement', reason: 'No.' },
        at: iso(at),
      }),
      signer,
    );
  for (const at of [clock.now, CHANGE - 1_000]) {
    expect(await post('requests/second/status', await rejection(oldReviewer, at))).toBe('403 bad-signature');
  }
  expect(await post('requests/second/review', await requestBy(second, newPolice, newReviewer))).toBe('200');

  const third = await textSha256(documentText('request', second));
  const closing = (signer: NoteSigner) =>
    signed(
      documentText('status', {
        ...{ request: 'first', agency: template.agency, status: 'resolved', at: iso(clock.now) },
        ...{ seq: 3, prev: third },
      }),
      signer,
    );
  expect(await post('requests/first/status', await closing(oldPolice))).toBe('403 bad-signature');
  expect(await post('requests/first/status', await closing(newPolice))).toBe('204');
  expect(await shown()).toEqual({ first: 'resolved', second: 'open' });
  expect(await historyProblems()).toEqual([]);
  expect([await inboxStatus(oldPolice), await inboxStatus(newPolice)]).toEqual([401, 200]);
});

it('a hub that takes a backdated post of a stolen key all the same is not believed by the page', async () => {
  const forged = await requestBy(requestOf('stolen', 2, 'a'.repeat(64), CHANGE - 1_000), oldPolice, newReviewer);
  await hub.running.hub.documents.addExhibit(forged);
  expect(await shown()).toMatchObject({ second: 'open', stolen: 'key-not-valid-then' });
});

it('a reviewer’s old key removes no comment any more', async () => {
  const device = await createSigner('device', new Uint8Array(32).fill(3));
  const comment = { request: 'second', name: 'N', text: 'Hello.', at: iso(clock.now), key: device.verifierKey };
  const text = documentText('comment', comment);
  expect(await post('requests/second/comments', await signed(text, device))).toBe('201');
  const removal = async (signer: NoteSigner, at: number) =>
    signed(
      documentText('comment-removal', {
        ...{ request: 'second', comment: await textSha256(text), by: 'reviewer', at: iso(at) },
        ...{ code: 'profiling', reason: 'Points at somebody.' },
      }),
      signer,
    );
  const path = 'requests/second/comments/removal';
  for (const at of [clock.now, CHANGE - 1_000])
    expect(await post(path, await removal(oldReviewer, at))).toMatch(/^403 /);
  expect(await post(path, await removal(newReviewer, clock.now))).toBe('204');
});
