/** A clip as it is read from its very bytes, whichever of the two containers it is in. */
import type { AuditedBox } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import type { Coding } from './coding.ts';
import type { ClipSample } from './sample-tables.ts';

export interface ClipTrack {
  readonly kind: 'video' | 'audio';
  readonly id: number;
  readonly timescale: number;
  readonly coding: Coding;
  /** In decode order. For uncompressed sound each is a run of samples. */
  readonly samples: readonly ClipSample[];
  /** How long after the clip's start the track's time zero is. */
  readonly delay: Seconds;
}

export interface ClipFile {
  readonly container: 'mp4' | 'webm';
  readonly bytes: Uint8Array;
  readonly video: ClipTrack;
  readonly audio: ClipTrack | null;
  /** Where the samples lie; everything else is index. */
  readonly media: { readonly start: number; readonly end: number };
  /** How finely delays are told. */
  readonly delayTick: Seconds;
  /** Every box or element of the file, in the file's order. */
  readonly boxes: readonly AuditedBox[];
}
