/** Reads the entries of an agency's chain one by one: who signed each, with which key, who reviewed it, and what became of it. */
import type {
  AgencyHistory,
  HistoryEntry,
  HistoryProblemKind,
  PostOutcome,
  VerifiedEntry,
} from '../contracts/agency-history.ts';
import type { FootageRequest, RequestStatusNote, Reviewer } from '../contracts/request.ts';
import type { EpochMs, Sha256Hex } from '../contracts/units.ts';
import type { Problems } from './history-problems.ts';
import { verifyNote, type SignedNote } from './signed-note.ts';
import {
  checkStatusSignature,
  isGoodAt,
  reviewerOf,
  type TermedKey,
  type TrustedDirectory,
} from './trusted-directory.ts';
import { noteKind, readDocument, textSha256 } from './typed-note.ts';

/** One entry as read, before it is judged beside its neighbours. */
export interface ReadEntry {
  readonly seq: number;
  readonly textSha256: Sha256Hex;
  /** Undefined where the text is withheld. */
  readonly prev: string | null | undefined;
  readonly signed: boolean;
  readonly verified: VerifiedEntry;
}

const agencySignature = async (
  note: SignedNote,
  keys: readonly TermedKey[],
  at: EpochMs,
  seq: number,
): Promise<HistoryProblemKind | null> => {
  const signedBy = await verifyNote(note, keys);
  if (!signedBy.ok) return 'changed';
  if (signedBy.value.length === 0) return 'not-signed-by-agency';
  return signedBy.value.some((key) => isGoodAt(key, at, seq)) ? null : 'key-not-valid-then';
};

interface Rejection {
  readonly status: RequestStatusNote;
  readonly reviewer: Reviewer | null;
}

export interface HistoryContext {
  readonly agency: string;
  readonly keys: readonly TermedKey[];
  readonly trusted: TrustedDirectory;
  readonly rejections: ReadonlyMap<string, Rejection>;
  readonly closings: ReadonlyMap<string, 'resolved' | 'withdrawn'>;
  readonly problems: Problems;
  readonly now: EpochMs;
}

const reviewerKeys = (trusted: TrustedDirectory): readonly TermedKey[] => trusted.reviewers.flatMap(({ keys }) => keys);

const rejectionOf = (requestId: string, { rejections }: HistoryContext) => {
  const found = rejections.get(requestId);
  if (found === undefined) return null;
  const { status, reviewer } = found;
  return { reviewer, code: status.code ?? null, reason: status.reason ?? '', at: Date.parse(status.at) };
};

const outcomeOf = (request: FootageRequest, wrong: boolean, context: HistoryContext): PostOutcome => {
  if (context.rejections.has(request.id)) return 'rejected';
  if (wrong) return 'refused';
  const closing = context.closings.get(request.id);
  if (closing !== undefined) return closing;
  return Date.parse(request.expires) <= context.now ? 'expired' : 'open';
};

const readPost = async (position: number, note: string, context: HistoryContext): Promise<ReadEntry | null> => {
  const read = readDocument('request', note);
  if (!read.ok) return null;
  const { document, note: signed } = read.value;
  const own = await agencySignature(signed, context.keys, Date.parse(document.posted), document.seq);
  const problem = own ?? (document.seq === position && document.agency === context.agency ? null : 'changed');
  if (problem !== null) context.problems.add(problem, position);
  const reviewed = await verifyNote(signed, reviewerKeys(context.trusted));
  const posted = Date.parse(document.posted);
  const reviewer = reviewed.ok
    ? reviewerOf(
        reviewed.value.filter((key) => posted < key.until),
        context.trusted,
      )
    : null;
  const needsReview = !context.rejections.has(document.id) && context.closings.get(document.id) !== 'withdrawn';
  if (!reviewed.ok) context.problems.add('changed', position);
  else if (reviewer === null && needsReview) context.problems.add('not-reviewed', position);
  const textHash = await textSha256(signed.text);
  const wrong = problem !== null || (reviewer === null && needsReview);
  return {
    seq: position,
    textSha256: textHash,
    prev: document.prev,
    signed: own === null,
    verified: {
      kind: 'post',
      position,
      textSha256: textHash,
      requestId: document.id,
      request: document,
      noteSha256: await textSha256(note),
      withheld: null,
      reviewer,
      outcome: outcomeOf(document, wrong, context),
      rejection: rejectionOf(document.id, context),
    },
  };
};

const readClosing = async (position: number, note: string, context: HistoryContext): Promise<ReadEntry | null> => {
  const read = readDocument('status', note);
  if (!read.ok) return null;
  const { document, note: signed } = read.value;
  if (document.status === 'rejected') return null;
  const own = await agencySignature(signed, context.keys, Date.parse(document.at), position);
  const problem = own ?? (document.seq === position && document.agency === context.agency ? null : 'changed');
  if (problem !== null) context.problems.add(problem, position);
  const textHash = await textSha256(signed.text);
  return {
    seq: position,
    textSha256: textHash,
    prev: document.prev,
    signed: own === null,
    verified: {
      kind: 'closing',
      position,
      textSha256: textHash,
      requestId: document.request,
      status: document.status,
      reason: document.reason ?? null,
      at: Date.parse(document.at),
    },
  };
};

const readWithheld = (
  { seq, textSha256: hash, withheld, request }: Extract<HistoryEntry, { withheld: unknown }>,
  context: HistoryContext,
): ReadEntry => {
  const closing = context.closings.get(request);
  const rejection = rejectionOf(request, context);
  const outcome = rejection === null ? (closing ?? 'awaiting-review') : 'rejected';
  const common = {
    kind: 'post',
    position: seq,
    textSha256: hash,
    requestId: request,
    request: null,
    noteSha256: null,
  } as const;
  return {
    seq,
    textSha256: hash,
    prev: undefined,
    signed: true,
    verified: { ...common, withheld, reviewer: null, outcome, rejection },
  };
};

/** Reads one entry and writes down what is wrong with it by itself. */
export const readEntry = async (entry: HistoryEntry, context: HistoryContext): Promise<ReadEntry> => {
  if ('withheld' in entry) return readWithheld(entry, context);
  const { seq, note } = entry;
  const read = noteKind(note) === 'status' ? await readClosing(seq, note, context) : await readPost(seq, note, context);
  if (read !== null) return read;
  context.problems.add('unreadable', seq);
  return { seq, textSha256: '', prev: undefined, signed: false, verified: { kind: 'unreadable', position: seq } };
};

/** Rejections that a reviewer signed, and the agency's closing notes wherever they stand; what does not verify closes nothing. */
export const readClosings = async (
  history: AgencyHistory,
  trusted: TrustedDirectory,
): Promise<Pick<HistoryContext, 'rejections' | 'closings'>> => {
  const rejections = new Map<string, Rejection>();
  const closings = new Map<string, 'resolved' | 'withdrawn'>();
  const notes = [...history.others, ...history.entries.flatMap((entry) => ('note' in entry ? [entry.note] : []))];
  for (const note of notes) {
    if (noteKind(note) !== 'status') continue;
    const read = readDocument('status', note);
    if (!read.ok || read.value.document.agency !== history.agency.id) continue;
    const { document, note: signed } = read.value;
    if (!(await checkStatusSignature(signed, document, trusted)).ok) continue;
    if (document.status !== 'rejected') {
      closings.set(document.request, document.status);
      continue;
    }
    const signedBy = await verifyNote(signed, reviewerKeys(trusted));
    rejections.set(document.request, {
      status: document,
      reviewer: signedBy.ok ? reviewerOf(signedBy.value, trusted) : null,
    });
  }
  return { rejections, closings };
};
