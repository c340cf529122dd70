/** Areas against geographiclib and against figures worked out by hand, at home, at the poles and at the antimeridian. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Area } from '../../../src/contracts/request.ts';
import type { Position } from '../../../src/contracts/units.ts';
import {
  areaBounds,
  areaContains,
  areaProblem,
  areaSquareMetres,
  distanceToArea,
  farthestDistance,
} from '../../../src/core/area.ts';
import { destination, geodesicDistance } from '../../../src/core/geodesy.ts';

const box = (west: number, south: number, east: number, north: number): [number, number][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...rings: [number, number][][]): Area => ({ type: 'Polygon', coordinates: rings });
const circle = (center: [number, number], radiusM: number): Area => ({ type: 'Circle', center, radiusM });

const donut = polygon(box(0, 0, 0.04, 0.04), box(0.01, 0.01, 0.03, 0.03));
const overAntimeridian = polygon([
  [179.99, -1],
  [-179.99, -1],
  [-179.99, 1],
  [179.99, 1],
  [179.99, -1],
]);
const twoParts: Area = { type: 'MultiPolygon', coordinates: [[box(179, 10, 180, 11)], [box(-180, 10, -179, 11)]] };

const anywhere = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -89.999, 89.9, 89.9999, 90)),
);

describe('geodesicDistance', () => {
  it.each([
    // Karney's own example (JFK to LHR), a degree of the equator, a degree of meridian, and both sides of the antimeridian.
    [[-73.8, 40.6], [-0.5, 51.6], 5_551_759.4],
    [[0, 0], [1, 0], 111_319.4908],
    [[0, 0], [0, 1], 110_574.3886],
    [[179.5, 0], [-179.5, 0], 111_319.4908],
    [[12, 90], [-77, 90], 0],
  ] as [Position, Position, number][])('%j to %j is %d m', (a, b, metres) => {
    expect(geodesicDistance(a, b)).toBeCloseTo(metres, metres > 1e6 ? 0 : 3);
  });
});

describe('areaContains', () => {
  it.each([
    ['in the ring of a donut', donut, [0.005, 0.02], true],
    ['in the hole of a donut', donut, [0.02, 0.02], false],
    ["on the hole's edge", donut, [0.01, 0.02], true],
    ['on the outer edge', donut, [0, 0.02], true],
    ['on a corner', donut, [0.04, 0.04], true],
    ['east of a donut', donut, [0.05, 0.02], false],
    ['level with two corners, west of them', donut, [-0.01, 0.04], false],
    ['west of the antimeridian', overAntimeridian, [179.995, 0], true],
    ['east of the antimeridian', overAntimeridian, [-179.995, 0], true],
    ['on the antimeridian written 180', overAntimeridian, [180, 0], true],
    ['on the antimeridian written -180', overAntimeridian, [-180, 0], true],
    ['on the other side of the earth', overAntimeridian, [0, 0], false],
    ['just outside, east', overAntimeridian, [-179.98, 0], false],
    ['in the second part', twoParts, [-179.5, 10.5], true],
    ['between no parts', twoParts, [178.9, 10.5], false],
    ['in a circle over the antimeridian', circle([179.999, 52], 500), [-179.999, 52], true],
    ['in a circle over the pole', circle([0, 89.999], 500), [180, 89.999], true],
    [
      'half a mile less a metre away',
      circle([-122.27, 37.8], 804.672),
      destination([-122.27, 37.8], 63, 803.672),
      true,
    ],
    [
      'half a mile and a metre away',
      circle([-122.27, 37.8], 804.672),
      destination([-122.27, 37.8], 63, 805.672),
      false,
    ],
  ] as [string, Area, Position, boolean][])('%s', (_, area, place, inside) => {
    expect(areaContains(area, place)).toBe(inside);
  });

  it('decides a circle as geographiclib does, to the millimetre, everywhere', () => {
    fc.assert(
      fc.property(
        anywhere,
        fc.double({ min: 1, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (center, radiusM, azimuth) => {
          const area = circle(center, radiusM);
          expect(areaContains(area, destination(center, azimuth, radiusM - 0.001))).toBe(true);
          expect(areaContains(area, destination(center, azimuth, radiusM + 0.001))).toBe(false);
        },
      ),
    );
  });

  it('decides a polygon the same wherever on its parallel it lies', () => {
    const shape: Position[] = [
      [-2, -1],
      [0, 0.5],
      [2, -1],
      [1, 2],
      [-1.5, 1.5],
      [-2, -1],
    ];
    const at = (lng: number): [number, number][] => shape.map(([x, y]) => [((x + lng + 540) % 360) - 180, y]);
    // Whole 64ths of a degree, so that shifting rounds nothing.
    const part = (max: number) => fc.integer({ min: -64 * max, max: 64 * max }).map((n) => n / 64);
    fc.assert(
      fc.property(part(180), part(3), part(3), (lng, x, y) => {
        const shifted = ((x + lng + 540) % 360) - 180;
        expect(areaContains(polygon(at(lng)), [shifted, y])).toBe(areaContains(polygon(at(0)), [x, y]));
      }),
    );
  });
});

describe('distances', () => {
  it("measures to a circle's rim, and 0 inside", () => {
    const area = circle([-122.27, 37.8], 800);
    expect(distanceToArea(area, destination([-122.27, 37.8], 200, 1_234.5))).toBeCloseTo(434.5, 6);
    expect(distanceToArea(area, [-122.27, 37.8])).toBe(0);
    expect(farthestDistance(area, [-122.27, 37.8])).toBe(800);
  });

  it.each([
    ["to a hole's edge from within", donut, [0.012, 0.02], geodesicDistance([0.012, 0.02], [0.01, 0.02])],
    ['to a corner', donut, [0.05, 0.05], geodesicDistance([0.05, 0.05], [0.04, 0.04])],
    ['to a meridian edge', donut, [-0.03, 0.02], geodesicDistance([-0.03, 0.02], [0, 0.02])],
    ['over the antimeridian', overAntimeridian, [-179.9, 0], geodesicDistance([-179.9, 0], [-179.99, 0])],
    ['inside', donut, [0.005, 0.005], 0],
  ] as [string, Area, Position, number][])('nearest %s', (_, area, place, metres) => {
    expect(distanceToArea(area, place)).toBeCloseTo(metres, 2);
  });

  it('agrees with dense sampling of the edges, near and far', () => {
    const coordinate = fc.tuple(
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    );
    const place = fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        coordinate,
        place,
        fc.constantFrom(0, 37.8, -65, 85),
        fc.constantFrom(0, -122, 179.95),
        (a, b, c, p, lat, lng) => {
          const moved = ([x, y]: readonly [number, number]): [number, number] => [
            ((x + lng + 540) % 360) - 180,
            y + lat,
          ];
          const ring = [a, b, c, a].map(moved);
          const area = polygon(ring);
          const from = moved(p);
          let nearest = Infinity;
          let farthest = 0;
          for (const [[x1, y1], [x2, y2]] of [
            [a, b],
            [b, c],
            [c, a],
          ] as const) {
            for (let i = 0; i <= 400; i += 1) {
              const d = geodesicDistance(from, moved([x1 + ((x2 - x1) * i) / 400, y1 + ((y2 - y1) * i) / 400]));
              nearest = Math.min(nearest, d);
              farthest = Math.max(farthest, d);
            }
          }
          // Samples lie up to 80 m apart along an edge: close ones overestimate the nearest by no more than half of that.
          if (!areaContains(area, from)) {
            expect(distanceToArea(area, from)).toBeLessThanOrEqual(nearest + 1e-3);
            expect(distanceToArea(area, from)).toBeGreaterThan(nearest - 80);
            if (nearest > 20_000) expect(distanceToArea(area, from)).toBeGreaterThan(nearest - 0.5);
          }
          expect(farthestDistance(area, from)).toBeGreaterThanOrEqual(farthest - 1e-3);
          expect(farthestDistance(area, from)).toBeLessThan(farthest + 0.5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds the nearest point in the middle of a long parallel edge', () => {
    const area = polygon(box(-10, 60, 10, 62));
    expect(distanceToArea(area, [0, 59])).toBeCloseTo(geodesicDistance([0, 59], [0, 60]), 2);
  });
});

describe('areaSquareMetres', () => {
  it.each([
    // One degree square at the equator (Karney's planimeter: 12308778361.469 m²), and the donut: three quarters of its box.
    ['a degree square', polygon(box(0, 0, 1, 1)), 12_308_778_361.469, 1e-9],
    ['the same, wound the other way', polygon(box(0, 0, 1, 1).toReversed()), 12_308_778_361.469, 1e-9],
    ['a donut', donut, areaSquareMetres(polygon(box(0, 0, 0.04, 0.04))) * 0.75, 1e-6],
    ['over the antimeridian', overAntimeridian, areaSquareMetres(polygon(box(10, -1, 10.02, 1))), 1e-9],
    ['two parts', twoParts, 2 * areaSquareMetres(polygon(box(5, 10, 6, 11))), 1e-9],
    ['a small circle', circle([-122, 37], 800), Math.PI * 800 ** 2, 1e-8],
  ] as [string, Area, number, number][])('%s', (_, area, squareMetres, relative) => {
    expect(Math.abs(areaSquareMetres(area) / squareMetres - 1)).toBeLessThan(relative);
  });

  it('gives a circle the area of a fine polygon on its rim, also at 100 km and at a pole', () => {
    for (const center of [
      [0, 0],
      [-122, 37.8],
      [30, 70],
    ] as [number, number][]) {
      const rim = Array.from(
        { length: 3_600 },
        (_, i) => [...destination(center, i / 10, 100_000)] as [number, number],
      );
      const ratio = areaSquareMetres(circle(center, 100_000)) / areaSquareMetres(polygon(rim));
      expect(Math.abs(ratio - 1)).toBeLessThan(3e-6);
    }
  });
});

describe('areaProblem', () => {
  it.each([
    ['a donut', donut],
    ['a polygon over the antimeridian', overAntimeridian],
    ['two parts', twoParts],
    [
      'points repeated in a row',
      polygon([
        [0, 0],
        [0, 0],
        [1, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
    ],
    ['a circle', circle([10, 20], 100)],
    [
      'a concave ring',
      polygon([
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 0.5],
        [0, 2],
        [0, 0],
      ]),
    ],
  ] as [string, Area][])('finds nothing wrong with %s', (_, area) => {
    expect(areaProblem(area)).toBeNull();
  });

  it.each([
    [
      'three points',
      polygon([
        [0, 0],
        [1, 0],
        [0, 0],
      ]),
      /at least 4/,
    ],
    [
      'an open ring',
      polygon([
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ]),
      /not closed/,
    ],
    [
      'NaN',
      polygon([
        [0, 0],
        [Number.NaN, 0],
        [1, 1],
        [0, 0],
      ]),
      /not a place/,
    ],
    [
      'a latitude of 91',
      polygon([
        [0, 0],
        [1, 91],
        [1, 1],
        [0, 0],
      ]),
      /not a place/,
    ],
    [
      'a line',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ]),
      /cross or touch|no ground/,
    ],
    [
      'a single point',
      polygon([
        [3, 3],
        [3, 3],
        [3, 3],
        [3, 3],
      ]),
      /no ground/,
    ],
    ['a speck', polygon(box(0, 0, 0.000001, 0.000001)), /no ground/],
    [
      'a bow tie',
      polygon([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
      /cross/,
    ],
    [
      'a bow tie that crosses at a corner',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
        [2, 0],
        [1, 1],
        [0, 2],
        [0, 0],
      ]),
      /cross or touch/,
    ],
    [
      'a bow tie over the antimeridian',
      polygon([
        [179.9, 0],
        [-179.9, 1],
        [-179.9, 0],
        [179.9, 1],
        [179.9, 0],
      ]),
      /cross/,
    ],
    ['a hole outside', polygon(box(0, 0, 1, 1), box(2, 0, 2.9, 1)), /outside/],
    ['a hole as large as the outer ring', polygon(box(0, 0, 1, 1), box(0, 0, 1, 1)), /cross or touch/],
    [
      'a hole within a hole',
      polygon(box(0, 0, 1, 1), box(0.1, 0.1, 0.9, 0.9), box(0.2, 0.2, 0.8, 0.8)),
      /another hole/,
    ],
    ['half the globe', polygon(box(-100, -10, 80, 10)), /half the globe/],
    ['a circle of no size', circle([0, 0], 0), /radius/],
    ['a circle of NaN', circle([0, 0], Number.NaN), /radius/],
    ['a circle off the earth', circle([0, 95], 10), /centre/],
    ['a second part that is bad', { type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [[[0, 0]]]] }, /at least 4/],
  ] as [string, Area, RegExp][])('refuses %s', (_, area, problem) => {
    expect(areaProblem(area)).toMatch(problem);
  });

  it('checks the largest ring the format allows quickly', () => {
    const ring = Array.from({ length: 1_999 }, (_, i): [number, number] => {
      const angle = (i / 1_999) * 2 * Math.PI;
      return [Math.cos(angle) / 100, Math.sin(angle) / 100];
    });
    const started = performance.now();
    expect(areaProblem(polygon([...ring, ring[0] ?? [0, 0]]))).toBeNull();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('areaBounds', () => {
  const holds = (area: Area, [lng, lat]: Position): boolean =>
    areaBounds(area).some((b) => lng >= b.minX && lng <= b.maxX && lat >= b.minY && lat <= b.maxY);

  it('holds every point of a circle, also over poles and the antimeridian', () => {
    fc.assert(
      fc.property(
        anywhere,
        fc.double({ min: 1, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (center, radiusM, azimuth) => {
          const area = circle(center, radiusM);
          expect(holds(area, destination(center, azimuth, radiusM))).toBe(true);
          expect(holds(area, center)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('holds a polygon and little more, in two boxes over the antimeridian', () => {
    expect(areaBounds(overAntimeridian)).toHaveLength(2);
    expect(areaBounds(donut)).toHaveLength(1);
    expect(holds(overAntimeridian, [180, 0])).toBe(true);
    expect(holds(overAntimeridian, [-180, 0])).toBe(true);
    expect(holds(overAntimeridian, [179.98, 0])).toBe(false);
    expect(holds(polygon(box(179, 0, 180, 1)), [-180, 0.5])).toBe(true);
  });
});
