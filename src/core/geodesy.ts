/** Distances and areas on the WGS84 ellipsoid, by Karney's algorithms (geographiclib, Algorithms for geodesics, 2013). */
import geographiclib from 'geographiclib-geodesic';
import type { Metres, Position } from '../contracts/units.ts';

const wgs84 = geographiclib.Geodesic.WGS84;

/** Equatorial radius and squared eccentricity of WGS84 (NIMA TR8350.2, table 3.1 and 3.3). */
export const WGS84_RADIUS_M: Metres = wgs84.a;
const ECCENTRICITY_SQUARED = wgs84.f * (2 - wgs84.f);

/** The smallest radius of curvature anywhere on the ellipsoid (the meridian's, at the equator): no degree is shorter. */
export const SMALLEST_CURVATURE_RADIUS_M: Metres = wgs84.a * (1 - ECCENTRICITY_SQUARED);
/** The greatest, at the poles: no degree is longer. */
export const GREATEST_CURVATURE_RADIUS_M: Metres = wgs84.a / (1 - wgs84.f);

export const radians = (degrees: number): number => (degrees * Math.PI) / 180;
export const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** Length of the shortest path over the ellipsoid from `a` to `b`, in metres, good to about 15 nm. NaN in, NaN out. */
export const geodesicDistance = (a: Position, b: Position): Metres =>
  wgs84.Inverse(a[1], a[0], b[1], b[0], geographiclib.Geodesic.DISTANCE).s12 ?? Number.NaN;

/** Where one arrives from `start` after `distance` metres at `azimuth` degrees clockwise from north. */
export const destination = (start: Position, azimuth: number, distance: Metres): Position => {
  const mask = geographiclib.Geodesic.LATITUDE | geographiclib.Geodesic.LONGITUDE;
  const { lat2 = Number.NaN, lon2 = Number.NaN } = wgs84.Direct(start[1], start[0], azimuth, distance, mask);
  return [lon2, lat2];
};

/** Square metres enclosed by a ring whose edges are geodesics, whatever its orientation; a closing repeat of the first point is harmless. */
export const ringSquareMetres = (ring: readonly Position[]): number => {
  const polygon = wgs84.Polygon(false);
  for (const [lng, lat] of ring) polygon.AddPoint(lat, lng);
  return Math.abs(polygon.Compute(false, true).area ?? Number.NaN);
};

/**
 * Square metres within `radius` of a point at latitude `lat`: the cap of a sphere with the ellipsoid's Gaussian curvature there.
 * Bertrand–Diquet–Puiseux: exact to the fourth order in `radius`; below 100 km the next term is under a millionth.
 */
export const circleSquareMetres = (lat: number, radius: Metres): number => {
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2;
  const curvature = w ** 2 / (wgs84.a ** 2 * (1 - ECCENTRICITY_SQUARED));
  return (4 * Math.PI * Math.sin((radius * Math.sqrt(curvature)) / 2) ** 2) / curvature;
};

/** A point of the ellipsoid in earth-centred coordinates, metres. */
export type EarthCentred = readonly [x: number, y: number, z: number];

/** Longitude and latitude (any longitude, also beyond ±180) to earth-centred metres at height 0. */
export const earthCentred = (lng: number, lat: number): EarthCentred => {
  const sin = Math.sin(radians(lat));
  const cos = Math.cos(radians(lat));
  const normal = wgs84.a / Math.sqrt(1 - ECCENTRICITY_SQUARED * sin * sin);
  return [
    normal * cos * Math.cos(radians(lng)),
    normal * cos * Math.sin(radians(lng)),
    normal * (1 - ECCENTRICITY_SQUARED) * sin,
  ];
};

/** Length of the straight line through the earth between two points: never longer than the geodesic. */
export const chord = (a: EarthCentred, b: EarthCentred): Metres => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Metres along one degree of longitude and of latitude at a latitude, by the ellipsoid's radii of curvature (Rapp, Geometric Geodesy I, §3.4). */
export const metresPerDegree = (lat: number): { readonly lng: Metres; readonly lat: Metres } => {
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2;
  const normal = wgs84.a / Math.sqrt(w);
  return {
    lng: radians(1) * normal * Math.cos(radians(lat)),
    lat: radians(1) * ((wgs84.a * (1 - ECCENTRICITY_SQUARED)) / w ** 1.5),
  };
};
