/** Cameras and recordings as the library keeps them: what the screens show and the engines read. */
import type { EpochMs, Ms, Position, Seconds, Sha256Hex, ZoneId } from './units.ts';

export interface Camera {
  readonly id: string;
  readonly name: string;
  /** Where the camera hangs; null until the person says so, and then nothing of it can match. */
  readonly place: Position | null;
  /** The zone in which this camera writes local times. */
  readonly zone: ZoneId;
  /** Added to every time this camera wrote to get the true time; positive when its clock runs behind. */
  readonly clockOffsetMs: Ms;
  readonly createdAt: EpochMs;
}

/** Which rule of core/camera-clocks found a time. `person` is a time typed or confirmed by hand. */
export type TimeSource =
  | 'person'
  | 'ring-app'
  | 'ring-export'
  | 'blink-utc'
  | 'blink-local'
  | 'reolink'
  | 'unifi-download'
  | 'frigate-recording'
  | 'frigate-export'
  | 'frigate-clip'
  | 'tapo'
  | 'creation-time'
  | 'modified';

/** One reading of when a recording was made. Two entries in `startsMs` mean a local time that a clock change made ambiguous. */
export interface TimeCandidate {
  readonly source: TimeSource;
  readonly basis: 'start' | 'end' | 'saved' | 'unknown';
  readonly zone: 'utc' | 'offset' | 'camera-local';
  /** Every reading of the recording's start by this rule, in camera time (offset not applied); empty when the local time never existed or the rule gives no start. */
  readonly startsMs: readonly EpochMs[];
  /** Every reading of the end, where the rule gives one; `startsMs` is checked against it and the duration. */
  readonly endsMs?: readonly EpochMs[];
  /** Set when a clock change skipped the local time: what it would be by the clock before the change and by the clock after it, earlier first. */
  readonly skippedMs?: readonly [EpochMs, EpochMs];
  /** What was found, as text, for the person to check. */
  readonly evidence: string;
}

export interface RecordingTime {
  /** Start in camera time, before the camera's clock offset; null when no rule found one. */
  readonly startMs: EpochMs | null;
  /** The later reading of a local time that a clock change made ambiguous or skipped; matched like `startMs`, never shared before it is confirmed. */
  readonly otherStartMs?: EpochMs;
  /** `accepted`: two candidates agree or one is beyond doubt; `confirmed`: a person said so; `unconfirmed`: not offered for sharing. */
  readonly confidence: 'accepted' | 'confirmed' | 'unconfirmed';
  readonly source: TimeSource | null;
  readonly candidates: readonly TimeCandidate[];
}

export interface VideoFacts {
  readonly codec: string;
  /** Displayed size in pixels, rotation and pixel aspect applied. */
  readonly width: number;
  readonly height: number;
  readonly rotation: 0 | 90 | 180 | 270;
}

export interface AudioFacts {
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
}

export interface Recording {
  readonly id: string;
  readonly cameraId: string;
  readonly fileName: string;
  /** The path under the picked folder, or the file name; some vendors put the date only there. */
  readonly relativePath: string;
  readonly bytes: number;
  readonly sha256: Sha256Hex;
  readonly durationMs: Ms;
  /** Presentation time of the first frame; windows are cut on this timeline. */
  readonly firstFrameAt: Seconds;
  readonly video: VideoFacts;
  readonly audio: AudioFacts | null;
  readonly time: RecordingTime;
  readonly importedAt: EpochMs;
}

/** A recording's true interval, or null while its start is unknown. */
export const recordingInterval = (
  recording: Pick<Recording, 'time' | 'durationMs'>,
  camera: Pick<Camera, 'clockOffsetMs'>,
): { readonly from: EpochMs; readonly to: EpochMs } | null => {
  if (recording.time.startMs === null) return null;
  const from = recording.time.startMs + camera.clockOffsetMs;
  return { from, to: from + recording.durationMs };
};
