/** The engines over columns: kernel, twin, rbush with bisection, brute force; and the deltas. */
import { expose } from 'comlink';
import RBush from 'rbush';
import { areaBounds, areaContains } from '../../../src/core/area.ts';
import { chord, earthCentred, type EarthCentred } from '../../../src/core/geodesy.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import type { MatchColumns, Matches } from '../../../wasm/matches.ts';
import { orderRecordings } from '../../../wasm/recording-columns.ts';
import { reference } from '../../../wasm/reference.ts';
import { createRequestColumns } from '../../../wasm/request-columns.ts';
import { RUN_WORDS, type Runs, type World } from '../../../wasm/world.ts';
import { createLiveMatch } from '../../../workers/match/live-match.ts';
import { askedHere, createSums, describeSums, makeScene, SIZES, T0, type Scene } from './scene.ts';

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly slot: number;
}

let scene: Scene;
let world: World;
let firsts: number[] = [];
let boxes: Box[] = [];
let centres: EarthCentred[] = [];

const kernel = loadKernel();
if (!kernel) throw new Error('no WebAssembly SIMD');

const radiusOf = (slot: number): number => {
  const area = scene.requests[slot]?.area;
  return area?.type === 'Circle' ? area.radiusM : 0;
};

const writeOut = ({ begin, length, rows }: Runs): MatchColumns => {
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
    const first = firsts[camera] ?? 0;
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

/** First index from `low` on for which `isPast` holds, which it then does to the end. */
const bisect = (low: number, high: number, isPast: (index: number) => boolean): number => {
  let [a, b] = [low, high];
  while (a < b) {
    const middle = (a + b) >>> 1;
    if (isPast(middle)) b = middle;
    else a = middle + 1;
  }
  return a;
};

/** An R-tree of degree boxes, an own distance by chord, two bisections: runs like the kernel's. */
const rbushRuns = (): Runs => {
  const tree = new RBush<Box>().load(boxes);
  const begin = new Uint32Array(scene.places.length);
  const length = new Uint32Array(scene.places.length);
  const rows: number[] = [];
  for (const [camera, [lng, lat]] of scene.places.entries()) {
    begin[camera] = rows.length / RUN_WORDS;
    const columns = world.recordings[camera];
    if (!columns) continue;
    const eye = earthCentred(lng, lat);
    for (const { slot } of tree.search({ minX: lng, minY: lat, maxX: lng, maxY: lat })) {
      const centre = centres[slot];
      if (!centre || chord(eye, centre) > radiusOf(slot)) continue;
      const opens = world.requests.window[2 * slot] ?? 0;
      const closes = world.requests.window[2 * slot + 1] ?? 0;
      const { from, reach } = columns;
      const low = bisect(0, reach.length, (i) => (reach[i] ?? 0) > opens);
      const high = bisect(low, from.length, (i) => (from[i] ?? 0) >= closes);
      let count = high - low;
      if (!columns.tidy) {
        count = 0;
        for (let i = low; i < high; i += 1) if ((columns.to[i] ?? 0) > opens) count += 1;
      }
      rows.push(slot, low, high, count);
    }
    length[camera] = rows.length / RUN_WORDS - (begin[camera] ?? 0);
  }
  return { begin, length, rows: Uint32Array.from(rows) };
};

const sumsOfMatches = (matches: Matches): string => {
  const sums = createSums();
  for (const [camera, first] of firsts.entries()) {
    const { request, recording, from, to } = matches.of(camera);
    for (let i = 0; i < request.length; i += 1) {
      sums.add(request[i] ?? 0, first + (recording[i] ?? 0), from[i] ?? 0, to[i] ?? 0);
    }
  }
  return describeSums(sums.get());
};

const sumsOf = ({ request, recording, from, to }: MatchColumns): string => {
  const sums = createSums();
  for (let i = 0; i < request.length; i += 1) {
    sums.add(request[i] ?? 0, recording[i] ?? 0, from[i] ?? 0, to[i] ?? 0);
  }
  return describeSums(sums.get());
};

/** Every pair: the geodesic itself within a hundredth of the radius, the chord (shorter by a micrometre at most) beyond; then every recording. */
const brute = (cameras: readonly number[]): string => {
  const sums = createSums();
  for (const camera of cameras) {
    const place = scene.places[camera];
    const [starts, lengths] = [scene.starts[camera], scene.lengths[camera]];
    if (!place || !starts || !lengths) continue;
    const eye = earthCentred(place[0], place[1]);
    for (const { area, window, number } of scene.requests) {
      const { xyz } = world.requests;
      const [x = 0, y = 0, z = 0] = [xyz[3 * number], xyz[3 * number + 1], xyz[3 * number + 2]];
      const off = chord(eye, [x, y, z]) / radiusOf(number);
      if (off > 1.01 || (off > 0.99 && !areaContains(area, place))) continue;
      for (let r = 0; r < starts.length; r += 1) {
        const begins = starts[r] ?? 0;
        const from = Math.max(begins, window.from);
        const to = Math.min(begins + (lengths[r] ?? 0), window.to);
        if (from < to) sums.add(number, (firsts[camera] ?? 0) + r, from, to);
      }
    }
  }
  return describeSums(sums.get());
};

export interface Timed {
  readonly ms: number;
  readonly sums: string;
}

const timed = <T>(work: () => T, check: (result: T) => string): Timed => {
  const began = performance.now();
  const result = work();
  const ms = performance.now() - began;
  return { ms, sums: check(result) };
};

/** Runs of a few cameras, written out. */
const only = (cameras: readonly number[], runs: Runs): string => {
  const wanted = new Set(cameras);
  return sumsOf(writeOut({ ...runs, length: runs.length.map((n, i) => (wanted.has(i) ? n : 0)) }));
};

const api = {
  prepare: (name: string): number => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    scene = makeScene(size);
    const requests = createRequestColumns(size.requests);
    for (const { number, area, window } of scene.requests) requests.put(number, area, window);
    firsts = [];
    let first = 0;
    for (const { length } of scene.starts) {
      firsts.push(first);
      first += length;
    }
    world = {
      requests,
      cameras: {
        count: scene.places.length,
        xyz: Float64Array.from(scene.places.flatMap(([lng, lat]) => [...earthCentred(lng, lat)])),
        lngLat: Float64Array.from(scene.places.flat()),
      },
      recordings: scene.starts.map((starts, i) => {
        const lengths = scene.lengths[i] ?? new Float64Array(0);
        return orderRecordings(starts, lengths, new Uint32Array(starts.length), 0);
      }),
    };
    return first;
  },
  preparePeers: (): void => {
    boxes = scene.requests.flatMap(({ area, number }) => areaBounds(area).map((box) => ({ ...box, slot: number })));
    centres = scene.requests.map(({ area }) =>
      area.type === 'Circle' ? earthCentred(area.center[0], area.center[1]) : [0, 0, 0],
    );
  },
  brute: (): string => brute(scene.places.map((_, camera) => camera)),
  bruteSome: (count: number): { readonly expected: string; readonly found: string } => {
    const cameras = Array.from({ length: count }, (_, i) => Math.floor((i * scene.places.length) / count));
    return { expected: brute(cameras), found: only(cameras, kernel.join(world)) };
  },
  kernel: (): Timed => timed(() => kernel.matches(world), sumsOfMatches),
  kernelRuns: (): Timed =>
    timed(
      () => kernel.join(world),
      (runs) => sumsOf(writeOut(runs)),
    ),
  twin: (): Timed => timed(() => writeOut(reference.join(world)), sumsOf),
  twinRuns: (): Timed =>
    timed(
      () => reference.join(world),
      (runs) => sumsOf(writeOut(runs)),
    ),
  rbushRuns: (): Timed => timed(rbushRuns, (runs) => sumsOf(writeOut(runs))),
  /** Milliseconds for one, over many: requests put into a match that is live, and recordings. What they added is summed up. */
  deltas: (many: number): { readonly requestMs: number; readonly recordingMs: number; readonly matches: string } => {
    const live = createLiveMatch(kernel);
    for (const { number, area, window } of scene.requests) live.putRequest(number, area, window);
    live.rebuild(
      scene.places.map((place, i) => ({
        id: `${i}`,
        place,
        columns: orderRecordings(
          scene.starts[i] ?? new Float64Array(0),
          scene.lengths[i] ?? new Float64Array(0),
          new Uint32Array(scene.starts[i]?.length ?? 0),
          0,
        ),
      })),
    );
    for (let i = 0; i < 500; i += 1) {
      const like = scene.requests[i];
      if (like) live.putRequest(scene.requests.length + many, like.area, like.window);
      live.removeRequest(scene.requests.length + many);
    }
    const likes = Array.from({ length: many }, (_, i) => askedHere(scene, i));
    const begunRequests = performance.now();
    for (let i = 0; i < many; i += 1) {
      const like = likes[i];
      if (like) live.putRequest(scene.requests.length + i, like.area, like.window);
    }
    const requestMs = (performance.now() - begunRequests) / many;
    let byRequest = 0;
    for (let i = 0; i < many; i += 1) byRequest += live.sums.recordings[scene.requests.length + i] ?? 0;
    // Long before everything: nothing overlaps them.
    for (let i = 0; i < 2_000; i += 1) {
      live.addRecording(`${i % scene.places.length}`, { from: T0 - 9e9 - i, to: T0 - 9e9 - i + 1 }, 0);
    }
    const before = live.sums.recordings.slice(0, scene.requests.length).reduce((a, b) => a + b, 0);
    const last = Math.max(...scene.starts.map((starts) => starts.at(-1) ?? 0));
    const begun = performance.now();
    for (let i = 0; i < many; i += 1) {
      const from = last - 3_600_000 + i;
      live.addRecording(`${(i * 31) % scene.places.length}`, { from, to: from + 60_000 }, 0);
    }
    const recordingMs = (performance.now() - begun) / many;
    const after = live.sums.recordings.slice(0, scene.requests.length).reduce((a, b) => a + b, 0);
    return { requestMs, recordingMs, matches: `${byRequest} ${after - before}` };
  },
};
export type TypedApi = typeof api;

expose(api);
