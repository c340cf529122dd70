/** What the hub asks of a comment or a removal before it keeps it. */
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { EpochMs, Sha256Hex } from '../src/contracts/units.ts';
import { formatNote, verifyNote } from '../src/core/signed-note.ts';
import { checkComment, checkRemoval } from '../src/core/comment-notes.ts';
import { keysGoodNow, type TrustedDirectory } from '../src/core/trusted-directory.ts';
import { readDocument, textSha256 } from '../src/core/typed-note.ts';
import { MAX_COMMENTS_PER_REQUEST } from './options.ts';
import { CLOCK_SKEW_MS } from './publishing.ts';
import type { CommentStore } from './stores/comments.ts';

export type CommentProblem =
  | 'unreadable'
  | 'bad-signature'
  | 'unknown-request'
  | 'unknown-comment'
  | 'comments-closed'
  | 'too-many-comments'
  | 'wrong-time'
  | 'conflict';

export interface Commenting {
  /** The very same comment again is welcome and changes nothing. */
  post(request: string, note: string): Promise<Result<{ readonly id: Sha256Hex }, CommentProblem>>;
  remove(request: string, note: string): Promise<Result<void, CommentProblem>>;
}

interface CommentingParts {
  readonly store: CommentStore;
  readonly trusted: TrustedDirectory;
  readonly now: () => EpochMs;
  isOpen(request: string): Promise<boolean>;
}

/** Older notes are replays: nobody needs a day to send a comment. */
const MAX_AGE_MS = 24 * 3_600_000;

export const createCommenting = ({ store, trusted, now, isOpen }: CommentingParts): Commenting => {
  const timeProblem = (at: EpochMs): string | null => {
    if (at > now() + CLOCK_SKEW_MS) return 'The comment is dated in the future: check the clock.';
    return at < now() - MAX_AGE_MS ? 'The comment is dated more than a day ago: write it again.' : null;
  };

  return {
    post: async (request, note) => {
      const read = readDocument('comment', note);
      if (!read.ok) return failure('unreadable', read.detail);
      const { document, note: signed } = read.value;
      if (document.request !== request) return failure('conflict', 'The comment is about another request.');
      const genuine = await checkComment(signed, document);
      if (!genuine.ok) return failure('bad-signature', genuine.detail);
      const id = await textSha256(signed.text);
      const already = await store.comment(id);
      if (already !== null) {
        return already.removal === null ? ok({ id }) : failure('conflict', 'This comment was removed.');
      }
      const timing = timeProblem(Date.parse(document.at));
      if (timing !== null) return failure('wrong-time', timing);
      if (!(await isOpen(request))) return failure('comments-closed', 'Only open requests can be commented on.');
      if ((await store.count(request)) >= MAX_COMMENTS_PER_REQUEST) {
        return failure('too-many-comments', `A request has at most ${MAX_COMMENTS_PER_REQUEST} comments.`);
      }
      await store.add({ id, requestId: request, verifierKey: document.key, note: formatNote(signed) }, now());
      return ok({ id });
    },

    remove: async (request, note) => {
      const read = readDocument('comment-removal', note);
      if (!read.ok) return failure('unreadable', read.detail);
      const { document, note: signed } = read.value;
      const comment = await store.comment(document.comment);
      if (comment === null || comment.requestId !== request || document.request !== request) {
        return failure('unknown-comment', 'There is no such comment on this request.');
      }
      if (document.by === 'writer' && document.key !== comment.verifierKey) {
        return failure('bad-signature', 'Only the key that wrote a comment, or a reviewer, removes it.');
      }
      const genuine = await checkRemoval(signed, document, trusted);
      if (!genuine.ok) return failure('bad-signature', genuine.detail);
      if (document.by === 'reviewer') {
        const keys = keysGoodNow(
          trusted.reviewers.flatMap((reviewer) => reviewer.keys),
          now(),
        );
        const signedBy = await verifyNote(signed, keys);
        if (!signedBy.ok || signedBy.value.length === 0) {
          return failure('bad-signature', 'The reviewer’s key is not, or no longer, good.');
        }
      }
      const timing = timeProblem(Date.parse(document.at));
      if (timing !== null) return failure('wrong-time', timing);
      const removed = await store.remove(document.comment, formatNote(signed), now());
      return removed ? ok(undefined) : failure('conflict', 'This comment was removed already.');
    },
  };
};
