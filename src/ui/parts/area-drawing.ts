/** What a stroke or a key press on the area map does to the drawn shape: pure steps in degrees, metres and drawing units. */
import { destination, geodesicDistance } from '../../core/geodesy.ts';
import type { Metres, Position } from '../../contracts/units.ts';
import type { Rings } from '../corner-text.ts';
import { fitSketch, type Point, type Sketch } from './sketch-projection.ts';

export interface DrawnCircle {
  readonly center: Position;
  readonly radiusM: Metres;
}

/** Where one looks: the middle of the map, and how many metres its shorter side shows. */
export interface MapView {
  readonly centre: Position;
  readonly metres: Metres;
}

/** Touch needs this many drawing units around a corner. */
const GRIP = 16;
const LEAST_METRES = 60;
const MOST_METRES = 60_000;

export const sketchOf = ({ centre, metres }: MapView, width: number, height: number): Sketch | null =>
  fitSketch([centre], { width, height, padding: 0, leastMetres: metres });

/** A view that shows all of `positions` with room around them; null without any. */
export const viewOf = (positions: readonly Position[], width: number, height: number): MapView | null => {
  const fitted = fitSketch(positions, { width, height, padding: Math.min(width, height) * 0.14, leastMetres: 300 });
  if (!fitted) return null;
  return {
    centre: fitted.toPosition({ x: width / 2, y: height / 2 }),
    metres: fitted.metresPerPixel * Math.min(width, height),
  };
};

/** `factor` below 1 looks closer. */
export const zoomed = ({ centre, metres }: MapView, factor: number): MapView => ({
  centre,
  metres: Math.min(MOST_METRES, Math.max(LEAST_METRES, metres * factor)),
});

export const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** What lies under a pointer: `rim` and `centre` of a circle, a `corner`, the middle of an `edge` (before corner `index`). */
export type Grip =
  | { readonly on: 'centre' | 'rim' }
  | { readonly on: 'corner' | 'edge'; readonly ring: number; readonly index: number };

/** The circle's outermost point to the east, where its rim is gripped. */
export const rimOf = ({ center, radiusM }: DrawnCircle): Position => destination(center, 90, radiusM);

export const circleGrip = (circle: DrawnCircle, sketch: Sketch, at: Point): Grip | null => {
  if (apart(sketch.toPoint(rimOf(circle)), at) <= GRIP) return { on: 'rim' };
  return apart(sketch.toPoint(circle.center), at) <= GRIP ? { on: 'centre' } : null;
};

/** The middle of the edge that leads to corner `index` of a ring. */
export const edgeMiddle = (ring: readonly Position[], index: number, sketch: Sketch): Point | null => {
  const [before, after] = [ring.at(index - 1), ring[index]];
  if (before === undefined || after === undefined || ring.length < 3) return null;
  const [a, b] = [sketch.toPoint(before), sketch.toPoint(after)];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
};

/** Corners come before the middles of edges. */
export const ringsGrip = (rings: Rings, sketch: Sketch, at: Point): Grip | null => {
  for (const [ring, corners] of rings.entries()) {
    const index = corners.findIndex((corner) => apart(sketch.toPoint(corner), at) <= GRIP);
    if (index >= 0) return { on: 'corner', ring, index };
  }
  for (const [ring, corners] of rings.entries()) {
    const index = corners.findIndex((_, i) => {
      const middle = edgeMiddle(corners, i, sketch);
      return middle !== null && apart(middle, at) <= GRIP / 2;
    });
    if (index >= 0) return { on: 'edge', ring, index };
  }
  return null;
};

const changeRing = (rings: Rings, ring: number, change: (corners: readonly Position[]) => readonly Position[]): Rings =>
  rings.map((corners, index) => (index === ring ? change(corners) : corners));

/** A new corner at the end of the ring that is being drawn, the last one. */
export const withCorner = (rings: Rings, corner: Position): Rings =>
  rings.length === 0 ? [[corner]] : changeRing(rings, rings.length - 1, (corners) => [...corners, corner]);

export const movedCorner = (rings: Rings, ring: number, index: number, to: Position): Rings =>
  changeRing(rings, ring, (corners) => corners.with(index, to));

/** A new corner before corner `index`. */
export const insertedCorner = (rings: Rings, ring: number, index: number, corner: Position): Rings =>
  changeRing(rings, ring, (corners) => corners.toSpliced(index, 0, corner));

/** Takes back the last corner, or a hole that has none. */
export const withoutLastCorner = (rings: Rings): Rings => {
  const last = rings.at(-1);
  if (last === undefined) return rings;
  if (last.length === 0 && rings.length > 1) return withoutLastCorner(rings.slice(0, -1));
  const left = changeRing(rings, rings.length - 1, (corners) => corners.slice(0, -1));
  return left.length > 1 && left.at(-1)?.length === 0 ? left.slice(0, -1) : left;
};

/** Begins a hole, once what was drawn before is a ring. */
export const withHole = (rings: Rings): Rings => ((rings.at(-1)?.length ?? 0) >= 3 ? [...rings, []] : rings);

/** Whole metres: nobody draws finer. */
export const circleThrough = (center: Position, rim: Position): DrawnCircle => ({
  center,
  radiusM: Math.max(1, Math.round(geodesicDistance(center, rim))),
});
