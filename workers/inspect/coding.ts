/** How a clip's track is coded, as its sample entry says. */
import type { Framing } from './codecs/video-rules.ts';
import type { PcmFormat } from './pcm.ts';

export interface VideoCoding {
  readonly kind: 'video';
  /** Our name of the codec, to compare with the source's. */
  readonly codec: string;
  readonly framing: Framing;
  /** Parameter sets, in the order of the box. */
  readonly parameterSets: readonly Uint8Array[];
}

export interface AudioCoding {
  readonly kind: 'audio';
  readonly codec: string;
  /** The decoder's configuration as its box has it; null where there is none. */
  readonly configuration: Uint8Array | null;
  readonly pcm: PcmFormat | null;
}

export type Coding = VideoCoding | AudioCoding;
