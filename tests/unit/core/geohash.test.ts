/** Geohash cells: published examples, and the promises that the feed rests on, for any place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaBounds, areaContains } from '../../../src/core/area.ts';
import { cellOf, cellsAround, cellsOfBox } from '../../../src/core/geohash.ts';
import { destination } from '../../../src/core/geodesy.ts';

const place = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -85, max: 85, noNaN: true }));

describe('a cell', () => {
  it.each([
    // geohash.org and Wikipedia's article: 42.605, -5.603 is ezs42; 57.64911, 10.40744 is u4pruydqqvj.
    [[-5.603, 42.605], 'ezs42'],
    [[10.40744, 57.64911], 'u4pruy'],
    [[-122.4194, 37.7749], '9q8yyk'],
    [[0, 0], 's0000'],
    [[-180, -90], '00000'],
    [[180, 90], 'zzzzz'],
  ] as const)('of %j is %s', ([lng, lat], name) => {
    expect(cellOf([lng, lat], name.length)).toBe(name);
  });

  it('begins with the coarser cell that holds it', () => {
    fc.assert(fc.property(place, (at) => cellOf(at, 5).startsWith(cellOf(at, 3))));
  });
});

describe('the cells around a place', () => {
  it('are nine, itself in the middle, and wrap at the antimeridian', () => {
    expect(cellsAround([-119, 40.9], 3)).toHaveLength(9);
    expect(cellsAround([179.9, 0.1], 3)).toContain(cellOf([-179.9, 0.1], 3));
    expect(cellsAround([0, 89.9], 3)).toHaveLength(6);
  });

  it('hold every point within 50 km, whatever the direction', () => {
    fc.assert(
      fc.property(place, fc.double({ min: 0, max: 360, noNaN: true }), (at, azimuth) =>
        Math.abs(at[1]) > 65 ? true : cellsAround(at, 3).includes(cellOf(destination(at, azimuth, 50_000), 3)),
      ),
    );
  });
});

describe('the cells of an area’s boxes', () => {
  it('hold the cell of every point of the area', () => {
    fc.assert(
      fc.property(
        place,
        fc.double({ min: 10, max: 80_000, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (center, radiusM, azimuth, share) => {
          const area = { type: 'Circle' as const, center, radiusM };
          const point = destination(center, azimuth, radiusM * share);
          const cells = areaBounds(area).flatMap((box) => cellsOfBox(box, 3));
          return !areaContains(area, point) || cells.includes(cellOf(point, 3));
        },
      ),
    );
  });
});
