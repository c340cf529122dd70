/** The match engine over plain arrays: cases worked out by hand, and random lives of a library against brute force after every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { Match, MatchableRequest, MatchAnswer } from '../../../src/contracts/match-api.ts';
import type { Area } from '../../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../../src/contracts/units.ts';
import { areaContains, distanceToArea } from '../../../src/core/area.ts';
import { mergedSpans } from '../../../src/core/clip-selection.ts';
import { destination } from '../../../src/core/geodesy.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import { createMatchEngine } from '../../../workers/match/engine.ts';
import { memorySource, type MemorySource } from './memory-source.ts';

const camera = (id: string, change: Partial<Camera> = {}): Camera => ({
  id,
  name: id,
  place: [0, 0],
  zone: 'UTC',
  clockOffsetMs: 0,
  createdAt: 0,
  ...change,
});

const recording = (
  id: string,
  cameraId: string,
  startMs: number | null,
  durationMs: number,
  change: Partial<Recording['time']> = {},
  unfinished = false,
): Recording => ({
  id,
  cameraId,
  fileName: id,
  relativePath: id,
  bytes: 1,
  sha256: id,
  durationMs,
  firstFrameAt: 0,
  video: { codec: 'avc1', width: 1, height: 1, rotation: 0 },
  audio: null,
  time: { startMs, confidence: 'accepted', source: 'tapo', candidates: [], ...change },
  ...(unfinished ? { unfinished } : {}),
  importedAt: 0,
});

const circle = (center: [number, number], radiusM: number): Area => ({ type: 'Circle', center, radiusM });
const request = (id: string, area: Area, from: number, to: number): MatchableRequest => ({
  id,
  area,
  window: { from, to },
});

const newEngine = () => createMatchEngine(loadKernel() ?? reference, () => 0);

interface Found {
  readonly answer: MatchAnswer;
  readonly matches: readonly (readonly Match[])[];
}

const libraryOf = (cameras: readonly Camera[], recordings: readonly Recording[]): MemorySource => {
  const source = memorySource();
  for (const one of cameras) source.putCamera(one);
  for (const one of recordings) source.add(one);
  return source;
};

const run = async (
  cameras: readonly Camera[],
  recordings: readonly Recording[],
  requests: readonly MatchableRequest[],
): Promise<Found> => {
  const engine = newEngine();
  const source = libraryOf(cameras, recordings);
  engine.put(requests.map((one, number) => ({ ...one, number })));
  const answer = await engine.match(source, 5);
  const matches = [];
  for (const number of requests.keys()) matches.push(await engine.matchesOf(source, number));
  return { answer, matches };
};

describe('a comparison', () => {
  it('gives the overlap in true time, half-open, with distance and the camera inside', async () => {
    const place = destination([10, 50], 90, 300);
    const { answer, matches } = await run(
      [camera('a', { place, clockOffsetMs: 5_000 })],
      [recording('r', 'a', 100_000, 60_000)],
      [request('q', circle([10, 50], 500), 120_000, 150_000)],
    );
    expect(answer).toMatchObject({ computedAt: 5, cameras: 1, placed: 1, compared: 1 });
    expect(answer.columns.camerasInside[0]).toBe(1);
    expect(answer.columns.overlapMs[0]).toBe(30_000);
    expect(matches[0]).toEqual([
      {
        requestId: 'q',
        cameraId: 'a',
        recordingId: 'r',
        overlap: { from: 120_000, to: 150_000 },
        overlapMs: 30_000,
        distanceM: expect.closeTo(300, 6),
        timeConfirmed: true,
      },
    ]);
  });

  it.each<[string, number, number, number, number | null]>([
    ['ends where the window begins', 0, 10, 0, null],
    ['begins where the window ends', 20, 10, 0, null],
    ['reaches one millisecond in', 1, 10, 0, 1],
    ['is moved into the window by the clock offset', 0, 10, 3, 3],
    ['is moved out of the window by the clock offset', 12, 3, -5, null],
    ['covers the window', 0, 100, 0, 10],
    ['has no length', 15, 0, 0, null],
  ])('of a recording that %s', async (_, start, duration, offset, overlap) => {
    const { matches } = await run(
      [camera('a', { clockOffsetMs: offset })],
      [recording('r', 'a', start, duration)],
      [request('q', circle([0, 0], 10), 10, 20)],
    );
    expect(matches[0]?.[0]?.overlapMs ?? null).toBe(overlap);
  });

  it('takes a recording that is still being written as going on', async () => {
    const { matches } = await run(
      [camera('a')],
      [recording('r', 'a', 0, 10, {}, true)],
      [request('q', circle([0, 0], 10), 1_000, 2_000)],
    );
    expect(matches[0]).toMatchObject([{ recordingId: 'r', overlap: { from: 1_000, to: 2_000 } }]);
  });

  it('never lets an empty window or a circle without size match', async () => {
    const { answer, matches } = await run(
      [camera('a')],
      [recording('r', 'a', 0, 100)],
      [
        request('empty', circle([0, 0], 10), 50, 50),
        request('backwards', circle([0, 0], 10), 60, 50),
        request('point', circle([0, 0], 0), 10, 50),
        request('nowhere', circle([0, 0], Number.NaN), 10, 50),
        request('good', circle([0, 0], 10), 10, 50),
      ],
    );
    expect([...answer.columns.recordings]).toEqual([0, 0, 0, 0, 1]);
    expect(matches.map(({ length }) => length)).toEqual([0, 0, 0, 0, 1]);
  });

  it('matches a doubtful start under either reading, marked, once, and not one that was settled', async () => {
    const rows = [
      recording('doubtful', 'a', 1_000, 500, { confidence: 'unconfirmed', otherStartMs: 9_000 }),
      recording('settled', 'a', 1_000, 500, { confidence: 'confirmed', otherStartMs: 9_000 }),
      recording('unknown', 'a', null, 500, { confidence: 'unconfirmed' }),
    ];
    const { answer, matches } = await run([camera('a')], rows, [
      request('late', circle([0, 0], 10), 9_100, 9_900),
      request('early', circle([0, 0], 10), 1_100, 1_200),
      request('both', circle([0, 0], 10), 0, 20_000),
    ]);
    expect(matches[0]).toMatchObject([
      { recordingId: 'doubtful', timeConfirmed: false, overlap: { from: 9_100, to: 9_500 } },
    ]);
    expect(matches[1]?.map((match) => [match.recordingId, match.timeConfirmed])).toEqual([
      ['doubtful', false],
      ['settled', true],
    ]);
    expect(matches[2]).toHaveLength(2);
    expect([...answer.columns.recordings]).toEqual([1, 2, 2]);
    expect([...answer.columns.unconfirmed]).toEqual([1, 1, 1]);
  });

  it('counts what two recordings of one camera cover together once, of two cameras twice', async () => {
    const { answer } = await run(
      [camera('a'), camera('b')],
      [recording('1', 'a', 0, 60), recording('2', 'a', 40, 60), recording('3', 'b', 0, 100)],
      [request('q', circle([0, 0], 10), 0, 100)],
    );
    expect(answer.columns.overlapMs[0]).toBe(200);
  });

  it('says how far the nearest camera is, and how narrowly recordings miss the window', async () => {
    const [lng, lat] = destination([0, 0], 45, 2_900);
    const square: Area = {
      type: 'Polygon',
      coordinates: [
        [
          [-0.01, -0.01],
          [0.01, -0.01],
          [0.01, 0.01],
          [-0.01, 0.01],
          [-0.01, -0.01],
        ],
      ],
    };
    const { answer } = await run(
      [camera('far', { place: [lng, lat] }), camera('farther', { place: [1, 1] }), camera('unplaced', { place: null })],
      [recording('r', 'far', 1_000, 500)],
      [
        request('circle', circle([0, 0], 500), 0, 10),
        request('square', square, 0, 10),
        request('after', circle([lng, lat], 500), 131_500, 140_000),
        request('before', circle([lng, lat], 500), 0, 900),
      ],
    );
    expect(answer).toMatchObject({ cameras: 3, placed: 2 });
    expect(answer.columns.nearestOutsideM[0]).toBeCloseTo(2_400, 2);
    expect(answer.columns.nearestOutsideM[1]).toBeCloseTo(distanceToArea(square, [lng, lat]), 0);
    expect([...answer.columns.missMs].slice(2)).toEqual([-130_000, 100]);
    const nowhere = await run([camera('unplaced', { place: null })], [], [request('q', circle([0, 0], 500), 0, 10)]);
    expect(nowhere.answer.columns.nearestOutsideM[0]).toBeNaN();
  });
});

describe('a life of the library', () => {
  const AROUND: Position = [-122.27, 37.8];
  const time = fc.integer({ min: 0, max: 300 });
  const place = fc
    .tuple(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 0, max: 900 }))
    .map(([azimuth, distance]) => destination(AROUND, azimuth, distance));
  const cameraId = fc.constantFrom('a', 'b', 'c');
  const newRecording = fc.record({
    kind: fc.constant('import' as const),
    camera: cameraId,
    start: fc.option(time, { freq: 10 }),
    length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 40, max: 400 })),
    other: fc.option(time),
    unfinished: fc.boolean(),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: newRecording },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), index: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('retime' as const), index: fc.nat(20), start: time }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('camera' as const),
        camera: cameraId,
        place: fc.option(place, { freq: 5 }),
        offset: fc.constantFrom(0, 0, 25, -40),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), camera: cameraId }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('request' as const),
        number: fc.nat(5),
        centre: place,
        radius: fc.integer({ min: 50, max: 900 }),
        from: time,
        length: fc.integer({ min: 1, max: 100 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('resolve' as const), number: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  );

  const expected = (source: MemorySource, { area, window }: MatchableRequest) => {
    const inside = [...source.cameras.values()].filter((one) => one.place && areaContains(area, one.place));
    const found = new Map<string, number>();
    let coveredMs = 0;
    for (const one of inside) {
      const spans: TimeWindow[] = [];
      for (const { id, cameraId: of, durationMs, unfinished, time: when } of source.recordings()) {
        if (of !== one.id || when.startMs === null) continue;
        const starts = when.otherStartMs === undefined ? [when.startMs] : [when.startMs, when.otherStartMs];
        for (const start of starts) {
          const from = Math.max(start + one.clockOffsetMs, window.from);
          const length = unfinished && durationMs >= 0 ? Infinity : durationMs;
          const to = Math.min(start + one.clockOffsetMs + length, window.to);
          if (from >= to) continue;
          spans.push({ from, to });
          found.set(id, Math.max(found.get(id) ?? 0, to - from));
        }
      }
      coveredMs += mergedSpans(spans).reduce((sum, { from, to }) => sum + to - from, 0);
    }
    const placed = [...source.cameras.values()].flatMap((one) => (one.place ? [distanceToArea(area, one.place)] : []));
    const outsideM = inside.length > 0 ? 0 : placed.length === 0 ? Number.NaN : Math.min(...placed);
    return { inside: inside.length, found, coveredMs, outsideM };
  };

  it('is told the same as if everything were compared anew, after every step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const source = memorySource();
        source.putCamera(camera('a', { place: AROUND }));
        let engine = newEngine();
        const open = new Map<number, MatchableRequest>();
        for (const number of [6, 7, 8]) {
          const made = request(`q${number}`, circle([AROUND[0], AROUND[1]], 500), 40 * number - 200, 40 * number - 150);
          open.set(number, made);
          engine.put([{ ...made, number }]);
        }
        let next = 0;
        for (const one of steps) {
          const rows = source.recordings();
          switch (one.kind) {
            case 'import': {
              if (!source.cameras.has(one.camera)) break;
              const other = one.start === null ? null : one.other;
              source.add(
                recording(
                  `r${next++}`,
                  one.camera,
                  one.start,
                  one.length,
                  other === null ? {} : { confidence: 'unconfirmed', otherStartMs: other },
                  one.unfinished,
                ),
              );
              break;
            }
            case 'delete':
              source.remove(rows[one.index]?.id ?? '');
              break;
            case 'retime': {
              const row = rows[one.index];
              if (row)
                source.change(recording(row.id, row.cameraId, one.start, row.durationMs, { confidence: 'confirmed' }));
              break;
            }
            case 'camera':
              source.putCamera(camera(one.camera, { place: one.place, clockOffsetMs: one.offset }));
              break;
            case 'forget':
              source.deleteCamera(one.camera);
              break;
            case 'request': {
              const made = request(
                `q${one.number}`,
                circle([one.centre[0], one.centre[1]], one.radius),
                one.from,
                one.from + one.length,
              );
              open.set(one.number, made);
              engine.put([{ ...made, number: one.number }]);
              break;
            }
            case 'resolve':
              open.delete(one.number);
              engine.drop([one.number]);
              break;
            case 'restart':
              engine = newEngine();
              engine.put([...open].map(([number, made]) => ({ ...made, number })));
          }
          const { columns } = await engine.match(source, 0);
          for (const [number, made] of open) {
            const { inside, found, coveredMs, outsideM } = expected(source, made);
            expect(columns.camerasInside[number]).toBe(inside);
            expect(columns.recordings[number]).toBe(found.size);
            expect(columns.overlapMs[number]).toBeCloseTo(coveredMs, 6);
            if (Number.isNaN(outsideM)) expect(columns.nearestOutsideM[number]).toBeNaN();
            else expect(columns.nearestOutsideM[number]).toBeCloseTo(outsideM, 1);
            const matches = await engine.matchesOf(source, number);
            expect(new Map(matches.map((match) => [match.recordingId, match.overlapMs]))).toEqual(found);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
