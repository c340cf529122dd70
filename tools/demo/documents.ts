/** Turns the demo town into signed notes and puts them into a hub, each by the way it would really take. */
import type { Directory, FootageRequest, RequestStatusNote } from '../../src/contracts/request.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { EpochMs } from '../../src/contracts/units.ts';
import { coSignNote, parseNote, signNote, formatNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText, textSha256, type DocumentOf, type NoteKind } from '../../src/core/typed-note.ts';
import { demoCommentPosts } from './comments.ts';
import { demoAgeKey, demoSigner } from './keys.ts';
import { demoTown, type DemoTown } from './town.ts';
import type { TownRequest } from './town-sketch.ts';

const DAY = 86_400_000;

/** A posted request: the agency's note, the approved note if a reviewer signs it, the note that closes it. */
export interface DemoRequest {
  readonly id: string;
  readonly entry: TownRequest['entry'];
  readonly expiresAt: EpochMs;
  readonly document: FootageRequest;
  readonly posted: string;
  readonly approved: string;
  readonly status: string | null;
  /** The reviewer's note that rejects it. */
  readonly rejection: string | null;
}

export interface DemoDocuments {
  readonly directory: string;
  /** Oldest first, as in the town. */
  readonly requests: readonly DemoRequest[];
}

const signed = async <K extends NoteKind>(kind: K, document: DocumentOf<K>, signer: NoteSigner): Promise<string> => {
  const note = await signNote(documentText(kind, document), signer);
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};

const coSigned = async (note: string, signer: NoteSigner): Promise<string> => {
  const result = await coSignNote(note, signer);
  if (!result.ok) throw new Error(result.detail);
  return result.value;
};

const directoryOf = async (town: DemoTown): Promise<Directory> => {
  const agencies = town.agencies.map(async ({ signer, ...agency }) => ({
    ...agency,
    keys: [(await demoSigner(signer)).verifierKey],
    recipients: [(await demoAgeKey(signer)).recipient],
  }));
  return {
    issued: new Date(town.anchor - 30 * DAY).toISOString(),
    hub: { name: 'Wrenfield demo hub', key: (await demoSigner('hub')).verifierKey },
    agencies: await Promise.all(agencies),
    reviewers: [{ ...town.reviewer, keys: [(await demoSigner('reviewer')).verifierKey] }],
  };
};

/** The text of a note changed after it was signed, the signatures left as they were. */
const altered = (note: string, document: FootageRequest): string => {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.detail);
  return formatNote({ ...parsed.value, text: documentText('request', document) });
};

const statusOf = (one: TownRequest, seq: number, prev: string): RequestStatusNote | null =>
  one.status === undefined
    ? null
    : {
        request: one.document.id,
        agency: one.document.agency,
        status: one.status.status,
        reason: one.status.reason,
        at: new Date(one.status.at).toISOString(),
        seq,
        prev,
      };

const rejectionOf = async ({ document, rejection }: TownRequest, reviewer: NoteSigner): Promise<string | null> => {
  if (rejection === undefined) return null;
  const { code, reason, at } = rejection;
  const { id: request, agency } = document;
  const note = { request, agency, status: 'rejected', code, reason, at: new Date(at).toISOString() } as const;
  return signed('status', note, reviewer);
};

/** All the town's notes. Each agency's posts are chained by `seq` and `prev`; what forgers made is in nobody's chain. */
export const demoDocuments = async (town: DemoTown): Promise<DemoDocuments> => {
  const reviewer = await demoSigner('reviewer');
  const heads = new Map<string, { readonly seq: number; readonly prev: string }>();
  const requests: DemoRequest[] = [];
  for (const one of town.requests) {
    const signer = await demoSigner(one.signer);
    const head = heads.get(one.document.agency);
    const document: FootageRequest = { ...one.document, seq: (head?.seq ?? 0) + 1, prev: head?.prev ?? null };
    const note = await signed('request', document, signer);
    const approved = await coSigned(note, reviewer);
    const chained = one.entry !== 'altered' && one.entry !== 'unknown-agency';
    const textHash = await textSha256(documentText('request', document));
    if (chained) heads.set(document.agency, { seq: document.seq, prev: textHash });
    const shown = { ...document, ...one.alteration };
    const status = statusOf(one, document.seq + 1, textHash);
    if (status !== null) {
      heads.set(document.agency, { seq: document.seq + 1, prev: await textSha256(documentText('status', status)) });
    }
    requests.push({
      id: document.id,
      entry: one.entry,
      expiresAt: Date.parse(document.expires),
      document: shown,
      posted: note,
      approved: one.entry === 'altered' ? altered(approved, shown) : approved,
      status: status === null ? null : await signed('status', status, signer),
      rejection: await rejectionOf(one, reviewer),
    });
  }
  return { directory: await signed('directory', await directoryOf(town), await demoSigner('root')), requests };
};

/** What seeding needs of a hub: its API and, for the exhibits, its store (server/stores/documents.ts). */
export interface SeedableHub {
  fetch(request: Request): Promise<Response>;
  readonly documents: {
    clear(): Promise<void>;
    addExhibit(note: string): Promise<void>;
    addRequest(
      request: { id: string; agency: string; seq: number; textSha256: string; note: string; expiresAt: EpochMs },
      state: 'published',
      at: EpochMs,
    ): Promise<boolean>;
  };
}

const post = async (hub: SeedableHub, path: string, note: string): Promise<void> => {
  const response = await hub.fetch(new Request(`http://localhost/v1/${path}`, { method: 'POST', body: note }));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
};

const seedOne = async (hub: SeedableHub, one: DemoRequest): Promise<void> => {
  switch (one.entry) {
    case 'approved':
    case 'rejected':
    case 'unreviewed':
      await post(hub, 'requests', one.posted);
      if (one.rejection !== null) await post(hub, `requests/${one.id}/status`, one.rejection);
      if (one.entry === 'approved') await post(hub, `requests/${one.id}/review`, one.approved);
      // The API keeps unreviewed posts to itself; the feed shows this one so that pages can be seen to refuse it.
      if (one.entry === 'unreviewed') await hub.documents.addExhibit(one.posted);
      if (one.status !== null) await post(hub, `requests/${one.id}/status`, one.status);
      return;
    case 'published-earlier':
    case 'approved-wrongly': {
      // The API rightly refuses these today: they go past it into the agency's chain.
      const { agency, seq, posted } = one.document;
      const textHash = await textSha256(documentText('request', one.document));
      const row = { id: one.id, agency, seq, textSha256: textHash, note: one.approved, expiresAt: one.expiresAt };
      if (!(await hub.documents.addRequest(row, 'published', Date.parse(posted))))
        throw new Error(`${one.id} is there already`);
      return;
    }
    case 'altered':
    case 'unknown-agency':
      // No hub accepts these at all.
      await hub.documents.addExhibit(one.approved);
  }
};

/**
 * Forgets the hub's documents and puts the town's in, timed by `anchor`, which must not lie in the future. Good posts go
 * through the hub's own API (agency, reviewer, status); what it would refuse goes straight into its store.
 */
export const seedDemo = async (
  hub: SeedableHub,
  anchor: EpochMs,
): Promise<Result<{ requests: number }, 'seeding-failed'>> => {
  try {
    const { requests } = await demoDocuments(demoTown(anchor));
    await hub.documents.clear();
    for (const one of requests) await seedOne(hub, one);
    return ok({ requests: requests.length });
  } catch (error) {
    return failure(
      'seeding-failed',
      `The demo town could not be put into the hub: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
};

/** What people say about the seeded requests. `now` is the hub's: it takes no comment that is older than a day. */
export const seedComments = async (hub: SeedableHub, now: EpochMs): Promise<void> => {
  for (const { path, note } of await demoCommentPosts(now)) await post(hub, path, note);
};

/** The demo directory for `startHub`, signed by the demo root key. */
export const demoDirectoryNote = async (anchor: EpochMs): Promise<string> =>
  (await demoDocuments(demoTown(anchor))).directory;
