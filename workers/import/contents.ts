/** What every container's reader answers: the facts of a file, or why it is not taken. */
import type { ProbeRefusal } from '../../src/contracts/import-api.ts';
import type { AudioFacts, ContainerKind, VideoFacts } from '../../src/contracts/library.ts';
import { failure, type Failure, type Result } from '../../src/contracts/result.ts';
import type { EpochMs, Seconds } from '../../src/contracts/units.ts';

export interface Contents {
  readonly container: ContainerKind;
  readonly video: VideoFacts;
  readonly audio: AudioFacts | null;
  /** On the file's own presentation timeline: when its first frame is shown, and when its last one ends. */
  readonly firstFrameAt: Seconds;
  readonly endsAt: Seconds;
  /** As the container writes it: UTC, or a wall clock's `2026-05-11T14:00:00`. */
  readonly creationMs: EpochMs | null;
  readonly creationWallClock: string | null;
  /** True time of presentation time 0, where the container states it. */
  readonly zeroMs: EpochMs | null;
  /** Draws the first frame; null when it cannot be had. */
  readonly thumbnail: () => Promise<Blob | null>;
}

export type ContentsResult = Result<Contents, ProbeRefusal>;

export const noFrames = (): Failure<ProbeRefusal> =>
  failure('damaged', 'This video has no frames that could be shown.');

export const noVideo = (): Failure<ProbeRefusal> => failure('no-video-track', 'This file holds sound but no video.');

export const unknownCodec = (name: string): Failure<ProbeRefusal> =>
  failure('unsupported-codec', `This recording is coded in a way that cannot be read here (${name}).`);

/** Facts of upright video with square pixels, which is all that the plainer containers know. */
export const upright = (codec: string, width: number, height: number): VideoFacts => ({
  codec,
  width,
  height,
  rotation: 0,
});
