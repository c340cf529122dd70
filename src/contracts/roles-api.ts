/** What the agency's, the reviewer's and the comment screens may ask: every deed on the public record that somebody signs. */
import type { SeenHistory, VerifiedHistory, HistoryProblem } from './agency-history.ts';
import type { CommentView } from './comments.ts';
import type { CustodyReport, Decision, DownloadProgress, InboxItem, OpenedPackage, OpenProblem } from './inbox.ts';
import type { Readable } from './observable.ts';
import type { RuleOutcome } from './public-record.ts';
import type { Area, FootageRequest, PolicyName, RejectionCode } from './request.ts';
import type { RequestForm } from './request-form.ts';
import type { Result } from './result.ts';
import type { ReviewItem } from './review.ts';
import type { StoreFailure } from './storage.ts';
import type { EpochMs, Position, ZoneId } from './units.ts';

/** A role's keys as kept on this device. The private halves stay in the store; screens see this. */
export interface HeldKeys {
  /** The verifier key's name and hash, `name+hash`: unique. */
  readonly id: string;
  readonly role: 'agency' | 'reviewer';
  readonly verifierKey: string;
  /** `age1…`; null for a reviewer. */
  readonly recipient: string | null;
  readonly addedAt: EpochMs;
  /** Who the directory says this is: id and name; null while the directory does not know the key. */
  readonly holder: { readonly id: string; readonly name: string } | null;
  /** Whether the directory lets it sign now; the sentence says why not. */
  readonly problem: string | null;
}

export type KeyFileProblem =
  | 'unreadable'
  /** The file is sealed with a passphrase: ask for it. */
  | 'passphrase-needed'
  | 'wrong-passphrase';

/** What the composer has so far; empty strings where nothing is typed yet. Instants in true time. */
export interface RequestDraft {
  readonly caseNumber: string;
  readonly incidentType: string;
  readonly suspectedCrime: string;
  readonly title: string;
  readonly description: string;
  readonly investigator: { readonly name: string; readonly email: string; readonly telephone: string };
  readonly incident: Position | null;
  readonly placeName: string;
  readonly area: Area | null;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly zone: ZoneId;
  readonly expires: EpochMs | null;
  readonly policy: PolicyName;
}

/** The live checks beside the composer. */
export interface DraftCheck {
  /** The policy's rules about what has been typed; all of them once place, area and window are there. */
  readonly rules: readonly RuleOutcome[];
  /** What else is missing or wrong, one sentence each. */
  readonly problems: readonly string[];
  readonly squareMiles: number | null;
  readonly squareKilometres: number | null;
  readonly ready: boolean;
}

/** `refused-by-hub` and `too-many-requests`: the detail has the hub's words, with the latter how long to wait. */
export type DeedFailure =
  | 'offline'
  /** The ledger on this device did not take the request, so it was not made. */
  | 'unrecorded'
  | 'hub-error'
  | 'refused-by-hub'
  | 'too-many-requests'
  | 'requests-off'
  | 'no-directory'
  | 'unknown-agency'
  | 'unknown-key'
  | 'not-allowed'
  | 'unreadable'
  | 'cancelled';

/** An agency's profile: the chain as verified in this page, and how it compares with what the page saw before. */
export interface AgencyProfile {
  readonly history: VerifiedHistory;
  readonly seenBefore: SeenHistory | null;
  /** Problems of the chain itself first, then where it is no continuation. Empty: all is well. */
  readonly problems: readonly HistoryProblem[];
  /** New entries since the page last looked; null on the first look. */
  readonly added: number | null;
}

export interface Roles {
  readonly keys: Readable<readonly HeldKeys[]>;
  /** Makes keys on this device. They count once the directory lists them. `name` is a key name: no spaces, no plus sign. */
  createKeys(role: HeldKeys['role'], name: string): Promise<Result<HeldKeys, 'bad-name' | StoreFailure>>;
  /** A key file as `exportKeys` or `npm run agency -- keygen` writes it. */
  importKeys(file: Blob, passphrase: string | null): Promise<Result<HeldKeys, KeyFileProblem | StoreFailure>>;
  /** Sealed with the passphrase (age, scrypt) when one is given: `age -d` opens it. */
  exportKeys(id: string, passphrase: string | null): Promise<Result<Blob, 'unknown-key'>>;
  removeKeys(id: string): Promise<Result<void, StoreFailure>>;

  /** Fetches and verifies an agency's whole history, compares it with what was seen before, and remembers it when it holds. */
  agencyProfile(agencyId: string): Promise<Result<AgencyProfile, DeedFailure>>;

  /** Pure and quick: call it on every keystroke. `earlier`: the agency's own earlier requests, from its profile. */
  checkDraft(draft: RequestDraft, agencyId: string, earlier: readonly FootageRequest[], now: EpochMs): DraftCheck;
  /** Reads the chain's head from the hub, numbers and signs the draft, posts it. It then waits for a review. */
  postRequest(keysId: string, draft: RequestDraft): Promise<Result<{ readonly requestId: string }, DeedFailure>>;
  /** What was typed into an agency's composer on this device and not yet posted; null when there is nothing. */
  keptForm(agencyId: string): Promise<RequestForm | null>;
  /** Keeps the composer as it stands; null forgets it. */
  keepForm(agencyId: string, form: RequestForm | null): Promise<Result<void, StoreFailure>>;
  /** What this device posted for an agency: a request's text is not public until it was reviewed, its writer knows it all the same. */
  postedHere(agencyId: string): Promise<readonly FootageRequest[]>;
  closeRequest(
    keysId: string,
    requestId: string,
    status: 'resolved' | 'withdrawn',
    reason: string,
  ): Promise<Result<void, DeedFailure>>;

  reviewQueue(keysId: string): Promise<Result<readonly ReviewItem[], DeedFailure>>;
  approve(keysId: string, item: ReviewItem): Promise<Result<void, DeedFailure>>;
  /** Also for a request that is public already: it is closed then. */
  reject(
    keysId: string,
    request: Pick<FootageRequest, 'id' | 'agency'>,
    code: RejectionCode,
    reason: string,
  ): Promise<Result<void, DeedFailure>>;

  /** Fetches all comments anew (`Journey.comments` follows), whole: the hub does not learn which request is being read. */
  comments(requestId: string): Promise<Result<readonly CommentView[], DeedFailure>>;
  postComment(requestId: string, name: string, text: string): Promise<Result<CommentView, DeedFailure | StoreFailure>>;
  /** By this device, for a comment that is `mine`. */
  removeMyComment(comment: CommentView): Promise<Result<void, DeedFailure>>;
  removeComment(
    keysId: string,
    comment: CommentView,
    code: RejectionCode,
    reason: string,
  ): Promise<Result<void, DeedFailure>>;

  inbox(keysId: string): Promise<Result<readonly InboxItem[], DeedFailure>>;
  /** Downloads in ranges, picking up where a lost connection left off, and compares the SHA-256. */
  download(
    keysId: string,
    item: InboxItem,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: DownloadProgress) => void },
  ): Promise<Result<Blob, DeedFailure>>;
  /** Opens sealed bytes (from `download`, or from a file a resident handed over) with the kept key and checks everything. `item` null for a file. */
  openPackage(
    keysId: string,
    sealed: Blob,
    item: InboxItem | null,
  ): Promise<Result<OpenedPackage, OpenProblem | 'unknown-key'>>;
  decide(keysId: string, item: InboxItem, decision: Decision): Promise<Result<InboxItem, DeedFailure>>;
  /** `sealed` is what was opened; `item` null for a file that somebody handed over. */
  custodyReport(
    keysId: string,
    item: InboxItem | null,
    sealed: Blob,
    opened: OpenedPackage,
  ): Promise<Result<CustodyReport, 'unknown-key' | 'no-directory'>>;
}
