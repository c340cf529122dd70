/** The trim worker's contract: cut one window out of one recording so that nothing else is in the clip. */
import type { Failure, Result } from './result.ts';
import type { Seconds } from './units.ts';

/** `exact`: every frame of the window; `original`: camera bits only; `redacted`: the window re-encoded, boxes blacked out. */
export type TrimMode = 'exact' | 'original' | 'redacted';

/** A black box in displayed pixels (rotation applied) over a stretch of the recording's presentation timeline. */
export interface RedactionBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

/**
 * Who encodes the frames at a cut's edges: the browser's own coders (WebCodecs), the ffmpeg core, or `auto`: the browser's
 * where they can, else the core.
 */
export type EncoderChoice = 'auto' | 'webcodecs' | 'ffmpeg';

export interface TrimJob {
  /** Half-open window on the recording's presentation timeline: a frame belongs iff `from ≤ time < to`, compared in whole microseconds. */
  readonly from: Seconds;
  readonly to: Seconds;
  readonly mode: TrimMode;
  readonly mute: boolean;
  readonly boxes: readonly RedactionBox[];
  /** `auto` when absent. */
  readonly encoder?: EncoderChoice;
}

export type TrimRefusal =
  /** The window is not a half-open interval of finite numbers with `from < to`. */
  | 'bad-window'
  /** No frame of the recording lies in the window. */
  | 'nothing-in-window'
  /** `original` mode found no keyframe in the window from which camera bits alone can be shown. */
  | 'no-keyframe-in-window'
  | 'empty-file'
  | 'not-a-video'
  | 'no-video-track'
  | 'encrypted'
  | 'unsupported-codec'
  | 'unsupported-audio'
  | 'unsupported-structure'
  /** Frames of the window could not be decoded; the detail says which seconds. */
  | 'damaged-in-window'
  | 'damaged'
  | 'too-large'
  /** The ffmpeg core did not load, or its hash is not the pinned one. */
  | 'core-unavailable'
  /** The ffmpeg core or the worker crashed, twice. */
  | 'core-crashed'
  | 'worker-crashed'
  | 'cancelled';

/** What the trimmer says it did; the audit does not rely on it. */
export interface TrimFacts {
  readonly framesInWindow: number;
  readonly framesOriginal: number;
  readonly framesReencoded: number;
  /** Presentation times of the first and last kept frame on the source's timeline. */
  readonly firstFrameAt: Seconds;
  readonly lastFrameAt: Seconds;
  /** Bytes read from the recording. */
  readonly bytesRead: number;
  /** Human-readable names of what the source carried and the clip does not: boxes, tracks, SEI, tags. */
  readonly removed: readonly string[];
  /** Seconds left out at each end; 0 except in `original` mode. */
  readonly leftOutStart: Seconds;
  readonly leftOutEnd: Seconds;
  /** Stretches of the window, from first to last frame, whose pictures are damaged in the recording and not in the clip. */
  readonly missing: readonly { readonly from: Seconds; readonly to: Seconds }[];
  /** Stretches that are in the clip although the recording is damaged there, or may refer to what is: they show what players show. */
  readonly damaged: readonly { readonly from: Seconds; readonly to: Seconds }[];
}

export interface TrimmedClip {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly facts: TrimFacts;
}

export interface TrimProgress {
  readonly phase: 'reading' | 'encoding' | 'writing';
  /** 0…1 over the whole job. */
  readonly fraction: number;
}

export type TrimResult = Result<TrimmedClip, TrimRefusal>;
export type TrimFailure = Failure<TrimRefusal>;

export interface TrimApi {
  trim(source: Blob, job: TrimJob, onProgress: (progress: TrimProgress) => void): Promise<TrimResult>;
  /**
   * Gets ready ahead of need, so that the first cut does not wait. The ffmpeg core is loaded only where it will be needed: with
   * `auto` (when absent), where the browser does not encode H.264 itself.
   */
  warm(encoder?: EncoderChoice): Promise<void>;
}
