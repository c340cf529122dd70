/** What the match engine reads: few, bounded questions, so that the same engine runs on IndexedDB and on plain arrays. */
import type { Camera, Recording } from '../../src/contracts/library.ts';
import type { EpochMs, Ms } from '../../src/contracts/units.ts';

export interface RecordingSource {
  cameras(): Promise<readonly Camera[]>;
  /** Duration of the camera's longest recording; null when it has none. */
  longestMs(cameraId: string): Promise<Ms | null>;
  /** The camera's recordings of which a reading of the start, in camera time, lies in `from ≤ start < to`. Each once, in any order. */
  startingWithin(cameraId: string, from: EpochMs, to: EpochMs): Promise<readonly Recording[]>;
}
