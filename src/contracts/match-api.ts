/** The match worker's contract: request × recording × overlap, found on the device. */
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
  /** `[max(start, from), min(end, to))` in true time (clock offset applied). */
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
  readonly camerasInside: readonly string[];
  /** Distance from the nearest placed camera to the area's edge; 0 when inside; null with no placed camera. */
  readonly nearestOutsideM: Metres | null;
  readonly matches: readonly Match[];
}

export interface MatchOutcome {
  readonly verdicts: readonly RequestVerdict[];
  readonly computedAt: EpochMs;
  /** How many recording rows were read, to show that only overlapping ones are. */
  readonly recordingsRead: number;
}

export type MatchFailure = 'storage-unavailable' | 'worker-crashed' | 'cancelled';

export interface MatchApi {
  matchAll(requests: readonly MatchableRequest[]): Promise<Result<MatchOutcome, MatchFailure>>;
}
