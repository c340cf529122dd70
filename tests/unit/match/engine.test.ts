/** The match engine against brute force over plain arrays, and against cases worked out by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { MatchableRequest } from '../../../src/contracts/match-api.ts';
import type { Area } from '../../../src/contracts/request.ts';
import { areaContains, distanceToArea } from '../../../src/core/area.ts';
import { destination } from '../../../src/core/geodesy.ts';
import { matchAll } from '../../../workers/match/engine.ts';
import type { RecordingSource } from '../../../workers/match/recording-source.ts';
import { unionOf } from '../../../workers/match/spans.ts';

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
  importedAt: 0,
});

const sourceOf = (cameras: readonly Camera[], recordings: readonly Recording[]): RecordingSource => ({
  cameras: async () => cameras,
  longestMs: async (id) =>
    recordings
      .filter((row) => row.cameraId === id)
      .reduce<number | null>((most, row) => Math.max(most ?? 0, row.durationMs), null),
  startingWithin: async (id, from, to) =>
    recordings.filter(
      (row) =>
        row.cameraId === id &&
        [row.time.startMs, row.time.otherStartMs].some(
          (start) => typeof start === 'number' && start >= from && start < to,
        ),
    ),
});

const circle = (center: [number, number], radiusM: number): Area => ({ type: 'Circle', center, radiusM });
const request = (id: string, area: Area, from: number, to: number): MatchableRequest => ({
  id,
  area,
  window: { from, to },
});

const run = (cameras: Camera[], recordings: Recording[], requests: MatchableRequest[]) =>
  matchAll(requests, sourceOf(cameras, recordings), 5);

describe('matchAll', () => {
  it('gives the overlap in true time, half-open, with distance and the camera inside', async () => {
    const place = destination([10, 50], 90, 300);
    const outcome = await run(
      [camera('a', { place: [place[0], place[1]], clockOffsetMs: 5_000 })],
      [recording('r', 'a', 100_000, 60_000)],
      [request('q', circle([10, 50], 500), 120_000, 150_000)],
    );
    expect(outcome.computedAt).toBe(5);
    const [verdict] = outcome.verdicts;
    expect(verdict).toMatchObject({ requestId: 'q', camerasInside: ['a'], nearestOutsideM: 0 });
    expect(verdict?.matches).toEqual([
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
  ])('a recording that %s', async (_, start, duration, offset, overlap) => {
    const outcome = await run(
      [camera('a', { clockOffsetMs: offset })],
      [recording('r', 'a', start, duration)],
      [request('q', circle([0, 0], 10), 10, 20)],
    );
    expect(outcome.verdicts[0]?.matches[0]?.overlapMs ?? null).toBe(overlap);
  });

  it('matches a doubtful start under either reading, marked, and not one that was settled', async () => {
    const rows = [
      recording('doubtful', 'a', 1_000, 500, { confidence: 'unconfirmed', otherStartMs: 9_000 }),
      recording('settled', 'a', 1_000, 500, { confidence: 'confirmed', otherStartMs: 9_000 }),
      recording('unknown', 'a', null, 500, { confidence: 'unconfirmed' }),
    ];
    const outcome = await run([camera('a')], rows, [
      request('late', circle([0, 0], 10), 9_100, 9_900),
      request('early', circle([0, 0], 10), 1_100, 1_200),
    ]);
    expect(outcome.verdicts[0]?.matches).toMatchObject([
      { recordingId: 'doubtful', timeConfirmed: false, overlap: { from: 9_100, to: 9_500 } },
    ]);
    expect(outcome.verdicts[1]?.matches.map((match) => [match.recordingId, match.timeConfirmed])).toEqual(
      expect.arrayContaining([
        ['doubtful', false],
        ['settled', true],
      ]),
    );
  });

  it('finds a very long recording that began long before, and reads only what can overlap', async () => {
    const short = Array.from({ length: 1_000 }, (_, i) => recording(`s${i}`, 'a', i * 60_000, 30_000));
    const inside = await run([camera('a')], short, [request('q', circle([0, 0], 10), 30_000_000, 30_060_000)]);
    expect(inside.verdicts[0]?.matches).toHaveLength(1);
    expect(inside.recordingsRead).toBeLessThanOrEqual(2);
    const withLong = await run(
      [camera('a')],
      [...short, recording('long', 'a', -1e9, 1e9 + 30_010_000)],
      [request('q', circle([0, 0], 10), 30_000_000, 30_060_000)],
    );
    expect(withLong.verdicts[0]?.matches.map((match) => match.recordingId)).toEqual(['long', 's500']);
  });

  it('reads nothing of cameras outside and says how far the nearest is', async () => {
    const [lng, lat] = destination([0, 0], 45, 2_900);
    const outcome = await run(
      [camera('far', { place: [lng, lat] }), camera('farther', { place: [1, 1] }), camera('unplaced', { place: null })],
      [recording('r', 'far', 0, 10)],
      [request('q', circle([0, 0], 500), 0, 10)],
    );
    expect(outcome.recordingsRead).toBe(0);
    expect(outcome.verdicts[0]).toMatchObject({ camerasInside: [], matches: [] });
    expect(outcome.verdicts[0]?.nearestOutsideM).toBeCloseTo(2_400, 3);
    const nowhere = await run([camera('unplaced', { place: null })], [], [request('q', circle([0, 0], 500), 0, 10)]);
    expect(nowhere.verdicts[0]?.nearestOutsideM).toBeNull();
  });

  it('agrees with brute force, at home, at the antimeridian and at the pole', async () => {
    const time = fc.integer({ min: 0, max: 2_000 });
    const scene = fc.record({
      around: fc.constantFrom<[number, number]>([-122.27, 37.8], [180, 0], [-179.999, 51], [30, 89.9999]),
      cameras: fc.array(
        fc.record({
          azimuth: fc.integer({ min: 0, max: 359 }),
          distance: fc.integer({ min: 0, max: 3_000 }),
          offset: fc.integer({ min: -200, max: 200 }),
          placed: fc.boolean(),
        }),
        { maxLength: 5 },
      ),
      recordings: fc.array(
        fc.record({
          camera: fc.nat(4),
          start: time,
          duration: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 3_000, noNaN: true })),
          other: fc.option(time),
          confirmed: fc.boolean(),
        }),
        { maxLength: 25 },
      ),
      requests: fc.array(
        fc.record({
          azimuth: fc.integer({ min: 0, max: 359 }),
          distance: fc.integer({ min: 0, max: 2_000 }),
          radius: fc.integer({ min: 1, max: 2_000 }),
          square: fc.boolean(),
          from: time,
          length: fc.integer({ min: -5, max: 400 }),
        }),
        { maxLength: 6 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ around, cameras, recordings, requests }) => {
        const cams = cameras.map((c, i) =>
          camera(`c${i}`, {
            clockOffsetMs: c.offset,
            place: c.placed ? destination(around, c.azimuth, c.distance) : null,
          }),
        );
        const rows = recordings.map((r, i) =>
          recording(
            `r${i}`,
            `c${r.camera}`,
            r.start,
            r.duration,
            r.confirmed || r.other === null ? {} : { confidence: 'unconfirmed', otherStartMs: r.other },
          ),
        );
        const asked = requests.map((q, i) => {
          const [lng, lat] = destination(around, q.azimuth, q.distance);
          const corners = [45, 135, 225, 315, 45].map(
            (azimuth) => [...destination([lng, lat], azimuth, q.radius)] as [number, number],
          );
          const area: Area =
            q.square && Math.abs(lat) < 89 ? { type: 'Polygon', coordinates: [corners] } : circle([lng, lat], q.radius);
          return request(`q${i}`, area, q.from, q.from + q.length);
        });
        const outcome = await run(cams, rows, asked);
        for (const [i, verdict] of outcome.verdicts.entries()) {
          const { area, window } = asked[i] ?? request('', circle([0, 0], 1), 0, 0);
          const inside = cams.filter(({ place }) => place && areaContains(area, place));
          expect(verdict.camerasInside.toSorted()).toEqual(inside.map(({ id }) => id).toSorted());
          const distances = cams.flatMap(({ place }) => (place ? [distanceToArea(area, place)] : []));
          expect(verdict.nearestOutsideM).toBe(distances.length > 0 ? Math.min(...distances) : null);
          const expected = rows.flatMap((row) => {
            const cam = inside.find(({ id }) => id === row.cameraId);
            if (!cam || row.time.startMs === null) return [];
            const lengths = [
              row.time.startMs,
              ...(row.time.otherStartMs === undefined ? [] : [row.time.otherStartMs]),
            ].map((start) => {
              const from = start + cam.clockOffsetMs;
              return Math.min(from + row.durationMs, window.to) - Math.max(from, window.from);
            });
            const best = Math.max(...lengths);
            return best > 0 ? [[row.id, best] as const] : [];
          });
          const found = verdict.matches.map((match) => [match.recordingId, match.overlapMs] as const);
          expect(found).toHaveLength(expected.length);
          expect(new Map(found)).toEqual(new Map(expected));
        }
      }),
      { numRuns: 400 },
    );
  });
});

it('joins spans that meet, keeps those apart', () => {
  expect(
    unionOf([
      { from: 5, to: 9 },
      { from: 0, to: 3 },
      { from: 3, to: 4 },
      { from: 6, to: 7 },
    ]),
  ).toEqual([
    { from: 0, to: 4 },
    { from: 5, to: 9 },
  ]);
});
