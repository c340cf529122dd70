/** Areas as the kernel wants them: a ball in earth-centred metres with an inner and an outer bound, and polygons laid flat in one array. */
import type { Area } from '../src/contracts/request.ts';
import type { Metres, Position } from '../src/contracts/units.ts';
import { flatPolygons, type FlatPolygon, forEachEdge } from '../src/core/area-rings.ts';
import {
  earthCentred,
  GREATEST_CURVATURE_RADIUS_M,
  radians,
  SMALLEST_CURVATURE_RADIUS_M,
  WGS84_RADIUS_M,
} from '../src/core/geodesy.ts';

export interface PackedArea {
  readonly xyz: readonly [number, number, number];
  readonly inner: number;
  readonly outer: number;
  readonly rings: Float64Array | null;
}

/** Rounding of earth-centred coordinates (a nanometre) and of the geodesic (15 nm), amply. */
const DOUBT_M = 1e-6;

/** Longer than any chord. */
const WHOLE_EARTH_M = 1.3e7;

/**
 * A path of length s over the ellipsoid bends between its smallest and its greatest radius of curvature, so its chord lies between those of
 * two circles, 2 R sin(s / 2R) (Schur's comparison; torsion adds less than a nanometre at 100 km). Between the two only the geodesic tells:
 * a band of 3 µm at 5 km, 2 cm at 100 km.
 */
const circleBounds = (radius: Metres): { readonly inner: number; readonly outer: number } => {
  if (radius > SMALLEST_CURVATURE_RADIUS_M) return { inner: -1, outer: WHOLE_EARTH_M ** 2 };
  const shortest = 2 * SMALLEST_CURVATURE_RADIUS_M * Math.sin(radius / (2 * SMALLEST_CURVATURE_RADIUS_M)) - DOUBT_M;
  const longest = 2 * GREATEST_CURVATURE_RADIUS_M * Math.sin(radius / (2 * GREATEST_CURVATURE_RADIUS_M)) + DOUBT_M;
  return { inner: shortest > 0 ? shortest ** 2 : -1, outer: longest ** 2 };
};

/** How far an edge, straight in longitude and latitude, can stray from the straight line between its ends: L² κ / 8, κ growing towards the poles. */
const sagitta = (from: Position, to: Position): Metres => {
  const length = radians(Math.hypot(to[0] - from[0], to[1] - from[1])) * WGS84_RADIUS_M * 1.02;
  const parallel = Math.cos(radians(Math.max(Math.abs(from[1]), Math.abs(to[1])))) * SMALLEST_CURVATURE_RADIUS_M;
  return Math.min(length / 2, (3 * length * length) / (8 * Math.max(parallel, 1)));
};

/** A ball that holds every point of the polygons; areas of a continent's size get the whole earth. */
const ballAround = (polygons: readonly FlatPolygon[]): Pick<PackedArea, 'xyz' | 'outer'> => {
  const corners = polygons.flatMap(({ outer }) => outer.map(([lng, lat]) => earthCentred(lng, lat)));
  const mean = (axis: 0 | 1 | 2): number => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  const xyz = [mean(0), mean(1), mean(2)] as const;
  const distance = ([lng, lat]: Position): Metres => {
    const [x, y, z] = earthCentred(lng, lat);
    return Math.hypot(x - xyz[0], y - xyz[1], z - xyz[2]);
  };
  let radius = 0;
  for (const { outer } of polygons) {
    forEachEdge(outer, (from, to) => {
      radius = Math.max(radius, Math.max(distance(from), distance(to)) + sagitta(from, to));
    });
  }
  // A region of the surface that small has its farthest point on its edge.
  return { xyz, outer: (radius < 2e6 ? radius + 1 : WHOLE_EARTH_M) ** 2 };
};

/**
 * Polygons in one array of f64: their number; for each its anchor, least longitude and latitude, greatest longitude and latitude, number of
 * rings, and how many numbers it takes altogether; for each ring its number of points, then longitude and latitude of each.
 */
const layFlat = (polygons: readonly FlatPolygon[]): Float64Array => {
  const numbers: number[] = [polygons.length];
  for (const { anchor, outer, holes } of polygons) {
    const rings = [outer, ...holes];
    const lngs = outer.map(([lng]) => lng);
    const lats = outer.map(([, lat]) => lat);
    const taken = 7 + rings.reduce((sum, ring) => sum + 1 + 2 * ring.length, 0);
    numbers.push(
      anchor,
      Math.min(...lngs),
      Math.min(...lats),
      Math.max(...lngs),
      Math.max(...lats),
      rings.length,
      taken,
    );
    for (const ring of rings) {
      numbers.push(ring.length);
      for (const [lng, lat] of ring) numbers.push(lng, lat);
    }
  }
  return Float64Array.from(numbers);
};

/** The area must have passed `areaProblem`. */
export const packArea = (area: Area): PackedArea => {
  if (area.type === 'Circle') {
    const { inner, outer } = circleBounds(area.radiusM);
    return { xyz: earthCentred(area.center[0], area.center[1]), inner, outer, rings: null };
  }
  const polygons = flatPolygons(area);
  return { ...ballAround(polygons), inner: -1, rings: layFlat(polygons) };
};
