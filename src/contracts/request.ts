/** The public record's documents as schemas and types: directory, request, status, receipt; shared by page, hub and tools. */
import * as v from 'valibot';

const text = (max: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(max));
const identifier = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens'),
);
const instant = v.pipe(v.string(), v.isoTimestamp());
const position = v.pipe(
  v.tuple([v.pipe(v.number(), v.minValue(-180), v.maxValue(180)), v.pipe(v.number(), v.minValue(-90), v.maxValue(90))]),
  v.readonly(),
);
const ring = v.pipe(v.array(position), v.minLength(4), v.maxLength(2_000));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** A circle in metres on WGS84, or a GeoJSON Polygon or MultiPolygon (RFC 7946: first ring outer, others holes; edges planar in longitude and latitude). */
export const AreaSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('Circle'),
    center: position,
    radiusM: v.pipe(v.number(), v.minValue(1), v.maxValue(100_000)),
  }),
  v.strictObject({ type: v.literal('Polygon'), coordinates: v.pipe(v.array(ring), v.minLength(1), v.maxLength(50)) }),
  v.strictObject({
    type: v.literal('MultiPolygon'),
    coordinates: v.pipe(
      v.array(v.pipe(v.array(ring), v.minLength(1), v.maxLength(50))),
      v.minLength(1),
      v.maxLength(50),
    ),
  }),
]);
export type Area = v.InferOutput<typeof AreaSchema>;

export const AgencyKindSchema = v.picklist(['police', 'sheriff', 'fire', 'emergency-management', 'public-safety']);
export type AgencyKind = v.InferOutput<typeof AgencyKindSchema>;

/** A signed-note verifier key: `name+hash+base64(key)` as c2sp.org/signed-note writes it. */
const verifierKey = text(400);

/**
 * A key with the time it is good for, half-open: documents dated `from ≤ date < until`. `lastSeq` ends it in the agency's own
 * chain as well, which whoever holds a stolen key cannot backdate: no entry after that number counts.
 */
export const KeyTermSchema = v.strictObject({
  key: verifierKey,
  from: v.optional(instant),
  until: v.optional(instant),
  ended: v.optional(v.picklist(['rotated', 'revoked'])),
  lastSeq: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type KeyTerm = v.InferOutput<typeof KeyTermSchema>;

/** Every key that an agency or a reviewer has or had; one without a term is good at any time. */
const keys = v.pipe(v.array(v.union([verifierKey, KeyTermSchema])), v.minLength(1), v.maxLength(20));

export const AgencySchema = v.strictObject({
  id: identifier,
  name: text(120),
  kind: AgencyKindSchema,
  place: text(120),
  contact: text(200),
  keys,
  /** age recipients (`age1…`) to which packages are sealed. */
  recipients: v.pipe(v.array(text(200)), v.minLength(1), v.maxLength(10)),
  status: v.picklist(['active', 'suspended']),
});
export type Agency = v.InferOutput<typeof AgencySchema>;

export const ReviewerSchema = v.strictObject({
  id: identifier,
  name: text(120),
  keys,
});
export type Reviewer = v.InferOutput<typeof ReviewerSchema>;

export const DirectorySchema = v.strictObject({
  issued: instant,
  /** The hub's key, which signs receipts. */
  hub: v.strictObject({ name: text(120), key: verifierKey }),
  agencies: v.pipe(v.array(AgencySchema), v.maxLength(20_000)),
  reviewers: v.pipe(v.array(ReviewerSchema), v.maxLength(1_000)),
});
export type Directory = v.InferOutput<typeof DirectorySchema>;

export const PolicyNameSchema = v.picklist(['npss', 'rfa-2021']);
export type PolicyName = v.InferOutput<typeof PolicyNameSchema>;

export const FootageRequestSchema = v.strictObject({
  id: identifier,
  agency: identifier,
  /** 1, 2, 3 … per agency. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** SHA-256 of the text of the agency's previous note; null for the first. */
  prev: v.nullable(sha256),
  caseNumber: v.pipe(v.string(), v.maxLength(80)),
  incidentType: v.pipe(v.string(), v.maxLength(80)),
  suspectedCrime: v.pipe(v.string(), v.maxLength(200)),
  title: text(140),
  description: text(4_000),
  investigator: v.strictObject({
    name: v.pipe(v.string(), v.maxLength(120)),
    email: v.optional(v.pipe(v.string(), v.maxLength(200))),
    telephone: v.optional(v.pipe(v.string(), v.maxLength(60))),
  }),
  /** The incident point. */
  incident: position,
  /** The incident's place in words, such as a street corner. */
  placeName: text(160),
  area: AreaSchema,
  window: v.strictObject({ from: instant, to: instant, zone: text(60) }),
  posted: instant,
  expires: instant,
  policy: PolicyNameSchema,
});
export type FootageRequest = v.InferOutput<typeof FootageRequestSchema>;

/** Why a reviewer rejects: the things that requests may not be, by the policies' own lists. */
export const RejectionCodeSchema = v.picklist([
  'lawful-activity',
  'announcement',
  'profiling',
  'threats-or-harassment',
  'victim-identity',
  'pressure-to-share',
  'breaks-policy',
  'not-genuine',
]);
export type RejectionCode = v.InferOutput<typeof RejectionCodeSchema>;

/**
 * Closes a request. The agency's own (`resolved`, `withdrawn`) are entries of its chain, with `seq` and `prev` like its requests;
 * a reviewer's rejection has neither, but a `code`.
 */
export const StatusSchema = v.strictObject({
  request: identifier,
  agency: identifier,
  status: v.picklist(['resolved', 'withdrawn', 'rejected']),
  code: v.optional(RejectionCodeSchema),
  reason: v.optional(text(400)),
  at: instant,
  seq: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  prev: v.optional(v.nullable(sha256)),
});
export type RequestStatusNote = v.InferOutput<typeof StatusSchema>;

export const ReceiptSchema = v.strictObject({
  package: identifier,
  request: identifier,
  sha256,
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  received: instant,
});
export type Receipt = v.InferOutput<typeof ReceiptSchema>;

/** What a hub takes beside reading; a plain static host takes nothing. */
export const HubServiceSchema = v.picklist(['packages', 'comments', 'requests', 'inbox']);
export type HubService = v.InferOutput<typeof HubServiceSchema>;

/** Absent: everything. */
const accepts = v.optional(v.pipe(v.array(HubServiceSchema), v.readonly()));

/** What `GET /v1/feed` and each of its cells answer: signed notes, each the whole text with its signature lines. */
export const FeedSchema = v.strictObject({
  version: v.literal(1),
  generated: instant,
  accepts,
  requests: v.array(v.pipe(v.string(), v.maxLength(200_000))),
  statuses: v.array(v.pipe(v.string(), v.maxLength(20_000))),
});
export type Feed = v.InferOutput<typeof FeedSchema>;

/** A geohash (geohash.org): base 32 without a, i, l, o. */
export const CellSchema = v.pipe(v.string(), v.regex(/^[0-9bcdefghjkmnp-z]{1,6}$/));

/**
 * What `GET /v1/feed` answers instead once more than `WHOLE_FEED_LIMIT` requests are open: where to read the whole cells.
 * A cell's file is `GET /v1/cells/CELL/VERSION`, a `Feed` that never changes under that name.
 */
export const FeedIndexSchema = v.strictObject({
  version: v.literal(1),
  generated: instant,
  accepts,
  open: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Characters in a cell's name. */
  precision: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(6)),
  cells: v.record(
    CellSchema,
    v.strictObject({
      version: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
      requests: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
});
export type FeedIndex = v.InferOutput<typeof FeedIndexSchema>;

/** Up to this many open requests the feed is one whole file. */
export const WHOLE_FEED_LIMIT = 2_000;

/** First lines of the kinds of note. */
export const NOTE_TYPES = {
  directory: 'porchlight/directory/v1',
  request: 'porchlight/request/v1',
  status: 'porchlight/status/v1',
  receipt: 'porchlight/receipt/v1',
  comment: 'porchlight/comment/v1',
  'comment-removal': 'porchlight/comment-removal/v1',
} as const;
