/** The import worker's contract: what a file is, before anything of it is kept. */
import type { AudioFacts, ContainerKind, TimeCandidate, VideoFacts } from './library.ts';
import type { Result } from './result.ts';
import type { EpochMs, Ms, Seconds, Sha256Hex, ZoneId } from './units.ts';

export type ProbeRefusal =
  | 'empty-file'
  | 'not-a-video'
  | 'no-video-track'
  | 'damaged'
  | 'encrypted'
  /** A recorder's own disk format, whose pieces are no recordings by themselves. */
  | 'recorder-block'
  | 'unsupported-codec'
  | 'unreadable'
  | 'worker-crashed'
  | 'cancelled';

export interface Probe {
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  readonly container: ContainerKind;
  /** From the first frame shown to the end of the last one. */
  readonly durationMs: Ms;
  /** Presentation time of the first frame shown. */
  readonly firstFrameAt: Seconds;
  readonly video: VideoFacts;
  readonly audio: AudioFacts | null;
  readonly candidates: readonly TimeCandidate[];
  /** The file lacks what its writer adds last: it may still be growing. */
  readonly openEnd?: true;
  /** JPEG or WebP of an early frame, at most 320 px wide; null when the browser cannot decode this codec. */
  readonly thumbnail: Blob | null;
  /** The very bytes that were hashed, in a Blob of the browser's own, without the picked file's name and date. */
  readonly copy: Blob;
}

export interface ProbeRequest {
  readonly relativePath: string;
  readonly lastModified: EpochMs;
  /** The zone in which camera-local names are read. */
  readonly zone: ZoneId;
  /** False when a picture of it is not wanted. */
  readonly thumbnail?: boolean;
}

export interface ImportApi {
  probe(file: Blob, request: ProbeRequest): Promise<Result<Probe, ProbeRefusal>>;
}
