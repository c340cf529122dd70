/**
 * Which requests each camera lies in, and what its recordings add to them, kept up to date: made at once by the kernel, then changed by what changes. A new request
 * touches the cameras inside it, a new recording the requests around its camera at its time, a camera that moved only itself.
 */
import type { Area } from '../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../src/contracts/units.ts';
import { earthCentred } from '../../src/core/geodesy.ts';
import { isUnconfirmed } from '../../src/core/recording-chunks.ts';
import { isInside } from '../../wasm/inside.ts';
import { insertRecording, type OrderedRecordings } from '../../wasm/recording-columns.ts';
import { createRequestColumns, type GrowingRequests, USUAL_REQUESTS } from '../../wasm/request-columns.ts';
import type { CameraColumns, Joiner } from '../../wasm/world.ts';
import { CameraRequests } from './camera-requests.ts';
import {
  addCamera,
  addSums,
  clearSums,
  coverOf,
  createSums,
  grownSums,
  hasDoubts,
  overlapWith,
  type RequestSums,
  uncovered,
} from './run-sums.ts';

export interface LiveCamera {
  readonly id: string;
  readonly place: Position;
  columns: OrderedRecordings;
  /** The requests in whose areas it lies. */
  around: CameraRequests;
  doubts: boolean;
}

export interface LiveMatch {
  readonly requests: GrowingRequests;
  readonly cameras: readonly LiveCamera[];
  readonly places: CameraColumns;
  readonly sums: RequestSums;
  /** Everything anew: all placed cameras, against the requests that are in. Throws a RangeError when there is not enough memory. */
  rebuild(cameras: readonly Pick<LiveCamera, 'id' | 'place' | 'columns'>[]): void;
  /** Before a `rebuild`: only the request's columns. After it: its runs too. */
  putRequest(slot: number, area: Area, window: TimeWindow): void;
  removeRequest(slot: number): void;
  /** A camera that is new or hangs elsewhere. */
  placeCamera(camera: Pick<LiveCamera, 'id' | 'place' | 'columns'>): void;
  removeCamera(id: string): void;
  /** Other recordings for a camera that stays where it is. */
  setRecordings(id: string, columns: OrderedRecordings): void;
  /** One recording more, in true time. */
  addRecording(id: string, window: TimeWindow, tag: number): void;
}

const NONE = new CameraRequests(new Uint32Array(0));

const placesOf = (cameras: readonly Pick<LiveCamera, 'place'>[]): CameraColumns => {
  const xyz = new Float64Array(3 * cameras.length);
  const lngLat = new Float64Array(2 * cameras.length);
  for (const [i, { place }] of cameras.entries()) {
    xyz.set(earthCentred(place[0], place[1]), 3 * i);
    lngLat.set(place, 2 * i);
  }
  return { count: cameras.length, xyz, lngLat };
};

export const createLiveMatch = (joiner: Joiner): LiveMatch => {
  const requests = createRequestColumns();
  let cameras: LiveCamera[] = [];
  let places = placesOf([]);
  let sums = createSums(USUAL_REQUESTS);
  /** No window is longer: bounds how early one may start and still reach an instant. */
  let longestMs = 0;

  let byId = new Map<string, LiveCamera>();

  /** After cameras came, went or moved. */
  const place = (next: LiveCamera[]): void => {
    cameras = next;
    places = placesOf(next);
    byId = new Map(next.map((camera) => [camera.id, camera]));
  };

  /** What one camera has for one request is looked for when it is needed: that is cheaper than keeping it. */
  const addOne = ({ columns, doubts }: LiveCamera, slot: number, sign: 1 | -1): void =>
    addCamera(sums, requests, columns, doubts, slot, sign);
  const addAll = (camera: LiveCamera, sign: 1 | -1): void => {
    for (let i = 0; i < camera.around.count; i += 1) addOne(camera, camera.around.at(i), sign);
  };

  /** Slots of the requests around one camera, in the order of the windows' starts. */
  const requestsAround = (index: number): Uint32Array => {
    const found: number[] = [];
    for (let slot = 0; slot < requests.count; slot += 1) {
      if (isInside(places, index, requests, slot)) found.push(slot);
    }
    const { window } = requests;
    return Uint32Array.from(found).sort((a, b) => (window[2 * a] ?? 0) - (window[2 * b] ?? 0) || a - b);
  };

  const live: LiveMatch = {
    requests,
    get cameras() {
      return cameras;
    },
    get places() {
      return places;
    },
    get sums() {
      return sums;
    },

    rebuild: (placed) => {
      places = placesOf(placed);
      sums = createSums(Math.max(USUAL_REQUESTS, requests.count));
      cameras = placed.map((camera) => ({ ...camera, around: NONE, doubts: hasDoubts(camera.columns) }));
      byId = new Map(cameras.map((camera) => [camera.id, camera]));
      const recordings = cameras.map(({ columns }) => columns);
      joiner.survey(
        { cameras: places, recordings, requests },
        {
          uncounted: new Set(cameras.keys().filter((i) => cameras[i]?.doubts)),
          around: (index, slots, first, count) => {
            const camera = cameras[index];
            if (camera) camera.around = new CameraRequests(slots.slice(first, first + count));
          },
          add: (request, inside, recorded, overlapMs) => addSums(sums, request, inside, recorded, overlapMs),
        },
      );
      for (const camera of cameras) if (camera.doubts) addAll(camera, 1);
    },

    putRequest: (slot, area, window) => {
      requests.put(slot, area, window);
      longestMs = Math.max(longestMs, window.to - window.from);
      if (slot >= sums.recordings.length) sums = grownSums(sums, 2 * slot);
      clearSums(sums, slot);
      let inside = 0;
      let recordings = 0;
      let overlapMs = 0;
      for (let i = 0; i < cameras.length; i += 1) {
        const camera = cameras[i];
        if (!camera || !isInside(places, i, requests, slot)) continue;
        camera.around.add(slot);
        if (camera.doubts) addOne(camera, slot, 1);
        else {
          const found = coverOf(camera.columns, window.from, window.to);
          inside += 1;
          recordings += found.recordings;
          overlapMs += found.overlapMs;
        }
      }
      addSums(sums, slot, inside, recordings, overlapMs);
    },

    removeRequest: (slot) => {
      for (const [i, { around }] of cameras.entries()) {
        if (isInside(places, i, requests, slot)) around.remove(requests, slot);
      }
      requests.remove(slot);
      clearSums(sums, slot);
    },

    placeCamera: (added) => {
      live.removeCamera(added.id);
      const { columns } = added;
      const camera = { ...added, around: new CameraRequests(new Uint32Array(0)), doubts: hasDoubts(columns) };
      place([...cameras, camera]);
      camera.around = new CameraRequests(requestsAround(cameras.length - 1));
      addAll(camera, 1);
    },

    removeCamera: (id) => {
      const camera = byId.get(id);
      if (!camera) return;
      addAll(camera, -1);
      place(cameras.filter((other) => other !== camera));
    },

    setRecordings: (id, columns) => {
      const camera = byId.get(id);
      if (!camera) return;
      addAll(camera, -1);
      camera.columns = columns;
      camera.doubts = hasDoubts(columns);
      addAll(camera, 1);
    },

    addRecording: (id, { from, to }, tag) => {
      const camera = byId.get(id);
      if (!camera || !(to > from)) return;
      const { around } = camera;
      const { window } = requests;
      const touched: number[] = [];
      for (let i = around.indexOf(requests, from - longestMs, 0); i < around.count; i += 1) {
        const slot = around.at(i);
        if ((window[2 * slot] ?? 0) >= to) break;
        if ((window[2 * slot + 1] ?? 0) > from) touched.push(slot);
      }
      // Before the insertion, which uses the old columns up.
      if (!camera.doubts && !isUnconfirmed(tag)) {
        const fresh = uncovered(camera.columns, from, to);
        for (const slot of touched) {
          addSums(sums, slot, 0, 1, overlapWith(fresh, window[2 * slot] ?? 0, window[2 * slot + 1] ?? 0));
        }
        camera.columns = insertRecording(camera.columns, from, to, tag);
        return;
      }
      for (const slot of touched) addOne(camera, slot, -1);
      camera.columns = insertRecording(camera.columns, from, to, tag);
      camera.doubts = true;
      for (const slot of touched) addOne(camera, slot, 1);
    },
  };
  return live;
};
