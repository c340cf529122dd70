/** How the page judges requests: the demo town's good and bad ones, and damage of every kind that signatures must catch. */
import { describe, expect, it } from 'vitest';
import type { RequestProblem, RequestStatus } from '../../../src/contracts/public-record.ts';
import type { Directory, RequestStatusNote } from '../../../src/contracts/request.ts';
import type { KeptNote } from '../../../src/contracts/storage.ts';
import { openDirectory, type TrustedDirectory } from '../../../src/core/trusted-directory.ts';
import { documentText, readDocument } from '../../../src/core/typed-note.ts';
import { judgeNotes } from '../../../src/requests/request-views.ts';
import { matchable } from '../../../src/requests/public-record.ts';
import { demoDocuments, type DemoRequest } from '../../../tools/demo/documents.ts';
import { demoSigner } from '../../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../../tools/demo/root-key.ts';
import { demoTown } from '../../../tools/demo/town.ts';
import { signed } from '../../support/signed.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const documents = await demoDocuments(demoTown(NOW));

const open = async (note: string): Promise<TrustedDirectory> => {
  const trusted = await openDirectory(note, DEMO_ROOT_KEY);
  if (!trusted.ok) throw new Error(trusted.detail);
  return trusted.value;
};
const trusted = await open(documents.directory);

const byId = (id: string): DemoRequest => {
  const found = documents.requests.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id} in the demo town`);
  return found;
};
const kept = (kind: 'request' | 'status', id: string, note: string, origin: KeptNote['origin'] = 'hub'): KeptNote => ({
  key: `${kind}/${id}`,
  note,
  origin,
  fetchedAt: NOW,
});
const [police, fire, reviewer, stranger] = await Promise.all(
  (['police', 'fire', 'reviewer', 'stranger'] as const).map(demoSigner),
);
if (!police || !fire || !reviewer || !stranger) throw new Error('keys');

const parcels = byId('wpd-alder-parcels');
const parcelsText = documentText('request', parcels.document);
const judgeOne = async (note: string, directory = trusted, now = NOW) => {
  const { views } = await judgeNotes([kept('request', 'x', note)], directory, now);
  return views[0];
};

describe('the demo town', () => {
  const townNotes = documents.requests.flatMap((one) => [
    kept('request', one.id, one.entry === 'unreviewed' ? one.posted : one.approved),
    ...[one.status, one.rejection].flatMap((note) => (note === null ? [] : [kept('status', one.id, note)])),
  ]);

  it.each<[string, RequestStatus, RequestProblem | null]>([
    ['wpd-alder-parcels', 'open', null],
    ['wpd-second-hit-and-run', 'open', null],
    ['wfr-alder-shed', 'open', null],
    ['wfr-main-smoke', 'open', null],
    ['wpd-grain-store', 'open', null],
    ['wpd-alder-windows', 'open', null],
    ['wfr-hydrant', 'resolved', null],
    ['wpd-garage', 'expired', null],
    ['wpd-main-march', 'rejected', null],
    ['wfr-bins', 'refused', 'not-reviewed'],
    ['wpd-bicycle', 'refused', 'forged-signature'],
    ['btf-vehicles', 'refused', 'unknown-agency'],
    ['wpd-wide-net', 'refused', 'breaks-policy'],
  ])('%s is %s', async (id, status, problem) => {
    const { views, unreadable } = await judgeNotes(townNotes, trusted, NOW);
    const view = views.find((one) => one.id === id);
    expect(view?.status).toBe(status);
    expect(view?.problem?.kind ?? null).toBe(problem);
    expect(unreadable).toEqual([]);
  });

  it('offers the open requests to the match engine, and no other', async () => {
    const { views } = await judgeNotes(townNotes, trusted, NOW);
    const ids = matchable({ state: 'ready', message: null, requests: views, unreadable: [], fetchedAt: NOW }).map(
      ({ id }) => id,
    );
    expect(ids.toSorted()).toEqual(
      views
        .filter(({ status }) => status === 'open')
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(ids).toHaveLength(6);
  });
});

describe('signatures', () => {
  it('of agency and reviewer make a request open, and both are named', async () => {
    expect(await judgeOne(parcels.approved)).toMatchObject({
      status: 'open',
      agency: { id: 'wrenfield-police' },
      reviewer: { id: 'reviewer-okafor' },
      signatures: [
        { role: 'agency', verified: true },
        { role: 'reviewer', verified: true },
      ],
    });
  });

  it.each<[string, Promise<string>, RequestProblem]>([
    ['the reviewer alone', signed(parcelsText, reviewer), 'not-signed-by-agency'],
    ['a stranger and the reviewer', signed(parcelsText, stranger, reviewer), 'not-signed-by-agency'],
    ['another agency and the reviewer', signed(parcelsText, fire, reviewer), 'not-signed-by-agency'],
    ['the agency and another agency', signed(parcelsText, police, fire), 'not-reviewed'],
    ['the agency twice', signed(parcelsText, police, police), 'not-reviewed'],
  ])('of %s do not', async (_, note, problem) => {
    expect(await judgeOne(await note)).toMatchObject({ status: 'refused', problem: { kind: problem } });
  });

  it.each([
    ['title', parcels.approved.replace('Parcels', 'Packets')],
    ['window', parcels.approved.replace('T17:24', 'T16:24')],
    ['radius', parcels.approved.replace('"radiusM": 400', '"radiusM": 401')],
  ])('do not outlive a change of the %s', async (_, note) => {
    expect(note).not.toBe(parcels.approved);
    expect(await judgeOne(note)).toMatchObject({ status: 'refused', problem: { kind: 'forged-signature' } });
  });

  it('of a suspended agency count for nothing', async () => {
    const read = readDocument('directory', documents.directory);
    if (!read.ok) throw new Error(read.detail);
    const directory: Directory = {
      ...read.value.document,
      agencies: read.value.document.agencies.map((agency) => ({ ...agency, status: 'suspended' as const })),
    };
    const suspended = await open(await signed(documentText('directory', directory), await demoSigner('root')));
    expect(await judgeOne(parcels.approved, suspended)).toMatchObject({
      status: 'refused',
      problem: { kind: 'agency-suspended' },
    });
  });
});

describe('time', () => {
  it('expires a request at the very instant it names', async () => {
    const expires = Date.parse(parcels.document.expires);
    expect(await judgeOne(parcels.approved, trusted, expires - 1)).toMatchObject({ status: 'open' });
    expect(await judgeOne(parcels.approved, trusted, expires)).toMatchObject({ status: 'expired' });
  });
});

describe('closing notes', () => {
  const close = (change: Partial<RequestStatusNote>): string =>
    documentText('status', {
      request: parcels.id,
      agency: 'wrenfield-police',
      status: 'withdrawn',
      reason: 'No longer needed.',
      at: new Date(NOW).toISOString(),
      ...change,
    });
  const judgeWith = async (status: string) => {
    const judged = await judgeNotes(
      [kept('request', parcels.id, parcels.approved), kept('status', parcels.id, status)],
      trusted,
      NOW,
    );
    return { ...judged.views[0], unreadable: judged.unreadable };
  };

  it('by the agency close, with their reason', async () => {
    expect(await judgeWith(await signed(close({}), police))).toMatchObject({
      status: 'withdrawn',
      statusReason: 'No longer needed.',
    });
  });

  it('by a reviewer take down', async () => {
    expect(await judgeWith(await signed(close({ status: 'rejected' }), reviewer))).toMatchObject({
      status: 'rejected',
    });
  });

  it.each<[string, Promise<string>]>([
    ['a stranger', signed(close({}), stranger)],
    ['another agency in this one’s name', signed(close({}), fire)],
    ['another agency in its own name', signed(close({ agency: 'wrenfield-fire' }), fire)],
    ['a reviewer who cannot withdraw', signed(close({}), reviewer)],
    ['an agency that cannot reject', signed(close({ status: 'rejected' }), police)],
  ])('by %s change nothing', async (_, note) => {
    expect(await judgeWith(await note)).toMatchObject({ status: 'open', statusReason: null });
  });
});

describe('two notes with one id', () => {
  it.each(['hub', 'file'] as const)('show the genuine one, also when it came from a %s', async (origin) => {
    const forged = parcels.approved.replace('Parcels', 'Packets');
    const other = origin === 'hub' ? 'file' : 'hub';
    const { views } = await judgeNotes(
      [kept('request', parcels.id, forged, other), kept('request', parcels.id, parcels.approved, origin)],
      trusted,
      NOW,
    );
    expect(views).toHaveLength(1);
    expect(views[0]).toMatchObject({ status: 'open', origin });
  });
});

describe('the directory', () => {
  it.each([
    ['another key than the root’s', signed(documentText('directory', trusted.directory), stranger)],
    [
      'nobody that matters after a change',
      Promise.resolve(documents.directory.replace('Wrenfield Police', 'Wrenfield Sheriff')),
    ],
  ])('is refused when signed by %s', async (_, note) => {
    expect(await openDirectory(await note, DEMO_ROOT_KEY)).toMatchObject({ ok: false, reason: 'not-signed-by-root' });
  });
});

describe('what cannot be read', () => {
  it('is told, and hides nothing else', async () => {
    const { views, unreadable } = await judgeNotes(
      [kept('request', 'unreadable-0', 'hello'), kept('request', parcels.id, parcels.approved)],
      trusted,
      NOW,
    );
    expect(views).toHaveLength(1);
    expect(unreadable).toEqual(['The note has no signature lines.']);
  });
});
