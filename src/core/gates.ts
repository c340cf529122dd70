/** The gates: what may be cut, sealed and sent at all. Asked by the trim stage, again when sealing, and again when sending. */
import { recordingInterval, type Camera, type Recording } from '../contracts/library.ts';
import type { RequestView } from '../contracts/public-record.ts';
import { failure, ok, type Failure, type Result } from '../contracts/result.ts';
import type { GateRefusal, PackageManifest } from '../contracts/share.ts';
import type { EpochMs, TimeWindow } from '../contracts/units.ts';
import { areaContains } from './area.ts';

export interface GateQuestion {
  readonly view: RequestView | null;
  readonly camera: Camera | null;
  readonly recording: Recording | null;
  /** A narrower window than the whole overlap, in true time; null for the whole overlap. */
  readonly narrowed: TimeWindow | null;
  readonly now: EpochMs;
}

/** Null when the request is open: signed, reviewed, within its policy, from an active agency, and not past its end. */
const requestRefusal = (view: RequestView | null, now: EpochMs): Failure<GateRefusal> | null => {
  const refuse = (why: string) => failure('request-not-open', why);
  if (view === null) return refuse('This request is not in the public record any more.');
  if (view.problem !== null) return refuse(`This request cannot be answered: ${view.problem.detail}`);
  if (view.status !== 'open') return refuse(`This request is ${view.status}; nothing can be shared with it.`);
  const broken = view.rules.find((rule) => !rule.holds);
  if (broken !== undefined) return refuse(`This request breaks a rule: ${broken.detail}`);
  if (view.agency?.status !== 'active') return refuse('The agency that asks is not an active one of the directory.');
  // `!(… > …)` so that an unreadable date, which is NaN, counts as past.
  if (!(Date.parse(view.request.expires) > now)) return refuse('This request has expired.');
  return null;
};

const inside = (inner: TimeWindow, outer: TimeWindow): boolean =>
  inner.from < inner.to && inner.from >= outer.from && inner.to <= outer.to;

/**
 * The true-time window that may be cut: `[max(start, from), min(end, to))`, or the narrowed one when it lies within that.
 * Otherwise the first gate that is shut: recording, request, the camera's place, the area, the time's confirmation, the window.
 */
export const passGates = ({
  view,
  camera,
  recording,
  narrowed,
  now,
}: GateQuestion): Result<TimeWindow, GateRefusal> => {
  if (recording === null || camera === null || recording.cameraId !== camera.id) {
    return failure('recording-missing', 'This recording is not in the library any more.');
  }
  const shut = requestRefusal(view, now);
  if (shut !== null || view === null) return shut ?? failure('request-not-open', 'There is no such request.');
  if (camera.place === null) {
    return failure(
      'camera-without-place',
      `The camera “${camera.name}” has no place yet, so it cannot be inside the area.`,
    );
  }
  if (!areaContains(view.request.area, camera.place)) {
    return failure('outside-area', `The camera “${camera.name}” is outside the area of this request.`);
  }
  const interval = recordingInterval(recording, camera);
  if (recording.time.confidence === 'unconfirmed' || interval === null) {
    return failure('time-unconfirmed', `Nobody has confirmed yet when “${recording.fileName}” was recorded.`);
  }
  const overlap = { from: Math.max(interval.from, view.window.from), to: Math.min(interval.to, view.window.to) };
  if (!(overlap.from < overlap.to)) {
    return failure('outside-window', `“${recording.fileName}” was not recorded in the time that the request asks for.`);
  }
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
