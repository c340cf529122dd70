/** From signed notes to what the page shows: every request is judged here, by the page's own check, whoever delivered it. */
import type { RequestStatus, RequestView } from '../contracts/public-record.ts';
import type { FootageRequest, RequestStatusNote } from '../contracts/request.ts';
import type { KeptNote } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { checkPolicy, earlierOfSameCase } from '../core/request-policy.ts';
import {
  checkRequestSignatures,
  checkStatusSignature,
  type RequestSignatures,
  type TrustedDirectory,
} from '../core/trusted-directory.ts';
import { readDocument } from '../core/typed-note.ts';

export interface JudgedNotes {
  /** One per request id, newest posting first. */
  readonly views: readonly RequestView[];
  /** Notes of which nothing can be shown, each as one sentence. */
  readonly unreadable: readonly string[];
}

interface Judged {
  readonly note: KeptNote;
  readonly request: FootageRequest;
  readonly signatures: RequestSignatures;
}

/** Of two notes that claim one id the genuine one counts; of two equals the hub's, which comes first. */
const withoutRivals = (judged: readonly Judged[]): Judged[] => {
  const byId = new Map<string, Judged>();
  for (const one of judged) {
    const rival = byId.get(one.request.id);
    if (rival === undefined || (rival.signatures.problem !== null && one.signatures.problem === null)) {
      byId.set(one.request.id, one);
    }
  }
  return [...byId.values()];
};

const statusOf = (
  request: FootageRequest,
  problem: RequestView['problem'],
  closing: RequestStatusNote | undefined,
  now: EpochMs,
): RequestStatus => {
  if (problem !== null) return 'refused';
  if (closing !== undefined) return closing.status;
  return now >= Date.parse(request.expires) ? 'expired' : 'open';
};

const viewOf = (
  { note, request, signatures }: Judged,
  genuine: readonly FootageRequest[],
  closing: RequestStatusNote | undefined,
  now: EpochMs,
): RequestView => {
  const rules = checkPolicy(request, earlierOfSameCase(request, genuine));
  const broken = rules.find(({ holds }) => !holds);
  const problem =
    signatures.problem ?? (broken === undefined ? null : { kind: 'breaks-policy' as const, detail: broken.detail });
  return {
    id: request.id,
    note: note.note,
    request,
    agency: signatures.agency,
    reviewer: signatures.reviewer,
    window: { from: Date.parse(request.window.from), to: Date.parse(request.window.to) },
    status: statusOf(request, problem, closing, now),
    statusReason: problem === null ? (closing?.reason ?? null) : null,
    problem,
    rules,
    signatures: signatures.lines,
    origin: note.origin,
  };
};

/** An agency closes its own requests only. */
const closingKey = (agency: string, request: string): string => `${agency}/${request}`;

const judgeStatuses = async (
  notes: readonly KeptNote[],
  trusted: TrustedDirectory,
  unreadable: string[],
): Promise<Map<string, RequestStatusNote>> => {
  const closing = new Map<string, RequestStatusNote>();
  for (const { note } of notes) {
    const read = readDocument('status', note);
    if (!read.ok) {
      unreadable.push(read.detail);
      continue;
    }
    const { document } = read.value;
    const entitled = await checkStatusSignature(read.value.note, document, trusted);
    if (entitled.ok) closing.set(closingKey(document.agency, document.request), document);
    else unreadable.push(`A note that would close ${document.request} is ignored: ${entitled.detail}`);
  }
  return closing;
};

const judgeRequests = async (
  notes: readonly KeptNote[],
  trusted: TrustedDirectory,
  unreadable: string[],
): Promise<Judged[]> => {
  const judged: Judged[] = [];
  for (const note of notes) {
    const read = readDocument('request', note.note);
    if (!read.ok) unreadable.push(read.detail);
    else {
      const request = read.value.document;
      judged.push({ note, request, signatures: await checkRequestSignatures(read.value.note, request, trusted) });
    }
  }
  return judged;
};

/** Judges request and status notes (keys `request/…` and `status/…`) against a directory, the policies and the clock. */
export const judgeNotes = async (
  notes: readonly KeptNote[],
  trusted: TrustedDirectory,
  now: EpochMs,
): Promise<JudgedNotes> => {
  const unreadable: string[] = [];
  const closing = await judgeStatuses(
    notes.filter(({ key }) => key.startsWith('status/')),
    trusted,
    unreadable,
  );
  const judged = withoutRivals(
    await judgeRequests(
      notes.filter(({ key }) => key.startsWith('request/')),
      trusted,
      unreadable,
    ),
  );
  const genuine = judged.filter(({ signatures }) => signatures.problem === null).map(({ request }) => request);
  const views = judged.map((one) =>
    viewOf(one, genuine, closing.get(closingKey(one.request.agency, one.request.id)), now),
  );
  views.sort((a, b) => Date.parse(b.request.posted) - Date.parse(a.request.posted) || a.id.localeCompare(b.id));
  return { views, unreadable };
};
