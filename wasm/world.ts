/** What the match kernel and its twin are given and give back: plain columns, nothing else. */
import type { Area } from '../src/contracts/request.ts';
import type { Ms } from '../src/contracts/units.ts';

/** One camera's recordings in true time, ordered by start. */
export interface RecordingColumns {
  /** Milliseconds since the epoch; never falls. */
  readonly from: Float64Array;
  /** Infinity for a recording that is still being written. Always greater than `from`. */
  readonly to: Float64Array;
  /** The greatest `to` up to and including each: never falls either, so the first that reaches past an instant is found by bisection. */
  readonly reach: Float64Array;
  /** Whether `to` never falls, so that all between two bisections overlap. */
  readonly tidy: boolean;
}

export interface CameraColumns {
  readonly count: number;
  /** Earth-centred metres, three a camera. */
  readonly xyz: Float64Array;
  /** Degrees, two a camera. */
  readonly lngLat: Float64Array;
}

/** Requests by slot; an empty slot has a negative `outer` and is never met. Columns may be longer than `count`. */
export interface RequestColumns {
  readonly count: number;
  /** Earth-centred metres of the circle's centre, or of the middle of a ball around the polygons; three a request. */
  readonly xyz: Float64Array;
  /** Squared chord up to which a camera is surely inside; −1 when the chord alone never tells. */
  readonly inner: Float64Array;
  /** Squared chord beyond which a camera is surely outside. */
  readonly outer: Float64Array;
  /** `from` and `to`, half-open, two a request. */
  readonly window: Float64Array;
  /** Polygons laid flat (packed-area.ts), by slot; circles have none. */
  readonly rings: ReadonlyMap<number, Float64Array>;
  readonly areas: readonly (Area | null)[];
}

export interface World {
  readonly cameras: CameraColumns;
  readonly recordings: readonly RecordingColumns[];
  readonly requests: RequestColumns;
}

/** Words of a run. */
export const RUN_WORDS = 4;

/**
 * One run for each camera inside a request's area, camera by camera, in the order of the windows' starts (slots decide ties). A run is
 * `request slot, low, high, count`: of the camera's recordings `low … high − 1` as many as `count` overlap the window, all of them where the
 * camera is tidy, else those that end after the window's start.
 */
export interface Runs {
  /** Index of each camera's first run. */
  readonly begin: Uint32Array;
  readonly length: Uint32Array;
  readonly rows: Uint32Array;
}

/** Told, by cameras or blocks of them in whatever order, which requests each camera lies in and what its recordings add to them. */
export interface Survey {
  /** Cameras whose recordings are not to be added up, because columns do not tell which of them are two readings of one. */
  readonly uncounted: ReadonlySet<number>;
  /** `count` slots from `first` on, by the starts of the windows; the memory is used again when the call returns. */
  around(camera: number, slots: Uint32Array, first: number, count: number): void;
  /** So many more cameras and recordings for a request, and so much more of its window covered. */
  add(request: number, cameras: number, recordings: number, overlapMs: Ms): void;
}

export interface Joiner {
  readonly name: 'kernel' | 'reference';
  /** Everything compared, nothing of it kept. Throws a RangeError when there is not enough memory. */
  survey(world: World, survey: Survey): void;
  /** The runs may be views of memory that the next `join` uses again: read them before. Throws a RangeError when there is not enough memory. */
  join(world: World): Runs;
}
