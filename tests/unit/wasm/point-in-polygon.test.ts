/** Points in polygons where a ray is easily miscounted: at corners, on edges, level with corners, in notches, holes and islands; in both engines. */
import { describe, expect, it } from 'vitest';
import type { Area } from '../../../src/contracts/request.ts';
import type { Position } from '../../../src/contracts/units.ts';
import { areaContains } from '../../../src/core/area.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { described, worldOf } from './worlds.ts';

const kernel = loadKernel();
if (!kernel) throw new Error('this Node has no WebAssembly SIMD');

type Point = readonly [x: number, y: number];
type Ring = readonly Point[];

/** Whole 1024ths of a degree: nothing is rounded, so that an edge is an edge. */
const placeOf = ([x, y]: Point): Position => [8 + x / 1024, 48 + y / 1024];

const ringOf = (ring: Ring, isReversed: boolean): [number, number][] => {
  const [first] = ring;
  const closed = (first ? [...ring, first] : ring).map((point): [number, number] => {
    const [lng, lat] = placeOf(point);
    return [lng, lat];
  });
  return isReversed ? closed.toReversed() : closed;
};

const square = (from: number, to: number): Ring => [
  [from, from],
  [to, from],
  [to, to],
  [from, to],
];

interface Shape {
  readonly name: string;
  /** Polygons of an outer ring and holes. */
  readonly polygons: readonly (readonly Ring[])[];
  readonly inside: readonly Point[];
  /** Corners and edges, of holes too, belong to an area. */
  readonly onEdge: readonly Point[];
  readonly outside: readonly Point[];
}

/** `x y, x y, …` */
const points = (text: string): readonly Point[] =>
  text.split(', ').map((pair): Point => {
    const [x = Number.NaN, y = Number.NaN] = pair.split(' ').map(Number);
    return [x, y];
  });

const shapes: readonly Shape[] = [
  {
    name: 'a kite, level with its corners',
    polygons: [[points('0 4, 8 8, 16 4, 8 0')]],
    inside: points('8 4, 1 4, 15 4, 8 7, 8 1'),
    onEdge: points('0 4, 8 8, 16 4, 8 0, 4 6, 12 2'),
    outside: points('-1 4, 17 4, 8 9, 8 -1, 4 7, 0 8, -4 0, -4 8'),
  },
  {
    name: 'a dart with a notch between its feet',
    polygons: [[points('0 0, 8 16, 16 0, 8 8')]],
    inside: points('8 12, 4 6, 12 6'),
    onEdge: points('8 8, 4 4, 12 4, 0 0, 16 0, 4 8'),
    outside: points('8 4, 8 0, -1 0, 17 0, 8 7, -1 8, 17 8, 8 17'),
  },
  {
    name: 'a comb, level with the ends and the grounds of its teeth',
    polygons: [[points('0 0, 0 8, 20 8, 20 0, 16 0, 12 4, 12 0, 8 4, 4 4, 4 0')]],
    inside: points('2 4, 10 4, 14 4, 6 6, 2 2, 18 1, 18 4, 11 2'),
    onEdge: points('6 4, 12 4, 8 4, 12 3, 11 1, 18 0, 2 0, 20 4, 0 4, 12 0, 10 8, 14 2'),
    outside: points('-1 4, 21 4, -1 0, 21 0, -1 8, 21 8, 14 0, 6 0, 6 2, 13 1, 9 2, 8 0'),
  },
  {
    name: 'a diamond with a hole, level with four corners',
    polygons: [[points('0 8, 8 16, 16 8, 8 0'), points('4 8, 8 12, 12 8, 8 4')]],
    inside: points('2 8, 14 8, 8 14, 8 2, 4 10'),
    onEdge: points('4 8, 12 8, 8 12, 8 4, 6 10, 10 6, 4 12, 0 8, 16 8'),
    outside: points('8 8, 5 8, 11 8, 8 11, -1 8, 17 8, 8 17, -1 4, 17 12'),
  },
  {
    name: 'an island in the hole of another part',
    polygons: [[square(0, 16), square(4, 12)], [square(6, 10)]],
    inside: points('8 8, 2 8, 14 8, 2 2'),
    onEdge: points('6 8, 4 8, 12 8, 0 8, 16 16, 10 10, 4 4'),
    outside: points('5 8, 11 8, 5 5, -1 8, 17 8, 20 20, 8 -1'),
  },
  {
    name: 'a long sliver',
    polygons: [[points('0 0, 40 200, 41 200, 1 0')]],
    inside: points('20.5 100, 0.75 1, 40.5 199'),
    onEdge: points('20 100, 21 100, 0 0, 41 200, 40.5 200'),
    outside: points('19.5 100, 21.5 100, -1 0, 2 0, 39 200, 42 200, 20 0, 20 200'),
  },
];

const areaOf = ({ polygons }: Shape, isReversed: boolean): Area => ({
  type: 'MultiPolygon',
  coordinates: polygons.map((rings) => rings.map((ring) => ringOf(ring, isReversed))),
});

describe.each([false, true])('rings drawn the other way round: %s', (isReversed) => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))('%s', (_, shape) => {
    const area = areaOf(shape, isReversed);
    const asked = [
      ...shape.inside.map((point) => ({ point, holds: true })),
      ...shape.onEdge.map((point) => ({ point, holds: true })),
      ...shape.outside.map((point) => ({ point, holds: false })),
    ];
    const world = worldOf({
      cameras: asked.map(({ point }) => ({ place: placeOf(point), recordings: [] })),
      requests: [{ area, window: { from: 0, to: 1 } }],
    });
    const expected = asked.map(({ point, holds }) => `${point.join(' ')} ${holds}`);
    expect(asked.map(({ point }) => `${point.join(' ')} ${areaContains(area, placeOf(point))}`)).toEqual(expected);
    for (const joiner of [kernel, reference]) {
      const held = new Set(described(world, joiner.join(world)).map((line) => Number(line.split(' ')[0])));
      expect(asked.map(({ point }, camera) => `${point.join(' ')} ${held.has(camera)}`)).toEqual(expected);
    }
  });
});
