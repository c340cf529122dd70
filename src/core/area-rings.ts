/** The rings of a polygon laid flat: longitudes unwrapped so that nothing jumps at the antimeridian (RFC 7946 §3.1.1: edges are straight in longitude and latitude). */
import type { Area } from '../contracts/request.ts';
import type { Position } from '../contracts/units.ts';

/** One polygon: outer ring, then holes, every longitude within 180° of the outer ring's first point (so it may leave ±180). */
export interface FlatPolygon {
  readonly anchor: number;
  readonly outer: readonly Position[];
  readonly holes: readonly (readonly Position[])[];
}

/** `lng` brought within 180° of `anchor` by whole turns; a longitude already there is returned untouched, without rounding. */
export const unwrap = (lng: number, anchor: number): number => {
  if (lng - anchor > 180) return lng - 360;
  if (lng - anchor < -180) return lng + 360;
  return lng;
};

const flatten = (rings: readonly (readonly Position[])[]): FlatPolygon => {
  const anchor = rings[0]?.[0]?.[0] ?? 0;
  const flat = rings.map((ring) => ring.map(([lng, lat]): Position => [unwrap(lng, anchor), lat]));
  return { anchor, outer: flat[0] ?? [], holes: flat.slice(1) };
};

/** The polygons of an area; none for a circle. */
export const flatPolygons = (area: Area): readonly FlatPolygon[] => {
  switch (area.type) {
    case 'Circle':
      return [];
    case 'Polygon':
      return [flatten(area.coordinates)];
    case 'MultiPolygon':
      return area.coordinates.map(flatten);
  }
};

/** Twice the signed area of the triangle a, b, c in the plane; positive when c lies left of a→b. */
export const turn = (a: Position, b: Position, c: Position): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

export const withinBox = (a: Position, b: Position, p: Position): boolean =>
  p[0] >= Math.min(a[0], b[0]) &&
  p[0] <= Math.max(a[0], b[0]) &&
  p[1] >= Math.min(a[1], b[1]) &&
  p[1] <= Math.max(a[1], b[1]);

/** Calls `visit` with each edge of a ring, closing it where the last point does not repeat the first. */
export const forEachEdge = (ring: readonly Position[], visit: (from: Position, to: Position) => void): void => {
  let from = ring.at(-1);
  for (const to of ring) {
    if (from) visit(from, to);
    from = to;
  }
};

/** Where `p` (unwrapped around the same anchor) lies, by the even-odd rule: a ray towards greater longitudes, edges half-open in latitude. */
export const ringSide = (ring: readonly Position[], p: Position): 'inside' | 'outside' | 'edge' => {
  let inside = false;
  let onEdge = false;
  forEachEdge(ring, (from, to) => {
    if (withinBox(from, to, p) && turn(from, to, p) === 0) onEdge = true;
    if (from[1] > p[1] === to[1] > p[1]) return;
    // The edge crosses p's parallel; it counts when p lies to the west of it.
    const upward = to[1] > from[1];
    if (turn(from, to, p) > 0 === upward) inside = !inside;
  });
  if (onEdge) return 'edge';
  return inside ? 'inside' : 'outside';
};
