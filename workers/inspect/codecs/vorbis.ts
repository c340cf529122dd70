/** Vorbis' three headers as Matroska keeps them; the middle one names the encoder and may hold tags (Vorbis I §5.2). */

/** An empty vendor, no comments, the framing bit. */
const EMPTY_COMMENTS = [3, 0x76, 0x6f, 0x72, 0x62, 0x69, 0x73, 0, 0, 0, 0, 0, 0, 0, 0, 1];

export interface VorbisHeaders {
  readonly identification: Uint8Array;
  readonly comments: Uint8Array;
  readonly setup: Uint8Array;
}

/** CodecPrivate of `A_VORBIS`: a count of two, two lengths in Xiph lacing, three headers. Null when it is not that. */
export const vorbisHeaders = (settings: Uint8Array): VorbisHeaders | null => {
  if (settings[0] !== 2) return null;
  let at = 1;
  const length = (): number => {
    let sum = 0;
    for (; settings[at] === 255; at += 1) sum += 255;
    sum += settings[at] ?? 0;
    at += 1;
    return sum;
  };
  const [first, second] = [length(), length()];
  if (at + first + second >= settings.length) return null;
  return {
    identification: settings.subarray(at, at + first),
    comments: settings.subarray(at + first, at + first + second),
    setup: settings.subarray(at + first + second),
  };
};

/** Whether a comment header says nothing at all. */
export const saysNothing = ({ comments }: VorbisHeaders): boolean =>
  comments.length === EMPTY_COMMENTS.length && EMPTY_COMMENTS.every((byte, index) => comments[index] === byte);
