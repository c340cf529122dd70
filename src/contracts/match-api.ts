/** The match worker's contract: request × recording × overlap, found on the device. */
import type { PolicyRule, RequestStatus } from './public-record.ts';
import type { Area } from './request.ts';
import type { Result } from './result.ts';
import type { EpochMs, Metres, Ms, Position, TimeWindow } from './units.ts';

/** The part of a shown, open, valid request that the engine needs. */
export interface MatchableRequest {
  readonly id: string;
  readonly area: Area;
  readonly window: TimeWindow;
  /** Where distances are measured from; without it, a circle's centre or the middle of a polygon's box. */
  readonly incident?: Position;
}

export interface Match {
  readonly requestId: string;
  readonly cameraId: string;
  readonly recordingId: string;
  /** `[max(start, from), min(end, to))` in true time (clock offset applied); of two readings of the start the one that overlaps longer. */
  readonly overlap: TimeWindow;
  readonly overlapMs: Ms;
  /** From the camera to the request's incident point or circle centre. */
  readonly distanceM: Metres;
  /** Unconfirmed times match, marked, and cannot be shared until the person confirms them. */
  readonly timeConfirmed: boolean;
}

/** What one request means for this household. */
export interface RequestVerdict {
  readonly requestId: string;
  /** Cameras of the library, and those of them that have a place. */
  readonly cameras: number;
  readonly placed: number;
  readonly camerasInside: number;
  /** From the nearest placed camera to the area's edge, good to a metre within 20 km; 0 when inside; null with no placed camera. */
  readonly nearestOutsideM: Metres | null;
  /** Recordings that overlap the window, and those of them whose time nobody has confirmed. */
  readonly recordings: number;
  readonly unconfirmed: number;
  /** Length of the window that is covered, overlapping recordings of one camera counted once. */
  readonly overlapMs: Ms;
  /** With cameras inside and nothing recorded then: how long before the window the last recording ended, or after it the next began. */
  readonly miss: { readonly side: 'before' | 'after'; readonly byMs: Ms } | null;
}

export interface MatchOutcome {
  /** Null for a request that the run was not given. */
  verdictOf(requestId: string): RequestVerdict | null;
  readonly computedAt: EpochMs;
  /** How many recordings were compared, and how long that took in the worker. */
  readonly recordings: number;
  readonly tookMs: Ms;
  /** Sentences about columns that could not be trusted and were made anew from the rows. */
  readonly rebuilt: readonly string[];
}

export type MatchFailure = 'storage-unavailable' | 'out-of-memory' | 'worker-crashed' | 'cancelled';

/** A request under a number of the page's choosing, by which the answer's columns are ordered. */
export interface NumberedRequest extends MatchableRequest {
  readonly number: number;
}

/** One value for each number, up to the highest in use; what stands at numbers not in use means nothing. */
export interface MatchColumns {
  readonly camerasInside: Uint32Array<ArrayBuffer>;
  readonly recordings: Uint32Array<ArrayBuffer>;
  readonly unconfirmed: Uint32Array<ArrayBuffer>;
  readonly overlapMs: Float64Array<ArrayBuffer>;
  /** NaN with no placed camera. */
  readonly nearestOutsideM: Float64Array<ArrayBuffer>;
  /** Negative before the window, positive after it, NaN when there is none. */
  readonly missMs: Float64Array<ArrayBuffer>;
}

export interface MatchAnswer {
  readonly columns: MatchColumns;
  readonly cameras: number;
  readonly placed: number;
  readonly computedAt: EpochMs;
  readonly compared: number;
  readonly tookMs: Ms;
  readonly rebuilt: readonly string[];
}

/** A worker that was ended meanwhile knows nothing any more: begin again. */
export type SessionFailure = MatchFailure | 'session-lost';

export interface MatchApi {
  /** Forgets every request. */
  begin(session: string): Promise<void>;
  put(session: string, requests: readonly NumberedRequest[]): Promise<Result<void, 'session-lost'>>;
  drop(session: string, numbers: readonly number[]): Promise<Result<void, 'session-lost'>>;
  /** Takes in what changed in the library and compares what is affected. */
  match(session: string): Promise<Result<MatchAnswer, SessionFailure>>;
  /** Every match of one request as of the last `match`, by time, then camera, then recording. */
  matchesOf(session: string, number: number): Promise<Result<readonly Match[], SessionFailure>>;
}

/** Why a request takes nothing at all. */
export type RequestClosed =
  | { readonly kind: 'request-missing' }
  | { readonly kind: 'request-refused'; readonly detail: string }
  | { readonly kind: 'request-closed'; readonly status: RequestStatus }
  /** `number` counts the rules as the request page lists them, from 1. */
  | { readonly kind: 'breaks-rule'; readonly number: number; readonly rule: PolicyRule; readonly detail: string }
  | { readonly kind: 'agency-inactive' }
  | { readonly kind: 'request-expired' };

/** What one recording is to one request, and if nothing, why. The first that applies. */
export type MatchExplanation =
  | RequestClosed
  | { readonly kind: 'recording-missing' }
  | { readonly kind: 'camera-without-place' }
  | { readonly kind: 'outside-area'; readonly byM: Metres }
  | { readonly kind: 'time-unknown' }
  | { readonly kind: 'no-length' }
  | { readonly kind: 'ended-before'; readonly byMs: Ms }
  | { readonly kind: 'began-after'; readonly byMs: Ms }
  /** It overlaps by one reading at least, but nobody has confirmed the time. */
  | { readonly kind: 'time-unconfirmed'; readonly overlap: TimeWindow }
  /** It goes on into the window, but the part that is kept here ends before. */
  | { readonly kind: 'unfinished'; readonly endsBeforeMs: Ms }
  | { readonly kind: 'match'; readonly overlap: TimeWindow };
