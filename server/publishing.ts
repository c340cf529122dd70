/** What the hub asks of a document before it keeps or publishes it: signatures, the agency's chain, the policy, the clock. */
import type { FootageRequest, RequestStatusNote } from '../src/contracts/request.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { EpochMs } from '../src/contracts/units.ts';
import { LONGEST_OPEN_MS } from '../src/core/request-draft.ts';
import { checkPolicy, earlierOfSameCase } from '../src/core/request-policy.ts';
import { formatNote, verifyNote, type SignedNote } from '../src/core/signed-note.ts';
import {
  checkRequestSignatures,
  checkStatusSignature,
  keysGoodNow,
  type TermedKey,
  type TrustedDirectory,
} from '../src/core/trusted-directory.ts';
import { noteKind, readDocument, textSha256 } from '../src/core/typed-note.ts';
import type { ChainPlace, DocumentStore, StoredRequest } from './stores/documents.ts';

export type PublishProblem =
  | 'unreadable'
  | 'bad-signature'
  | 'unknown-request'
  | 'wrong-place-in-chain'
  | 'breaks-policy'
  | 'wrong-time'
  | 'conflict';

/** Clocks of agencies may run ahead of the hub's by this much. */
export const CLOCK_SKEW_MS = 5 * 60_000;

export interface Publishing {
  /** An agency's signed request → pending. */
  postRequest(note: string): Promise<Result<{ id: string }, PublishProblem>>;
  /** The co-signed note → published; or a reviewer's status note that says `rejected` → rejected. */
  review(id: string, note: string): Promise<Result<'published' | 'rejected', PublishProblem>>;
  /** A closing note: by the agency `resolved` or `withdrawn`, by a reviewer `rejected`. */
  postStatus(id: string, note: string): Promise<Result<void, PublishProblem>>;
  /** Whether packages may be sent for this request now. */
  isOpen(id: string): Promise<boolean>;
}

/** What places a note in an agency's chain. */
type Link = Pick<FootageRequest, 'agency' | 'seq' | 'prev'>;

export const documentOf = (stored: StoredRequest): FootageRequest[] => {
  const read = readDocument('request', stored.note);
  return read.ok ? [read.value.document] : [];
};

/** The hub's publishing rules over a store, a directory and a clock. */
export const createPublishing = (store: DocumentStore, trusted: TrustedDirectory, now: () => EpochMs): Publishing => {
  const policyProblem = async (request: FootageRequest): Promise<string | null> => {
    const earlier = (await store.requestsOf(request.agency))
      .filter(({ state }) => state !== 'rejected')
      .flatMap(documentOf);
    const broken = checkPolicy(request, earlierOfSameCase(request, earlier)).find(({ holds }) => !holds);
    return broken?.detail ?? null;
  };

  const timeProblem = (request: FootageRequest): string | null => {
    const expires = Date.parse(request.expires);
    if (expires <= now()) return 'The request has expired.';
    if (expires > now() + LONGEST_OPEN_MS + CLOCK_SKEW_MS) return 'A request stays open for 90 days at most.';
    if (Date.parse(request.posted) > now() + CLOCK_SKEW_MS) return 'The request is dated in the future.';
    if (Date.parse(request.window.from) > now())
      return 'The window lies in the future: only what has happened can be asked for.';
    return null;
  };

  const chainProblem = async ({ agency, seq, prev }: Link): Promise<string | null> => {
    const head = await store.head(agency);
    const next = (head?.seq ?? 0) + 1;
    if (seq !== next) return `The agency's next post has the number ${next}, not ${seq}.`;
    return prev === (head?.textSha256 ?? null) ? null : 'prev is not the SHA-256 of the agency’s previous post.';
  };

  /** A document's date is its signer's word, and a stolen key can backdate: what comes in now needs a key that is good now. */
  const signedNow = async (note: SignedNote, keys: readonly TermedKey[]): Promise<boolean> => {
    const signedBy = await verifyNote(note, keysGoodNow(keys, now()));
    return signedBy.ok && signedBy.value.length > 0;
  };
  const agencyKeys = (agency: string): readonly TermedKey[] => trusted.agencies.get(agency)?.keys ?? [];
  const reviewerKeys = trusted.reviewers.flatMap(({ keys }) => keys);
  const NOT_NOW =
    'The key that signed this is not, or no longer, good: the directory says from when until when each is.';

  const postRequest: Publishing['postRequest'] = async (note) => {
    const read = readDocument('request', note);
    if (!read.ok) return failure('unreadable', read.detail);
    const { document, note: signed } = read.value;
    const { problem } = await checkRequestSignatures(signed, document, trusted);
    // Not being reviewed yet is the one thing that a new request may lack.
    if (problem !== null && problem.kind !== 'not-reviewed') return failure('bad-signature', problem.detail);
    if (!(await signedNow(signed, agencyKeys(document.agency)))) return failure('bad-signature', NOT_NOW);
    const timing = timeProblem(document);
    if (timing !== null) return failure('wrong-time', timing);
    const policy = await policyProblem(document);
    if (policy !== null) return failure('breaks-policy', policy);
    const chain = await chainProblem(document);
    if (chain !== null) return failure('wrong-place-in-chain', chain);
    const { id, agency, seq } = document;
    const expiresAt = Date.parse(document.expires);
    const added = await store.addRequest(
      { id, agency, seq, textSha256: await textSha256(signed.text), note: formatNote(signed), expiresAt },
      'pending',
      now(),
    );
    return added ? ok({ id }) : failure('conflict', 'There is a request with this id or number already.');
  };

  const approve = async (stored: StoredRequest, note: string): Promise<Result<'published', PublishProblem>> => {
    const read = readDocument('request', note);
    if (!read.ok) return failure('unreadable', read.detail);
    const { document, note: signed } = read.value;
    if ((await textSha256(signed.text)) !== stored.textSha256) {
      return failure('conflict', 'The approved text is not the text that the agency posted.');
    }
    const { problem } = await checkRequestSignatures(signed, document, trusted);
    if (problem !== null) return failure('bad-signature', problem.detail);
    if (!(await signedNow(signed, reviewerKeys))) return failure('bad-signature', NOT_NOW);
    const timing = timeProblem(document);
    if (timing !== null) return failure('wrong-time', timing);
    const policy = await policyProblem(document);
    if (policy !== null) return failure('breaks-policy', policy);
    const published = await store.publish(stored.id, formatNote(signed), now());
    return published ? ok('published') : failure('conflict', 'This request is not waiting for a review.');
  };

  /** A rejection has a code and a reason and no place; the agency's own note is the next entry of its chain. */
  const placeOf = async (
    status: RequestStatusNote,
    signed: SignedNote,
  ): Promise<Result<ChainPlace | null, PublishProblem>> => {
    const { agency, seq, prev } = status;
    if (status.status === 'rejected') {
      return status.reason !== undefined && status.code !== undefined && seq === undefined && prev === undefined
        ? ok(null)
        : failure('unreadable', 'A rejection gives its code and its reason, and has no place in the agency’s chain.');
    }
    if (seq === undefined || prev === undefined) {
      return failure('unreadable', 'The agency’s closing note is an entry of its chain: seq and prev are missing.');
    }
    const problem = await chainProblem({ agency, seq, prev });
    if (problem !== null) return failure('wrong-place-in-chain', problem);
    return ok({ agency, seq, textSha256: await textSha256(signed.text) });
  };

  const postStatus: Publishing['postStatus'] = async (id, note) => {
    const read = readDocument('status', note);
    if (!read.ok) return failure('unreadable', read.detail);
    const { document, note: signed } = read.value;
    const stored = await store.request(id);
    if (stored === null) return failure('unknown-request', 'There is no such request.');
    if (document.request !== id || document.agency !== stored.agency) {
      return failure('conflict', 'The note is about another request.');
    }
    const entitled = await checkStatusSignature(signed, document, trusted);
    if (!entitled.ok) return failure('bad-signature', entitled.detail);
    const keys = entitled.value === 'agency' ? agencyKeys(document.agency) : reviewerKeys;
    if (!(await signedNow(signed, keys))) return failure('bad-signature', NOT_NOW);
    if (Date.parse(document.at) > now() + CLOCK_SKEW_MS)
      return failure('wrong-time', 'The note is dated in the future.');
    const place = await placeOf(document, signed);
    if (!place.ok) return place;
    const closed = await store.close(id, formatNote(signed), place.value, now());
    return closed ? ok(undefined) : failure('conflict', 'This request is closed already.');
  };

  return {
    postRequest,
    postStatus,
    review: async (id, note) => {
      const stored = await store.request(id);
      if (stored === null) return failure('unknown-request', 'There is no such request.');
      if (stored.state !== 'pending') return failure('conflict', 'This request is not waiting for a review.');
      if (noteKind(note) !== 'status') return approve(stored, note);
      const read = readDocument('status', note);
      if (!read.ok) return failure('unreadable', read.detail);
      if (read.value.document.status !== 'rejected') return failure('conflict', 'A review approves or rejects.');
      const rejected = await postStatus(id, note);
      return rejected.ok ? ok('rejected') : rejected;
    },
    isOpen: async (id) => {
      const stored = await store.request(id);
      if (stored === null || stored.state !== 'published' || stored.statusNote !== null) return false;
      return stored.expiresAt > now() && trusted.agencies.get(stored.agency)?.agency.status === 'active';
    },
  };
};
