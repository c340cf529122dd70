/** Everything this page keeps on the device: one IndexedDB database, its stores, and the interfaces stages use them through. */
import type { DBSchema } from 'idb';
import type { ChunkIds, ColumnHead, LibraryToken, RecordingChunk } from './columns.ts';
import type { SeenHistory } from './agency-history.ts';
import type { Camera, Recording } from './library.ts';
import type { LedgerLine } from './ledger.ts';
import type { Readable } from './observable.ts';
import type { FootageRequest } from './request.ts';
import type { RequestForm } from './request-form.ts';
import type { Result } from './result.ts';
import type { Identity, LedgerEntry, ShareRecord } from './share.ts';
import type { EpochMs, Sha256Hex } from './units.ts';

export const DATABASE_NAME = 'porchlight';
export const DATABASE_VERSION = 3;

/** A kept note of the public record. `key` is `directory`, `request/ID` or `status/ID`. */
export interface KeptNote {
  readonly key: string;
  readonly note: string;
  readonly origin: 'hub' | 'file';
  readonly fetchedAt: EpochMs;
}

export interface Settings {
  readonly requestsOn: boolean;
  readonly identity: Identity | null;
  readonly theme: 'system' | 'light' | 'dark';
}

/** One choice of files whose import has begun; it goes when its last file is done with, so what is left of it can be continued. */
export interface ImportBatch {
  readonly id: string;
  readonly cameraId: string;
  /** The folder's name, or null for files picked one by one. */
  readonly folder: string | null;
  /** Where the browser lets the page come back to a folder; else it has to be picked again. */
  readonly directory: FileSystemDirectoryHandle | null;
  readonly startedAt: EpochMs;
  readonly files: number;
}

/** A file that waits: enough to know it again. */
export interface PendingFile {
  readonly relativePath: string;
  readonly bytes: number;
  readonly lastModified: EpochMs;
}

export interface PendingImport extends ImportBatch {
  readonly waiting: readonly PendingFile[];
}

/** An agency's or reviewer's keys as kept on this device, private halves included. */
export interface KeptKeys {
  /** The verifier key's `name+hash`. */
  readonly id: string;
  readonly role: 'agency' | 'reviewer';
  /** `PRIVATE+KEY+…` */
  readonly signerKey: string;
  readonly verifierKey: string;
  /** `AGE-SECRET-KEY-1…` and its `age1…`; null for a reviewer. */
  readonly identity: string | null;
  readonly recipient: string | null;
  readonly addedAt: EpochMs;
}

/** The key that this device made for its comments on one request. Its private half cannot be taken out of the browser. */
export interface CommentKey {
  readonly request: string;
  readonly pair: CryptoKeyPair;
  readonly verifierKey: string;
}

/** A file of the hub as last fetched, so that an unchanged one need not come again. */
export interface HubFile {
  readonly path: string;
  readonly etag: string;
  readonly text: string;
  readonly fetchedAt: EpochMs;
}

export interface PorchlightSchema extends DBSchema {
  cameras: { key: string; value: Camera };
  recordings: {
    key: string;
    value: Recording;
    /**
     * `cameraStart` holds `[cameraId, time.startMs]`; recordings without a start are not in it. `cameraOtherStart` likewise for
     * `time.otherStartMs`. `cameraDuration` holds `[cameraId, durationMs]`: its last key is the camera's longest recording.
     */
    indexes: {
      sha256: Sha256Hex;
      cameraStart: [string, number];
      cameraOtherStart: [string, number];
      cameraDuration: [string, number];
      camera: string;
    };
  };
  /** What the match reads instead of the rows (contracts/columns.ts), by camera and chunk. */
  columns: { key: [string, number]; value: RecordingChunk };
  columnIds: { key: [string, number]; value: ChunkIds };
  /** By camera; under '' the library's token. */
  columnHeads: { key: string; value: ColumnHead | LibraryToken };
  /** The recording's own bytes, by recording id. */
  videos: { key: string; value: Blob };
  thumbnails: { key: string; value: Blob };
  notes: { key: string; value: KeptNote };
  shares: { key: string; value: ShareRecord };
  /** Sealed bytes, by share id. */
  packages: { key: string; value: Blob };
  /** Lines by running number; rows from before the chain are bare entries. */
  ledger: { key: number; value: LedgerEntry | LedgerLine };
  /** Small request bodies, by the number of the line written before the request left. */
  ledgerBodies: { key: number; value: Uint8Array<ArrayBuffer> };
  settings: { key: string; value: unknown };
  imports: { key: string; value: ImportBatch };
  /** Files not yet done with, by batch and relative path. */
  importFiles: { key: [string, string]; value: PendingFile };
  roleKeys: { key: string; value: KeptKeys };
  /** By request. */
  commentKeys: { key: string; value: CommentKey };
  /** By agency. */
  seenHistories: { key: string; value: SeenHistory };
  /** What an agency has typed into its composer, by agency. */
  requestForms: { key: string; value: { readonly agency: string; readonly form: RequestForm } };
  /** Requests posted from this device: the public history withholds them until they are reviewed. */
  postedRequests: { key: string; value: FootageRequest };
  /** By path. */
  hubFiles: { key: string; value: HubFile };
}

export type StoreFailure = 'quota-exceeded' | 'duplicate' | 'storage-unavailable';

/** A recording as it is to be kept. */
export interface NewRecording {
  readonly recording: Recording;
  readonly video: Blob;
  readonly thumbnail: Blob | null;
}

export interface LibraryStore {
  cameras(): Promise<readonly Camera[]>;
  putCamera(camera: Camera): Promise<Result<void, StoreFailure>>;
  /** Deletes the camera with its recordings, videos and thumbnails in one transaction. */
  deleteCamera(id: string): Promise<Result<void, StoreFailure>>;
  recordings(): Promise<readonly Recording[]>;
  recording(id: string): Promise<Recording | null>;
  findBySha256(sha256: Sha256Hex): Promise<Recording | null>;
  /** The same for several, in order, in one transaction. */
  findAllBySha256(hashes: readonly Sha256Hex[]): Promise<readonly (Recording | null)[]>;
  /** Row, video and thumbnail in one strict transaction: all or nothing. `duplicate` when the hash is already kept. */
  addRecording(recording: Recording, video: Blob, thumbnail: Blob | null): Promise<Result<void, StoreFailure>>;
  /** Several of them in one strict transaction; if that fails, each in its own. One answer for each, in order. */
  addRecordings(recordings: readonly NewRecording[]): Promise<readonly Result<void, StoreFailure>[]>;
  putRecording(recording: Recording): Promise<Result<void, StoreFailure>>;
  /** Changes rows in one strict transaction: all or none. `storage-unavailable` when one is no longer there. */
  putRecordings(recordings: readonly Recording[]): Promise<Result<void, StoreFailure>>;
  deleteRecording(id: string): Promise<Result<void, StoreFailure>>;
  video(id: string): Promise<Blob | null>;
  thumbnail(id: string): Promise<Blob | null>;
}

export interface ImportStore {
  begin(batch: ImportBatch, files: readonly PendingFile[]): Promise<Result<void, StoreFailure>>;
  /** These files are done with; a batch without any left goes too. */
  settle(batchId: string, relativePaths: readonly string[]): Promise<Result<void, StoreFailure>>;
  forget(batchId: string): Promise<Result<void, StoreFailure>>;
  pending(): Promise<readonly PendingImport[]>;
}

export interface NoteStore {
  all(): Promise<readonly KeptNote[]>;
  /** Replaces every note of origin `hub` by these; notes from files stay. */
  replaceHubNotes(notes: readonly KeptNote[]): Promise<Result<void, StoreFailure>>;
  put(note: KeptNote): Promise<Result<void, StoreFailure>>;
}

export interface ShareStore {
  all(): Promise<readonly ShareRecord[]>;
  get(id: string): Promise<ShareRecord | null>;
  /** Record and sealed bytes in one strict transaction. */
  add(record: ShareRecord, sealedBytes: Blob): Promise<Result<void, StoreFailure>>;
  put(record: ShareRecord): Promise<Result<void, StoreFailure>>;
  package(id: string): Promise<Blob | null>;
  delete(id: string): Promise<Result<void, StoreFailure>>;
}

/** What those who sign keep: roles' keys, a device's comment keys, the histories this page has seen. */
export interface RoleStore {
  keys(): Promise<readonly KeptKeys[]>;
  putKeys(keys: KeptKeys): Promise<Result<void, StoreFailure>>;
  deleteKeys(id: string): Promise<Result<void, StoreFailure>>;
  commentKeys(): Promise<readonly CommentKey[]>;
  putCommentKey(key: CommentKey): Promise<Result<void, StoreFailure>>;
  seenHistory(agency: string): Promise<SeenHistory | null>;
  putSeenHistory(seen: SeenHistory): Promise<Result<void, StoreFailure>>;
  requestForm(agency: string): Promise<RequestForm | null>;
  /** Null forgets it. */
  putRequestForm(agency: string, form: RequestForm | null): Promise<Result<void, StoreFailure>>;
  postedRequests(agency: string): Promise<readonly FootageRequest[]>;
  putPostedRequest(request: FootageRequest): Promise<Result<void, StoreFailure>>;
}

export interface HubFileStore {
  get(path: string): Promise<HubFile | null>;
  put(file: HubFile): Promise<Result<void, StoreFailure>>;
  /** Forgets every file under a folder but these. */
  keepOnly(folder: string, paths: readonly string[]): Promise<Result<void, StoreFailure>>;
}

/** Append-only: no line is ever changed, and clearing leaves a line that says so. */
export interface LedgerStore {
  /** Writes the line of a request that is about to leave and gives its number; a small `body` is kept with it. Rejects when it cannot be kept. */
  begin(entry: LedgerEntry, body?: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Rejects when the entry could not be kept. */
  append(entry: LedgerEntry): Promise<void>;
  /** In the order in which they were written. */
  all(): Promise<readonly LedgerLine[]>;
  /** The kept body of a line; null when it was too large to be kept, or there was none. */
  body(seq: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Removes every line and body, and writes one that says how many there were and with which hash they ended. */
  clear(at: EpochMs): Promise<Result<void, StoreFailure>>;
  /** Goes up with every line written, in this tab or another. */
  readonly changes: Readable<number>;
}

export interface SettingsStore {
  load(): Promise<Settings>;
  save(change: Partial<Settings>): Promise<Result<void, StoreFailure>>;
}

export interface Stores {
  readonly library: LibraryStore;
  readonly imports: ImportStore;
  readonly notes: NoteStore;
  readonly roles: RoleStore;
  readonly hubFiles: HubFileStore;
  readonly shares: ShareStore;
  readonly ledger: LedgerStore;
  readonly settings: SettingsStore;
  /** Closes the database for good: every later call fails. Before it is deleted. */
  end(): void;
}
