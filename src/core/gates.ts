/** The gates: what may be cut, sealed and sent at all. Asked by the trim stage, again when sealing, and again when sending. */
import type { Camera, Recording } from '../contracts/library.ts';
import type { MatchExplanation } from '../contracts/match-api.ts';
import type { RequestView } from '../contracts/public-record.ts';
import { failure, ok, type Failure, type Result } from '../contracts/result.ts';
import type { GateRefusal, PackageManifest } from '../contracts/share.ts';
import type { EpochMs, TimeWindow } from '../contracts/units.ts';
import { areaContains } from './area.ts';
import { requestClosed, sayClosed } from './request-open.ts';
import { explainMatch, sayWhyNot } from './why-not.ts';

export interface GateQuestion {
  readonly view: RequestView | null;
  readonly camera: Camera | null;
  readonly recording: Recording | null;
  /** A narrower window than the whole overlap, in true time; null for the whole overlap. */
  readonly narrowed: TimeWindow | null;
  readonly now: EpochMs;
}

const requestRefusal = (view: RequestView | null, now: EpochMs): Failure<GateRefusal> | null => {
  const closed = requestClosed(view, now);
  return closed && failure('request-not-open', sayClosed(closed));
};

/** The gate that stands for each explanation; null for a match. */
const gateOf = ({ kind }: MatchExplanation): GateRefusal | null => {
  switch (kind) {
    case 'match':
      return null;
    case 'recording-missing':
    case 'camera-without-place':
    case 'outside-area':
    case 'time-unconfirmed':
      return kind;
    case 'time-unknown':
      return 'time-unconfirmed';
    case 'ended-before':
    case 'began-after':
    case 'unfinished':
    case 'no-length':
      return 'outside-window';
    case 'request-missing':
    case 'request-refused':
    case 'request-closed':
    case 'breaks-rule':
    case 'agency-inactive':
    case 'request-expired':
      return 'request-not-open';
  }
};

const inside = (inner: TimeWindow, outer: TimeWindow): boolean =>
  inner.from < inner.to && inner.from >= outer.from && inner.to <= outer.to;

/**
 * The true-time window that may be cut: `[max(start, from), min(end, to))`, or the narrowed one when it lies within that.
 * Otherwise the first gate that is shut (`explainMatch`): recording, request, the camera's place, the area, the window, the time's confirmation.
 */
export const passGates = ({
  view,
  camera,
  recording,
  narrowed,
  now,
}: GateQuestion): Result<TimeWindow, GateRefusal> => {
  const explanation = explainMatch({ view, camera, recording, now });
  const gate = gateOf(explanation);
  if (gate !== null || explanation.kind !== 'match') {
    const names = { camera: camera?.name ?? '', file: recording?.fileName ?? '' };
    return failure(gate ?? 'request-not-open', sayWhyNot(explanation, names));
  }
  const { overlap } = explanation;
  if (narrowed === null) return ok(overlap);
  if (!inside(narrowed, overlap)) {
    return failure('outside-window', 'The chosen stretch must lie within the requested time and within the recording.');
  }
  return ok({ from: narrowed.from, to: narrowed.to });
};

/** The same gates for a package that is already sealed, from its manifest: every clip's place in the area and window in the request's. */
export const passSealedGates = (
  view: RequestView | null,
  manifest: PackageManifest,
  now: EpochMs,
): Result<void, GateRefusal> => {
  const shut = requestRefusal(view, now);
  if (shut !== null || view === null) return shut ?? failure('request-not-open', 'There is no such request.');
  if (manifest.request.id !== view.id)
    return failure('request-not-open', 'The package was sealed for another request.');
  for (const clip of manifest.clips) {
    if (!areaContains(view.request.area, clip.camera.place)) {
      return failure('outside-area', `The camera “${clip.camera.name}” is outside the area of this request.`);
    }
    if (
      !inside({ from: Date.parse(clip.window.from), to: Date.parse(clip.window.to) }, wholeMilliseconds(view.window))
    ) {
      return failure('outside-window', `${clip.file} is not within the time that the request asks for.`);
    }
  }
  return ok(undefined);
};

/** A manifest writes whole milliseconds: its instants may be up to one earlier than the fraction they stand for. */
const wholeMilliseconds = ({ from, to }: TimeWindow): TimeWindow => ({ from: Math.floor(from), to });
