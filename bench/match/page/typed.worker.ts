/** The engines over columns: kernel, twin, rbush with bisection, brute force; and the deltas. */
import { expose } from 'comlink';
import RBush from 'rbush';
import { areaBounds } from '../../../src/core/area.ts';
import { chord, earthCentred, type EarthCentred } from '../../../src/core/geodesy.ts';
import { loadKernel } from '../../../wasm/kernel.ts';
import { orderRecordings } from '../../../wasm/recording-columns.ts';
import { reference } from '../../../wasm/reference.ts';
import { RUN_WORDS, type Runs } from '../../../wasm/world.ts';
import { createLiveMatch } from '../../../workers/match/live-match.ts';
import { askedHere, makeScene, SIZES, T0, type Scene } from './scene.ts';
import {
  type BenchWorld,
  bruteForce,
  someCameras,
  sumsOf,
  sumsOfMatches,
  sumsOfSome,
  type Timed,
  timed,
  worldOf,
  writeOut,
} from './world.ts';

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly slot: number;
}

/** So many requests count as the first. */
const FIRST = 20;

let scene: Scene;
let world: BenchWorld;
let boxes: Box[] = [];
let centres: EarthCentred[] = [];

const kernel = loadKernel();
/** One for each output: an engine keeps the memory that its last output took. */
const writer = loadKernel();
if (!kernel || !writer) throw new Error('no WebAssembly SIMD');

const radiusOf = (slot: number): number => {
  const area = scene.requests[slot]?.area;
  return area?.type === 'Circle' ? area.radiusM : 0;
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

const api = {
  prepare: (name: string): void => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    scene = makeScene(size);
    world = worldOf(size);
  },
  preparePeers: (): void => {
    boxes = scene.requests.flatMap(({ area, number }) => areaBounds(area).map((box) => ({ ...box, slot: number })));
    centres = scene.requests.map(({ area }) =>
      area.type === 'Circle' ? earthCentred(area.center[0], area.center[1]) : [0, 0, 0],
    );
  },
  brute: (): string => bruteForce(world, [...scene.places.keys()]),
  bruteSome: (count: number): { readonly expected: string; readonly found: string } => {
    const cameras = someCameras(world, count);
    return { expected: bruteForce(world, cameras), found: sumsOfSome(world, cameras, kernel.join(world)) };
  },
  kernel: (): Timed =>
    timed(
      () => writer.matches(world),
      (matches) => sumsOfMatches(world, matches),
    ),
  kernelRuns: (): Timed =>
    timed(
      () => kernel.join(world),
      (runs) => sumsOf(writeOut(world, runs)),
    ),
  twin: (): Timed => timed(() => writeOut(world, reference.join(world)), sumsOf),
  twinRuns: (): Timed =>
    timed(
      () => reference.join(world),
      (runs) => sumsOf(writeOut(world, runs)),
    ),
  rbushRuns: (): Timed => timed(rbushRuns, (runs) => sumsOf(writeOut(world, runs))),
  /**
   * Milliseconds for one, over many: requests put into a match that is live, the first ones and later ones, and recordings. What they added is
   * summed up.
   */
  deltas: (
    many: number,
  ): {
    readonly firstRequestMs: number;
    readonly requestMs: number;
    readonly recordingMs: number;
    readonly matches: string;
  } => {
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
    const likes = Array.from({ length: many }, (_, i) => askedHere(scene, i));
    let firstRequestMs = 0;
    for (let i = 0; i < 500; i += 1) {
      const like = likes[i % many];
      const begun = performance.now();
      if (like) live.putRequest(scene.requests.length + many, like.area, like.window);
      if (i < FIRST) firstRequestMs += (performance.now() - begun) / FIRST;
      live.removeRequest(scene.requests.length + many);
    }
    const begunRequests = performance.now();
    for (let i = 0; i < many; i += 1) {
      const like = likes[i];
      if (like) live.putRequest(scene.requests.length + i, like.area, like.window);
    }
    // Told to every camera, too.
    void live.cameras;
    const requestMs = (performance.now() - begunRequests) / many;
    let byRequest = 0;
    for (let i = 0; i < many; i += 1) byRequest += live.sums.recordings[scene.requests.length + i] ?? 0;
    // Warming up, before everything is counted that follows.
    for (let i = 0; i < 2_000; i += 1) {
      const from = T0 + i * 1_000_000;
      live.addRecording(`${i % scene.places.length}`, { from, to: from + 60_000 }, 0);
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
    return { firstRequestMs, requestMs, recordingMs, matches: `${byRequest} ${after - before}` };
  },
};
export type TypedApi = typeof api;

expose(api);
