/** What the cut must know of a video codec: how to clean its packets, where decoding may begin, how a clip describes it. */
import type { EdgeCodec, EncodedEdges } from './edge-encoder.ts';
import type { FieldFacts } from './h264.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { RandomAccess } from './plan.ts';
import type { VisualEntry } from './sample-entries.ts';

/** One packet as a clip may carry it. */
export interface CodedPicture {
  /** Coded picture data and nothing else; four-byte NAL lengths for H.264 and HEVC. */
  readonly data: Bytes;
  readonly access: RandomAccess;
  /** Embedded messages and comments that were left out. */
  readonly messages: number;
  /** Set when the picture is one field of a frame. */
  readonly field: FieldFacts | null;
  /** Pictures in it that are decoded and not shown, for others to refer to: often of a later moment (VP8, VP9, AV1). */
  readonly hidden: 'none' | 'some' | 'only';
  /** Its bits cannot be an encoder's: what decodes them shows something else than the camera saw. Never told by codecs that allow any bits. */
  readonly overwritten: boolean;
}

export interface VideoStream {
  readonly codec: EdgeCodec | 'mjpeg';
  /** The clip's container. */
  readonly container: 'mp4' | 'webm';
  /** Size in pixels where the stream knows it better than its container, else null. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Pictures are or may be coded as fields. */
  readonly interlaced: boolean;
  /** A packet read so far changed the size of the pictures: they cannot be in one track as they are. */
  readonly changesSize: boolean;
  /** Bits of a luma sample. */
  readonly bitDepth: number;
  /** Reads packets in decode order from the first one that the stream was opened with. Null when a packet is damaged or holds no picture. */
  read(packet: Uint8Array): CodedPicture | null;
  /** For WebCodecs, matching what `read` gives. */
  decoderConfig(container: VideoDecoderConfig): VideoDecoderConfig;
  /** The sample entry under which what `read` gives can be decoded. */
  sourceEntry(visual: VisualEntry): Bytes;
  /** The clip's sample entry; `copied`: some pictures are the camera's own; `encoded`: the encoder's sets when some are not. */
  clipEntry(visual: VisualEntry, copied: boolean, encoded: EncodedEdges['sets'] | null): Bytes;
  /**
   * What goes before the first copied picture behind encoded ones, and before the first encoded one of each segment: parameter sets, for
   * players that read only the first of a kind in the sample entry (Firefox, for HEVC). In the clip's framing.
   */
  inBandSets(encoded: EncodedEdges['sets'] | null): Bytes | null;
  /** What goes behind the last encoded picture before copied ones, so that those start a coded sequence of their own; in the clip's framing. */
  readonly sequenceEnd: Bytes | null;
  /** Ids for the parameter sets of `count` encoded segments that nothing read so far uses; null when too few are free. */
  freeSetIds(count: number): readonly number[] | null;
}
