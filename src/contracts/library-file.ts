/** The whole library as one file: a tar file with `library.json` first, optionally sealed with a passphrase through age. */
import * as v from 'valibot';
import type { StoreFailure } from './storage.ts';

export const LIBRARY_FORMAT = 'porchlight/library/v1';

const id = v.pipe(v.string(), v.regex(/^[\w.:-]{1,80}$/));
const text = v.pipe(v.string(), v.maxLength(4_096));
/** A short word of ours, which screens look up: never the name of something every object has. */
const word = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,40}$/),
  v.check((name) => !(name in {}), 'a name that every object has'),
);
const instant = v.pipe(v.number(), v.finite());
const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const zone = v.pipe(
  v.string(),
  v.check((name) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  }, 'an unknown time zone'),
);
const place = v.tuple([
  v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
  v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
]);

/** What every version of a row has; further fields are kept as they are, since they are shown as text or counted, never run. */
const CameraSchema = v.looseObject({
  ...{ id, name: text, place: v.nullable(place), zone },
  ...{ clockOffsetMs: instant, createdAt: instant },
  /** Times are worked out with it. */
  confirmedRules: v.exactOptional(
    v.record(word, v.union([v.literal('ask-each'), v.strictObject({ reading: text, correctionMs: instant })])),
  ),
});

const RecordingSchema = v.looseObject({
  ...{ id, cameraId: id, fileName: text, relativePath: text, bytes: natural, sha256, importedAt: instant },
  durationMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  firstFrameAt: v.pipe(v.number(), v.finite()),
  video: v.looseObject({ codec: text, width: natural, height: natural, rotation: v.picklist([0, 90, 180, 270]) }),
  audio: v.nullable(v.looseObject({ codec: text, channels: natural, sampleRate: natural })),
  time: v.looseObject({
    startMs: v.nullable(instant),
    otherStartMs: v.optional(instant),
    confidence: v.picklist(['accepted', 'confirmed', 'unconfirmed']),
    source: v.nullable(word),
    candidates: v.array(
      v.looseObject({ source: word, basis: word, zone: word, startsMs: v.array(instant), evidence: text }),
    ),
  }),
});

const ShareSchema = v.looseObject({
  ...{ id, requestId: text, requestTitle: text, agencyName: text, recordingIds: v.array(id), createdAt: instant },
  ...{ bytes: natural, sha256, submissionKey: text, bytesSent: natural, uploadUrl: v.nullable(text) },
  ...{ status: v.picklist(['sealed', 'uploading', 'paused', 'sent']), lastProblem: v.nullable(text) },
  manifest: v.looseObject({
    format: v.literal('porchlight/package/v1'),
    clips: v.array(v.looseObject({ file: text, sha256, bytes: natural })),
    request: v.looseObject({ id: text, caseNumber: text }),
    sharedBy: v.looseObject({ name: text, email: text, address: text }),
  }),
  receipt: v.nullable(
    v.looseObject({
      note: v.pipe(v.string(), v.maxLength(65_536)),
      receipt: v.looseObject({ sha256, bytes: natural, received: text, package: text, request: text }),
    }),
  ),
});

const NoteSchema = v.object({
  ...{ key: text, note: v.pipe(v.string(), v.maxLength(1_048_576)), origin: v.literal('file'), fetchedAt: instant },
});

export const LibraryFileSchema = v.object({
  format: v.literal(LIBRARY_FORMAT),
  exported: instant,
  cameras: v.array(CameraSchema),
  recordings: v.array(RecordingSchema),
  shares: v.array(ShareSchema),
  notes: v.array(NoteSchema),
  identity: v.nullable(v.object({ name: text, email: text, address: text })),
});

export type LibraryImportFailure =
  | 'not-a-library'
  | 'passphrase-needed'
  | 'wrong-passphrase'
  | 'damaged'
  | 'cancelled'
  | StoreFailure;

/** What an import did. Importing the same file again goes on where it stopped: what is there already is left as it is. */
export interface LibraryImported {
  readonly cameras: number;
  readonly recordings: number;
  readonly shares: number;
  readonly alreadyThere: number;
  /** One sentence for each recording or share that was left out. */
  readonly leftOut: readonly string[];
}

export interface LibraryFileProgress {
  readonly done: number;
  readonly total: number;
}
