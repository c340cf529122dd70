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
  /** What the person has once said of this camera's doubtful times, by the rule that was asked about: for recordings still to come. */
  readonly confirmedRules?: Readonly<Partial<Record<TimeSource, RuleAnswer>>>;
}

/** What a person said of a camera's doubtful times of one rule: all alike, or each to be looked at by itself. Either way it is not asked again. */
export type RuleAnswer = ConfirmedRule | 'ask-each';

/** A person's answer for all recordings of a camera whose time one rule left in doubt. */
export interface ConfirmedRule {
  /** The reading that proved right (`timeRuleKey`): it may be another than the one that was asked about. */
  readonly reading: string;
  /** Added to what that reading gives. */
  readonly correctionMs: Ms;
}

/** Which rule of core/camera-clocks found a time. `person` is a time typed or confirmed by hand. */
export type TimeSource =
  | 'person'
  | 'start-box'
  | 'ring-app'
  | 'ring-export'
  | 'ring-event'
  | 'blink-utc'
  | 'blink-local'
  | 'arlo'
  | 'reolink'
  | 'unifi-download'
  | 'unifi-web'
  | 'unifi-backup'
  | 'protect-archiver'
  | 'dahua-card'
  | 'dahua-recorder'
  | 'hikvision'
  | 'frigate-recording'
  | 'frigate-export'
  | 'frigate-clip'
  | 'tapo'
  | 'pytapo'
  | 'wyze'
  | 'xiaomi'
  | 'yi'
  | 'creation-time'
  | 'modified';

/**
 * One reading of when a recording was made. Two entries in `startsMs` mean a local time that a clock change made ambiguous, or a date
 * whose day and month could change places.
 */
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
  /** A local date and time of the file itself (`2026-05-11T14:00:00`), to be read again when the camera's zone is corrected. */
  readonly wallClock?: string;
  /** What was found, as text, for the person to check. */
  readonly evidence: string;
}

/** What "the same rule" means when a person answers for several recordings: the source, and how it was read. */
export const timeRuleKey = ({ source, basis, zone }: Pick<TimeCandidate, 'source' | 'basis' | 'zone'>): string =>
  `${source} ${basis} ${zone}`;

export interface RecordingTime {
  /** Instant of the first frame in camera time, before the camera's clock offset; null when no rule found one. */
  readonly startMs: EpochMs | null;
  /** The later reading of a time that can be read in two ways or was skipped; matched like `startMs`, never shared before it is confirmed. */
  readonly otherStartMs?: EpochMs;
  /** `accepted`: two candidates agree or one is beyond doubt; `confirmed`: a person said so; `unconfirmed`: not offered for sharing. */
  readonly confidence: 'accepted' | 'confirmed' | 'unconfirmed';
  readonly source: TimeSource | null;
  readonly candidates: readonly TimeCandidate[];
}

/** What kind of file a recording is. */
export type ContainerKind = 'mp4' | 'matroska' | 'avi' | 'mpeg-ts' | 'mpeg-ps' | 'flv';

export interface VideoFacts {
  /** As WebCodecs names it (`avc1.640028`), or one of `mjpeg`, `mpeg1`, `mpeg2`, `mpeg4`, `msmpeg4`, `h263`, which browsers do not decode. */
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
  /** From the first frame shown to the end of the last one. */
  readonly durationMs: Ms;
  /** Presentation time of the first frame shown, which is what `time.startMs` is the instant of (`presentationZero`). */
  readonly firstFrameAt: Seconds;
  /** Missing in rows of the first version, which are MP4 or Matroska. */
  readonly container?: ContainerKind;
  readonly video: VideoFacts;
  readonly audio: AudioFacts | null;
  readonly time: RecordingTime;
  /** Set while the camera was still writing it when it was imported: it goes on after `durationMs`, nobody knows how long. */
  readonly unfinished?: true;
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

/**
 * True time of presentation time 0, or null while the recording's start is unknown. A recording starts with its first frame, wherever the
 * file's own timeline puts that: a transport stream's may begin at 112 s.
 */
export const presentationZero = (
  recording: Pick<Recording, 'time' | 'firstFrameAt'>,
  camera: Pick<Camera, 'clockOffsetMs'>,
): EpochMs | null =>
  recording.time.startMs === null
    ? null
    : recording.time.startMs + camera.clockOffsetMs - Math.max(0, recording.firstFrameAt) * 1_000;
