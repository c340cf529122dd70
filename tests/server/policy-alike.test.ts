/** One policy for all who ask it: at every bound, composer, hub, reviewer's desk and page say the same of the same request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FootageRequest, PolicyName } from '../../src/contracts/request.ts';
import type { ReviewQueue } from '../../src/contracts/review.ts';
import type { RequestDraft } from '../../src/contracts/roles-api.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { checkDraft } from '../../src/core/request-draft.ts';
import { coSignNote, signNote } from '../../src/core/signed-note.ts';
import { openDirectory, type TrustedDirectory } from '../../src/core/trusted-directory.ts';
import { documentText, readDocument, textSha256 } from '../../src/core/typed-note.ts';
import { judgeNotes } from '../../src/requests/request-views.ts';
import { demoDirectoryNote } from '../../tools/demo/documents.ts';
import { demoSigner, type DemoRole } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { demoTown } from '../../tools/demo/town.ts';
import { circle, HALF_A_MILE, radiusOf, SQUARE_MILE } from '../support/areas.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const HOUR = 3_600_000;
const MINUTE = 60_000;
const DAY = 24 * HOUR;

const template = demoTown(NOW).requests.find(({ document }) => document.id === 'wpd-alder-parcels')?.document;
if (template === undefined) throw new Error('the demo town has this request');
const { incident } = template;

let hub: TestHub;
let trusted: TrustedDirectory;
beforeAll(async () => {
  hub = await testHub(NOW, { now: () => NOW });
  const opened = await openDirectory(await demoDirectoryNote(NOW), DEMO_ROOT_KEY);
  if (!opened.ok) throw new Error(opened.detail);
  trusted = opened.value;
});
afterAll(() => hub.stop());

const lasting = (ms: number): FootageRequest['window'] => ({
  from: new Date(NOW - 2 * DAY).toISOString(),
  to: new Date(NOW - 2 * DAY + ms).toISOString(),
  zone: 'America/Los_Angeles',
});
const sized = (squareMiles: number, more: number) =>
  circle(incident, radiusOf(incident, squareMiles * SQUARE_MILE) + more);

/** Keeps every rule of both policies. */
const good = (policy: PolicyName, change: Partial<FootageRequest> = {}): FootageRequest => ({
  ...{ ...template, id: 'asked', seq: 1, prev: null, policy, window: lasting(HOUR), area: circle(incident, 400) },
  posted: new Date(NOW).toISOString(),
  ...change,
});

const draftOf = (request: FootageRequest): RequestDraft => ({
  ...request,
  investigator: {
    name: request.investigator.name,
    email: request.investigator.email ?? '',
    telephone: request.investigator.telephone ?? '',
  },
  from: Date.parse(request.window.from),
  to: Date.parse(request.window.to),
  zone: request.window.zone,
  expires: Date.parse(request.expires),
});

const noteOf = async (request: FootageRequest, ...roles: readonly DemoRole[]): Promise<string> => {
  const [author, ...others] = await Promise.all(roles.map(demoSigner));
  if (author === undefined) throw new Error('nobody signs');
  let note = await signNote(documentText('request', request), author);
  for (const other of others) if (note.ok) note = await coSignNote(note.value, other);
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};
const post = (path: string, body: string): Promise<Response> =>
  fetch(`${hub.url}/v1/${path}`, { method: 'POST', body });
const reasonOf = async (response: Response): Promise<string> =>
  response.ok ? 'ok' : (((await response.json()) as { type: string }).type.split(':').at(-1) ?? '');

/** What each of the four says. The hub's word on the review is asked of a request that got past it. */
const opinions = async (request: FootageRequest, earlier: readonly FootageRequest[]) => {
  await hub.running.hub.documents.clear();
  for (const one of earlier) expect((await post('requests', await noteOf(one, 'police'))).status).toBe(201);
  const posted = await reasonOf(await post('requests', await noteOf(request, 'police')));
  if (posted !== 'ok') {
    // As if it had got in all the same.
    const note = await noteOf(request, 'police');
    const text = documentText('request', request);
    const { id, agency, seq } = request;
    const place = { id, agency, seq, textSha256: await textSha256(text), note, expiresAt: Date.parse(request.expires) };
    await hub.running.hub.documents.addRequest(place, 'pending', NOW);
  }
  const approved = await noteOf(request, 'police', 'reviewer');
  const reviewed = await reasonOf(await post('requests/asked/review', approved));
  const kept = [...(await Promise.all(earlier.map((one) => noteOf(one, 'police', 'reviewer')))), approved];
  const { views } = await judgeNotes(
    kept.map((note, index) => ({ key: `request/${index}`, note, origin: 'hub', fetchedAt: NOW })),
    trusted,
    NOW,
  );
  const view = views.find(({ id }) => id === request.id);
  return {
    composer: checkDraft(draftOf(request), request.agency, earlier, NOW).ready ? 'ok' : 'breaks-policy',
    hub: posted,
    review: reviewed,
    page: view?.problem?.kind ?? 'ok',
  };
};

const followers = async (policy: PolicyName): Promise<readonly FootageRequest[]> => {
  const first = good(policy, { id: 'first' });
  const prev = await textSha256(documentText('request', first));
  return [first, good(policy, { id: 'second', seq: 2, prev })];
};

const CASES: readonly (readonly [string, Partial<FootageRequest>, { readonly [Policy in PolicyName]: boolean }])[] = [
  ['nothing amiss', {}, { npss: true, 'rfa-2021': true }],
  ['12 h', { window: lasting(12 * HOUR) }, { npss: true, 'rfa-2021': true }],
  ['12 h + 1 s', { window: lasting(12 * HOUR + 1_000) }, { npss: false, 'rfa-2021': false }],
  ['15 min', { window: lasting(15 * MINUTE) }, { npss: true, 'rfa-2021': true }],
  ['15 min − 1 s', { window: lasting(15 * MINUTE - 1_000) }, { npss: true, 'rfa-2021': false }],
  ['half a mile', { area: circle(incident, HALF_A_MILE) }, { npss: true, 'rfa-2021': false }],
  ['half a mile + 1 m', { area: circle(incident, HALF_A_MILE + 1) }, { npss: false, 'rfa-2021': false }],
  ['0.5 square miles', { area: sized(0.5, -1e-6) }, { npss: true, 'rfa-2021': true }],
  ['more than 0.5 square miles', { area: sized(0.5, 0.01) }, { npss: true, 'rfa-2021': false }],
  ['0.025 square miles', { area: sized(0.025, 1e-6) }, { npss: true, 'rfa-2021': true }],
  ['less than 0.025 square miles', { area: sized(0.025, -0.01) }, { npss: true, 'rfa-2021': false }],
  ['no case number', { caseNumber: '' }, { npss: false, 'rfa-2021': false }],
  ['no crime', { incidentType: '', suspectedCrime: '' }, { npss: false, 'rfa-2021': false }],
  ['no contact', { investigator: { name: 'Det. X' } }, { npss: false, 'rfa-2021': false }],
  ['no investigator', { investigator: { name: '', email: 'a@b.example' } }, { npss: false, 'rfa-2021': false }],
];

describe.each<PolicyName>(['npss', 'rfa-2021'])('by %s', (policy) => {
  it.each(CASES)('%s', async (_, change, expected) => {
    const word = expected[policy] ? 'ok' : 'breaks-policy';
    expect(await opinions(good(policy, change), [])).toEqual({ composer: word, hub: word, review: word, page: word });
  });

  it('the third post of a case', async () => {
    const earlier = await followers(policy);
    const last = earlier.at(-1);
    if (last === undefined) throw new Error('two');
    const third = good(policy, { seq: 3, prev: await textSha256(documentText('request', last)) });
    const word = policy === 'npss' ? 'ok' : 'breaks-policy';
    expect(await opinions(third, earlier)).toEqual({ composer: word, hub: word, review: word, page: word });
  });
});

it('the reviewer’s queue brings the earlier posts that the rule about posts per case needs', async () => {
  await hub.running.hub.documents.clear();
  for (const one of await followers('rfa-2021')) await post('requests', await noteOf(one, 'police'));
  const request = { method: 'GET', authority: new URL(hub.url).host, ...splitPath('/v1/review'), body: null };
  const headers = await signRequest(request, await demoSigner('reviewer'), NOW);
  const queue = (await (await fetch(`${hub.url}/v1/review`, { headers })).json()) as ReviewQueue;
  const idOf = (note: string): string => {
    const read = readDocument('request', note);
    return read.ok ? read.value.document.id : '';
  };
  expect(queue.pending.map(({ note, earlier }) => [idOf(note), earlier.map(idOf)])).toEqual([
    ['first', []],
    ['second', ['first']],
  ]);
});
