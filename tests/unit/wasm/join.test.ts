/** The kernel, its twin and brute force on the ellipsoid agree, pair by pair, where it is hardest: at edges, poles, the antimeridian, touching windows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaContains } from '../../../src/core/area.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { insertRecording, orderRecordings } from '../../../wasm/recording-columns.ts';
import type { Joiner } from '../../../wasm/world.ts';
import { byBruteForce, columnsOf, described, type PlainWorld, worldArbitrary, worldOf } from './worlds.ts';

const kernel = loadKernel();
if (!kernel) throw new Error('this Node has no WebAssembly SIMD');
const joiners: readonly Joiner[] = [kernel, reference];

const runsOf = (joiner: Joiner, plain: PlainWorld): readonly string[] => {
  const world = worldOf(plain);
  return described(world, joiner.join(world));
};

describe.each(joiners.map((joiner) => [joiner.name, joiner] as const))('%s', (_, joiner) => {
  it('agrees with brute force on random worlds', () => {
    fc.assert(
      fc.property(worldArbitrary, (plain) => {
        expect(runsOf(joiner, plain)).toEqual(byBruteForce(plain));
      }),
      { numRuns: 600 },
    );
  });

  it('keeps windows half-open to the millisecond', () => {
    const at = { type: 'Circle', center: [10, 50], radiusM: 100 } as const;
    const plain: PlainWorld = {
      cameras: [
        {
          place: [10, 50],
          recordings: [
            { from: 0, to: 1_000 },
            { from: 1_000, to: 2_000 },
            { from: 2_000, to: 3_000 },
          ],
        },
      ],
      requests: [
        { area: { ...at, center: [10, 50] }, window: { from: 1_000, to: 2_000 } },
        { area: { ...at, center: [10, 50] }, window: { from: 999, to: 2_001 } },
      ],
    };
    expect(runsOf(joiner, plain)).toEqual(['0 × 1: 0 1 2', '0 × 0: 1']);
  });

  it('finds long, nested and unfinished recordings', () => {
    const plain: PlainWorld = {
      cameras: [
        {
          place: [0, 0],
          recordings: [
            { from: 0, to: 1_000_000 },
            { from: 10, to: 20 },
            { from: 30, to: Infinity },
            { from: 40, to: 50 },
          ],
        },
      ],
      requests: [{ area: { type: 'Circle', center: [0, 0], radiusM: 5 }, window: { from: 500, to: 600 } }],
    };
    expect(runsOf(joiner, plain)).toEqual(['0 × 0: 0 2']);
  });

  it('has nothing to say of empty worlds', () => {
    expect(runsOf(joiner, { cameras: [], requests: [] })).toEqual([]);
    expect(runsOf(joiner, { cameras: [{ place: [0, 0], recordings: [] }], requests: [] })).toEqual([]);
  });

  it('is right with thousands of requests and cameras far apart, where the tree has several levels', () => {
    const random = fc.sample(fc.tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 500 })), {
      seed: 7,
      numRuns: 6_000,
    });
    const plain: PlainWorld = {
      cameras: random.slice(0, 300).map(([a, b]) => ({
        place: [a / 5.6, b / 6 - 40],
        recordings: [{ from: b, to: b + 5 }],
      })),
      requests: random.map(([a, b], i) => ({
        area: { type: 'Circle', center: [a / 5.6, b / 6 - 40], radiusM: 500 + (i % 7) * 5_000 },
        window: { from: (i * 37) % 500, to: ((i * 37) % 500) + 20 },
      })),
    };
    const found = runsOf(joiner, plain);
    expect(found).toEqual(byBruteForce(plain));
    expect(found.length).toBeGreaterThan(300);
  });
});

it('both give the very same runs, in the same order', () => {
  fc.assert(
    fc.property(worldArbitrary, (plain) => {
      expect(runsOf(kernel, plain)).toEqual(runsOf(reference, plain));
    }),
    { numRuns: 200 },
  );
});

it('leaves out requests that were removed, and uses their slots again', () => {
  const plain: PlainWorld = {
    cameras: [{ place: [0, 0], recordings: [{ from: 0, to: 10 }] }],
    requests: [0, 1, 2].map((from) => ({
      area: { type: 'Circle' as const, center: [0, 0] as [number, number], radiusM: 5 },
      window: { from, to: 20 },
    })),
  };
  for (const joiner of joiners) {
    const world = worldOf(plain);
    const { requests } = world;
    requests.remove(1);
    expect(described(world, joiner.join(world))).toEqual(['0 × 0: 0', '0 × 2: 0']);
    requests.put(1, { type: 'Circle', center: [0, 0], radiusM: 9 }, { from: 5, to: 6 });
    expect(described(world, joiner.join(world))).toEqual(['0 × 0: 0', '0 × 2: 0', '0 × 1: 0']);
  }
});

describe('matches written out', () => {
  const writtenOut = (plain: PlainWorld): readonly string[] => {
    const world = worldOf(plain);
    const matches = kernel.matches(world);
    const lines = world.recordings.flatMap(({ tag }, camera) => {
      const { request, recording, from, to } = matches.of(camera);
      return Array.from(request, (slot, i) => `${camera} × ${slot}: ${tag[recording[i] ?? -1]} ${from[i]} ${to[i]}`);
    });
    expect(lines).toHaveLength(matches.count);
    return lines.toSorted();
  };
  const overlaps = ({ cameras, requests }: PlainWorld): readonly string[] =>
    cameras
      .flatMap(({ place, recordings }, camera) =>
        requests.flatMap(({ area, window }, request) =>
          recordings.flatMap((recording, i) => {
            const [from, to] = [Math.max(recording.from, window.from), Math.min(recording.to, window.to)];
            return from < to && areaContains(area, place) ? [`${camera} × ${request}: ${i} ${from} ${to}`] : [];
          }),
        ),
      )
      .toSorted();

  it('are those of brute force, each with its overlap', () => {
    fc.assert(
      fc.property(worldArbitrary, (plain) => {
        expect(writtenOut(plain)).toEqual(overlaps(plain));
      }),
      { numRuns: 400 },
    );
  });

  it('of cameras with hundreds of recordings, some of them long, and of windows of every length', () => {
    const plain: PlainWorld = {
      cameras: [0, 1].map((odd) => ({
        place: [0, 0],
        recordings: Array.from({ length: 300 }, (_, i) => ({ from: i, to: i + (i % 97 === odd ? 60 : 1.5) })),
      })),
      requests: Array.from({ length: 60 }, (_, i) => ({
        area: { type: 'Circle', center: [0, 0], radiusM: 5 },
        window: { from: (i * 37) % 300, to: ((i * 37) % 300) + 1 + (i % 140) },
      })),
    };
    expect(writtenOut(plain)).toEqual(overlaps(plain));
    expect(runsOf(kernel, plain)).toEqual(byBruteForce(plain));
  });
});

/** Per request: cameras inside that count, their recordings, and how much of the window each camera covers, summed. */
const sumsByBruteForce = ({ cameras, requests }: PlainWorld, uncounted: ReadonlySet<number>) =>
  requests.map(({ area, window }) => {
    const inside = cameras.filter(({ place }, i) => !uncounted.has(i) && areaContains(area, place));
    const overlaps = inside.map(({ recordings }) =>
      recordings
        .map(({ from, to }) => [Math.max(from, window.from), Math.min(to, window.to)] as const)
        .filter(([from, to]) => from < to),
    );
    const instants = [...new Set(overlaps.flat(2))].toSorted((a, b) => a - b);
    const covered = overlaps.map((own) =>
      instants.slice(1).reduce((sum, to, i) => {
        const from = instants[i] ?? 0;
        return sum + (own.some(([a, b]) => a <= from && to <= b) ? to - from : 0);
      }, 0),
    );
    return [inside.length, overlaps.flat().length, covered.reduce((a, b) => a + b, 0)];
  });

it.each(joiners.map((joiner) => [joiner.name, joiner] as const))(
  '%s: adding up gives the sums and the requests around each camera that brute force gives',
  (_, joiner) => {
    fc.assert(
      fc.property(worldArbitrary, fc.nat(3), (plain, odd) => {
        const uncounted = new Set(plain.cameras.keys().filter((i) => i % 4 === odd));
        const sums = plain.requests.map(() => [0, 0, 0]);
        const around = plain.cameras.map((): number[] => []);
        joiner.survey(worldOf(plain), {
          uncounted,
          around: (camera, slots, first, count) => {
            around[camera] = [...slots.subarray(first, first + count)];
          },
          add: (request, ...more) => {
            sums[request] = (sums[request] ?? []).map((sum, i) => sum + (more[i] ?? 0));
          },
        });
        const lines = around.flatMap((slots, camera) => slots.map((slot) => `${camera} × ${slot}`));
        expect(lines).toEqual(byBruteForce(plain).map((line) => line.slice(0, line.indexOf(':'))));
        for (const [i, expected] of sumsByBruteForce(plain, uncounted).entries()) {
          expect(sums[i]?.slice(0, 2)).toEqual(expected.slice(0, 2));
          expect(sums[i]?.[2]).toBeCloseTo(expected[2] ?? 0, 6);
        }
      }),
      { numRuns: 300 },
    );
  },
);

describe('recordings made ready', () => {
  it('are ordered, moved by the offset, and without those that have no length', () => {
    const ordered = columnsOf([
      { from: 30, to: 40 },
      { from: 10, to: 90 },
      { from: 20, to: 20 },
    ]);
    expect([...ordered.tag]).toEqual([1, 0]);
    expect([...ordered.reach]).toEqual([90, 90]);
    expect(ordered.tidy).toBe(false);
  });

  it('are put in one by one without touching the memory that was given', () => {
    const kept = Float64Array.of(10, 20, 30, 5, 5, 5);
    const before = orderRecordings(kept.subarray(0, 3), kept.subarray(3), Uint32Array.of(0, 1, 2), 0);
    let after = before;
    for (let i = 3; i < 100; i += 1) after = insertRecording(after, i * 10 + 5, i * 10 + 12, i);
    after = insertRecording(after, 12, 500, 100);
    expect([...kept]).toEqual([10, 20, 30, 5, 5, 5]);
    expect([...after.from].toSorted((a, b) => a - b)).toEqual([...after.from]);
    expect([after.from.length, after.tidy, after.longest]).toEqual([101, false, 488]);
    expect([...after.tag.subarray(0, 3)]).toEqual([0, 100, 1]);
    expect(after.reach[50]).toBe(Math.max(...after.to.subarray(0, 51)));
  });
});
