/** The directory once its root signature holds, and who signed a document according to it: page and hub decide this with the same code. */
import type { RequestProblem, SignatureLine } from '../contracts/public-record.ts';
import type {
  Agency,
  Directory,
  FootageRequest,
  KeyTerm,
  Receipt,
  RequestStatusNote,
  Reviewer,
} from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { EpochMs } from '../contracts/units.ts';
import { parseVerifierKey, verifyNote, type SignedNote, type VerifierKey } from './signed-note.ts';
import { readDocument } from './typed-note.ts';

/** A key with its term: good for documents dated `from ≤ date < until` and, in an agency's chain, numbered up to `lastSeq`. */
export interface TermedKey extends VerifierKey {
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly lastSeq: number;
  readonly ended: 'rotated' | 'revoked' | null;
}

interface AgencyKeys {
  readonly agency: Agency;
  readonly keys: readonly TermedKey[];
}

interface ReviewerKeys {
  readonly reviewer: Reviewer;
  readonly keys: readonly TermedKey[];
}

/** Made by `openDirectory` alone: every key in it is well-formed, belongs to one holder, and the root key vouches for it. */
export interface TrustedDirectory {
  readonly directory: Directory;
  readonly agencies: ReadonlyMap<string, AgencyKeys>;
  readonly reviewers: readonly ReviewerKeys[];
  readonly hubKey: VerifierKey;
}

export type DirectoryProblem = 'unreadable' | 'not-signed-by-root';

const readTerm = async (listed: string | KeyTerm): Promise<Result<TermedKey, 'unreadable'>> => {
  const term: KeyTerm = typeof listed === 'string' ? { key: listed } : listed;
  const key = await parseVerifierKey(term.key);
  if (!key.ok) return failure('unreadable', key.detail);
  const from = term.from === undefined ? -Infinity : Date.parse(term.from);
  const until = term.until === undefined ? Infinity : Date.parse(term.until);
  if (!(from < until)) return failure('unreadable', `The term of the key ${key.value.name} ends before it begins.`);
  return ok({ ...key.value, from, until, lastSeq: term.lastSeq ?? Infinity, ended: term.ended ?? null });
};

const readKeys = async (listed: readonly (string | KeyTerm)[]): Promise<Result<TermedKey[], 'unreadable'>> => {
  const keys: TermedKey[] = [];
  for (const one of listed) {
    const key = await readTerm(one);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return ok(keys);
};

/** Whether a key was good for a document dated `at` and, in a chain, numbered `seq`. */
export const isGoodAt = (key: TermedKey, at: EpochMs, seq = 0): boolean =>
  key.from <= at && at < key.until && seq <= key.lastSeq;

const termSentence = (key: TermedKey): string => {
  const ended = key.ended === 'revoked' ? 'was revoked' : 'ended';
  const until = Number.isFinite(key.until) ? `, and ${ended} at ${new Date(key.until).toISOString()}` : '';
  const from = Number.isFinite(key.from) ? ` from ${new Date(key.from).toISOString()}` : '';
  const last = Number.isFinite(key.lastSeq) ? `; its last entry in the agency’s chain is number ${key.lastSeq}` : '';
  return `The key ${key.name} is good${from}${until}${last}.`;
};

/**
 * One key, one holder: a reviewer who is also an agency could approve itself, and nobody could tell who signed. Nor could anybody
 * where two keys have one name and one hash, which is four bytes and can be made to collide (Go's sumdb/note: an ambiguous key).
 */
const sharedKey = (holders: readonly (readonly VerifierKey[])[]): string | null => {
  const seen = new Set<string>();
  for (const { name, keyId, publicKey } of holders.flat()) {
    const [bytes, line] = [publicKey.join(), `${name}+${keyId}`];
    if (seen.has(bytes) || seen.has(line)) return name;
    seen.add(bytes).add(line);
  }
  return null;
};

/** Whether this key signed the note; other signatures do not matter. */
const isSignedBy = async (note: SignedNote, key: VerifierKey): Promise<boolean> => {
  const signedBy = await verifyNote(note, [key]);
  return signedBy.ok && signedBy.value.length === 1;
};

/** Reads a directory note and checks it against the root verifier key string that the page or hub pins. */
export const openDirectory = async (
  note: string,
  rootKey: string,
): Promise<Result<TrustedDirectory, DirectoryProblem>> => {
  const read = readDocument('directory', note);
  if (!read.ok) return failure('unreadable', read.detail);
  const root = await parseVerifierKey(rootKey);
  if (!root.ok) return failure('unreadable', root.detail);
  if (!(await isSignedBy(read.value.note, root.value))) {
    return failure(
      'not-signed-by-root',
      `The directory is not signed by ${root.value.name}, the key that is trusted here.`,
    );
  }
  const directory = read.value.document;
  const hub = await parseVerifierKey(directory.hub.key);
  if (!hub.ok) return failure('unreadable', hub.detail);
  const agencies = new Map<string, AgencyKeys>();
  for (const agency of directory.agencies) {
    const keys = await readKeys(agency.keys);
    if (!keys.ok) return keys;
    if (agencies.has(agency.id)) return failure('unreadable', `The directory lists ${agency.id} twice.`);
    agencies.set(agency.id, { agency, keys: keys.value });
  }
  const reviewers: ReviewerKeys[] = [];
  for (const reviewer of directory.reviewers) {
    const keys = await readKeys(reviewer.keys);
    if (!keys.ok) return keys;
    reviewers.push({ reviewer, keys: keys.value });
  }
  const shared = sharedKey([[hub.value], ...[...agencies.values(), ...reviewers].map(({ keys }) => keys)]);
  if (shared !== null) return failure('unreadable', `The directory lists the key ${shared} twice.`);
  return ok({ directory, agencies, reviewers, hubKey: hub.value });
};

export interface RequestSignatures {
  readonly agency: Agency | null;
  /** The first reviewer whose signature holds. */
  readonly reviewer: Reviewer | null;
  readonly lines: readonly SignatureLine[];
  /** The gravest reason why this request is not a genuine, reviewed one; null when it is. */
  readonly problem: { readonly kind: RequestProblem; readonly detail: string } | null;
}

/** A signature line with the key that it claims, as far as the directory knows it. */
interface JudgedLine extends SignatureLine {
  readonly key: TermedKey | null;
}

const judgeLines = async (
  note: SignedNote,
  agencyKeys: readonly TermedKey[],
  reviewerKeys: readonly TermedKey[],
): Promise<JudgedLine[]> => {
  const lines: JudgedLine[] = [];
  for (const signature of note.signatures) {
    const isFor = (key: VerifierKey) => key.name === signature.name && key.keyId === signature.keyId;
    const agencyKey = agencyKeys.find(isFor);
    const key = agencyKey ?? reviewerKeys.find(isFor) ?? null;
    const verified = key !== null && (await isSignedBy({ text: note.text, signatures: [signature] }, key));
    const role = key === null ? 'unknown' : agencyKey === undefined ? 'reviewer' : 'agency';
    lines.push({ keyName: signature.name, role, verified, key });
  }
  return lines;
};

/** A review comes after the posting, so a key that had ended by then cannot have made it; when it began does not matter. */
const mayReview = (key: TermedKey, posted: EpochMs): boolean => posted < key.until;

const problemOf = (
  request: FootageRequest,
  agency: Agency | null,
  lines: readonly JudgedLine[],
): RequestSignatures['problem'] => {
  if (agency === null) {
    return { kind: 'unknown-agency', detail: `The directory knows no agency called “${request.agency}”.` };
  }
  const forged = lines.find((line) => line.role !== 'unknown' && !line.verified);
  if (forged !== undefined) {
    return {
      kind: 'forged-signature',
      detail: `A signature in the name of ${forged.keyName} does not fit the text: it was changed or never signed.`,
    };
  }
  const byAgency = lines.filter((line) => line.role === 'agency').flatMap(({ key }) => (key === null ? [] : [key]));
  const [agencyKey] = byAgency;
  if (agencyKey === undefined) {
    return { kind: 'not-signed-by-agency', detail: `The request is not signed by ${agency.name}.` };
  }
  const posted = Date.parse(request.posted);
  if (!byAgency.some((key) => isGoodAt(key, posted, request.seq))) {
    return { kind: 'key-not-valid-then', detail: termSentence(agencyKey) };
  }
  if (agency.status === 'suspended') {
    return { kind: 'agency-suspended', detail: `The directory lists ${agency.name} as suspended.` };
  }
  const reviews = lines.filter((line) => line.role === 'reviewer').flatMap(({ key }) => (key === null ? [] : [key]));
  const [reviewKey] = reviews;
  if (reviewKey === undefined) return { kind: 'not-reviewed', detail: 'No reviewer has approved this request.' };
  if (!reviews.some((key) => mayReview(key, posted))) {
    return { kind: 'key-not-valid-then', detail: termSentence(reviewKey) };
  }
  return null;
};

/** Who signed a request, according to the directory, and whether their keys were good for it. */
export const checkRequestSignatures = async (
  note: SignedNote,
  request: FootageRequest,
  trusted: TrustedDirectory,
): Promise<RequestSignatures> => {
  const entry = trusted.agencies.get(request.agency);
  const reviewerKeys = trusted.reviewers.flatMap(({ keys }) => keys);
  const judged = await judgeLines(note, entry?.keys ?? [], reviewerKeys);
  const approving = judged.filter((line) => line.role === 'reviewer' && line.verified).map((line) => line.key);
  const reviewer = trusted.reviewers.find(({ keys }) => keys.some((key) => approving.includes(key)))?.reviewer ?? null;
  const agency = entry?.agency ?? null;
  const lines = judged.map(({ keyName, role, verified }) => ({ keyName, role, verified }));
  return { agency, reviewer, lines, problem: problemOf(request, agency, judged) };
};

/** The keys of one role that may sign at an instant: what a hub asks of a document that comes in now. */
export const keysGoodNow = (keys: readonly TermedKey[], now: EpochMs): readonly TermedKey[] =>
  keys.filter((key) => isGoodAt(key, now));

/** The reviewer who holds one of these keys; null when nobody does. */
export const reviewerOf = (signedBy: readonly VerifierKey[], trusted: TrustedDirectory): Reviewer | null =>
  trusted.reviewers.find(({ keys }) => keys.some((key) => signedBy.includes(key)))?.reviewer ?? null;

/** Who a status note's signature entitles: the agency itself resolves or withdraws, a reviewer rejects. */
export const checkStatusSignature = async (
  note: SignedNote,
  status: RequestStatusNote,
  trusted: TrustedDirectory,
): Promise<Result<'agency' | 'reviewer', 'not-entitled'>> => {
  const role = status.status === 'rejected' ? 'reviewer' : 'agency';
  const entitled =
    role === 'agency'
      ? (trusted.agencies.get(status.agency)?.keys ?? [])
      : trusted.reviewers.flatMap(({ keys }) => keys);
  const signedBy = await verifyNote(note, entitled);
  if (!signedBy.ok) return failure('not-entitled', signedBy.detail);
  const [first] = signedBy.value;
  if (first === undefined) {
    return failure(
      'not-entitled',
      `A note that says “${status.status}” must be signed by ${role === 'agency' ? 'the agency' : 'a reviewer'}.`,
    );
  }
  const good = signedBy.value.some((key) => isGoodAt(key, Date.parse(status.at), status.seq));
  return good ? ok(role) : failure('not-entitled', termSentence(first));
};

/** Reads the hub's receipt for a package; `bad-receipt` unless the hub's key in the directory signed it. */
export const openReceipt = async (note: string, hubKey: VerifierKey): Promise<Result<Receipt, 'bad-receipt'>> => {
  const read = readDocument('receipt', note);
  if (!read.ok) return failure('bad-receipt', read.detail);
  if (!(await isSignedBy(read.value.note, hubKey))) {
    return failure('bad-receipt', 'The receipt is not signed by the hub’s key in the directory.');
  }
  return ok(read.value.document);
};
