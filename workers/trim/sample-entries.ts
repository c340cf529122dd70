/** Sample entry boxes of a clip's tracks: what a decoder needs to know, and no names. */
import { box, descriptor, fullBox, u16, u32, u8, type Bytes } from './mp4-boxes.ts';

export interface VisualEntry {
  /** Coded size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: { readonly num: number; readonly den: number };
  /** The source's `colr` payload of type `nclx`, or null. */
  readonly colour: Uint8Array | null;
}

/** A visual sample entry (ISO/IEC 14496-12 §12.1.3) with an empty compressor name around a codec's own boxes. */
export const visualSampleEntry = (type: string, visual: VisualEntry, ...codecBoxes: readonly Bytes[]): Bytes =>
  box(
    type,
    u8(0, 0, 0, 0, 0, 0),
    u16(1),
    u32(0, 0, 0, 0),
    u16(visual.width, visual.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(0x18, 0xffff),
    ...codecBoxes,
    ...(visual.colour ? [box('colr', visual.colour)] : []),
    ...(visual.pixelAspect.num === visual.pixelAspect.den
      ? []
      : [box('pasp', u32(visual.pixelAspect.num, visual.pixelAspect.den))]),
  );

/** `avc1`, ISO/IEC 14496-15 §5.4.2. */
export const avcSampleEntry = (visual: VisualEntry, avcC: Uint8Array): Bytes =>
  visualSampleEntry('avc1', visual, box('avcC', avcC));

/** `hvc1`, ISO/IEC 14496-15 §8.4.1: all parameter sets are in the entry. */
export const hevcSampleEntry = (visual: VisualEntry, hvcC: Uint8Array): Bytes =>
  visualSampleEntry('hvc1', visual, box('hvcC', hvcC));

/** `mp4v` for Motion JPEG: an `esds` without decoder settings, objectTypeIndication 0x6C (ISO/IEC 10918-1), streamType 4 (ISO/IEC 14496-1 §7.2.6.6). */
export const jpegSampleEntry = (visual: VisualEntry): Bytes => {
  const decoderConfig = descriptor(0x04, u8(0x6c, 0x11, 0, 0, 0), u32(0, 0));
  return visualSampleEntry(
    'mp4v',
    visual,
    fullBox('esds', 0, 0, descriptor(0x03, u16(0), u8(0), decoderConfig, descriptor(0x06, u8(2)))),
  );
};
