/** A scene as the engine's columns, what is right for it by brute force, and results written out to be compared. */
import type { Position } from '../../../src/contracts/units.ts';
import { areaContains } from '../../../src/core/area.ts';
import { chord, earthCentred } from '../../../src/core/geodesy.ts';
import type { MatchColumns, Matches } from '../../../wasm/matches.ts';
import { orderRecordings } from '../../../wasm/recording-columns.ts';
import { createRequestColumns } from '../../../wasm/request-columns.ts';
import { RUN_WORDS, type Runs, type World } from '../../../wasm/world.ts';
import { createSums, describeSums, sceneOf, type SceneSize } from './scene.ts';

export interface BenchWorld extends World {
  /** Number of each camera's first recording, counted over all. */
  readonly firsts: readonly number[];
}

/** Nothing of the scene is kept but the columns. */
export const worldOf = (size: SceneSize): BenchWorld => {
  const scene = sceneOf(size);
  const places: Position[] = [];
  const recordings: World['recordings'][number][] = [];
  const firsts: number[] = [];
  let first = 0;
  for (const { place, starts, lengths } of scene.cameras) {
    places.push(place);
    firsts.push(first);
    first += starts.length;
    recordings.push(orderRecordings(starts, lengths, new Uint32Array(starts.length), 0));
  }
  const requests = createRequestColumns(size.requests);
  for (const { number, area, window } of scene.requests) requests.put(number, area, window);
  const cameras = {
    count: places.length,
    xyz: Float64Array.from(places.flatMap(([lng, lat]) => [...earthCentred(lng, lat)])),
    lngLat: Float64Array.from(places.flat()),
  };
  return { cameras, recordings, requests, firsts };
};

/** Every run of `world` as its matches, by a plain loop. */
export const writeOut = (world: BenchWorld, { begin, length, rows }: Runs): MatchColumns => {
  let total = 0;
  for (let i = 3; i < rows.length; i += RUN_WORDS) total += rows[i] ?? 0;
  const request = new Uint32Array(total);
  const recording = new Uint32Array(total);
  const from = new Float64Array(total);
  const to = new Float64Array(total);
  const { window } = world.requests;
  let n = 0;
  for (let camera = 0; camera < begin.length; camera += 1) {
    const columns = world.recordings[camera];
    if (!columns) continue;
    const first = world.firsts[camera] ?? 0;
    const end = ((begin[camera] ?? 0) + (length[camera] ?? 0)) * RUN_WORDS;
    for (let at = (begin[camera] ?? 0) * RUN_WORDS; at < end; at += RUN_WORDS) {
      const slot = rows[at] ?? 0;
      const opens = window[2 * slot] ?? 0;
      const closes = window[2 * slot + 1] ?? 0;
      for (let r = rows[at + 1] ?? 0; r < (rows[at + 2] ?? 0); r += 1) {
        const ends = columns.to[r] ?? 0;
        if (ends <= opens) continue;
        request[n] = slot;
        recording[n] = first + r;
        from[n] = Math.max(columns.from[r] ?? 0, opens);
        to[n] = Math.min(ends, closes);
        n += 1;
      }
    }
  }
  return {
    request: request.subarray(0, n),
    recording: recording.subarray(0, n),
    from: from.subarray(0, n),
    to: to.subarray(0, n),
  };
};

export const sumsOf = ({ request, recording, from, to }: MatchColumns): string => {
  const sums = createSums();
  for (let i = 0; i < request.length; i += 1) {
    sums.add(request[i] ?? 0, recording[i] ?? 0, from[i] ?? 0, to[i] ?? 0);
  }
  return describeSums(sums.get());
};

export const sumsOfMatches = ({ firsts }: BenchWorld, matches: Matches): string => {
  const sums = createSums();
  for (const [camera, first] of firsts.entries()) {
    const { request, recording, from, to } = matches.of(camera);
    for (let i = 0; i < request.length; i += 1) {
      sums.add(request[i] ?? 0, first + (recording[i] ?? 0), from[i] ?? 0, to[i] ?? 0);
    }
  }
  return describeSums(sums.get());
};

/** Sums of some cameras' runs alone. */
export const sumsOfSome = (world: BenchWorld, cameras: readonly number[], runs: Runs): string => {
  const wanted = new Set(cameras);
  return sumsOf(writeOut(world, { ...runs, length: runs.length.map((n, i) => (wanted.has(i) ? n : 0)) }));
};

/** Every pair: the geodesic itself within a hundredth of the radius, the chord (shorter by a micrometre at most) beyond; then every recording. */
export const bruteForce = (world: BenchWorld, among: readonly number[]): string => {
  const { cameras, recordings, requests, firsts } = world;
  const sums = createSums();
  for (const camera of among) {
    const columns = recordings[camera];
    if (!columns) continue;
    const place: Position = [cameras.lngLat[2 * camera] ?? 0, cameras.lngLat[2 * camera + 1] ?? 0];
    const eye = earthCentred(place[0], place[1]);
    for (let slot = 0; slot < requests.count; slot += 1) {
      const area = requests.areas[slot];
      if (area?.type !== 'Circle') continue;
      const [x = 0, y = 0, z = 0] = requests.xyz.subarray(3 * slot, 3 * slot + 3);
      const off = chord(eye, [x, y, z]) / area.radiusM;
      if (off > 1.01 || (off > 0.99 && !areaContains(area, place))) continue;
      const opens = requests.window[2 * slot] ?? 0;
      const closes = requests.window[2 * slot + 1] ?? 0;
      for (let r = 0; r < columns.from.length; r += 1) {
        const from = Math.max(columns.from[r] ?? 0, opens);
        const to = Math.min(columns.to[r] ?? 0, closes);
        if (from < to) sums.add(slot, (firsts[camera] ?? 0) + r, from, to);
      }
    }
  }
  return describeSums(sums.get());
};

/** So many cameras, spread over all. */
export const someCameras = ({ cameras }: World, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => Math.floor((i * cameras.count) / count));

export interface Timed {
  readonly ms: number;
  readonly sums: string;
}

export const timed = <T>(work: () => T, check: (result: T) => string): Timed => {
  const began = performance.now();
  const result = work();
  const ms = performance.now() - began;
  return { ms, sums: check(result) };
};
