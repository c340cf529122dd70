/** Areas of an exact size, for tests of the policies' bounds. */
import type { Area } from '../../src/contracts/request.ts';
import type { Position } from '../../src/contracts/units.ts';
import { areaSquareMetres } from '../../src/core/area.ts';

/** Half an international mile and a square mile, in metres and square metres. */
export const HALF_A_MILE = 804.672;
export const SQUARE_MILE = 1609.344 ** 2;

export const circle = (center: Position, radiusM: number): Area => ({ type: 'Circle', center, radiusM });

/** The radius at which a circle there has this area on the ellipsoid, by bisection; the circle is never smaller than asked. */
export const radiusOf = (center: Position, squareMetres: number): number => {
  let [low, high] = [1, 5_000];
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (areaSquareMetres(circle(center, middle)) < squareMetres) low = middle;
    else high = middle;
  }
  return high;
};
