/** Shares: from gate to receipt. The branded types make skipping the audit a compile error. */
import type { AuditReport } from './inspect-api.ts';
import type { TrimFacts, TrimJob } from './trim-api.ts';
import type { Receipt } from './request.ts';
import type { EpochMs, Ms, Sha256Hex, TimeWindow } from './units.ts';

declare const verified: unique symbol;
declare const sealed: unique symbol;

/** A clip whose very bytes passed the audit. Only stages/inspect makes one. */
export interface VerifiedClip {
  readonly [verified]: true;
  readonly requestId: string;
  readonly recordingId: string;
  readonly cameraId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly job: TrimJob;
  readonly facts: TrimFacts;
  readonly report: AuditReport;
  /** The overlap that was cut, in true time. */
  readonly window: TimeWindow;
  /** True time of presentation time 0 of the recording. */
  readonly recordingStartMs: EpochMs;
}

/** A package ready to leave: sealed once, the same bytes shown, kept, sent and resumed. Only stages/inspect makes one. */
export interface SealedPackage {
  readonly [sealed]: true;
  readonly shareId: string;
  readonly requestId: string;
  readonly recordingIds: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: Sha256Hex;
  /** The age identity (`AGE-SECRET-KEY-1…`) of this submission; it never leaves the device. */
  readonly submissionKey: string;
  readonly recipients: readonly string[];
  readonly manifest: PackageManifest;
  /** What is inside, before sealing. */
  readonly contents: PackageContents;
}

/** The package before sealing: its files, and the ZIP around them. What `bytes` has beyond `zipBytes` is age's. */
export interface PackageContents {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: Sha256Hex }[];
  readonly zipBytes: number;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
  readonly address: string;
}

export interface ManifestClip {
  readonly file: string;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  /** Instants (ISO 8601, UTC) of the cut window and of the first and last frame. */
  readonly window: { readonly from: string; readonly to: string };
  readonly firstFrame: string;
  readonly lastFrame: string;
  readonly timeSource: string;
  readonly clockOffsetMs: number;
  readonly camera: { readonly name: string; readonly place: readonly [number, number] };
  readonly originalSha256: Sha256Hex;
  readonly mode: string;
  readonly frames: { readonly total: number; readonly original: number; readonly reencoded: number };
  /** Presentation-order index ranges `[first, last]` of re-encoded frames. */
  readonly reencodedRanges: readonly (readonly [number, number])[];
  /** Stretches (instants, half-open) without a picture because the recording is damaged there. Absent in packages of earlier versions. */
  readonly missing?: readonly ManifestStretch[];
  /** Stretches that show what players make of damaged pictures. */
  readonly doubtful?: readonly ManifestStretch[];
}

export interface ManifestStretch {
  readonly from: string;
  readonly to: string;
}

export interface PackageManifest {
  readonly format: 'porchlight/package/v1';
  readonly request: {
    readonly id: string;
    readonly agency: string;
    readonly caseNumber: string;
    readonly noteSha256: Sha256Hex;
  };
  readonly sharedBy: Identity;
  readonly consent: string;
  readonly created: string;
  readonly clips: readonly ManifestClip[];
  readonly tools: Readonly<Record<string, string>>;
}

export type ShareStatus = 'sealed' | 'uploading' | 'paused' | 'sent';

/** A share as kept in storage; the sealed bytes lie beside it until it is discarded. */
export interface ShareRecord {
  readonly id: string;
  readonly requestId: string;
  readonly requestTitle: string;
  readonly agencyName: string;
  readonly recordingIds: readonly string[];
  readonly createdAt: EpochMs;
  readonly bytes: number;
  readonly sha256: Sha256Hex;
  readonly submissionKey: string;
  readonly manifest: PackageManifest;
  readonly status: ShareStatus;
  readonly uploadUrl: string | null;
  readonly bytesSent: number;
  readonly lastProblem: string | null;
  readonly receipt: { readonly note: string; readonly receipt: Receipt } | null;
}

export type SendFailure =
  | 'offline'
  /** The ledger on this device did not take a request, so it was not made. */
  | 'unrecorded'
  | 'hub-error'
  | 'refused-by-hub'
  | 'bad-receipt'
  | 'package-missing'
  | 'request-closed'
  | 'paused';

export type GateRefusal =
  | 'request-not-open'
  | 'camera-without-place'
  | 'outside-area'
  | 'outside-window'
  | 'time-unconfirmed'
  | 'recording-missing';

export interface HttpExchange {
  readonly method: string;
  readonly url: string;
  readonly purpose: string;
  readonly bodyBytes: number;
  /** Those that the page sets; the browser adds its own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One request that left, or was about to, as the net door wrote it down. */
export interface LedgerEntry {
  readonly at: EpochMs;
  readonly purpose: string;
  readonly method: string;
  readonly url: string;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly bodySha256: Sha256Hex | null;
  readonly status: number | null;
  readonly problem: string | null;
  /**
   * Absent or `request`: a request that was made; written twice, before it leaves (`of` absent) and after (`of` names the first line).
   * `blocked`: one that the content policy stopped. `cleared`: the lines before were cleared.
   */
  readonly kind?: 'request' | 'blocked' | 'cleared';
  /** Number of the line that was written before the request left. */
  readonly of?: number;
  /** The headers that the page set; the browser adds its own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tookMs?: Ms;
}
