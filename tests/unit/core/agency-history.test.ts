/** An agency's chain in the page: it holds as it is, and every way of tampering with it is named with its position. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgencyHistory, HistoryEntry } from '../../../src/contracts/agency-history.ts';
import type { FootageRequest } from '../../../src/contracts/request.ts';
import { continuationProblem, nextPlace, textsOf, verifyHistory } from '../../../src/core/agency-history.ts';
import { createSigner, type NoteSigner } from '../../../src/core/signed-note.ts';
import { openDirectory, type TrustedDirectory } from '../../../src/core/trusted-directory.ts';
import { documentText, textSha256 } from '../../../src/core/typed-note.ts';
import type { KeyTerm } from '../../../src/contracts/request.ts';
import { signed } from '../../support/signed.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

const signerOf = (name: string, fill: number): Promise<NoteSigner> => createSigner(name, new Uint8Array(32).fill(fill));
const [root, hub, police, newPolice, reviewer, stranger] = await Promise.all(
  ['root', 'hub', 'police', 'police-2', 'reviewer', 'stranger'].map((name, index) => signerOf(name, index + 1)),
);
if (!root || !hub || !police || !newPolice || !reviewer || !stranger) throw new Error('six signers');

const directoryWith = async (keys: readonly (string | KeyTerm)[]): Promise<TrustedDirectory> => {
  const note = await signed(
    documentText('directory', {
      issued: iso(NOW),
      hub: { name: 'Hub', key: hub.verifierKey },
      agencies: [
        {
          id: 'police',
          name: 'Police',
          kind: 'police',
          place: 'Here',
          contact: 'x',
          keys: [...keys],
          recipients: ['age1x'],
          status: 'active',
        },
      ],
      reviewers: [{ id: 'rev', name: 'Rev', keys: [reviewer.verifierKey] }],
    }),
    root,
  );
  const opened = await openDirectory(note, root.verifierKey);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
};

const requestOf = (seq: number, prev: string | null, change: Partial<FootageRequest> = {}): FootageRequest => ({
  id: `request-${seq}`,
  agency: 'police',
  seq,
  prev,
  caseNumber: '1',
  incidentType: 'Theft',
  suspectedCrime: 'Theft',
  title: `Request ${seq}`,
  description: 'Text.',
  investigator: { name: 'I', email: 'i@x' },
  incident: [0, 0],
  placeName: 'Here',
  area: { type: 'Circle', center: [0, 0], radiusM: 100 },
  window: { from: iso(NOW - 3 * DAY), to: iso(NOW - 3 * DAY + 3_600_000), zone: 'UTC' },
  posted: iso(NOW - 2 * DAY + seq * 60_000),
  expires: iso(NOW + DAY),
  policy: 'npss',
  ...change,
});

interface Chain {
  readonly notes: readonly string[];
  readonly documents: readonly FootageRequest[];
}
/** `count` requests, reviewed, each following the one before. */
const chainOf = async (count: number, by: (seq: number) => NoteSigner = () => police): Promise<Chain> => {
  const notes: string[] = [];
  const documents: FootageRequest[] = [];
  let prev: string | null = null;
  for (let seq = 1; seq <= count; seq += 1) {
    const document = requestOf(seq, prev);
    const text = documentText('request', document);
    notes.push(await signed(text, by(seq), reviewer));
    documents.push(document);
    prev = await textSha256(text);
  }
  return { notes, documents };
};

let trusted: TrustedDirectory;
let chain: Chain;
beforeAll(async () => {
  trusted = await directoryWith([police.verifierKey]);
  chain = await chainOf(5);
});

const historyOf = (entries: readonly HistoryEntry[], others: readonly string[] = []): AgencyHistory => ({
  version: 1,
  agency: trusted.directory.agencies[0] ?? (undefined as never),
  entries: [...entries],
  others: [...others],
});
const entriesOf = ({ notes }: Chain): HistoryEntry[] => notes.map((note, index) => ({ seq: index + 1, note }));
const verify = async (entries: readonly HistoryEntry[], others: readonly string[] = [], directory = trusted) => {
  const verified = await verifyHistory(historyOf(entries, others), directory, NOW);
  if (!verified.ok) throw new Error(verified.detail);
  return verified.value;
};
const found = async (...args: Parameters<typeof verify>) =>
  (await verify(...args)).problems.map(({ kind, position }) => `${kind} ${position}`);

describe('a chain that nobody touched', () => {
  it('holds, has a head to go on from, and says what became of each post', async () => {
    const history = await verify(entriesOf(chain));
    expect(history.problems).toEqual([]);
    expect(history.entries).toMatchObject(
      [1, 2, 3, 4, 5].map((position) => ({ kind: 'post', position, outcome: 'open', reviewer: { id: 'rev' } })),
    );
    const last = chain.documents.at(-1);
    if (last === undefined) throw new Error('five documents');
    expect(nextPlace(history.head)).toEqual({ seq: 6, prev: await textSha256(documentText('request', last)) });
    expect(nextPlace((await verify([])).head)).toEqual({ seq: 1, prev: null });
  });

  it('holds with withheld texts in it, whose hashes carry the chain', async () => {
    const entries = entriesOf(chain);
    const document = chain.documents[2];
    if (document === undefined) throw new Error('a third');
    const textHash = await textSha256(documentText('request', document));
    entries[2] = { seq: 3, textSha256: textHash, withheld: 'harmful', request: document.id };
    expect(await found(entries)).toEqual([]);
    entries[2] = { seq: 3, textSha256: 'f'.repeat(64), withheld: 'harmful', request: document.id };
    expect(await found(entries)).toEqual(['changed 3']);
  });
});

describe('tampering', () => {
  it.each<[string, (entries: HistoryEntry[]) => HistoryEntry[], string[]]>([
    [
      'a changed text',
      (e) => e.map((x) => ('note' in x && x.seq === 3 ? { ...x, note: x.note.replace('Request 3', 'Request X') } : x)),
      ['changed 3'],
    ],
    ['a dropped entry', (e) => e.filter(({ seq }) => seq !== 2), ['dropped 2']],
    ['a dropped first entry', (e) => e.filter(({ seq }) => seq !== 1), ['dropped 1']],
    [
      'two entries in each other’s place',
      ([a, b, c, ...rest]) => [a, c, b, ...rest].filter((x) => x !== undefined),
      ['reordered 2'],
    ],
    ['an entry twice', ([a, b, ...rest]) => [a, b, b, ...rest].filter((x) => x !== undefined), ['forked 2']],
    [
      'an entry moved to another number',
      (e) => e.map((x) => (x.seq === 5 ? { ...x, seq: 6 } : x)),
      ['dropped 5', 'changed 6'],
    ],
    [
      'an entry that is no note',
      (e) => e.map((x) => (x.seq === 4 ? { seq: 4, note: 'nothing' } : x)),
      ['unreadable 4'],
    ],
  ])('%s is named', async (_, change, problems) => {
    expect(await found(change(entriesOf(chain)))).toEqual(problems);
  });

  it('by the agency itself, which signs another text for a place, is a fork at that place', async () => {
    const entries = entriesOf(chain);
    const second = chain.documents[1];
    if (second === undefined) throw new Error('a second');
    const other = documentText('request', { ...second, title: 'Another' });
    entries[1] = { seq: 2, note: await signed(other, police, reviewer) };
    expect(await found(entries)).toEqual(['forked 2']);
  });

  it('with signatures missing or of strangers is named', async () => {
    const text = documentText('request', requestOf(1, null));
    expect(await found([{ seq: 1, note: await signed(text, police) }])).toEqual(['not-reviewed 1']);
    expect(await found([{ seq: 1, note: await signed(text, stranger, reviewer) }])).toEqual(['not-signed-by-agency 1']);
    expect(await found([{ seq: 1, note: await signed(text, reviewer) }])).toEqual(['not-signed-by-agency 1']);
  });
});

describe('closing notes', () => {
  const rejection = (signer: NoteSigner) =>
    signed(
      documentText('status', {
        request: 'request-1',
        agency: 'police',
        status: 'rejected',
        code: 'announcement',
        reason: 'No.',
        at: iso(NOW),
      }),
      signer,
    );

  it('a reviewer’s rejection needs no review of the post; a stranger’s rejects nothing', async () => {
    const posted = [{ seq: 1, note: await signed(documentText('request', requestOf(1, null)), police) }];
    const history = await verify(posted, [await rejection(reviewer)]);
    expect(history.problems).toEqual([]);
    expect(history.entries).toMatchObject([{ outcome: 'rejected', rejection: { code: 'announcement' } }]);
    expect(await found(posted, [await rejection(stranger)])).toEqual(['not-reviewed 1']);
  });

  it('are entries of the chain: dropping one breaks the next', async () => {
    const [first] = chain.documents;
    if (first === undefined) throw new Error('a first');
    const prev = await textSha256(documentText('request', first));
    const closing = documentText('status', {
      request: 'request-1',
      agency: 'police',
      status: 'resolved',
      at: iso(NOW),
      seq: 2,
      prev,
    });
    const third = documentText('request', requestOf(3, await textSha256(closing)));
    const entries = [
      { seq: 1, note: chain.notes[0] ?? '' },
      { seq: 2, note: await signed(closing, police) },
      { seq: 3, note: await signed(third, police, reviewer) },
    ];
    const history = await verify(entries);
    expect(history.problems).toEqual([]);
    expect(history.entries).toMatchObject([{ outcome: 'resolved' }, { kind: 'closing' }, { outcome: 'open' }]);
    expect(await found(entries.filter(({ seq }) => seq !== 2))).toEqual(['dropped 2']);
  });
});

describe('what the page saw before', () => {
  it('is continued, or the first place that differs is named', async () => {
    const whole = await verify(entriesOf(chain));
    const seen = { agency: 'police', texts: textsOf(whole).slice(0, 3), seenAt: 1 };
    expect(continuationProblem(whole, seen)).toBeNull();
    expect(continuationProblem(whole, null)).toBeNull();
    const shorter = await verify(entriesOf(chain).slice(0, 2));
    expect(continuationProblem(shorter, seen)).toMatchObject({ kind: 'not-a-continuation', position: 3 });
    const other = await verify(entriesOf(await chainOf(5, () => police)).slice(0, 1));
    expect(continuationProblem(other, { ...seen, texts: ['0'.repeat(64)] })).toMatchObject({ position: 1 });
  });
});

describe('keys that come and go', () => {
  const rotation = NOW - 2 * DAY + 3 * 60_000;

  it('old entries stay good under the old key, new ones need the new one', async () => {
    const directory = await directoryWith([
      { key: police.verifierKey, until: iso(rotation), ended: 'rotated' },
      { key: newPolice.verifierKey, from: iso(rotation) },
    ]);
    const rotated = entriesOf(await chainOf(5, (seq) => (seq < 3 ? police : newPolice)));
    expect(await found(rotated, [], directory)).toEqual([]);
    expect(await found(entriesOf(chain), [], directory)).toEqual([
      'key-not-valid-then 3',
      'key-not-valid-then 4',
      'key-not-valid-then 5',
    ]);
  });

  it('a stolen key cannot backdate past the entry that the directory names as its last', async () => {
    const directory = await directoryWith([
      { key: police.verifierKey, until: iso(rotation), ended: 'revoked', lastSeq: 2 },
      { key: newPolice.verifierKey, from: iso(rotation) },
    ]);
    const second = chain.documents[1];
    if (second === undefined) throw new Error('a second');
    const prev = await textSha256(documentText('request', second));
    const backdated = documentText('request', requestOf(3, prev, { posted: second.posted }));
    const entries = [...entriesOf(chain).slice(0, 2), { seq: 3, note: await signed(backdated, police, reviewer) }];
    expect(await found(entries, [], directory)).toEqual(['key-not-valid-then 3']);
  });

  it('a directory that gives one key to two holders, or a term that ends before it begins, is not used', async () => {
    await expect(directoryWith([reviewer.verifierKey])).rejects.toThrow('twice');
    // Two different keys whose name and four-byte hash are the same: no signature line says whose it is.
    const keyBytes = (number: number) => {
      const bytes = Buffer.alloc(33);
      bytes[0] = 1;
      bytes.writeUInt32BE(number, 29);
      return bytes.toString('base64');
    };
    const twins = [58_979, 130_170].map((number) => `police+05b2f354+${keyBytes(number)}`);
    await expect(directoryWith(twins)).rejects.toThrow('twice');
    const term = { key: police.verifierKey, from: iso(NOW), until: iso(NOW) };
    await expect(directoryWith([term])).rejects.toThrow('ends before it begins');
  });
});
