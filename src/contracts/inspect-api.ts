/** The inspect worker's contract: the audit of a finished clip's very bytes against its source, sharing no code with the trimmer. */
import type { Result } from './result.ts';
import type { Seconds, Sha256Hex } from './units.ts';

/** One reason per rule of the audit; the detail names the sample, box or byte. */
export type AuditRule =
  /** The bytes are not a readable MP4 or WebM of the narrow shape clips have. */
  | 'not-a-clip'
  /** Rule 1: a sample in the file, edit lists ignored, lies outside the window. */
  | 'sample-outside-window'
  /** Rule 2: a frame of the window is missing, extra or repeated. */
  | 'frame-missing'
  | 'frame-extra'
  /** Rule 2: a sample's time differs from its source frame's by more than a tick. */
  | 'wrong-timestamp'
  /** Rule 5: a frame that could have stayed as the camera wrote it did not. */
  | 'altered-frame'
  /** Rule 5: a frame of a redacted clip is still the camera's own, with whatever was to be blacked out. */
  | 'not-redacted'
  /** Rule 3: bytes that belong to no known box or sample. */
  | 'unaccounted-bytes'
  | 'unknown-box'
  /** Rule 4: what must stay home. */
  | 'sei-user-data'
  | 'encoder-string'
  | 'location'
  | 'creation-time'
  | 'extra-track'
  /** The source could not be read again to compare with. */
  | 'source-unreadable'
  | 'worker-crashed'
  | 'cancelled';

export interface AuditJob {
  readonly from: Seconds;
  readonly to: Seconds;
  /** `original` clips may leave out frames at both ends; the others may not. */
  readonly mode: 'exact' | 'original' | 'redacted';
  readonly mute: boolean;
  /** Stretches whose pictures are damaged in the recording and could not be kept: frames in them may be absent. */
  readonly missing?: readonly { readonly from: Seconds; readonly to: Seconds }[];
}

export type FrameOrigin = 'original' | 're-encoded';

export interface AuditedFrame {
  /** Presentation time on the source's timeline. */
  readonly at: Seconds;
  /** `original`: its coded picture data is byte for byte the source's. */
  readonly origin: FrameOrigin;
  readonly bytes: number;
}

export interface AuditedBox {
  /** A path of names: `moov/trak/mdia` in MP4, where samples appear as `mdat`; `Segment/Cluster/SimpleBlock` in WebM. */
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  /** What it is for, in a few plain words. */
  readonly meaning: string;
}

export interface AuditReport {
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  readonly container: 'mp4' | 'webm';
  /** By name: `avc`, `hevc`, `vp8`, `vp9`, `av1`, `mjpeg`; `aac`, `mp3`, `opus`, `ac3`, `eac3`, `flac`, `amr-nb`, `amr-wb`, `pcm`. */
  readonly codecs: { readonly video: string; readonly audio: string | null };
  /** In presentation order. */
  readonly frames: readonly AuditedFrame[];
  /** First and last audio sample's interval on the source's timeline; null without audio. */
  readonly audio: { readonly from: Seconds; readonly to: Seconds; readonly packets: number } | null;
  readonly boxes: readonly AuditedBox[];
  /** Sentences, one per rule that was checked and held, for people and reports. */
  readonly checked: readonly string[];
  /** Metadata found in the source file and absent from the clip. */
  readonly sourceMetadata: readonly string[];
  /** Bytes of the recording that were read to compare with. */
  readonly sourceBytesRead: number;
}

export interface InspectApi {
  audit(clip: Uint8Array<ArrayBuffer>, source: Blob, job: AuditJob): Promise<Result<AuditReport, AuditRule>>;
}
