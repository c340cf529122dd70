/** Every match of a world as the kernel writes it out. */

/** One camera's, in columns of the same length; by the start of the requests' windows. */
export interface MatchColumns {
  /** Slots. */
  readonly request: Uint32Array;
  /** Numbers among the camera's recordings. */
  readonly recording: Uint32Array;
  /** The overlap. */
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface Matches {
  readonly count: number;
  of(camera: number): MatchColumns;
}

/** Views of the columns that wasm/assembly/expand.ts writes: each has room for up to seven more. */
export const matchColumns = (buffer: ArrayBufferLike, begin: number, count: number): MatchColumns => {
  const room = 4 * Math.floor((count + 7) / 4);
  return {
    request: new Uint32Array(buffer, begin, count),
    recording: new Uint32Array(buffer, begin + 4 * room, count),
    from: new Float64Array(buffer, begin + 8 * room, count),
    to: new Float64Array(buffer, begin + 16 * room, count),
  };
};
