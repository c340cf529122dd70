/**
 * The runs of all cameras with all open requests, kept up to date: made at once by the kernel, then changed by what changes. A new request
 * touches the cameras inside it, a new recording the requests around its camera at its time, a camera that moved only itself.
 */
import type { Area } from '../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../src/contracts/units.ts';
import { earthCentred } from '../../src/core/geodesy.ts';
import { isInside } from '../../wasm/inside.ts';
import { insertRecording, type OrderedRecordings } from '../../wasm/recording-columns.ts';
import { createRequestColumns, type GrowingRequests } from '../../wasm/request-columns.ts';
import { writeRun } from '../../wasm/sweep.ts';
import { type CameraColumns, type Joiner, RUN_WORDS } from '../../wasm/world.ts';
import { CameraRuns } from './camera-runs.ts';
import { addRun, clearSums, createSums, grownSums, hasDoubts, type RequestSums } from './run-sums.ts';

export interface LiveCamera {
  readonly id: string;
  readonly place: Position;
  columns: OrderedRecordings;
  runs: CameraRuns;
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
  let sums = createSums(64);
  /** No window is longer: bounds how early one may start and still reach an instant. */
  let longestMs = 0;

  let byId = new Map<string, LiveCamera>();

  /** After cameras came, went or moved. */
  const place = (next: LiveCamera[]): void => {
    cameras = next;
    places = placesOf(next);
    byId = new Map(next.map((camera) => [camera.id, camera]));
  };

  const addAll = ({ runs, columns, doubts }: LiveCamera, sign: 1 | -1): void => {
    for (let i = 0; i < runs.count; i += 1) addRun(sums, requests, columns, doubts, runs.rows, i * RUN_WORDS, sign);
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

  const runsWith = (slots: Uint32Array, columns: OrderedRecordings): CameraRuns => {
    const rows = new Uint32Array(slots.length * RUN_WORDS);
    let low = 0;
    for (let i = 0; i < slots.length; i += 1) {
      low = writeRun(rows, i * RUN_WORDS, requests, slots[i] ?? 0, columns, low);
    }
    return new CameraRuns(rows);
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
      const { begin, length, rows } = joiner.join({
        cameras: places,
        recordings: placed.map(({ columns }) => columns),
        requests,
      });
      cameras = placed.map((camera, i) => {
        const first = (begin[i] ?? 0) * RUN_WORDS;
        const own = rows.subarray(first, first + (length[i] ?? 0) * RUN_WORDS);
        return { ...camera, runs: new CameraRuns(own), doubts: hasDoubts(camera.columns) };
      });
      byId = new Map(cameras.map((camera) => [camera.id, camera]));
      sums = createSums(Math.max(64, requests.count));
      for (const camera of cameras) addAll(camera, 1);
    },

    putRequest: (slot, area, window) => {
      requests.put(slot, area, window);
      longestMs = Math.max(longestMs, window.to - window.from);
      if (slot >= sums.recordings.length) sums = grownSums(sums, 2 * slot);
      clearSums(sums, slot);
      for (const [i, { runs, columns, doubts }] of cameras.entries()) {
        if (!isInside(places, i, requests, slot)) continue;
        const at = runs.insert(runs.indexOf(requests, window.from, slot));
        writeRun(runs.rows, at, requests, slot, columns);
        addRun(sums, requests, columns, doubts, runs.rows, at, 1);
      }
    },

    removeRequest: (slot) => {
      for (const [i, { runs }] of cameras.entries()) {
        if (!isInside(places, i, requests, slot)) continue;
        const index = runs.indexOf(requests, requests.window[2 * slot] ?? 0, slot);
        if (runs.request(index) === slot) runs.remove(index);
      }
      requests.remove(slot);
      clearSums(sums, slot);
    },

    placeCamera: (added) => {
      live.removeCamera(added.id);
      const { columns } = added;
      const camera = { ...added, runs: new CameraRuns(new Uint32Array(0)), doubts: hasDoubts(columns) };
      place([...cameras, camera]);
      camera.runs = runsWith(requestsAround(cameras.length - 1), columns);
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
      const slots = Uint32Array.from({ length: camera.runs.count }, (_, i) => camera.runs.request(i));
      camera.columns = columns;
      camera.doubts = hasDoubts(columns);
      camera.runs = runsWith(slots, columns);
      addAll(camera, 1);
    },

    addRecording: (id, { from, to }, tag) => {
      const camera = byId.get(id);
      if (!camera) return;
      const { runs } = camera;
      const { window } = requests;
      const first = runs.indexOf(requests, from - longestMs, 0);
      let end = first;
      const touched: number[] = [];
      for (; end < runs.count; end += 1) {
        const request = runs.request(end);
        if ((window[2 * request] ?? 0) >= to) break;
        if ((window[2 * request + 1] ?? 0) <= from) continue;
        touched.push(end * RUN_WORDS);
        addRun(sums, requests, camera.columns, camera.doubts, runs.rows, end * RUN_WORDS, -1);
      }
      const inserted = insertRecording(camera.columns, from, to, tag);
      if (inserted) {
        camera.columns = inserted.columns;
        camera.doubts ||= (tag & 1) === 1;
        // Recordings after it stand one further on, for the runs of every window that it does not touch too.
        if (inserted.at < camera.columns.from.length - 1) {
          const { rows } = runs;
          for (let at = 0; at < runs.count * RUN_WORDS; at += RUN_WORDS) {
            if ((rows[at + 1] ?? 0) >= inserted.at) rows[at + 1] = (rows[at + 1] ?? 0) + 1;
            if ((rows[at + 2] ?? 0) > inserted.at) rows[at + 2] = (rows[at + 2] ?? 0) + 1;
          }
        }
      }
      for (const at of touched) {
        writeRun(runs.rows, at, requests, runs.rows[at] ?? 0, camera.columns);
        addRun(sums, requests, camera.columns, camera.doubts, runs.rows, at, 1);
      }
    },
  };
  return live;
};
