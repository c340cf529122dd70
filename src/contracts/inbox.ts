/** The agency's inbox: sealed packages as the hub lists them, what opening one showed, and the custody report. */
import * as v from 'valibot';
import type { PackageManifest } from './share.ts';
import type { EpochMs, Sha256Hex } from './units.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What the agency said of a package: once, for good. The resident is not told. */
export const DecisionSchema = v.strictObject({
  decision: v.picklist(['accepted', 'declined']),
  reason: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(400))),
});
export type Decision = v.InferOutput<typeof DecisionSchema>;

export const InboxItemSchema = v.strictObject({
  /** The package's id: 32 hexadecimal digits. */
  package: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  request: v.string(),
  bytes: wholeNumber,
  sha256,
  received: instant,
  /** The receipt note that the sender got. */
  receipt: v.string(),
  decision: v.nullable(v.strictObject({ ...DecisionSchema.entries, at: instant })),
});
export type InboxItem = v.InferOutput<typeof InboxItemSchema>;

/** What `GET /v1/inbox` answers an agency, newest first; `next` is the path of the following page. */
export const InboxListSchema = v.strictObject({
  version: v.literal(1),
  agency: v.string(),
  items: v.array(InboxItemSchema),
  next: v.nullable(v.string()),
});
export type InboxList = v.InferOutput<typeof InboxListSchema>;

const stretches = v.pipe(v.array(v.object({ from: instant, to: instant })), v.readonly());
const range = v.pipe(v.tuple([wholeNumber, wholeNumber]), v.readonly());

/** A package's manifest as it is read: whatever else it says is passed over. */
export const PackageManifestSchema: v.GenericSchema<unknown, PackageManifest> = v.object({
  format: v.literal('porchlight/package/v1'),
  request: v.object({ id: v.string(), agency: v.string(), caseNumber: v.string(), noteSha256: sha256 }),
  sharedBy: v.object({ name: v.string(), email: v.string(), address: v.string() }),
  consent: v.string(),
  created: instant,
  clips: v.pipe(
    v.array(
      v.object({
        file: v.pipe(v.string(), v.regex(/^clips\/[0-9]{2,4}\.mp4$/)),
        sha256,
        bytes: wholeNumber,
        window: v.object({ from: instant, to: instant }),
        firstFrame: instant,
        lastFrame: instant,
        timeSource: v.string(),
        clockOffsetMs: v.number(),
        camera: v.object({ name: v.string(), place: v.pipe(v.tuple([v.number(), v.number()]), v.readonly()) }),
        originalSha256: sha256,
        mode: v.string(),
        frames: v.object({ total: wholeNumber, original: wholeNumber, reencoded: wholeNumber }),
        reencodedRanges: v.pipe(v.array(range), v.readonly()),
        missing: v.exactOptional(stretches),
        doubtful: v.exactOptional(stretches),
      }),
    ),
    v.minLength(1),
    v.maxLength(1_000),
    v.readonly(),
  ),
  tools: v.pipe(v.record(v.string(), v.string()), v.readonly()),
});

export type PackageRule =
  /** The bytes are the ones that the hub signed for. */
  | 'sealed-bytes'
  | 'receipt'
  /** The ZIP holds manifest, clips and README, stored, and nothing else. */
  | 'contents'
  | 'manifest'
  /** The manifest is about the request that the package was sent for, and about the very text that was published. */
  | 'request'
  | 'clip-hash'
  | 'window'
  | 'place'
  | 'frames'
  /** The clip's own structure: no frame outside, no byte unaccounted for, nothing that gives a place or a device away. */
  | 'audit';

export interface PackageCheck {
  readonly rule: PackageRule;
  /** `clips/01.mp4`, or null for the package as a whole. */
  readonly file: string | null;
  readonly holds: boolean;
  readonly detail: string;
}

export interface OpenedClip {
  readonly file: string;
  readonly video: Blob;
  readonly sha256: Sha256Hex;
}

/** An opened package. `sound` is false as soon as one check fails: show it as a package that breaks its own manifest. */
export interface OpenedPackage {
  readonly packageId: string;
  readonly manifest: PackageManifest;
  readonly clips: readonly OpenedClip[];
  readonly checks: readonly PackageCheck[];
  readonly sound: boolean;
  /** The ZIP itself, for the case file. */
  readonly zip: Blob;
}

export type OpenProblem =
  /** None of this agency's keys opens it. */
  | 'wrong-key'
  | 'damaged'
  /** It opened, but holds no manifest that can be read. */
  | 'no-manifest';

/** Everything a court may ask about how a package came in; printed as a page and saved as JSON. */
export interface CustodyReport {
  readonly format: 'porchlight/custody/v1';
  readonly made: string;
  readonly agency: { readonly id: string; readonly name: string; readonly keyId: string };
  readonly request: {
    readonly id: string;
    readonly caseNumber: string;
    readonly title: string;
    readonly noteSha256: Sha256Hex;
  };
  /** `id` and `received` are the hub's; null for a file that somebody handed over. */
  readonly package: {
    readonly id: string | null;
    readonly bytes: number;
    readonly sha256: Sha256Hex;
    readonly received: string | null;
  };
  /** The hub's signed receipt, whole; null for a file that somebody handed over. */
  readonly receipt: string | null;
  readonly decision: (Decision & { readonly at: string }) | null;
  readonly manifest: PackageManifest;
  readonly checks: readonly PackageCheck[];
  readonly sound: boolean;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly at: EpochMs;
}
