/** The reviewers' desk: what waits, judged by the page's own checks; approval by co-signature, rejection by a signed note. */
import { ReviewQueueSchema, type ReviewItem } from '../contracts/review.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DeedFailure, Roles } from '../contracts/roles-api.ts';
import type { EpochMs } from '../contracts/units.ts';
import { checkPolicy } from '../core/request-policy.ts';
import { coSignNote, signNote } from '../core/signed-note.ts';
import { checkRequestSignatures, type TrustedDirectory } from '../core/trusted-directory.ts';
import { documentText, readDocument } from '../core/typed-note.ts';
import { NO_DIRECTORY } from './agency-desk.ts';
import { textOf, type HubDeeds } from './hub-deeds.ts';
import { parseJson } from './hub-files.ts';
import type { RoleKeyRing, RoleKeys } from './role-keys.ts';

export type ReviewDesk = Pick<Roles, 'reviewQueue' | 'approve' | 'reject'>;

interface ReviewDeskParts {
  readonly ring: RoleKeyRing;
  readonly deeds: HubDeeds;
  trusted(): TrustedDirectory | null;
  readonly now: () => EpochMs;
}

/** The keys of a reviewer who may sign now. */
export const reviewerKeys = async (ring: RoleKeyRing, keysId: string): Promise<Result<RoleKeys, DeedFailure>> => {
  const held = ring.keys.get().find(({ id }) => id === keysId);
  if (held === undefined) return failure('unknown-key', 'These keys are not on this device.');
  if (held.problem !== null) return failure('not-allowed', held.problem);
  if (held.role !== 'reviewer') return failure('not-allowed', 'These are not the keys of a reviewer.');
  return ring.use(keysId);
};

export const createReviewDesk = ({ ring, deeds, trusted, now }: ReviewDeskParts): ReviewDesk => {
  const itemOf = async (
    { note, received, earlier }: { note: string; received: string; earlier: readonly string[] },
    directory: TrustedDirectory,
  ): Promise<ReviewItem[]> => {
    const read = readDocument('request', note);
    if (!read.ok) return [];
    const request = read.value.document;
    const { agency, lines, problem } = await checkRequestSignatures(read.value.note, request, directory);
    const documents = earlier.flatMap((one) => {
      const other = readDocument('request', one);
      return other.ok ? [other.value.document] : [];
    });
    const rules = checkPolicy(request, documents);
    const broken = rules.find(({ holds }) => !holds);
    const obstacles = [
      problem === null || problem.kind === 'not-reviewed' ? null : problem.detail,
      broken?.detail ?? null,
      Date.parse(request.expires) <= now() ? 'The request has expired.' : null,
    ];
    const obstacle = obstacles.find((sentence) => sentence !== null) ?? null;
    return [{ note, request, agency, receivedAt: Date.parse(received), rules, signatures: lines, obstacle }];
  };

  return {
    reviewQueue: async (keysId) => {
      const keys = await reviewerKeys(ring, keysId);
      if (!keys.ok) return keys;
      const directory = trusted();
      if (directory === null) return NO_DIRECTORY;
      const request = {
        method: 'GET',
        path: '/v1/review',
        purpose: 'fetch the requests that wait for a review',
      } as const;
      const answer = await deeds.signed(request, keys.value.signer);
      if (!answer.ok) return answer;
      const text = textOf(answer.value);
      const queue = text.ok ? parseJson(ReviewQueueSchema, text.value) : null;
      if (queue === null) return failure('hub-error', 'The hub sent a queue that cannot be read.');
      const items: ReviewItem[] = [];
      for (const one of queue.pending) items.push(...(await itemOf(one, directory)));
      return ok(items);
    },

    approve: async (keysId, item) => {
      if (item.obstacle !== null) return failure('not-allowed', item.obstacle);
      const keys = await reviewerKeys(ring, keysId);
      if (!keys.ok) return keys;
      const note = await coSignNote(item.note, keys.value.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const posted = await deeds.post(`/v1/requests/${item.request.id}/review`, note.value, 'approve a request');
      return posted.ok ? ok(undefined) : posted;
    },

    reject: async (keysId, request, code, reason) => {
      if (reason.trim() === '')
        return failure('not-allowed', 'A rejection gives its reason, in words that the public reads.');
      const keys = await reviewerKeys(ring, keysId);
      if (!keys.ok) return keys;
      const text = documentText('status', {
        request: request.id,
        agency: request.agency,
        status: 'rejected',
        code,
        reason: reason.trim(),
        at: new Date(now()).toISOString(),
      });
      const note = await signNote(text, keys.value.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const posted = await deeds.post(`/v1/requests/${request.id}/status`, note.value, 'reject a request');
      return posted.ok ? ok(undefined) : posted;
    },
  };
};
