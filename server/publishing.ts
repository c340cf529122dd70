/** What the hub asks of a document before it keeps or publishes it: signatures, the agency's chain, the policy, the clock. */
import type { FootageRequest } from '../src/contracts/request.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { EpochMs } from '../src/contracts/units.ts';
import { checkPolicy, earlierOfSameCase } from '../src/core/request-policy.ts';
import { formatNote } from '../src/core/signed-note.ts';
import { checkRequestSignatures, checkStatusSignature, type TrustedDirectory } from '../src/core/trusted-directory.ts';
import { noteKind, readDocument, textSha256 } from '../src/core/typed-note.ts';
import type { DocumentStore, StoredRequest } from './stores/documents.ts';

export type PublishProblem =
  | 'unreadable'
  | 'bad-signature'
  | 'unknown-request'
  | 'wrong-place-in-chain'
  | 'breaks-policy'
  | 'wrong-time'
  | 'conflict';

/** Clocks of agencies may run ahead of the hub's by this much. */
const CLOCK_SKEW_MS = 5 * 60_000;

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

const documentOf = (stored: StoredRequest): FootageRequest[] => {
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
    if (Date.parse(request.expires) <= now()) return 'The request has expired.';
    if (Date.parse(request.posted) > now() + CLOCK_SKEW_MS) return 'The request is dated in the future.';
    if (Date.parse(request.window.from) > now())
      return 'The window lies in the future: only what has happened can be asked for.';
    return null;
  };

  const chainProblem = async (request: FootageRequest): Promise<string | null> => {
    const last = (await store.requestsOf(request.agency)).at(-1);
    const seq = (last?.seq ?? 0) + 1;
    if (request.seq !== seq) return `The agency's next post has the number ${seq}, not ${request.seq}.`;
    return request.prev === (last?.textSha256 ?? null)
      ? null
      : 'prev is not the SHA-256 of the agency’s previous post.';
  };

  const postRequest: Publishing['postRequest'] = async (note) => {
    const read = readDocument('request', note);
    if (!read.ok) return failure('unreadable', read.detail);
    const { document, note: signed } = read.value;
    const { problem } = await checkRequestSignatures(signed, document, trusted);
    // Not being reviewed yet is the one thing that a new request may lack.
    if (problem !== null && problem.kind !== 'not-reviewed') return failure('bad-signature', problem.detail);
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
    const timing = timeProblem(document);
    if (timing !== null) return failure('wrong-time', timing);
    const policy = await policyProblem(document);
    if (policy !== null) return failure('breaks-policy', policy);
    const published = await store.publish(stored.id, formatNote(signed), now());
    return published ? ok('published') : failure('conflict', 'This request is not waiting for a review.');
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
    if (document.status === 'rejected' && document.reason === undefined) {
      return failure('unreadable', 'A rejection gives its reason.');
    }
    const closed = await store.close(id, formatNote(signed), now());
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
      return stored !== null && stored.state === 'published' && stored.statusNote === null && stored.expiresAt > now();
    },
  };
};
