/** What an edge encoder is given and gives back: stretches of packets to decode, of whose frames some are encoded anew. */
import type { Result } from '../../src/contracts/result.ts';
import type { RedactionBox, TrimRefusal } from '../../src/contracts/trim-api.ts';

/** Codecs that edges can be encoded in, by mediabunny's names. */
export type EdgeCodec = 'avc' | 'hevc' | 'vp8' | 'vp9' | 'av1';

/** A coded frame as the encoder gives it, on the source's timeline. */
export interface ReencodedSample {
  /** In the clip's framing: four-byte NAL lengths for H.264 and HEVC. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Ticks on the source's timeline. */
  readonly ticks: number;
  /** A decoder may start here. */
  readonly sync: boolean;
}

/** A packet to decode, in the framing that `EdgeSource.decoderConfig` announces. */
export interface EdgePacket {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly ticks: number;
  readonly durationTicks: number;
  /** Decoding may begin here. True for the first packet of a segment. */
  readonly key: boolean;
}

/** One stretch to encode anew: its first encoded frame starts a coded sequence of its own, no frame is reordered. */
export interface EdgeSegment {
  /** In decode order; all that decoding the wanted frames takes. */
  readonly packets: readonly EdgePacket[];
  /** Ticks of the frames to encode, ascending. Every one is the time of one packet. */
  readonly wanted: readonly number[];
  /** Parameter-set id that no set of the source and of the other segments uses, 15…30 (H.264 and HEVC; others ignore it). */
  readonly setId: number;
}

export interface EdgeSource {
  readonly codec: EdgeCodec;
  /** What the frames are encoded as: the packets' own codec, but H.264 of 8 bits where no encoder makes pictures of their depth. */
  readonly encodeAs: EdgeCodec;
  /** `codec` string, `description`, coded size and colour space as WebCodecs wants them. */
  readonly decoderConfig: VideoDecoderConfig;
  /** The MP4 sample entry under which the packets decode, for encoders that read files. */
  readonly sampleEntry: Uint8Array<ArrayBuffer>;
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** The pictures are coded as fields or may be. */
  readonly interlaced: boolean;
  /** Bits of a luma sample of the packets: 8 or 10. */
  readonly bitDepth: number;
  /** How the recording's container says that colours are to be shown: payload of a `colr` box of type `nclx`. */
  readonly colour: Uint8Array | null;
  /** Black boxes in coded pixels, times in seconds on the source's timeline. */
  readonly boxes: readonly RedactionBox[];
}

export interface EncodedEdges {
  /** One list for each segment asked for, in presentation order. A wanted frame that cannot be decoded is not in it. */
  readonly segments: readonly (readonly ReencodedSample[])[];
  /** The decoder complained of damaged pictures, or of such as refer to others that are not there. */
  readonly isDoubtful: boolean;
  /** The encoder's parameter sets, for the clip's decoder configuration; empty for codecs without. `vps` for HEVC only. */
  readonly sets: {
    readonly vps?: readonly Uint8Array[];
    readonly sps: readonly Uint8Array[];
    readonly pps: readonly Uint8Array[];
  };
}

/** `unsupported-codec` means only that this encoder cannot do it: the next one is asked. */
export interface EdgeEncoder {
  encode(
    source: EdgeSource,
    segments: readonly EdgeSegment[],
    onProgress: (fraction: number) => void,
  ): Promise<Result<EncodedEdges, TrimRefusal>>;
}
