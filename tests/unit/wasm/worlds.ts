/** Random worlds for the kernel and its twin: cameras at awkward places, areas of every kind, recordings that overlap, points at the very edge. */
import fc from 'fast-check';
import type { Area } from '../../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../../src/contracts/units.ts';
import { areaContains, areaProblem } from '../../../src/core/area.ts';
import { destination, earthCentred } from '../../../src/core/geodesy.ts';
import { orderRecordings, type OrderedRecordings } from '../../../wasm/recording-columns.ts';
import { createRequestColumns, type GrowingRequests } from '../../../wasm/request-columns.ts';
import { RUN_WORDS, type Runs, type World } from '../../../wasm/world.ts';

export interface PlainRecording {
  readonly from: number;
  readonly to: number;
}

export interface PlainWorld {
  readonly cameras: readonly { readonly place: Position; readonly recordings: readonly PlainRecording[] }[];
  readonly requests: readonly { readonly area: Area; readonly window: TimeWindow }[];
}

export const columnsOf = (recordings: readonly PlainRecording[]): OrderedRecordings =>
  orderRecordings(
    Float64Array.from(recordings, ({ from }) => from),
    Float64Array.from(recordings, ({ from, to }) => to - from),
    Uint32Array.from(recordings, (_, i) => i),
    0,
  );

export interface TestWorld extends World {
  readonly recordings: readonly OrderedRecordings[];
  readonly requests: GrowingRequests;
}

export const worldOf = ({ cameras, requests }: PlainWorld): TestWorld => {
  const columns = createRequestColumns();
  for (const [slot, { area, window }] of requests.entries()) columns.put(slot, area, window);
  return {
    cameras: {
      count: cameras.length,
      xyz: Float64Array.from(cameras.flatMap(({ place }) => [...earthCentred(...place)])),
      lngLat: Float64Array.from(cameras.flatMap(({ place }) => [...place])),
    },
    recordings: cameras.map(({ recordings }) => columnsOf(recordings)),
    requests: columns,
  };
};

/** Runs as plain text, one a line: camera, request, and the numbers of the recordings. */
export const described = (world: TestWorld, { begin, length, rows }: Runs): readonly string[] =>
  world.recordings.flatMap((recordings, camera) =>
    Array.from({ length: length[camera] ?? 0 }, (_, i) => {
      const at = ((begin[camera] ?? 0) + i) * RUN_WORDS;
      const [request = 0, low = 0, high = 0, count = 0] = rows.subarray(at, at + RUN_WORDS);
      const start = world.requests.window[2 * request] ?? 0;
      const inside = [...recordings.tag.subarray(low, high)].filter((_tag, k) => (recordings.to[low + k] ?? 0) > start);
      if (inside.length !== count) throw new Error(`a run of ${count} holds ${inside.length}`);
      return `${camera} × ${request}: ${inside.toSorted((a, b) => a - b).join(' ')}`;
    }),
  );

/** What follows from the definitions alone, pair by pair. */
export const byBruteForce = ({ cameras, requests }: PlainWorld): readonly string[] =>
  cameras.flatMap(({ place, recordings }, camera) =>
    requests
      .map(({ area, window }, request) => ({ area, window, request }))
      .filter(({ area }) => areaContains(area, place))
      .toSorted((a, b) => a.window.from - b.window.from || a.request - b.request)
      .map(({ window, request }) => {
        const overlapping = recordings.flatMap(({ from, to }, i) =>
          Math.max(from, window.from) < Math.min(to, window.to) ? [i] : [],
        );
        return `${camera} × ${request}: ${overlapping.join(' ')}`;
      }),
  );

/** Where it is hard: an ordinary town, the antimeridian from both sides, the poles and beside them, the equator at the date line. */
const HARD_PLACES: readonly Position[] = [
  [-122.27, 37.8],
  [180, 0],
  [-180, 0],
  [-179.9999, 51.5],
  [180, -16.5],
  [0, 90],
  [45, -90],
  [30, 89.9999],
  [0, 0],
];

const azimuth = fc.integer({ min: 0, max: 359 });
/** Metres from an edge: from under a millimetre to ten metres, on either side. */
const fromEdge = fc.oneof(
  fc.constantFrom(0, 1e-7, -1e-7, 1e-6, -1e-6, 0.001, -0.001),
  fc.double({ min: -10, max: 10, noNaN: true }),
);

const ringAround = (centre: Position, radius: number, corners: number, turned: number): [number, number][] => {
  const points = Array.from({ length: corners }, (_, i): [number, number] => {
    const [lng, lat] = destination(centre, turned + (360 * i) / corners, radius);
    return [lng > 180 ? lng - 360 : lng, lat];
  });
  const [first] = points;
  return first ? [...points, first] : points;
};

const areaArbitrary = (around: Position): fc.Arbitrary<Area> =>
  fc
    .record({
      azimuth,
      distance: fc.double({ min: 0, max: 3_000, noNaN: true }),
      radius: fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: 1, max: 2_000, noNaN: true }) },
        { weight: 1, arbitrary: fc.double({ min: 2_000, max: 100_000, noNaN: true }) },
      ),
      corners: fc.integer({ min: 3, max: 9 }),
      kind: fc.constantFrom('circle', 'circle', 'polygon', 'holed', 'multi'),
    })
    .map(({ azimuth: towards, distance, radius, corners, kind }): Area => {
      const [lng, lat] = destination(around, towards, distance);
      const centre: Position = [lng, lat];
      const circle: Area = { type: 'Circle', center: [lng, lat], radiusM: radius };
      if (kind === 'circle') return circle;
      const outer = ringAround(centre, radius, corners, towards);
      const hole = ringAround(centre, radius / 4, corners, towards);
      const next = ringAround(destination(centre, towards, radius * 3), radius, corners, 0);
      const area: Area =
        kind === 'multi'
          ? { type: 'MultiPolygon', coordinates: [[outer], [next]] }
          : { type: 'Polygon', coordinates: kind === 'holed' ? [outer, hole] : [outer] };
      // Around a pole a ring of straight edges in longitude and latitude is no area: refused by name, so a circle instead.
      return areaProblem(area) === null ? area : circle;
    });

/** Whole milliseconds that meet often, and fractions. */
const instant = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 60, noNaN: true }));

const recordingArbitrary: fc.Arbitrary<PlainRecording> = fc
  .tuple(
    instant,
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 1, max: 10 }) },
      { weight: 2, arbitrary: fc.integer({ min: 10, max: 100 }) },
      { weight: 1, arbitrary: fc.constant(Infinity) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
  )
  .map(([from, length]) => ({ from, to: from + length }));

const windowArbitrary: fc.Arbitrary<TimeWindow> = fc
  .tuple(instant, fc.integer({ min: 1, max: 30 }))
  .map(([from, length]) => ({ from, to: from + length }));

/** On a circle's edge or a polygon's corner or edge, give or take; or anywhere around. */
const placeNear = (areas: readonly Area[], around: Position): fc.Arbitrary<Position> => {
  const anywhere = fc
    .tuple(azimuth, fc.double({ min: 0, max: 5_000, noNaN: true }))
    .map(([towards, distance]) => destination(around, towards, distance));
  if (areas.length === 0) return anywhere;
  const atEdge = fc
    .record({ area: fc.constantFrom(...areas), towards: azimuth, off: fromEdge, along: fc.constantFrom(0, 0.25, 0.5) })
    .map(({ area, towards, off, along }): Position => {
      if (area.type === 'Circle') return destination(area.center, towards, Math.max(0, area.radiusM + off));
      const ring = (area.type === 'Polygon' ? area.coordinates : (area.coordinates[0] ?? []))[0] ?? [];
      const i = towards % Math.max(1, ring.length - 1);
      const [a, b] = [ring[i] ?? around, ring[i + 1] ?? around];
      const mid: Position =
        Math.abs(b[0] - a[0]) > 180 ? a : [a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along];
      return off === 0 ? mid : destination(mid, towards, Math.abs(off));
    });
  return fc.oneof(anywhere, atEdge).map(([lng, lat]): Position => [lng > 180 ? lng - 360 : lng, lat]);
};

export const worldArbitrary: fc.Arbitrary<PlainWorld> = fc.constantFrom(...HARD_PLACES).chain((around) =>
  fc.array(fc.record({ area: areaArbitrary(around), window: windowArbitrary }), { maxLength: 40 }).chain((requests) =>
    fc.record({
      requests: fc.constant(requests),
      cameras: fc.array(
        fc.record({
          place: fc.oneof(
            { weight: 1, arbitrary: fc.constant(around) },
            {
              weight: 6,
              arbitrary: placeNear(
                requests.map(({ area }) => area),
                around,
              ),
            },
          ),
          recordings: fc.array(recordingArbitrary, { maxLength: 20 }),
        }),
        { maxLength: 40 },
      ),
    }),
  ),
);
