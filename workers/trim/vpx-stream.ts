/** VP8 and VP9 as streams of pictures: keyframes carry all that decoding takes, packets hold nothing but pictures. */
import { fullBox, u16, u8, type Bytes } from './mp4-boxes.ts';
import type { RandomAccess } from './plan.ts';
import { visualSampleEntry } from './sample-entries.ts';
import type { VideoStream } from './video-stream.ts';

const copyOf = (packet: Uint8Array): Bytes => packet.slice();

/** frame_type is the first bit, 0 for keyframes (RFC 6386 §9.1). */
export const openVp8Stream = (): VideoStream => ({
  ...PLAIN,
  codec: 'vp8',
  container: 'webm',
  bitDepth: 8,
  read: (packet) => {
    if (packet.length < 3) return null;
    const access: RandomAccess = ((packet[0] ?? 1) & 1) === 0 ? 'clean' : 'none';
    // show_frame is the fifth bit.
    const hidden = ((packet[0] ?? 0) & 0x10) === 0 ? 'only' : 'none';
    return { data: copyOf(packet), access, messages: 0, field: null, hidden, overwritten: false };
  },
  sourceEntry: (visual) => visualSampleEntry('vp08', visual, vpcC([0, 10, 8, 1, 2, 2, 2, 0])),
  clipEntry: (visual) => visualSampleEntry('vp08', visual, vpcC([0, 10, 8, 1, 2, 2, 2, 0])),
});

/** `codec` is the WebCodecs string, `vp09.PP.LL.DD.CC.cp.tc.mc.FF` (vpxISO-BMFF §Codecs Parameter String). */
export const openVp9Stream = (codec: string): VideoStream => {
  const fields = readVp9Codec(codec);
  return {
    ...PLAIN,
    codec: 'vp9',
    container: 'mp4',
    bitDepth: fields[2],
    read: (packet) =>
      packet.length === 0
        ? null
        : {
            data: copyOf(packet),
            access: vp9Access(packet),
            messages: 0,
            field: null,
            hidden: vp9Hidden(packet),
            overwritten: false,
          },
    sourceEntry: (visual) => visualSampleEntry('vp09', visual, vpcC(fields)),
    clipEntry: (visual) => visualSampleEntry('vp09', visual, vpcC(fields)),
  };
};

const PLAIN = {
  size: null,
  interlaced: false,
  changesSize: false,
  decoderConfig: (container: VideoDecoderConfig): VideoDecoderConfig => container,
  inBandSets: () => null,
  sequenceEnd: null,
  freeSetIds: (count: number): readonly number[] => new Array<number>(count).fill(15),
};

/** Profile, level, bit depth, chroma subsampling, primaries, transfer, matrix, full range. */
type VpFields = readonly [number, number, number, number, number, number, number, number];

const readVp9Codec = (codec: string): VpFields => {
  const [, profile, level, depth, chroma, primaries, transfer, matrix, range] = codec.split('.').map(Number);
  const or = (value: number | undefined, otherwise: number): number =>
    value === undefined || Number.isNaN(value) ? otherwise : value;
  return [
    or(profile, 0),
    or(level, 10),
    or(depth, 8),
    or(chroma, 1),
    or(primaries, 2),
    or(transfer, 2),
    or(matrix, 2),
    or(range, 0),
  ];
};

/** VPCodecConfigurationBox, version 1 (VP Codec ISO Media File Format Binding §Syntax). */
const vpcC = ([profile, level, depth, chroma, primaries, transfer, matrix, range]: VpFields): Bytes =>
  fullBox('vpcC', 1, 0, u8(profile, level, (depth << 4) | (chroma << 1) | range, primaries, transfer, matrix), u16(0));

/** The first frame of the packet, VP9 bitstream §6.2: marker, profile, show_existing_frame, frame_type. */
const vp9Access = (packet: Uint8Array): RandomAccess => {
  const [first = 0] = packet;
  const profile = ((first >> 5) & 1) | ((first >> 3) & 2);
  const shift = profile === 3 ? 2 : 3;
  const showsExisting = ((first >> shift) & 1) === 1;
  return !showsExisting && ((first >> (shift - 1)) & 1) === 0 ? 'clean' : 'none';
};

/** A superframe, whose last byte is 110 and its index' size, holds pictures before the shown one (VP9 bitstream annex B). */
const vp9Hidden = (packet: Uint8Array): 'none' | 'some' => {
  const last = packet.at(-1) ?? 0;
  const indexSize = 2 + (((last >> 3) & 3) + 1) * ((last & 7) + 1);
  const isSuperframe = (last & 0xe0) === 0xc0 && packet[packet.length - indexSize] === last && (last & 7) > 0;
  return isSuperframe ? 'some' : 'none';
};
