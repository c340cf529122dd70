/** What the screens may ask of the journey: state to show and deeds to do, stage by stage. */
import type { CommentsState } from './comments.ts';
import type { ProbeRefusal } from './import-api.ts';
import type { Camera, Recording, TimeSource } from './library.ts';
import type { DryRun } from './dry-run.ts';
import type { HashAgreement, LedgerLine } from './ledger.ts';
import type { Match, MatchExplanation, MatchFailure, MatchOutcome } from './match-api.ts';
import type { Readable } from './observable.ts';
import type { LibraryFileProgress, LibraryImported, LibraryImportFailure } from './library-file.ts';
import type { OfflineState } from './offline.ts';
import type { PublicRecord } from './public-record.ts';
import type { Result } from './result.ts';
import type {
  GateRefusal,
  HttpExchange,
  Identity,
  SealedPackage,
  SendFailure,
  ShareRecord,
  VerifiedClip,
} from './share.ts';
import type { Roles } from './roles-api.ts';
import type { Settings, StoreFailure } from './storage.ts';
import type { AuditRule } from './inspect-api.ts';
import type { RedactionBox, TrimMode, TrimRefusal } from './trim-api.ts';
import type { EpochMs, TimeWindow } from './units.ts';

/** A file as picked or dropped, with the path under its folder. */
export interface ImportFile {
  readonly file: File;
  readonly relativePath: string;
}

export type ImportRefusal = ProbeRefusal | StoreFailure;

export interface ImportLine {
  readonly name: string;
  readonly bytes: number;
  readonly state: 'waiting' | 'reading' | 'storing' | 'kept' | 'already-kept' | 'refused' | 'cancelled';
  readonly recordingId: string | null;
  readonly refusal: { readonly reason: ImportRefusal; readonly detail: string } | null;
}

/** An import that was stopped, or whose tab was closed, with files still to read. */
export interface UnfinishedImport {
  readonly id: string;
  readonly cameraId: string;
  /** The folder's name; null for files picked one by one. */
  readonly folder: string | null;
  /** A folder that the browser can open again once the person allows it. */
  readonly directory: FileSystemDirectoryHandle | null;
  /** The files are still at hand since they were picked: nothing has to be picked again. */
  readonly atHand: boolean;
  readonly left: number;
  readonly files: number;
}

export interface ImportState {
  readonly running: boolean;
  readonly done: number;
  readonly lines: readonly ImportLine[];
  readonly unfinished: readonly UnfinishedImport[];
}

export interface StorageMeter {
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  readonly persisted: boolean | null;
}

export interface LibraryState {
  readonly loaded: boolean;
  readonly cameras: readonly Camera[];
  readonly recordings: readonly Recording[];
  readonly meter: StorageMeter;
  /** Set when the database cannot be opened at all. */
  readonly problem: string | null;
}

export interface MatchState {
  readonly running: boolean;
  readonly outcome: MatchOutcome | null;
  readonly problem: string | null;
}

/** One recording the person chose for a share, with what they want done to it. */
export interface ClipChoice {
  readonly recordingId: string;
  readonly mode: TrimMode;
  readonly mute: boolean;
  readonly boxes: readonly RedactionBox[];
  /** Narrower than the overlap, in true time; null for the whole overlap. */
  readonly narrowed: TimeWindow | null;
}

export interface PrepareProgress {
  readonly recordingId: string;
  readonly phase: 'waiting' | 'reading' | 'encoding' | 'writing' | 'auditing' | 'done';
  /** 0…1 over all chosen clips. */
  readonly fraction: number;
}

export type PrepareRefusal = GateRefusal | TrimRefusal | AuditRule;

export interface SendProgress {
  readonly bytesSent: number;
  readonly bytesTotal: number;
}

export interface DemoProgress {
  readonly done: number;
  readonly total: number;
}

export interface Journey {
  readonly record: Readable<PublicRecord>;
  readonly imports: Readable<ImportState>;
  readonly library: Readable<LibraryState>;
  readonly matches: Readable<MatchState>;
  readonly shares: Readable<readonly ShareRecord[]>;
  readonly settings: Readable<Settings>;
  /** Comments come with the feed, whole: a screen that shows some asks for nothing, so that nobody learns which request is read. */
  readonly comments: Readable<CommentsState>;
  /** What agencies, reviewers and whoever comments may do; loaded when a screen first asks for it. */
  roles(): Promise<Roles>;
  /** True when the page was built with the demo town's root key. */
  readonly demo: boolean;
  /** The key file of one who acts in the demo town, for `Roles.importKeys`; null on any other page. Nothing is fetched from the hub. */
  demoKeys(holder: 'police' | 'fire' | 'reviewer'): Promise<Blob | null>;

  refreshRecord(): Promise<void>;
  importRequestFile(file: File): Promise<Result<{ requestId: string }, 'unreadable' | StoreFailure>>;
  saveSettings(change: Partial<Settings>): Promise<Result<void, StoreFailure>>;

  /** Queues files for one camera of `library`; progress appears in `imports`. An unknown camera is a bug: rejects. */
  importFiles(
    files: readonly ImportFile[],
    cameraId: string,
    directory?: FileSystemDirectoryHandle | null,
  ): Promise<void>;
  cancelImport(): void;
  /**
   * Goes on with an unfinished import: with the files at hand, or with those picked anew of which the waiting ones are taken. Resolves
   * at once with how many were found; the rest stay unfinished.
   */
  resumeImport(id: string, files: readonly ImportFile[] | null): number;
  /** Gives up what is left of an unfinished import; what was kept stays. */
  forgetImport(id: string): Promise<void>;
  /** Removes finished lines from `imports`. */
  clearImportLines(): void;
  /** Fetches the demo town's recordings from the page's own origin and imports them with their cameras. */
  loadDemo(onProgress: (progress: DemoProgress) => void): Promise<Result<void, 'unavailable' | StoreFailure>>;

  /**
   * Saves a valid camera; when its zone changed, unconfirmed local times of its recordings are read in the new one.
   * `invalid-camera`: no name, an unknown zone or an impossible place; the detail says which.
   */
  saveCamera(camera: Camera): Promise<Result<void, StoreFailure | 'invalid-camera'>>;
  deleteCamera(id: string): Promise<Result<void, StoreFailure>>;
  deleteRecording(id: string): Promise<Result<void, StoreFailure>>;
  /**
   * Sets a start (camera time) by hand. With `applyToRule`, every other unconfirmed recording of the same camera and rule
   * is confirmed at its own reading, moved by the same correction; ambiguous ones are left.
   */
  confirmTime(
    recordingId: string,
    startMs: EpochMs,
    applyToRule: boolean,
  ): Promise<Result<void, StoreFailure | 'invalid-time'>>;
  /** The person wants to look at each recording whose time this rule leaves in doubt: the rule is not asked about again. */
  askEach(cameraId: string, source: TimeSource): Promise<Result<void, StoreFailure>>;
  /** Every match of one open request, by time, then camera, then recording; expanded only now. */
  matchesOf(requestId: string): Promise<Result<readonly Match[], MatchFailure>>;
  /** What one recording is to one request, and if nothing, why: a verdict and its sentence. */
  explain(
    requestId: string,
    recordingId: string,
  ): Promise<{ readonly explanation: MatchExplanation; readonly sentence: string }>;
  videoOf(recordingId: string): Promise<Blob | null>;
  thumbnailOf(recordingId: string): Promise<Blob | null>;
  /** Asks the browser not to evict the library; false when it says no. */
  requestPersistence(): Promise<boolean>;

  /** Loads the encoder while the person still chooses, so that the first cut need not wait for it. */
  warmTrimmer(): void;
  /** Gate, cut and audit each choice. Nothing is kept and nothing leaves. */
  prepareClips(
    requestId: string,
    choices: readonly ClipChoice[],
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: PrepareProgress) => void },
  ): Promise<Result<readonly VerifiedClip[], PrepareRefusal>>;
  /** Builds manifest and package, seals it once, and keeps it. */
  sealPackage(
    requestId: string,
    clips: readonly VerifiedClip[],
    identity: Identity,
  ): Promise<Result<SealedPackage, GateRefusal | StoreFailure>>;
  /** The HTTP requests that sending will make, in order. */
  plannedExchanges(sealed: SealedPackage): readonly HttpExchange[];
  /** Sends or resumes the kept package of a share. Abort to pause. */
  sendShare(
    shareId: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: SendProgress) => void },
  ): Promise<Result<ShareRecord, SendFailure>>;
  /** Carries the share out against a sink inside the page: the same bytes, the same requests, and nothing leaves. */
  dryRun(
    sealed: SealedPackage,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: SendProgress) => void },
  ): Promise<Result<DryRun, SendFailure>>;
  packageOf(shareId: string): Promise<Blob | null>;
  discardShare(shareId: string): Promise<Result<void, StoreFailure>>;
  /** Whether page and encoder are kept for use with the network off, and whether an update waits. */
  readonly offline: Readable<OfflineState>;
  /** Fetches what cutting needs. */
  makeReadyForOffline(): Promise<Result<void, 'unavailable'>>;
  /** Puts a waiting version of the page to use and reloads; only when the person agreed. */
  updatePage(): Promise<void>;

  /** The whole library as one file; with a passphrase, sealed with it in the age format. */
  exportLibrary(passphrase: string | null): Promise<Blob>;
  /** Takes in a file that `exportLibrary` made; the same file again goes on where it stopped. */
  importLibrary(
    file: Blob,
    options: {
      readonly passphrase: string | null;
      readonly signal: AbortSignal;
      readonly onProgress: (progress: LibraryFileProgress) => void;
    },
  ): Promise<Result<LibraryImported, LibraryImportFailure>>;
  /** Erases all that this page keeps in the browser. Afterwards the page only says so. */
  eraseEverything(): Promise<Result<void, 'storage-unavailable'>>;
  /** True once everything was erased, in this tab or another. */
  readonly erased: Readable<boolean>;

  /** Every line of the egress ledger, in the order in which it was written. */
  ledger(): Promise<readonly LedgerLine[]>;
  /** Goes up whenever a line is written. */
  readonly ledgerChanges: Readable<number>;
  /** Leaves one line that says so. */
  clearLedger(): Promise<Result<void, StoreFailure>>;
  /** The ledger as HAR 1.2; with `bodies`, every request body that is still on this device. */
  exportLedger(bodies: boolean): Promise<Blob>;
  /** The ledger's, the inspector's and the receipt's SHA-256 of a share, compared; null when there is no such share. */
  compareHashes(shareId: string): Promise<HashAgreement | null>;
}
