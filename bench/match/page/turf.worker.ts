/** rbush and turf in a worker of their own: objects kept alive make every collection slower for whoever shares their heap. */
import { distance, point } from '@turf/turf';
import { expose } from 'comlink';
import RBush from 'rbush';
import { areaContains } from '../../../src/core/area.ts';
import { askedHere, createSums, describeSums, makeScene, type Scene, SIZES, T0 } from './scene.ts';
import {
  boxOf,
  inside,
  matchWithTurf,
  overlapping,
  turfBoxes,
  turfRequests,
  type TurfBox,
  type TurfCamera,
  type TurfRequest,
} from './turf.ts';
import type { Timed } from './world.ts';

let scene: Scene;
let cameras: TurfCamera[] = [];
let requests: TurfRequest[] = [];
let boxes: TurfBox[] = [];

const api = {
  prepare: (name: string): void => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    scene = makeScene(size);
    let id = 0;
    cameras = scene.places.map((place, i) => ({
      place: [place[0], place[1]],
      recordings: Array.from(scene.starts[i] ?? [], (start, r) => ({
        id: id++,
        start,
        end: start + (scene.lengths[i]?.[r] ?? 0),
      })),
    }));
    requests = turfRequests(scene.requests);
    boxes = turfBoxes(requests);
  },
  turf: (): Timed => {
    const began = performance.now();
    const found = matchWithTurf(cameras, boxes);
    const ms = performance.now() - began;
    const sums = createSums();
    for (const { request, recording, from, to } of found) sums.add(request, recording, from, to);
    return { ms, sums: describeSums(sums.get()) };
  },
  /** How many pairs of camera and request turf alone decides otherwise than the ellipsoid, and of how many. */
  wrong: (): readonly [number, number] => {
    let [wrong, all] = [0, 0];
    for (const camera of cameras.slice(0, 50)) {
      for (const request of requests) {
        const metres = distance(point(camera.place), point(request.center), { units: 'meters' });
        if (metres > 1.01 * request.radiusM) continue;
        all += 1;
        if (metres <= request.radiusM !== areaContains(request.area, camera.place)) wrong += 1;
      }
    }
    return [wrong, all];
  },
  deltas: (
    many: number,
  ): {
    readonly firstRequestMs: number;
    readonly requestMs: number;
    readonly recordingMs: number;
    readonly matches: string;
  } => {
    const tree = new RBush<TurfBox>().load(boxes);
    let byRequest = 0;
    for (const like of requests.slice(0, 10)) cameras.filter((camera) => inside(camera, like));
    const likes = Array.from({ length: many }, (_, i) => requests[askedHere(scene, i)?.number ?? -1]);
    const added: TurfBox[] = [];
    const begunRequests = performance.now();
    for (let i = 0; i < many; i += 1) {
      const like = likes[i];
      if (!like) continue;
      const box = boxOf(like);
      added.push(box);
      tree.insert(box);
      for (const camera of cameras) if (inside(camera, like)) byRequest += overlapping(camera, like).length;
    }
    const requestMs = (performance.now() - begunRequests) / many;
    for (const box of added) tree.remove(box);
    const last = cameras.reduce((most, { recordings }) => Math.max(most, recordings.at(-1)?.start ?? T0), T0);
    let byRecording = 0;
    const begun = performance.now();
    for (let i = 0; i < many; i += 1) {
      const camera = cameras[(i * 31) % cameras.length];
      if (!camera) continue;
      const from = last - 3_600_000 + i;
      const [lng, lat] = camera.place;
      byRecording += tree
        .search({ minX: lng, minY: lat, maxX: lng, maxY: lat })
        .filter(({ request }) => inside(camera, request))
        .filter(({ request }) => from < request.to && from + 60_000 > request.from).length;
    }
    const recordingMs = (performance.now() - begun) / many;
    // The first are like all others.
    return { firstRequestMs: requestMs, requestMs, recordingMs, matches: `${byRequest} ${byRecording}` };
  },
};
export type TurfApi = typeof api;

expose(api);
