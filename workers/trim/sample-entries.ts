/** Sample entry boxes of a clip's tracks: what a decoder needs to know, and no names. */
import { box, concat, descriptor, fullBox, u16, u32, u8, type Bytes } from './mp4-boxes.ts';

export interface VisualEntry {
  /** Coded size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: { readonly num: number; readonly den: number };
  /** The source's `colr` payload of type `nclx`, or null. */
  readonly colour: Uint8Array | null;
}

/** `avc1` (ISO/IEC 14496-15 §5.4.2) with an empty compressor name. */
export const avcSampleEntry = (visual: VisualEntry, avcC: Uint8Array): Bytes =>
  box(
    'avc1',
    u8(0, 0, 0, 0, 0, 0),
    u16(1),
    u32(0, 0, 0, 0),
    u16(visual.width, visual.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(0x18, 0xffff),
    box('avcC', avcC),
    ...(visual.colour ? [box('colr', visual.colour)] : []),
    ...(visual.pixelAspect.num === visual.pixelAspect.den
      ? []
      : [box('pasp', u32(visual.pixelAspect.num, visual.pixelAspect.den))]),
  );

/** `mp4a` with an `esds` (ISO/IEC 14496-14 §6.7.2) around the source's AudioSpecificConfig. */
export const aacSampleEntry = (channels: number, sampleRate: number, audioSpecificConfig: Uint8Array): Bytes => {
  const decoderConfig = descriptor(0x04, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), descriptor(0x05, audioSpecificConfig));
  const esds = fullBox('esds', 0, 0, descriptor(0x03, u16(0), u8(0), decoderConfig, descriptor(0x06, u8(2))));
  const rate = sampleRate <= 0xffff ? (sampleRate * 0x10000) >>> 0 : 0;
  return box('mp4a', concat([u8(0, 0, 0, 0, 0, 0), u16(1), u32(0, 0), u16(channels, 16, 0, 0), u32(rate), esds]));
};
