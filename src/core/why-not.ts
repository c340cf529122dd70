/** What one recording is to one request, and if nothing, why: the verdict behind the gates, the request page and the engine's own counting. */
import { type Camera, type Recording, recordingInterval } from '../contracts/library.ts';
import type { MatchExplanation } from '../contracts/match-api.ts';
import type { RequestView } from '../contracts/public-record.ts';
import type { EpochMs, Metres, TimeWindow } from '../contracts/units.ts';
import { areaContains, distanceToArea } from './area.ts';
import { clockLength } from './clock-length.ts';
import { requestClosed, sayClosed } from './request-open.ts';

export interface WhyNotQuestion {
  readonly view: RequestView | null;
  readonly camera: Camera | null;
  readonly recording: Recording | null;
  readonly now: EpochMs;
}

const overlapOf = (a: TimeWindow, b: TimeWindow): TimeWindow | null => {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
};

/** Every reading of the recording's interval, in true time; both of a doubtful start, one of any other. */
const readingsOf = (recording: Recording, camera: Camera): readonly TimeWindow[] => {
  const first = recordingInterval(recording, camera);
  if (!first) return [];
  const { otherStartMs, confidence } = recording.time;
  if (confidence !== 'unconfirmed' || otherStartMs === undefined) return [first];
  const from = otherStartMs + camera.clockOffsetMs;
  return [first, { from, to: from + recording.durationMs }];
};

const longest = (overlaps: readonly TimeWindow[]): TimeWindow | null =>
  overlaps.reduce<TimeWindow | null>(
    (best, next) => (!best || next.to - next.from > best.to - best.from ? next : best),
    null,
  );

/** By how much the nearest reading misses the window. */
const missOf = (readings: readonly TimeWindow[], window: TimeWindow): MatchExplanation => {
  const misses = readings.map(({ from, to }) =>
    to <= window.from
      ? { kind: 'ended-before' as const, byMs: window.from - to }
      : { kind: 'began-after' as const, byMs: from - window.to },
  );
  return misses.reduce((least, next) => (next.byMs < least.byMs ? next : least));
};

/** The first that stands in the way, in the order of the gates: recording, request, place, area, time. Distances are the geodesic's own. */
export const explainMatch = ({ view, camera, recording, now }: WhyNotQuestion): MatchExplanation => {
  if (!recording || !camera || recording.cameraId !== camera.id) return { kind: 'recording-missing' };
  const closed = requestClosed(view, now);
  if (closed || !view) return closed ?? { kind: 'request-missing' };
  if (!camera.place) return { kind: 'camera-without-place' };
  const { area } = view.request;
  if (!areaContains(area, camera.place)) return { kind: 'outside-area', byM: distanceToArea(area, camera.place) };
  const readings = readingsOf(recording, camera);
  if (readings.length === 0) return { kind: 'time-unknown' };
  if (!(recording.durationMs > 0)) return { kind: 'no-length' };
  const overlap = longest(readings.flatMap((reading) => overlapOf(reading, view.window) ?? []));
  if (!overlap) {
    const miss = missOf(readings, view.window);
    return recording.unfinished && miss.kind === 'ended-before'
      ? { kind: 'unfinished', endsBeforeMs: miss.byMs }
      : miss;
  }
  if (recording.time.confidence === 'unconfirmed') return { kind: 'time-unconfirmed', overlap };
  return { kind: 'match', overlap };
};

/** `240 m`, `2.4 km`; never nothing. */
const length = (metres: Metres): string =>
  metres < 1_000 ? `${Math.max(1, Math.round(metres))} m` : `${(metres / 1_000).toFixed(1)} km`;

/** One sentence for a person. */
export const sayWhyNot = (
  explanation: MatchExplanation,
  { camera, file }: { readonly camera: string; readonly file: string },
): string => {
  switch (explanation.kind) {
    case 'recording-missing':
      return 'This recording is not in the library any more.';
    case 'camera-without-place':
      return `The camera “${camera}” has no place yet, so it cannot be inside the area.`;
    case 'outside-area':
      return `The camera “${camera}” is ${length(explanation.byM)} outside the area of this request.`;
    case 'time-unknown':
      return `Nobody has said yet when “${file}” was recorded.`;
    case 'no-length':
      return `“${file}” has no length.`;
    case 'ended-before':
      return explanation.byMs === 0
        ? `“${file}” ended just as the requested time began.`
        : `“${file}” ended ${clockLength(explanation.byMs)} before the requested time.`;
    case 'began-after':
      return explanation.byMs === 0
        ? `“${file}” began just as the requested time ended.`
        : `“${file}” began ${clockLength(explanation.byMs)} after the requested time.`;
    case 'time-unconfirmed':
      return `Nobody has confirmed yet when “${file}” was recorded.`;
    case 'unfinished':
      return `“${file}” was still being written when it was imported; the part that is here ends ${clockLength(explanation.endsBeforeMs)} before the requested time.`;
    case 'match':
      return `“${file}” was recorded inside the area and the requested time.`;
    case 'request-missing':
    case 'request-refused':
    case 'request-closed':
    case 'breaks-rule':
    case 'agency-inactive':
    case 'request-expired':
      return sayClosed(explanation);
  }
};
