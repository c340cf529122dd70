/** An agency's public history: every entry of its chain as the hub sends it, and what the page finds when it verifies it. */
import * as v from 'valibot';
import { AgencySchema, type Agency, type FootageRequest, type RejectionCode, type Reviewer } from './request.ts';
import type { EpochMs, Sha256Hex } from './units.ts';

const seq = v.pipe(v.number(), v.integer(), v.minValue(1));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/**
 * One entry of the chain: the whole note, or only the hash of its text where the text is not public, because no reviewer has
 * looked at it yet or because the rejection says that the very text does harm. The hash keeps the chain verifiable.
 */
export const HistoryEntrySchema = v.union([
  v.strictObject({ seq, note: v.pipe(v.string(), v.maxLength(200_000)) }),
  v.strictObject({
    seq,
    textSha256: sha256,
    withheld: v.picklist(['awaiting-review', 'harmful']),
    request: v.string(),
  }),
]);
export type HistoryEntry = v.InferOutput<typeof HistoryEntrySchema>;

/** What `GET /v1/agencies/ID` answers, oldest entry first. */
export const AgencyHistorySchema = v.strictObject({
  version: v.literal(1),
  agency: AgencySchema,
  entries: v.pipe(v.array(HistoryEntrySchema), v.maxLength(100_000)),
  /** Reviewers' rejections, and closing notes from before these were entries of the chain. */
  others: v.pipe(v.array(v.pipe(v.string(), v.maxLength(20_000))), v.maxLength(100_000)),
});
export type AgencyHistory = v.InferOutput<typeof AgencyHistorySchema>;

/** The end of a chain: what the agency's next note carries as `seq - 1` and `prev`. Null in their place: no entry yet. */
export interface ChainHead {
  readonly seq: number;
  readonly textSha256: Sha256Hex;
}

export type HistoryProblemKind =
  /** The text does not carry the signature it had: somebody changed it, or its place in the chain does not fit its words. */
  | 'changed'
  | 'dropped'
  | 'reordered'
  /** Two entries claim the same place. */
  | 'forked'
  | 'unreadable'
  | 'not-signed-by-agency'
  /** Signed with a key that was not, or no longer, good. */
  | 'key-not-valid-then'
  /** Shown as published although no reviewer signed it. */
  | 'not-reviewed'
  /** The history this page saw before had another text here, or had entries where this one ends. */
  | 'not-a-continuation';

export interface HistoryProblem {
  readonly kind: HistoryProblemKind;
  /** The entry's number in the chain, from 1. */
  readonly position: number;
  /** One sentence naming the position. */
  readonly detail: string;
}

export type PostOutcome = 'awaiting-review' | 'open' | 'expired' | 'resolved' | 'withdrawn' | 'rejected' | 'refused';

/** One line of the profile. `post` is a request with all that became of it; `closing` the agency's own closing note. */
export type VerifiedEntry =
  | {
      readonly kind: 'post';
      readonly position: number;
      readonly textSha256: Sha256Hex;
      readonly requestId: string;
      /** Null where the text is withheld. */
      readonly request: FootageRequest | null;
      /** SHA-256 of the whole note, signatures included, which packages name; null where the text is withheld. */
      readonly noteSha256: Sha256Hex | null;
      readonly withheld: 'awaiting-review' | 'harmful' | null;
      readonly reviewer: Reviewer | null;
      readonly outcome: PostOutcome;
      readonly rejection: {
        readonly reviewer: Reviewer | null;
        readonly code: RejectionCode | null;
        readonly reason: string;
        readonly at: EpochMs;
      } | null;
    }
  | {
      readonly kind: 'closing';
      readonly position: number;
      readonly textSha256: Sha256Hex;
      readonly requestId: string;
      readonly status: 'resolved' | 'withdrawn';
      readonly reason: string | null;
      readonly at: EpochMs;
    }
  | { readonly kind: 'unreadable'; readonly position: number };

export interface VerifiedHistory {
  readonly agency: Agency;
  /** Oldest first. */
  readonly entries: readonly VerifiedEntry[];
  /** Empty: the whole chain holds, from its first entry to its head. */
  readonly problems: readonly HistoryProblem[];
  readonly head: ChainHead | null;
}

/** What this page remembers of an agency's chain: every text's hash in order, as last verified. */
export interface SeenHistory {
  readonly agency: string;
  readonly texts: readonly Sha256Hex[];
  readonly seenAt: EpochMs;
}
