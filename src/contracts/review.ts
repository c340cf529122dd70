/** The reviewers' desk: requests that wait for a review, each with everything a reviewer has to look at. */
import * as v from 'valibot';
import type { RuleOutcome, SignatureLine } from './public-record.ts';
import type { Agency, FootageRequest, RejectionCode } from './request.ts';
import type { EpochMs } from './units.ts';

/** What `GET /v1/review` answers a reviewer, oldest first. */
export const ReviewQueueSchema = v.strictObject({
  version: v.literal(1),
  pending: v.array(
    v.strictObject({
      note: v.pipe(v.string(), v.maxLength(200_000)),
      received: v.pipe(v.string(), v.isoTimestamp()),
      /** The agency's earlier requests under the same case number, for the rule about posts per case. */
      earlier: v.array(v.pipe(v.string(), v.maxLength(200_000))),
    }),
  ),
});
export type ReviewQueue = v.InferOutput<typeof ReviewQueueSchema>;

export interface ReviewItem {
  readonly note: string;
  readonly request: FootageRequest;
  readonly agency: Agency | null;
  readonly receivedAt: EpochMs;
  readonly rules: readonly RuleOutcome[];
  readonly signatures: readonly SignatureLine[];
  /** Why this one cannot be approved, whoever the reviewer is; null when only the reviewer's judgement is missing. */
  readonly obstacle: string | null;
}

/** The reviewers' checklist: every reason code with the question to ask of the text. */
export const REVIEW_QUESTIONS: readonly { readonly code: RejectionCode; readonly question: string }[] = [
  { code: 'lawful-activity', question: 'Is it about lawful activity, such as a protest or an assembly?' },
  { code: 'announcement', question: 'Is it an announcement or advertisement rather than a request for one incident?' },
  { code: 'profiling', question: 'Does it profile people, or describe someone solely by race?' },
  { code: 'threats-or-harassment', question: 'Does it threaten or harass anybody?' },
  {
    code: 'victim-identity',
    question: 'Does it name or show a victim? (Allowed only for missing or abducted persons.)',
  },
  { code: 'pressure-to-share', question: 'Does it press people to share, or hint at consequences if they do not?' },
];

/** Rejections under these codes keep the very text out of the public history: showing it would do the harm again. */
export const HARMFUL_CODES: readonly RejectionCode[] = ['threats-or-harassment', 'victim-identity'];
