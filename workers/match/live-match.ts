/**
 * Which requests each camera lies in, and what its recordings add to them, kept up to date: made at once by the kernel, then changed by what changes. A new request
 * touches the cameras inside it, a new recording the requests around its camera at its time, a camera that moved only itself.
 */
import type { Area } from '../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../src/contracts/units.ts';
import { earthCentred } from '../../src/core/geodesy.ts';
import { isUnconfirmed } from '../../src/core/recording-chunks.ts';
import { camerasInside, isInside } from '../../wasm/inside.ts';
import { insertRecording, type OrderedRecordings } from '../../wasm/recording-columns.ts';
import { createRequestColumns, type GrowingRequests, USUAL_REQUESTS } from '../../wasm/request-columns.ts';
import type { CameraColumns, Joiner } from '../../wasm/world.ts';
import { CameraRequests } from './camera-requests.ts';
import { RecordingsByTime } from './recordings-by-time.ts';
import {
  addCamera,
  addSums,
  clearSums,
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
  /** With the requests around each, late ones too. */
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

/** A request put after the last `rebuild`, which the cameras inside it are yet to be told of. */
interface LateRequest {
  readonly slot: number;
  readonly inside: readonly number[];
}

/** While one camera is asked alone, so many recordings can be put in order of time (measured with 2,000 to a camera). */
const RECORDINGS_FOR_ONE_CAMERA = 16;

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

  let numberOf = new Map<string, number>();
  let late: LateRequest[] = [];
  let byTime: RecordingsByTime | null = null;
  /** How many times a camera may yet be asked alone before `byTime` is made. */
  let patience = 0;

  /** When it ends, asking alone has cost as much as making `byTime` does: never more than twice what would have been best. */
  const renewPatience = (): void => {
    patience = cameras.reduce((sum, { columns }) => sum + columns.from.length, 0) / RECORDINGS_FOR_ONE_CAMERA;
  };

  /** After cameras came, went or moved; before, they were informed. */
  const place = (next: LiveCamera[]): void => {
    cameras = next;
    places = placesOf(next);
    numberOf = new Map(next.map(({ id }, i) => [id, i]));
    byTime = null;
    renewPatience();
  };

  /** The cameras, once they know of all requests. */
  const informed = (): LiveCamera[] => {
    for (const { slot, inside } of late) for (const i of inside) cameras[i]?.around.add(slot);
    late = [];
    return cameras;
  };

  /** What one camera has for one request is looked for when it is needed: that is cheaper than keeping it. */
  const addOne = ({ columns, doubts }: LiveCamera, slot: number, sign: 1 | -1): void =>
    addCamera(sums, requests, columns, doubts, slot, sign);
  const addAll = (camera: LiveCamera, sign: 1 | -1): void => {
    for (let i = 0; i < camera.around.count; i += 1) addOne(camera, camera.around.at(i), sign);
  };

  const cameraOf = (id: string): LiveCamera | undefined => informed()[numberOf.get(id) ?? -1];

  /** Adds the cameras inside a new request and what they have for it: together where they can be asked so, else one by one. */
  const addInside = (slot: number, inside: readonly number[], { from, to }: TimeWindow): void => {
    if (patience < 0) {
      byTime = new RecordingsByTime(cameras);
      renewPatience();
    }
    let together = 0;
    for (const i of inside) {
      const camera = cameras[i];
      if (byTime?.has(i)) together += 1;
      else if (camera) addOne(camera, slot, 1);
    }
    patience -= inside.length - together;
    if (!byTime) return;
    const { recordings, overlapMs } = byTime.coverOf(inside, from, to);
    addSums(sums, slot, together, recordings, overlapMs);
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
      return informed();
    },
    get places() {
      return places;
    },
    get sums() {
      return sums;
    },

    rebuild: (placed) => {
      sums = createSums(Math.max(USUAL_REQUESTS, requests.count));
      late = [];
      place(placed.map((camera) => ({ ...camera, around: NONE, doubts: hasDoubts(camera.columns) })));
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
      if (cameras.length === 0) return;
      const inside = camerasInside(places, requests, slot);
      late.push({ slot, inside });
      addInside(slot, inside, window);
    },

    removeRequest: (slot) => {
      informed();
      for (const i of camerasInside(places, requests, slot)) cameras[i]?.around.remove(requests, slot);
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
      const camera = cameraOf(id);
      if (!camera) return;
      addAll(camera, -1);
      place(cameras.filter((other) => other !== camera));
    },

    setRecordings: (id, columns) => {
      const camera = cameraOf(id);
      if (!camera) return;
      addAll(camera, -1);
      camera.columns = columns;
      camera.doubts = hasDoubts(columns);
      addAll(camera, 1);
      byTime?.leave(numberOf.get(id) ?? -1);
    },

    addRecording: (id, { from, to }, tag) => {
      const number = numberOf.get(id) ?? -1;
      const camera = cameraOf(id);
      if (!camera || !(to > from)) return;
      const { around } = camera;
      const { window } = requests;
      const touched: number[] = [];
      for (let i = around.indexOf(requests, from - longestMs, 0); i < around.count; i += 1) {
        const slot = around.at(i);
        if ((window[2 * slot] ?? 0) >= to) break;
        if ((window[2 * slot + 1] ?? 0) > from) touched.push(slot);
      }
      byTime?.leave(number);
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
