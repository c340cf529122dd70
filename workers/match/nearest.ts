/** How far the nearest camera is from an area's edge, and how narrowly the recordings inside miss a window: for many requests at once. */
import type { Area } from '../../src/contracts/request.ts';
import type { Metres, Ms, Position } from '../../src/contracts/units.ts';
import { distanceToArea } from '../../src/core/area.ts';
import { flatPolygons, forEachEdge, unwrap } from '../../src/core/area-rings.ts';
import { metresPerDegree } from '../../src/core/geodesy.ts';
import { firstNotUnder, firstOver } from '../../wasm/bisect.ts';
import type { CameraColumns, RecordingColumns, RequestColumns } from '../../wasm/world.ts';
import { placeOf } from '../../wasm/inside.ts';
import { nearestCameras } from './camera-blocks.ts';

/** Between the radii of curvature: the arc over a chord of 100 km is right to a centimetre with it. */
const MIDDLE_RADIUS_M = 6_367_500;

/** Length of the path over the earth whose chord is given. */
const arcOf = (chord: Metres): Metres => 2 * MIDDLE_RADIUS_M * Math.asin(Math.min(1, chord / (2 * MIDDLE_RADIUS_M)));

/** Beyond this latitude or width a flat map of the surroundings is no good. */
const FLAT_LATITUDE = 85;
const FLAT_DEGREES = 1;

/** From a place outside to the polygons' edges on a flat map around it: within 20 km right to a metre. */
const flatDistance = (area: Area, [lng, lat]: Position): Metres => {
  const scale = metresPerDegree(lat);
  let least = Infinity;
  for (const { anchor, outer, holes } of flatPolygons(area)) {
    const own = unwrap(lng, anchor);
    for (const ring of [outer, ...holes]) {
      forEachEdge(ring, (a, b) => {
        const ax = (a[0] - own) * scale.lng;
        const ay = (a[1] - lat) * scale.lat;
        const dx = (b[0] - own) * scale.lng - ax;
        const dy = (b[1] - lat) * scale.lat - ay;
        const length = dx * dx + dy * dy;
        const t = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
        least = Math.min(least, Math.hypot(ax + t * dx, ay + t * dy));
      });
    }
  }
  return least;
};

const isFlat = (area: Area, [lng, lat]: Position): boolean =>
  Math.abs(lat) < FLAT_LATITUDE &&
  flatPolygons(area).every(({ anchor, outer }) =>
    outer.every((p) => Math.abs(p[0] - unwrap(lng, anchor)) < FLAT_DEGREES && Math.abs(p[1] - lat) < FLAT_DEGREES),
  );

const outsideBy = (area: Area, place: Position): Metres =>
  isFlat(area, place) ? flatDistance(area, place) : distanceToArea(area, place);

const squaredChord = ({ xyz }: CameraColumns, camera: number, x: number, y: number, z: number): number => {
  const dx = (xyz[3 * camera] ?? 0) - x;
  const dy = (xyz[3 * camera + 1] ?? 0) - y;
  const dz = (xyz[3 * camera + 2] ?? 0) - z;
  return dx * dx + dy * dy + dz * dz;
};

/** The polygons' edges are asked themselves, of the camera nearest to their middle first. */
const outsidePolygons = (cameras: CameraColumns, requests: RequestColumns, slot: number, nearest: number): Metres => {
  const area = requests.areas[slot];
  if (!area) return Number.NaN;
  const { xyz } = requests;
  const ball = Math.sqrt(requests.outer[slot] ?? 0);
  let best = outsideBy(area, placeOf(cameras, nearest));
  for (let camera = 0; camera < cameras.count; camera += 1) {
    const chord = Math.sqrt(
      squaredChord(cameras, camera, xyz[3 * slot] ?? 0, xyz[3 * slot + 1] ?? 0, xyz[3 * slot + 2] ?? 0),
    );
    // No point of the polygons is nearer than the ball around them.
    if (camera !== nearest && chord - ball < best) best = Math.min(best, outsideBy(area, placeOf(cameras, camera)));
  }
  return best;
};

/** For requests inside whose area no camera is, by their slots: metres from the nearest one to the area; NaN without cameras. */
export const measureOutside = (
  cameras: CameraColumns,
  requests: RequestColumns,
  slots: Uint32Array,
  metres: Float64Array,
): void => {
  const { camera, squared } = nearestCameras(cameras, requests.xyz, slots);
  for (let i = 0; i < slots.length; i += 1) {
    const slot = slots[i] ?? 0;
    const area = requests.areas[slot];
    if (!area || cameras.count === 0) metres[slot] = Number.NaN;
    else if (area.type !== 'Circle') metres[slot] = outsidePolygons(cameras, requests, slot, camera[i] ?? 0);
    else metres[slot] = Math.max(0, arcOf(Math.sqrt(squared[i] ?? 0)) - area.radiusM);
  }
};

/** How narrowly recordings, none of which overlaps, miss a window: negative when they ended before it, positive when they began after it; NaN without recordings. */
export const missBy = ({ from, reach }: RecordingColumns, start: number, end: number): Ms => {
  const before = firstOver(reach, start, 0, reach.length) - 1;
  const after = firstNotUnder(from, end, 0, from.length);
  const ended = before < 0 ? Infinity : start - (reach[before] ?? 0);
  const begins = after >= from.length ? Infinity : (from[after] ?? 0) - end;
  if (ended === Infinity && begins === Infinity) return Number.NaN;
  return ended <= begins ? -ended : begins;
};
