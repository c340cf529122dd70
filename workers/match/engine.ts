/**
 * The match engine: requests by number, the library through a source, verdicts as columns, matches on demand. It compares everything once and
 * afterwards only what has changed.
 */
import type { Camera } from '../../src/contracts/library.ts';
import type { Match, MatchAnswer, NumberedRequest } from '../../src/contracts/match-api.ts';
import type { EpochMs, Position } from '../../src/contracts/units.ts';
import { NO_RECORDINGS, orderRecordings, type OrderedRecordings } from '../../wasm/recording-columns.ts';
import type { Joiner } from '../../wasm/world.ts';
import type { ColumnSource } from './column-source.ts';
import { type CameraColumns, readColumns } from './library-columns.ts';
import { createLiveMatch, type LiveCamera, type LiveMatch } from './live-match.ts';
import { measureOutside, missBy } from './nearest.ts';
import { requestMatches } from './request-matches.ts';

export interface MatchEngine {
  put(requests: readonly NumberedRequest[]): void;
  drop(numbers: readonly number[]): void;
  /** Reads what is new in the library and compares what is affected. Throws what `source` throws, and a RangeError without enough memory. */
  match(source: ColumnSource, now: EpochMs): Promise<MatchAnswer>;
  /** By time, then camera, then recording. Empty for a number not in use. */
  matchesOf(source: ColumnSource, number: number): Promise<readonly Match[]>;
}

interface PlacedCamera extends Camera {
  readonly place: Position;
}

const hasPlace = (camera: Camera): camera is PlacedCamera => camera.place !== null;

/** A few new recordings are put in one by one, more all at once. */
const FEW = 64;

/** Nothing can lie in it or overlap it: such a request is taken, and never matches. */
const isDegenerate = ({ area, window }: NumberedRequest): boolean =>
  !(window.from < window.to) || (area.type === 'Circle' && !(area.radiusM > 0 && Number.isFinite(area.radiusM)));

/** What of the new columns the old ones do not have, when all else is the same; null when more than a few recordings differ. */
const additions = (before: CameraColumns | undefined, after: CameraColumns): readonly number[] | null => {
  if (!before || after.tags.length <= before.tags.length || after.tags.length > before.tags.length + FEW) return null;
  for (let i = 0; i < before.tags.length; i += 1) {
    if (before.tags[i] !== after.tags[i] || before.starts[i] !== after.starts[i]) return null;
    if (before.lengths[i] !== after.lengths[i]) return null;
  }
  return Array.from({ length: after.tags.length - before.tags.length }, (_, i) => before.tags.length + i);
};

const samePlace = (a: Camera, b: Camera): boolean => a.place?.[0] === b.place?.[0] && a.place?.[1] === b.place?.[1];

interface KnownCamera {
  readonly camera: Camera;
  readonly columns: CameraColumns | undefined;
}

/** `now` is stamped on answers; `clock` measures how long they took. */
export const createMatchEngine = (joiner: Joiner, clock: () => number): MatchEngine => {
  const live = createLiveMatch(joiner);
  const requests = new Map<number, NumberedRequest>();
  let known = new Map<string, KnownCamera>();
  let stamps: ReadonlyMap<string, number> = new Map();
  let built = false;
  let measured: { readonly places: LiveMatch['places']; readonly metres: Float64Array } | null = null;
  /** Requests that came since. */
  const unmeasured = new Set<number>();
  /** Requests that came or went since the last comparison. */
  let pending = new Map<number, NumberedRequest | null>();

  const ordered = (camera: Camera, columns: CameraColumns | undefined): OrderedRecordings =>
    columns ? orderRecordings(columns.starts, columns.lengths, columns.tags, camera.clockOffsetMs) : NO_RECORDINGS;

  const liveCamera = (
    camera: PlacedCamera,
    columns: CameraColumns | undefined,
  ): Pick<LiveCamera, 'id' | 'place' | 'columns'> => ({
    id: camera.id,
    place: camera.place,
    columns: ordered(camera, columns),
  });

  const putRequest = (request: NumberedRequest): void => {
    if (requests.has(request.number)) live.removeRequest(request.number);
    requests.set(request.number, request);
    if (built) unmeasured.add(request.number);
    if (!isDegenerate(request)) live.putRequest(request.number, request.area, request.window);
  };

  const settleRequests = (): void => {
    for (const [number, request] of pending) {
      if (request) putRequest(request);
      else if (requests.delete(number)) live.removeRequest(number);
    }
    pending = new Map();
  };

  const settleCamera = (before: KnownCamera | undefined, { camera, columns }: KnownCamera): void => {
    if (!hasPlace(camera)) return live.removeCamera(camera.id);
    if (!before || !samePlace(before.camera, camera)) return live.placeCamera(liveCamera(camera, columns));
    const moved = before.camera.clockOffsetMs !== camera.clockOffsetMs;
    if (!moved && before.columns === columns) return;
    const added = moved || !columns ? null : additions(before.columns, columns);
    if (!added || !columns) return live.setRecordings(camera.id, ordered(camera, columns));
    for (const i of added) {
      const from = (columns.starts[i] ?? 0) + camera.clockOffsetMs;
      live.addRecording(camera.id, { from, to: from + (columns.lengths[i] ?? 0) }, columns.tags[i] ?? 0);
    }
  };

  /** What changed, one by one, unless it is so much that everything is sooner made anew. */
  const settle = (next: Map<string, KnownCamera>): void => {
    const changed = [...next.values()].filter((after) => {
      const before = known.get(after.camera.id);
      return (
        !before ||
        before.columns !== after.columns ||
        !samePlace(before.camera, after.camera) ||
        before.camera.clockOffsetMs !== after.camera.clockOffsetMs
      );
    });
    const gone = [...known.keys()].filter((id) => !next.has(id));
    const anew = !built || 8 * pending.size > requests.size + 64 || 2 * changed.length > next.size + 8;
    if (anew && built) live.rebuild([]);
    settleRequests();
    if (anew) {
      const placed = [...next.values()].flatMap(({ camera, columns }) =>
        hasPlace(camera) ? [liveCamera(camera, columns)] : [],
      );
      live.rebuild(placed);
      built = true;
    } else {
      for (const id of gone) live.removeCamera(id);
      for (const after of changed) settleCamera(known.get(after.camera.id), after);
    }
    known = next;
  };

  /** From the cameras as they hang now; what was measured before counts while they stay. */
  const nearest = (): Float64Array<ArrayBuffer> => {
    const { camerasInside } = live.sums;
    const stayed = measured?.places === live.places;
    const metres = new Float64Array(live.requests.count);
    if (stayed) metres.set(measured?.metres.subarray(0, metres.length) ?? []);
    const asked = new Uint32Array(stayed ? unmeasured.size : metres.length);
    let count = 0;
    const ask = (slot: number): void => {
      metres[slot] = 0;
      if (camerasInside[slot] === 0) asked[count++] = slot;
    };
    if (stayed) unmeasured.forEach(ask);
    else for (let slot = 0; slot < metres.length; slot += 1) ask(slot);
    measureOutside(live.places, live.requests, asked.subarray(0, count), metres);
    measured = { places: live.places, metres };
    unmeasured.clear();
    return metres.slice();
  };

  const misses = (): Float64Array<ArrayBuffer> => {
    const { camerasInside, recordings } = live.sums;
    const { count, window } = live.requests;
    const ms = new Float64Array(count).fill(Number.NaN);
    // A byte each: small enough to stay near the processor while every camera asks.
    const missed = new Uint8Array(count);
    for (let i = 0; i < count; i += 1) missed[i] = Number(camerasInside[i] !== 0 && recordings[i] === 0);
    if (!missed.includes(1)) return ms;
    for (const { around, columns } of live.cameras) {
      for (let i = 0; i < around.count; i += 1) {
        const slot = around.at(i);
        if (missed[slot] !== 1) continue;
        const miss = missBy(columns, window[2 * slot] ?? 0, window[2 * slot + 1] ?? 0);
        if (!(Math.abs(miss) >= Math.abs(ms[slot] ?? 0))) ms[slot] = Number.isNaN(miss) ? (ms[slot] ?? miss) : miss;
      }
    }
    return ms;
  };

  const take = async (source: ColumnSource): Promise<readonly string[]> => {
    const read = await readColumns(source, stamps);
    const next = new Map(
      read.cameras.map((camera): [string, KnownCamera] => {
        const columns =
          read.changed.get(camera.id) ?? (read.stamps.has(camera.id) ? known.get(camera.id)?.columns : undefined);
        return [camera.id, { camera, columns }];
      }),
    );

    settle(next);

    stamps = read.stamps;
    return read.rebuilt;
  };

  const camerasInside = (number: number): readonly LiveCamera[] =>
    live.cameras.filter(({ around }) => {
      const index = around.indexOf(live.requests, live.requests.window[2 * number] ?? 0, number);
      return index < around.count && around.at(index) === number;
    });

  return {
    put: (added) => {
      // Until the library has been read nothing else can be done with them, and then there is no time to lose.
      if (!built) settleRequests();
      for (const request of added) {
        if (built) pending.set(request.number, request);
        else putRequest(request);
      }
    },
    drop: (numbers) => {
      for (const number of numbers) pending.set(number, null);
    },
    match: async (source, now) => {
      const begun = clock();
      const rebuilt = await take(source);
      const { camerasInside, recordings, unconfirmed, overlapMs } = live.sums;
      const columns = {
        camerasInside: camerasInside.slice(0, live.requests.count),
        recordings: recordings.slice(0, live.requests.count),
        unconfirmed: unconfirmed.slice(0, live.requests.count),
        overlapMs: overlapMs.slice(0, live.requests.count),
        nearestOutsideM: nearest(),
        missMs: misses(),
      };
      return {
        columns,
        cameras: known.size,
        placed: live.cameras.length,
        computedAt: now,
        compared: live.cameras.reduce((sum, camera) => sum + camera.columns.from.length, 0),
        tookMs: clock() - begun,
        rebuilt,
      };
    },
    matchesOf: async (source, number) => {
      if (!built || pending.size > 0) await take(source);
      for (let tries = 0; tries < 3; tries += 1) {
        const request = requests.get(number);
        if (!request) return [];
        const found = await requestMatches(source, live.requests, request, camerasInside(number));
        if ('matches' in found) return found.matches;
        // The rows are the truth: a camera whose index names recordings that are not there gets a new one.
        await source.rebuild(found.wrong);
        await take(source);
      }
      throw new Error('the index of recordings names some that are not there, however often it is made anew');
    },
  };
};
