/** The packed columns of recordings that the match reads at a cold start: a cache of the rows, never the truth. */

/** Up to 4,096 recordings of one camera. */
export interface RecordingChunk {
  readonly camera: string;
  /** 0, 1, 2 … per camera. */
  readonly chunk: number;
  readonly version: number;
  /** How many entries `data` holds; a recording with two readings of its start has two, one without any has none. */
  readonly entries: number;
  readonly checksum: number;
  /** Three columns one after another: start in camera time (f64), length in milliseconds (f64, Infinity while it is being written), tag (u32). */
  readonly data: ArrayBuffer;
}

/** The ids of a chunk's recordings by their numbers, apart because only a request that is opened needs them. */
export interface ChunkIds {
  readonly camera: string;
  readonly chunk: number;
  readonly version: number;
  readonly checksum: number;
  /** One id a line; an empty line where a recording was deleted. */
  readonly ids: string;
}

/** What a camera's columns consist of. */
export interface ColumnHead {
  readonly camera: string;
  readonly version: number;
  readonly chunks: number;
  /** Numbers given out so far. */
  readonly numbers: number;
  /** Another number after every change. */
  readonly stamp: number;
}

/** Goes into every checksum, so that columns of another library are recognised as such. */
export interface LibraryToken {
  readonly camera: '';
  readonly token: number;
}
