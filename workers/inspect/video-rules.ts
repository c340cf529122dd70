/** What the audit must know of a video codec: how a coded frame splits, and what may lie in it. */
import type { Finding } from './findings.ts';

/** One coded frame taken apart. */
export interface FrameParts {
  /** The coded picture itself, in order: what makes a frame `original` when it equals the source's. */
  readonly picture: readonly Uint8Array[];
  /** Units that are neither picture nor message: they may stay only if the source's frame has them too. */
  readonly companions: readonly Uint8Array[];
  /** Whether decoding may begin here with nothing from before. */
  readonly cleanStart: boolean;
  /** Messages, paddings and strays that must not be in a clip. Sources may have them. */
  readonly findings: readonly Finding[];
}

/** How a track frames its units: bytes of the length before each, or null for start codes (Annex B). */
export type Framing = 1 | 2 | 3 | 4 | null;

export interface VideoRules {
  /** mediabunny's name of the codec. */
  readonly codec: string;
  /** The framing and the parameter sets that a decoder configuration announces; `description` is null for start codes. */
  configuration(description: Uint8Array | null): {
    readonly framing: Framing;
    readonly parameterSets: readonly Uint8Array[];
  };
  /** Takes a frame apart; null when a unit runs past its end or there is none. Bytes of no unit are among its findings. */
  split(frame: Uint8Array, framing: Framing): FrameParts | null;
}
