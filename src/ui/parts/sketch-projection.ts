/** The sketch map's arithmetic: a plain east–north plane in metres around a centre, fitted into a drawing. */
import { destination, radians, WGS84_RADIUS_M } from '../../core/geodesy.ts';
import type { Area } from '../../contracts/request.ts';
import type { Metres, Position } from '../../contracts/units.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Drawing units are CSS pixels, y downwards, north up. */
export interface Sketch {
  readonly width: number;
  readonly height: number;
  readonly metresPerPixel: number;
  toPoint(position: Position): Point;
  toPosition(point: Point): Position;
}

const ECCENTRICITY_SQUARED = 0.006_694_379_990_14;

/** Metres per degree of longitude and latitude at a latitude, from WGS84's two radii of curvature. */
const metresPerDegree = (lat: number): { readonly lng: number; readonly lat: number } => {
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2;
  const primeVertical = WGS84_RADIUS_M / Math.sqrt(w);
  const meridian = (WGS84_RADIUS_M * (1 - ECCENTRICITY_SQUARED)) / w ** 1.5;
  return { lng: Math.max(1, radians(primeVertical * Math.cos(radians(lat)))), lat: radians(meridian) };
};

const wrap = (lng: number): number => ((((lng + 180) % 360) + 360) % 360) - 180;

/** Every corner of an area; a circle gives its four outermost points. */
export const outline = (area: Area): readonly Position[] => {
  if (area.type === 'Circle')
    return [0, 90, 180, 270].map((azimuth) => destination(area.center, azimuth, area.radiusM));
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  return polygons.flatMap((rings) => rings[0] ?? []);
};

/**
 * Fits `positions` into a drawing with `padding` pixels around them, at least `leastMetres` across, north up.
 * Longitudes are unwrapped around the first position, so areas across the antimeridian stay in one piece. Null without positions.
 */
export const fitSketch = (
  positions: readonly Position[],
  { width, height, padding, leastMetres }: { width: number; height: number; padding: number; leastMetres: Metres },
): Sketch | null => {
  const first = positions[0];
  if (!first) return null;
  let [west, east, south, north] = [0, 0, 0, 0];
  for (const [lng, lat] of positions) {
    const x = wrap(lng - first[0]);
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, lat - first[1]);
    north = Math.max(north, lat - first[1]);
  }
  const centre: Position = [first[0] + (west + east) / 2, first[1] + (south + north) / 2];
  const degree = metresPerDegree(centre[1]);
  const metresAcross = Math.max((east - west) * degree.lng, leastMetres);
  const metresUp = Math.max((north - south) * degree.lat, leastMetres);
  const metresPerPixel = Math.max(
    metresAcross / Math.max(1, width - 2 * padding),
    metresUp / Math.max(1, height - 2 * padding),
  );
  return {
    width,
    height,
    metresPerPixel,
    toPoint: ([lng, lat]) => ({
      x: width / 2 + (wrap(lng - centre[0]) * degree.lng) / metresPerPixel,
      y: height / 2 - ((lat - centre[1]) * degree.lat) / metresPerPixel,
    }),
    toPosition: ({ x, y }) => [
      wrap(centre[0] + ((x - width / 2) * metresPerPixel) / degree.lng),
      centre[1] - ((y - height / 2) * metresPerPixel) / degree.lat,
    ],
  };
};

/** The longest of 1, 2 or 5 × 10ⁿ metres that is at most `pixels` long. */
export const scaleBarMetres = (metresPerPixel: number, pixels: number): Metres => {
  const most = metresPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1);
};

const WINDS = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;

/** `north-east`: in which direction `to` lies from `from`, by eight winds. */
export const compassPoint = (from: Position, to: Position): string => {
  const degree = metresPerDegree(from[1]);
  const azimuth = Math.atan2(wrap(to[0] - from[0]) * degree.lng, (to[1] - from[1]) * degree.lat);
  return WINDS[((Math.round((azimuth * 4) / Math.PI) % 8) + 8) % 8] ?? 'north';
};
