/** The directory once its root signature holds, and who signed a document according to it: page and hub decide this with the same code. */
import type { RequestProblem, SignatureLine } from '../contracts/public-record.ts';
import type { Agency, Directory, FootageRequest, Receipt, RequestStatusNote, Reviewer } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import { parseVerifierKey, verifyNote, type SignedNote, type VerifierKey } from './signed-note.ts';
import { readDocument } from './typed-note.ts';

interface AgencyKeys {
  readonly agency: Agency;
  readonly keys: readonly VerifierKey[];
}

interface ReviewerKeys {
  readonly reviewer: Reviewer;
  readonly keys: readonly VerifierKey[];
}

/** Made by `openDirectory` alone: every key in it is well-formed and the root key vouches for it. */
export interface TrustedDirectory {
  readonly directory: Directory;
  readonly agencies: ReadonlyMap<string, AgencyKeys>;
  readonly reviewers: readonly ReviewerKeys[];
  readonly hubKey: VerifierKey;
}

export type DirectoryProblem = 'unreadable' | 'not-signed-by-root';

const readKeys = async (encoded: readonly string[]): Promise<Result<VerifierKey[], 'unreadable'>> => {
  const keys: VerifierKey[] = [];
  for (const one of encoded) {
    const key = await parseVerifierKey(one);
    if (!key.ok) return failure('unreadable', key.detail);
    keys.push(key.value);
  }
  return ok(keys);
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

const describeLines = async (
  note: SignedNote,
  agencyKeys: readonly VerifierKey[],
  reviewerKeys: readonly VerifierKey[],
): Promise<SignatureLine[]> => {
  const lines: SignatureLine[] = [];
  for (const signature of note.signatures) {
    const isFor = (key: VerifierKey) => key.name === signature.name && key.keyId === signature.keyId;
    const agencyKey = agencyKeys.find(isFor);
    const key = agencyKey ?? reviewerKeys.find(isFor);
    const verified = key !== undefined && (await isSignedBy({ text: note.text, signatures: [signature] }, key));
    const role = key === undefined ? 'unknown' : agencyKey === undefined ? 'reviewer' : 'agency';
    lines.push({ keyName: signature.name, role, verified });
  }
  return lines;
};

const problemOf = (
  request: FootageRequest,
  agency: Agency | null,
  lines: readonly SignatureLine[],
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
  if (!lines.some((line) => line.role === 'agency')) {
    return { kind: 'not-signed-by-agency', detail: `The request is not signed by ${agency.name}.` };
  }
  if (agency.status === 'suspended') {
    return { kind: 'agency-suspended', detail: `The directory lists ${agency.name} as suspended.` };
  }
  if (!lines.some((line) => line.role === 'reviewer')) {
    return { kind: 'not-reviewed', detail: 'No reviewer has approved this request.' };
  }
  return null;
};

/** Who signed a request, according to the directory. */
export const checkRequestSignatures = async (
  note: SignedNote,
  request: FootageRequest,
  trusted: TrustedDirectory,
): Promise<RequestSignatures> => {
  const entry = trusted.agencies.get(request.agency);
  const reviewerKeys = trusted.reviewers.flatMap(({ keys }) => keys);
  const lines = await describeLines(note, entry?.keys ?? [], reviewerKeys);
  const approving = lines.filter((line) => line.role === 'reviewer' && line.verified).map((line) => line.keyName);
  const reviewer =
    trusted.reviewers.find(({ keys }) => keys.some((key) => approving.includes(key.name)))?.reviewer ?? null;
  const agency = entry?.agency ?? null;
  return { agency, reviewer, lines, problem: problemOf(request, agency, lines) };
};

/** Whether a status note may speak: the agency itself resolves or withdraws, a reviewer rejects. */
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
  if (signedBy.value.length > 0) return ok(role);
  return failure(
    'not-entitled',
    `A note that says “${status.status}” must be signed by ${role === 'agency' ? 'the agency' : 'a reviewer'}.`,
  );
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
