/** Vorbis' three headers as Matroska keeps them, with nothing in the comments: they name the encoder and may hold tags. */
import { concat, type Bytes } from './mp4-boxes.ts';

/** A comment header (Vorbis I §5.2) with an empty vendor, no comments and the framing bit. */
const EMPTY_COMMENTS = new Uint8Array([3, 0x76, 0x6f, 0x72, 0x62, 0x69, 0x73, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/** CodecPrivate of `A_VORBIS`: a count, two lengths in Xiph lacing, three headers. Null when it is not that. */
export const vorbisPrivateWithoutComments = (codecPrivate: Uint8Array): Bytes | null => {
  if (codecPrivate[0] !== 2) return null;
  const lengths: number[] = [];
  let at = 1;
  while (lengths.length < 2) {
    let length = 0;
    for (let more = true; more; at++) {
      const byte = codecPrivate[at];
      if (byte === undefined) return null;
      length += byte;
      more = byte === 255;
    }
    lengths.push(length);
  }
  const [identification = 0, comments = 0] = lengths;
  const setup = at + identification + comments;
  if (setup >= codecPrivate.length || identification >= 255) return null;
  return concat([
    new Uint8Array([2, identification, EMPTY_COMMENTS.length]),
    codecPrivate.subarray(at, at + identification),
    EMPTY_COMMENTS,
    codecPrivate.subarray(setup),
  ]);
};
