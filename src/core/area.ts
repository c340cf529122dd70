/** What an area contains, how far away it is, how large it is: circles by geodesic distance, polygons by RFC 7946. */
import type { Area } from '../contracts/request.ts';
import type { Metres, Position } from '../contracts/units.ts';
import { extremeOfEdges } from './area-edges.ts';
import { type FlatPolygon, flatPolygons, ringSide, unwrap } from './area-rings.ts';
import {
  circleSquareMetres,
  degrees,
  geodesicDistance,
  radians,
  ringSquareMetres,
  SMALLEST_CURVATURE_RADIUS_M,
} from './geodesy.ts';

export { areaProblem } from './area-problem.ts';

/** A box in degrees that never crosses the antimeridian. */
export interface AreaBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const polygonContains = (polygon: FlatPolygon, [lng, lat]: Position): boolean => {
  const p: Position = [unwrap(lng, polygon.anchor), lat];
  if (ringSide(polygon.outer, p) === 'outside') return false;
  return polygon.holes.every((hole) => ringSide(hole, p) !== 'inside');
};

/** Whether `p` lies in the area. Areas are closed: a point exactly on a circle or an edge, also a hole's, belongs to it. */
export const areaContains = (area: Area, p: Position): boolean =>
  area.type === 'Circle'
    ? geodesicDistance(area.center, p) <= area.radiusM
    : flatPolygons(area).some((polygon) => polygonContains(polygon, p));

/** Metres from `p` to the nearest point of the area; 0 inside. Good to a few millimetres. */
export const distanceToArea = (area: Area, p: Position): Metres => {
  if (area.type === 'Circle') return Math.max(0, geodesicDistance(area.center, p) - area.radiusM);
  return areaContains(area, p) ? 0 : extremeOfEdges(flatPolygons(area), p, 1);
};

/** Metres from `p` to the point of the area farthest from it. */
export const farthestDistance = (area: Area, p: Position): Metres =>
  area.type === 'Circle' ? geodesicDistance(area.center, p) + area.radiusM : extremeOfEdges(flatPolygons(area), p, -1);

/** Square metres, holes subtracted; edges taken as geodesics between the vertices. Parts of a MultiPolygon that overlap count twice. */
export const areaSquareMetres = (area: Area): number => {
  if (area.type === 'Circle') return circleSquareMetres(area.center[1], area.radiusM);
  return flatPolygons(area).reduce(
    (sum, { outer, holes }) =>
      sum + ringSquareMetres(outer) - holes.reduce((cut, hole) => cut + ringSquareMetres(hole), 0),
    0,
  );
};

/** Degree boxes must hold the whole geodesic circle: the sphere they are computed on differs from the ellipsoid by up to 0.7 %. */
const CIRCLE_SLACK = 1.01;
/** About a tenth of a millimetre: makes −180 and 180 meet, and swallows rounding. */
const POLYGON_SLACK_DEGREES = 1e-9;

const splitAtAntimeridian = (minX: number, minY: number, maxX: number, maxY: number): readonly AreaBox[] => {
  if (maxX - minX >= 360) return [{ minX: -180, minY, maxX: 180, maxY }];
  if (minX < -180)
    return [
      { minX: minX + 360, minY, maxX: 180, maxY },
      { minX: -180, minY, maxX, maxY },
    ];
  if (maxX > 180)
    return [
      { minX, minY, maxX: 180, maxY },
      { minX: -180, minY, maxX: maxX - 360, maxY },
    ];
  return [{ minX, minY, maxX, maxY }];
};

const circleBoxes = ([lng, lat]: Position, radiusM: Metres): readonly AreaBox[] => {
  const angle = (CIRCLE_SLACK * radiusM) / SMALLEST_CURVATURE_RADIUS_M;
  const minY = Math.max(-90, lat - degrees(angle));
  const maxY = Math.min(90, lat + degrees(angle));
  const ratio = Math.sin(Math.min(angle, Math.PI / 2)) / Math.cos(radians(lat));
  // A circle that reaches over a pole, or comes near enough for rounding to matter, holds every longitude.
  if (minY <= -90 || maxY >= 90 || !(ratio < 1)) return splitAtAntimeridian(-180, minY, 180, maxY);
  const width = degrees(Math.asin(ratio));
  return splitAtAntimeridian(lng - width, minY, lng + width, maxY);
};

const polygonBoxes = ({ outer }: FlatPolygon): readonly AreaBox[] => {
  const lngs = outer.map(([lng]) => lng);
  const lats = outer.map(([, lat]) => lat);
  const min = (values: readonly number[]): number =>
    values.reduce((a, b) => Math.min(a, b), Infinity) - POLYGON_SLACK_DEGREES;
  const max = (values: readonly number[]): number =>
    values.reduce((a, b) => Math.max(a, b), -Infinity) + POLYGON_SLACK_DEGREES;
  return splitAtAntimeridian(min(lngs), min(lats), max(lngs), max(lats));
};

/** Boxes that together hold the whole area, for a tree to search; every point of the area with a longitude in −180…180 is in one of them. */
export const areaBounds = (area: Area): readonly AreaBox[] =>
  area.type === 'Circle' ? circleBoxes(area.center, area.radiusM) : flatPolygons(area).flatMap(polygonBoxes);
