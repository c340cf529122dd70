/** BITMAPINFOHEADER, by which AVI and ASF say how pictures are coded (Microsoft wingdi.h). */
import { fourCharacters } from './four-characters.ts';

/** Four-character codes of codecs that clips hold as they are. */
const PICTURES: Readonly<Record<string, string>> = {
  h264: 'avc',
  x264: 'avc',
  avc1: 'avc',
  davc: 'avc',
  hevc: 'hevc',
  h265: 'hevc',
  hev1: 'hevc',
  mjpg: 'mjpeg',
  jpeg: 'mjpeg',
  dmb1: 'mjpeg',
  avrn: 'mjpeg',
  vp80: 'vp8',
  vp90: 'vp9',
  av01: 'av1',
};

const HEADER_BYTES = 40;

export interface BitmapFormat {
  /** Our name of the codec, null for those that clips never hold as they are. */
  readonly codec: string | null;
  /** In lower case. */
  readonly fourcc: string;
  /** What is behind the header and tells how to decode: an avcC or hvcC, or parameter sets with start codes, as frames then have. Null without. */
  readonly configuration: Uint8Array | null;
}

/** The version of an avcC or hvcC, or a start code (ITU-T H.264 annex B). */
const isConfiguration = ([first, second, third, fourth]: Uint8Array): boolean =>
  first === 1 || (first === 0 && second === 0 && (third === 1 || (third === 0 && fourth === 1)));

export const bitmapFormat = (format: DataView): BitmapFormat => {
  const fourcc = fourCharacters(format, 16).toLowerCase();
  const behind = Math.max(0, format.byteLength - HEADER_BYTES);
  const extra = new Uint8Array(format.buffer, format.byteOffset + format.byteLength - behind, behind);
  return { codec: PICTURES[fourcc] ?? null, fourcc, configuration: isConfiguration(extra) ? extra : null };
};
