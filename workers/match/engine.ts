/**
 * The match engine: which recordings lie inside which request's area and window. Requests' boxes are in an R-tree; each placed camera asks
 * it once, is tested exactly, and has only those recordings read that can overlap a window.
 */
import RBush from 'rbush';
import type { Camera, Recording } from '../../src/contracts/library.ts';
import type { Match, MatchableRequest, MatchOutcome, RequestVerdict } from '../../src/contracts/match-api.ts';
import type { EpochMs, Metres, Position, TimeWindow } from '../../src/contracts/units.ts';
import { type AreaBox, areaBounds, areaContains, distanceToArea } from '../../src/core/area.ts';
import { geodesicDistance } from '../../src/core/geodesy.ts';
import type { RecordingSource } from './recording-source.ts';
import { overlapOf, unionOf } from './spans.ts';

interface PlacedCamera extends Camera {
  readonly place: Position;
}

interface RequestBox extends AreaBox {
  readonly request: MatchableRequest;
}

const hasPlace = (camera: Camera): camera is PlacedCamera => camera.place !== null;

/** For each camera, the requests whose area it lies in. */
const requestsAround = (
  cameras: readonly PlacedCamera[],
  requests: readonly MatchableRequest[],
): ReadonlyMap<PlacedCamera, readonly MatchableRequest[]> => {
  const tree = new RBush<RequestBox>();
  tree.load(requests.flatMap((request) => areaBounds(request.area).map((box) => ({ ...box, request }))));
  return new Map(
    cameras.map((camera) => {
      const [lng, lat] = camera.place;
      const near = tree.search({ minX: lng, maxX: lng, minY: lat, maxY: lat }).map(({ request }) => request);
      // An area in several parts may have several boxes over one place.
      return [camera, [...new Set(near)].filter(({ area }) => areaContains(area, camera.place))];
    }),
  );
};

/** Rows may be up to this much older than arithmetic on fractions of milliseconds says. */
const ROUNDING_MS = 1;

/**
 * The camera's recordings that can overlap any of the windows. A recording that begins before a window reaches into it only if it is long
 * enough, and none is longer than the longest: that bounds the range from below, however long a recording is.
 */
const readCandidates = async (
  camera: Camera,
  windows: readonly TimeWindow[],
  source: RecordingSource,
): Promise<readonly Recording[]> => {
  const longest = await source.longestMs(camera.id);
  if (longest === null) return [];
  const ranges = windows
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => ({
      from: from - camera.clockOffsetMs - longest - ROUNDING_MS,
      to: to - camera.clockOffsetMs,
    }));
  const found = new Map<string, Recording>();
  for (const { from, to } of unionOf(ranges)) {
    for (const recording of await source.startingWithin(camera.id, from, to)) found.set(recording.id, recording);
  }
  return [...found.values()];
};

/** Both readings of a doubtful start, one of any other. */
const startsOf = ({ time }: Recording): readonly EpochMs[] => {
  if (time.startMs === null) return [];
  return time.confidence === 'unconfirmed' && time.otherStartMs !== undefined
    ? [time.startMs, time.otherStartMs]
    : [time.startMs];
};

/** The longest overlap under any reading of the start, in true time. */
const bestOverlap = (recording: Recording, { clockOffsetMs }: Camera, window: TimeWindow): TimeWindow | null => {
  const overlaps = startsOf(recording).flatMap((start) => {
    const from = start + clockOffsetMs;
    return overlapOf({ from, to: from + recording.durationMs }, window) ?? [];
  });
  return overlaps.reduce<TimeWindow | null>(
    (best, next) => (!best || next.to - next.from > best.to - best.from ? next : best),
    null,
  );
};

const measuredFrom = ({ incident, area }: MatchableRequest): Position => {
  if (incident) return incident;
  if (area.type === 'Circle') return area.center;
  const [box] = areaBounds(area);
  return box ? [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2] : [0, 0];
};

const matchesOf = (
  request: MatchableRequest,
  camera: PlacedCamera,
  recordings: readonly Recording[],
): readonly Match[] => {
  const distanceM = geodesicDistance(camera.place, measuredFrom(request));
  return recordings.flatMap((recording) => {
    const overlap = bestOverlap(recording, camera, request.window);
    if (!overlap) return [];
    const timeConfirmed = recording.time.confidence !== 'unconfirmed';
    return [
      {
        requestId: request.id,
        cameraId: camera.id,
        recordingId: recording.id,
        overlap,
        overlapMs: overlap.to - overlap.from,
        distanceM,
        timeConfirmed,
      },
    ];
  });
};

const nearest = (cameras: readonly PlacedCamera[], { area }: MatchableRequest): Metres | null =>
  cameras.reduce<Metres | null>((least, { place }) => {
    // Once inside nothing is nearer.
    if (least === 0) return 0;
    const distance = distanceToArea(area, place);
    return least === null ? distance : Math.min(least, distance);
  }, null);

/** By time, and among those of one time always in the same order, so that the screen does not jump. */
const inOrder = (a: Match, b: Match): number =>
  a.overlap.from - b.overlap.from || compare(a.cameraId, b.cameraId) || compare(a.recordingId, b.recordingId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Verdicts in the order of the requests; matches by time, then camera, then recording. `now` is stamped on the outcome. Throws what `source` throws. */
export const matchAll = async (
  requests: readonly MatchableRequest[],
  source: RecordingSource,
  now: EpochMs,
): Promise<MatchOutcome> => {
  const cameras = (await source.cameras()).filter(hasPlace);
  const around = requestsAround(cameras, requests);
  const inside = new Map(requests.map((request): [string, PlacedCamera[]] => [request.id, []]));
  const matches = new Map(requests.map((request): [string, Match[]] => [request.id, []]));
  let recordingsRead = 0;
  for (const [camera, asking] of around) {
    if (asking.length === 0) continue;
    const windows = asking.map(({ window }) => window);
    const recordings = await readCandidates(camera, windows, source);
    recordingsRead += recordings.length;
    for (const request of asking) {
      inside.get(request.id)?.push(camera);
      matches.get(request.id)?.push(...matchesOf(request, camera, recordings));
    }
  }
  const verdicts = requests.map((request): RequestVerdict => {
    const within = inside.get(request.id) ?? [];
    return {
      requestId: request.id,
      camerasInside: within.map(({ id }) => id),
      nearestOutsideM: within.length > 0 ? 0 : nearest(cameras, request),
      matches: (matches.get(request.id) ?? []).toSorted(inOrder),
    };
  });
  return { verdicts, computedAt: now, recordingsRead };
};
