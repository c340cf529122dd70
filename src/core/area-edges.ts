/** The nearest and the farthest point of a polygon's edges, which are straight in longitude and latitude and therefore no geodesics. */
import type { Metres, Position } from '../contracts/units.ts';
import { type FlatPolygon, forEachEdge } from './area-rings.ts';
import { chord, earthCentred, geodesicDistance, radians, WGS84_RADIUS_M } from './geodesy.ts';

/** A stretch of an edge, short enough for the distance along it to have a single extremum. */
interface Piece {
  readonly from: Position;
  readonly to: Position;
}

const PIECE_DEGREES = 1;

const piecesOf = (polygons: readonly FlatPolygon[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const { outer, holes } of polygons) {
    for (const ring of [outer, ...holes]) {
      forEachEdge(ring, (from, to) => {
        const count = Math.max(
          1,
          Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) / PIECE_DEGREES),
        );
        for (let i = 0; i < count; i += 1) {
          pieces.push({ from: along({ from, to }, i / count), to: along({ from, to }, (i + 1) / count) });
        }
      });
    }
  }
  return pieces;
};

const along = ({ from, to }: Piece, t: number): Position => {
  // The ends exactly, so that vertices are compared without rounding.
  if (t === 0) return from;
  if (t === 1) return to;
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
};

/** No point of the piece is farther from its middle than this: half its path, measured with the longest degree there is. */
const reach = ({ from, to }: Piece): Metres =>
  0.5 * radians(Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1])) * WGS84_RADIUS_M * 1.02;

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const STEPS = 44;

/** The `t` in 0…1 at which `f` is least, for a function with one valley: golden-section search (Kiefer 1953). */
const goldenSection = (f: (t: number) => number): number => {
  let low = 0;
  let high = 1;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = f(left);
  let atRight = f(right);
  for (let i = 0; i < STEPS; i += 1) {
    if (atLeft < atRight) {
      high = right;
      [right, atRight] = [left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = f(left);
    } else {
      low = left;
      [left, atLeft] = [right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
};

/**
 * The point of the polygons' edges nearest to `p` (`sign` 1) or farthest from it (`sign` −1), and its geodesic distance in metres.
 * Points are compared by straight chord, which orders them like the geodesic to within a millionth; the answer is measured
 * with the geodesic. Pieces that cannot beat the best so far are skipped. Infinity (or −Infinity) for no edges.
 */
export const extremeOfEdges = (polygons: readonly FlatPolygon[], p: Position, sign: 1 | -1): Metres => {
  const eye = earthCentred(p[0], p[1]);
  const cost = (q: Position): number => sign * chord(earthCentred(q[0], q[1]), eye);
  let best = Infinity;
  let at: Position | null = null;
  const consider = (q: Position): void => {
    const value = cost(q);
    if (value < best) [best, at] = [value, q];
  };
  const pieces = piecesOf(polygons);
  for (const piece of pieces) consider(piece.from);
  for (const piece of pieces) {
    if (cost(along(piece, 0.5)) - reach(piece) >= best) continue;
    consider(
      along(
        piece,
        goldenSection((t) => cost(along(piece, t))),
      ),
    );
  }
  return at ? geodesicDistance(at, p) : sign * Infinity;
};
