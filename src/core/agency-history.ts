/**
 * Verifies an agency's whole chain: every entry signed by the agency with a key that was good then, in its place, linked by hash to
 * the one before, and reviewed where it was published. What does not hold is named with its position.
 */
import type {
  AgencyHistory,
  ChainHead,
  HistoryEntry,
  HistoryProblem,
  HistoryProblemKind,
  PostOutcome,
  SeenHistory,
  VerifiedEntry,
  VerifiedHistory,
} from '../contracts/agency-history.ts';
import type { FootageRequest, RequestStatusNote, Reviewer } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { EpochMs, Sha256Hex } from '../contracts/units.ts';
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
interface ReadEntry {
  readonly seq: number;
  readonly textSha256: Sha256Hex;
  /** Undefined where the text is withheld. */
  readonly prev: string | null | undefined;
  readonly signed: boolean;
  readonly verified: VerifiedEntry;
}

const SENTENCES: Readonly<Record<HistoryProblemKind, (position: number) => string>> = {
  changed: (position) => `Entry ${position} was changed after it was signed.`,
  dropped: (position) => `Entry ${position} is missing.`,
  reordered: (position) => `Entry ${position} is not in its place.`,
  forked: (position) => `There are two different entries ${position}.`,
  unreadable: (position) => `Entry ${position} cannot be read.`,
  'not-signed-by-agency': (position) => `Entry ${position} is not signed by the agency.`,
  'key-not-valid-then': (position) => `Entry ${position} is signed with a key that was not good then.`,
  'not-reviewed': (position) => `Entry ${position} is shown as published, but no reviewer signed it.`,
  'not-a-continuation': (position) => `Entry ${position} is not the one this page saw before.`,
};

/** Collects one problem per position: the first found is the gravest, because the checks go from the entry outwards. */
class Problems {
  readonly #byPosition = new Map<number, HistoryProblem>();

  add(kind: HistoryProblemKind, position: number): void {
    if (this.#byPosition.has(position)) return;
    this.#byPosition.set(position, { kind, position, detail: SENTENCES[kind](position) });
  }

  all(): readonly HistoryProblem[] {
    return [...this.#byPosition.values()].toSorted((a, b) => a.position - b.position);
  }
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

interface Context {
  readonly agency: string;
  readonly keys: readonly TermedKey[];
  readonly trusted: TrustedDirectory;
  readonly rejections: ReadonlyMap<string, Rejection>;
  readonly closings: ReadonlyMap<string, 'resolved' | 'withdrawn'>;
  readonly problems: Problems;
  readonly now: EpochMs;
}

const reviewerKeys = (trusted: TrustedDirectory): readonly TermedKey[] => trusted.reviewers.flatMap(({ keys }) => keys);

const rejectionOf = (requestId: string, { rejections }: Context) => {
  const found = rejections.get(requestId);
  if (found === undefined) return null;
  const { status, reviewer } = found;
  return { reviewer, code: status.code ?? null, reason: status.reason ?? '', at: Date.parse(status.at) };
};

const outcomeOf = (request: FootageRequest, wrong: boolean, context: Context): PostOutcome => {
  if (context.rejections.has(request.id)) return 'rejected';
  if (wrong) return 'refused';
  const closing = context.closings.get(request.id);
  if (closing !== undefined) return closing;
  return Date.parse(request.expires) <= context.now ? 'expired' : 'open';
};

const readPost = async (position: number, note: string, context: Context): Promise<ReadEntry | null> => {
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

const readClosing = async (position: number, note: string, context: Context): Promise<ReadEntry | null> => {
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
  context: Context,
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

const readEntry = async (entry: HistoryEntry, context: Context): Promise<ReadEntry> => {
  if ('withheld' in entry) return readWithheld(entry, context);
  const { seq, note } = entry;
  const read = noteKind(note) === 'status' ? await readClosing(seq, note, context) : await readPost(seq, note, context);
  if (read !== null) return read;
  context.problems.add('unreadable', seq);
  return { seq, textSha256: '', prev: undefined, signed: false, verified: { kind: 'unreadable', position: seq } };
};

/** Rejections that a reviewer signed, and the agency's closing notes wherever they stand; what does not verify closes nothing. */
const readClosings = async (
  history: AgencyHistory,
  trusted: TrustedDirectory,
): Promise<Pick<Context, 'rejections' | 'closings'>> => {
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

/** What the numbers alone say: doubled, out of order, missing. */
const checkNumbers = (seqs: readonly number[], problems: Problems): void => {
  let highest = 0;
  const seen = new Set<number>();
  for (const seq of seqs) {
    if (seen.has(seq)) problems.add('forked', seq);
    else if (seq < highest) problems.add('reordered', seq);
    seen.add(seq);
    highest = Math.max(highest, seq);
  }
  for (let position = 1; position <= highest; position += 1) if (!seen.has(position)) problems.add('dropped', position);
};

/** A link that does not hold accuses the entry before: if the agency signed that one too, it signed two for one place. */
const checkLinks = (entries: readonly ReadEntry[], problems: Problems): void => {
  const byPlace = new Map(entries.map((entry) => [entry.seq, entry]));
  for (const entry of entries) {
    if (entry.prev === undefined || !entry.signed) continue;
    const before = byPlace.get(entry.seq - 1);
    if (entry.seq === 1 ? entry.prev === null : before === undefined || before.textSha256 === entry.prev) continue;
    if (before === undefined) problems.add('changed', entry.seq);
    else problems.add(before.signed && before.prev !== undefined ? 'forked' : 'changed', before.seq);
  }
};

export type HistoryRefusal = 'unknown-agency';

/** Verifies what a hub answered about an agency; `unknown-agency` when the directory does not list it. The agency's facts are the directory's. */
export const verifyHistory = async (
  history: AgencyHistory,
  trusted: TrustedDirectory,
  now: EpochMs,
): Promise<Result<VerifiedHistory, HistoryRefusal>> => {
  const entry = trusted.agencies.get(history.agency.id);
  if (entry === undefined) {
    return failure('unknown-agency', `The directory knows no agency called “${history.agency.id}”.`);
  }
  const problems = new Problems();
  const { rejections, closings } = await readClosings(history, trusted);
  const context = { agency: entry.agency.id, keys: entry.keys, trusted, rejections, closings, problems, now };
  checkNumbers(
    history.entries.map(({ seq }) => seq),
    problems,
  );
  const read: ReadEntry[] = [];
  for (const one of history.entries) read.push(await readEntry(one, context));
  const ordered = read.toSorted((a, b) => a.seq - b.seq);
  checkLinks(ordered, problems);
  const last = ordered.at(-1);
  return ok({
    agency: entry.agency,
    entries: ordered.map(({ verified }) => verified),
    problems: problems.all(),
    head: last === undefined ? null : { seq: last.seq, textSha256: last.textSha256 },
  });
};

/** Where a verified history is no continuation of the one seen before: the first place that differs; null when it continues it. */
export const continuationProblem = (history: VerifiedHistory, seen: SeenHistory | null): HistoryProblem | null => {
  const texts = textsOf(history);
  const at = (seen?.texts ?? []).findIndex((text, index) => texts[index] !== text);
  if (at === -1) return null;
  const position = at + 1;
  const detail =
    position > texts.length
      ? `The history ends before entry ${position}, which this page saw before.`
      : SENTENCES['not-a-continuation'](position);
  return { kind: 'not-a-continuation', position, detail };
};

/** The hashes of the chain's texts in order: what a page remembers. */
export const textsOf = (history: VerifiedHistory): readonly Sha256Hex[] =>
  history.entries.map((entry) => (entry.kind === 'unreadable' ? '' : entry.textSha256));

/** What the agency's next note carries as its place. */
export const nextPlace = (head: ChainHead | null): { readonly seq: number; readonly prev: Sha256Hex | null } => ({
  seq: (head?.seq ?? 0) + 1,
  prev: head?.textSha256 ?? null,
});
