/** What the audit must know of a video codec: how a coded frame splits, and what may lie in it. */
import type { Finding } from '../findings.ts';

/** One coded frame taken apart. */
export interface FrameParts {
  /** The coded picture itself, in order: what makes a frame `original` when it equals the source's. */
  readonly picture: readonly Uint8Array[];
  /** Units that are neither picture nor message: they may stay only if the source's frame has them too. */
  readonly companions: readonly Uint8Array[];
  /** Whether decoding may begin here with nothing from before, frames apart that are shown before this one. */
  readonly cleanStart: boolean;
  /** Whether a decoder that starts here shows frames from here on, if perhaps none before (recovery points, intra pictures). */
  readonly openStart: boolean;
  /** Decodable only with frames from before the clean start that it follows (HEVC RASL), or shown before it (RADL). */
  readonly leading: boolean;
  /** How many pictures begin in it that a decoder shows: 1 is usual, 2 are the two fields of one. */
  readonly shows: number;
  /** How many pictures begin in it that a decoder keeps to itself: they are of other moments than the frame's. */
  readonly hides: number;
  /** Whether it ends its coded sequence, and whether it must follow such an end unless it comes first (HEVC CRA). */
  readonly endsSequence: boolean;
  readonly needsEnd: boolean;
  /** Messages, paddings and strays that must not be in a clip. Sources may have them. */
  readonly findings: readonly Finding[];
}

/** What most frames are: one shown picture. */
export const ONE_PICTURE = {
  companions: [],
  cleanStart: false,
  openStart: false,
  leading: false,
  shows: 1,
  hides: 0,
  endsSequence: false,
  needsEnd: false,
  findings: [],
} as const satisfies Partial<FrameParts>;

/** How a track frames its units: bytes of the length before each, or null for start codes (Annex B) and codecs without units. */
export type Framing = 1 | 2 | 3 | 4 | null;

export interface Configuration {
  readonly framing: Framing;
  readonly parameterSets: readonly Uint8Array[];
}

export interface VideoRules {
  /** Our name of the codec, which is mediabunny's where it has one. */
  readonly codec: string;
  /** The framing and the parameter sets that a decoder configuration announces; `description` is null for start codes. */
  configuration(description: Uint8Array | null): Configuration;
  /** Takes a frame apart; null when a unit runs past its end or there is none. Bytes of no unit are among its findings. */
  split(frame: Uint8Array, framing: Framing): FrameParts | null;
  /** Width, height, chroma format and depth in a parameter set, so that a change of format is noticed; null where it says nothing of them. */
  formatOf(parameterSet: Uint8Array): string | null;
  /** Whether a companion is a setting that later pictures are decoded by; absent where frames carry all there is to know. */
  isSetting?(companion: Uint8Array): boolean;
}

/** For codecs whose frames carry all there is to know. */
export const NO_CONFIGURATION: Configuration = { framing: null, parameterSets: [] };
