/** Why an area is no area: the checks that keep a crooked polygon from looking smaller than the ground it covers. */
import type { Area } from '../contracts/request.ts';
import type { Position } from '../contracts/units.ts';
import { flatPolygons, type FlatPolygon, ringSide, turn, withinBox } from './area-rings.ts';
import { ringSquareMetres } from './geodesy.ts';

/** Less than this is no area that a camera could lie in. */
const SMALLEST_SQUARE_METRES = 1;

const onGlobe = ([lng, lat]: Position): boolean => Math.abs(lng) <= 180 && Math.abs(lat) <= 90;

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

const ringProblem = (ring: readonly Position[], name: string): string | null => {
  const first = ring[0];
  const last = ring.at(-1);
  if (!first || !last || ring.length < 4) return `The ${name} has ${ring.length} points; a ring needs at least 4.`;
  const stray = ring.findIndex((p) => !onGlobe(p));
  if (stray >= 0) return `Point ${stray + 1} of the ${name} is not a place on earth: ${String(ring[stray])}.`;
  if (!same(first, last)) return `The ${name} is not closed: its last point must repeat its first.`;
  return null;
};

interface Edge {
  readonly from: Position;
  readonly to: Position;
  readonly ring: number;
  readonly index: number;
  readonly last: number;
}

const edgesOf = (rings: readonly (readonly Position[])[]): readonly Edge[] =>
  rings.flatMap((ring, number) => {
    // Points repeated in a row are common in exported maps and harmless.
    const points = ring.filter((p, i) => i === 0 || !same(p, ring[i - 1] ?? p));
    return points
      .slice(1)
      .map((to, index) => ({ from: points[index] ?? to, to, ring: number, index, last: points.length - 2 }));
  });

const neighbours = (a: Edge, b: Edge): boolean => {
  if (a.ring !== b.ring) return false;
  const step = Math.abs(a.index - b.index);
  return step === 1 || step === a.last;
};

/** Whether two closed segments share a point, by the signs of four turns (Cormen et al., Introduction to Algorithms, §33.1). */
const meet = (a: Edge, b: Edge): boolean => {
  const b1 = turn(a.from, a.to, b.from);
  const b2 = turn(a.from, a.to, b.to);
  const a1 = turn(b.from, b.to, a.from);
  const a2 = turn(b.from, b.to, a.to);
  if (b1 > 0 !== b2 > 0 && b1 !== 0 && b2 !== 0 && a1 > 0 !== a2 > 0 && a1 !== 0 && a2 !== 0) return true;
  return (
    (b1 === 0 && withinBox(a.from, a.to, b.from)) ||
    (b2 === 0 && withinBox(a.from, a.to, b.to)) ||
    (a1 === 0 && withinBox(b.from, b.to, a.from)) ||
    (a2 === 0 && withinBox(b.from, b.to, a.to))
  );
};

/** Neighbouring edges share a point by right; they may not run back over each other. */
const foldsBack = (a: Edge, b: Edge): boolean => {
  if (turn(a.from, a.to, b.from) !== 0 || turn(a.from, a.to, b.to) !== 0) return false;
  return (a.to[0] - a.from[0]) * (b.to[0] - b.from[0]) + (a.to[1] - a.from[1]) * (b.to[1] - b.from[1]) < 0;
};

const west = ({ from, to }: Edge): number => Math.min(from[0], to[0]);
const east = ({ from, to }: Edge): number => Math.max(from[0], to[0]);

/** A sweep from west to east over the edges: the first pair that meets and should not. */
const crossing = (rings: readonly (readonly Position[])[]): Position | null => {
  const edges = edgesOf(rings).toSorted((a, b) => west(a) - west(b));
  for (const [i, a] of edges.entries()) {
    for (let j = i + 1; j < edges.length; j += 1) {
      const b = edges[j];
      if (!b || west(b) > east(a)) break;
      if (neighbours(a, b) ? foldsBack(a, b) : meet(a, b)) return b.from;
    }
  }
  return null;
};

const flatProblem = ({ outer, holes }: FlatPolygon): string | null => {
  const lngs = outer.map(([lng]) => lng);
  if (Math.max(...lngs) - Math.min(...lngs) >= 180) return 'The area spans half the globe or more.';
  const at = crossing([outer, ...holes]);
  if (at) return `The area's edges cross or touch each other near ${at[0]}, ${at[1]}.`;
  for (const [i, hole] of holes.entries()) {
    const corner = hole[0];
    if (!corner) continue;
    if (ringSide(outer, corner) !== 'inside') return `Hole ${i + 1} lies outside its polygon.`;
    if (holes.some((other) => other !== hole && ringSide(other, corner) === 'inside'))
      return `Hole ${i + 1} lies inside another hole.`;
  }
  const left = ringSquareMetres(outer) - holes.reduce((sum, hole) => sum + ringSquareMetres(hole), 0);
  return left < SMALLEST_SQUARE_METRES ? 'The area encloses no ground.' : null;
};

/**
 * One sentence saying what is wrong with an area, or null. A ring that crosses itself, or a hole outside its polygon, would
 * make the computed area smaller than the ground covered, so both are refused; so are rings that merely touch.
 */
export const areaProblem = (area: Area): string | null => {
  if (area.type === 'Circle') {
    if (!onGlobe(area.center)) return `The circle's centre is not a place on earth: ${String(area.center)}.`;
    return area.radiusM > 0 && Number.isFinite(area.radiusM)
      ? null
      : `The circle's radius is not a length: ${area.radiusM}.`;
  }
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  if (polygons.length === 0) return 'The area has no polygons.';
  for (const rings of polygons) {
    if (rings.length === 0) return 'A polygon has no rings.';
    for (const [i, ring] of rings.entries()) {
      const problem = ringProblem(ring, i === 0 ? 'outer ring' : `hole ${i}`);
      if (problem) return problem;
    }
  }
  for (const polygon of flatPolygons(area)) {
    const problem = flatProblem(polygon);
    if (problem) return problem;
  }
  return null;
};
