/** What the match engine reads: cameras and packed columns, so that the same engine runs on IndexedDB and on plain arrays. */
import type { ColumnHead, RecordingChunk } from '../../src/contracts/columns.ts';
import type { Camera } from '../../src/contracts/library.ts';

export interface LibraryRead {
  readonly token: number;
  readonly cameras: readonly Camera[];
  /** Heads of cameras with columns, by camera. */
  readonly heads: ReadonlyMap<string, ColumnHead>;
  /** Chunks of the cameras whose stamp is not the known one. */
  readonly chunks: readonly RecordingChunk[];
  /** Cameras that have recordings but no head. */
  readonly bare: readonly string[];
}

export interface ColumnSource {
  /** All of one moment: no write comes between. `known` are the stamps of the columns that need not be read. */
  read(known: ReadonlyMap<string, number>): Promise<LibraryRead>;
  /** Makes a camera's columns anew from its rows and keeps them. Null when the camera has no recordings. */
  rebuild(camera: string): Promise<{
    readonly token: number;
    readonly head: ColumnHead;
    readonly chunks: readonly RecordingChunk[];
  } | null>;
  /** Ids by number within the chunk; null when they cannot be trusted. */
  ids(camera: string, chunk: number): Promise<readonly string[] | null>;
  /** Which of these recordings have a row. */
  known(recordings: readonly string[]): Promise<ReadonlySet<string>>;
}
