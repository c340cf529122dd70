/** Whether a comment, or the removal of one, is signed by whom it says: hub and page decide it alike. */
import type { Comment, CommentRemoval } from '../contracts/comments.ts';
import type { Reviewer } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import { parseVerifierKey, verifyNote, type SignedNote } from './signed-note.ts';
import { isGoodAt, reviewerOf, type TrustedDirectory } from './trusted-directory.ts';

export type CommentRefusal = 'not-genuine';

const refuse = (detail: string) => failure<CommentRefusal>('not-genuine', detail);

const signedByOwnKey = async (note: SignedNote, encoded: string): Promise<Result<void, CommentRefusal>> => {
  const key = await parseVerifierKey(encoded);
  if (!key.ok) return refuse(key.detail);
  const signedBy = await verifyNote(note, [key.value]);
  if (!signedBy.ok) return refuse(signedBy.detail);
  return signedBy.value.length === 1 ? ok(undefined) : refuse('It is not signed by the key that it names.');
};

/** A comment is genuine when the key it names signed it. Who that is, nobody knows, and nobody is meant to. */
export const checkComment = (note: SignedNote, comment: Comment): Promise<Result<void, CommentRefusal>> =>
  signedByOwnKey(note, comment.key);

/** A removal by the writer is signed by the key it names, one by a reviewer by a key of the directory; the reviewer, or null for the writer. */
export const checkRemoval = async (
  note: SignedNote,
  removal: CommentRemoval,
  trusted: TrustedDirectory,
): Promise<Result<Reviewer | null, CommentRefusal>> => {
  if (removal.by === 'writer') {
    if (removal.key === undefined) return refuse('The removal does not name the writer’s key.');
    const signed = await signedByOwnKey(note, removal.key);
    return signed.ok ? ok(null) : signed;
  }
  if (removal.code === undefined || removal.reason === undefined) {
    return refuse('A reviewer removes a comment with a code and a reason, which stay visible.');
  }
  const signedBy = await verifyNote(
    note,
    trusted.reviewers.flatMap(({ keys }) => keys),
  );
  if (!signedBy.ok) return refuse(signedBy.detail);
  const good = signedBy.value.filter((key) => isGoodAt(key, Date.parse(removal.at)));
  const reviewer = reviewerOf(good, trusted);
  return reviewer === null ? refuse('The removal is not signed by a reviewer whose key was good then.') : ok(reviewer);
};
