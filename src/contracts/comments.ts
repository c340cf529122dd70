/** Public comments: signed by a key that the writer's device made for this one request, removable by it or by a reviewer. */
import * as v from 'valibot';
import { RejectionCodeSchema, type RejectionCode, type Reviewer } from './request.ts';
import type { EpochMs, Sha256Hex } from './units.ts';

export const COMMENT_NAME_LENGTH = 60;
export const COMMENT_TEXT_LENGTH = 600;

const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const instant = v.pipe(v.string(), v.isoTimestamp());
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Marks that turn the direction of a line or hide in it: with them a comment could be made to read as another. */
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const visible = (max: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty('must not be empty'),
    v.maxLength(max, `must have at most ${max} characters`),
    v.check((value) => !INVISIBLE.test(value), 'must not hold invisible characters'),
  );
const verifierKey = v.pipe(v.string(), v.maxLength(400));

/** Signed by `key`, which the device made for this request alone. Its id is the SHA-256 of the note's text. */
export const CommentSchema = v.strictObject({
  request: identifier,
  name: v.pipe(
    visible(COMMENT_NAME_LENGTH),
    v.check((name) => !name.includes('\n'), 'must be one line'),
  ),
  text: visible(COMMENT_TEXT_LENGTH),
  at: instant,
  key: verifierKey,
});
export type Comment = v.InferOutput<typeof CommentSchema>;

/** By the writer: signed by the comment's own `key`, no code. By a reviewer: a code and a reason, which stay visible. */
export const CommentRemovalSchema = v.strictObject({
  comment: sha256,
  request: identifier,
  at: instant,
  by: v.picklist(['writer', 'reviewer']),
  key: v.optional(verifierKey),
  code: v.optional(RejectionCodeSchema),
  reason: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200))),
});
export type CommentRemoval = v.InferOutput<typeof CommentRemovalSchema>;

/** What `GET /v1/comments/CELL` answers (`all` while the feed is one file), oldest first. A removed comment is its removal alone. */
export const CommentsFileSchema = v.strictObject({
  version: v.literal(1),
  comments: v.array(
    v.union([
      v.strictObject({ id: sha256, note: v.pipe(v.string(), v.maxLength(4_000)) }),
      v.strictObject({ id: sha256, removal: v.pipe(v.string(), v.maxLength(4_000)) }),
    ]),
  ),
});
export type CommentsFile = v.InferOutput<typeof CommentsFileSchema>;

/** A comment as the page shows it: its signature holds; one that does not hold is not shown at all. */
export interface CommentView {
  readonly id: Sha256Hex;
  readonly requestId: string;
  /** Plain text; null once removed. */
  readonly name: string | null;
  readonly text: string | null;
  readonly at: EpochMs;
  /** This device wrote it and can remove it. */
  readonly mine: boolean;
  readonly removed: {
    readonly by: 'writer' | 'reviewer';
    readonly reviewer: Reviewer | null;
    readonly code: RejectionCode | null;
    readonly reason: string | null;
    readonly at: EpochMs;
  } | null;
}

/** Every comment on the requests that this page holds, as last fetched: whole files, with the feed, whichever requests are read. */
export interface CommentsState {
  /** Oldest first; removed ones stay in their place. */
  readonly byRequest: ReadonlyMap<string, readonly CommentView[]>;
  /** True once they are as the hub had them when the requests were last fetched; until then, as kept here. */
  readonly fetched: boolean;
  /** Why they could not be fetched; null while nothing went wrong. */
  readonly problem: string | null;
}
