/** What `/demo/town.json` says: the invented town's cameras and recordings, offered by a hub that runs the demo. */
import type { Camera } from './library.ts';

export interface DemoRecording {
  /** Path under `/demo/recordings/`, which is also the relative path it is imported with. */
  readonly path: string;
  readonly cameraId: string;
  readonly bytes: number;
  /** The recording's modification time, as the camera would have left it. */
  readonly lastModified: number;
}

export interface DemoTownFile {
  readonly cameras: readonly Camera[];
  readonly recordings: readonly DemoRecording[];
}
