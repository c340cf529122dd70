/** A Matroska track's CodecDelay, which players and ffprobe subtract from its timestamps and mediabunny does not tell. */

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const CODEC_DELAY = 0x56aa;

/** The description of the tracks is at the front of any file that was written in one go. */
const HEAD_BYTES = 1 << 20;

interface Element {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Exact seconds, of which FFmpeg takes whole ticks of the track (matroskadec.c, codec_delay_in_track_tb); 0 when the file is no Matroska or its track has none (RFC 9559 §5.1.4.1.28: CodecDelay is in nanoseconds). */
export const matroskaCodecDelay = async (source: Blob, trackNumber: number): Promise<number> => {
  const head = new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer());
  if (new DataView(head.buffer).byteLength < 4 || new DataView(head.buffer).getUint32(0) !== EBML) return 0;
  for (const segment of elements(head)) {
    if (segment.id !== SEGMENT) continue;
    for (const tracks of elements(segment.body)) {
      if (tracks.id !== TRACKS) continue;
      for (const entry of elements(tracks.body)) {
        if (entry.id !== TRACK_ENTRY) continue;
        const fields = [...elements(entry.body)];
        if (unsigned(fields, TRACK_NUMBER) === trackNumber) return unsigned(fields, CODEC_DELAY) / 1e9;
      }
    }
  }
  return 0;
};

const unsigned = (fields: readonly Element[], id: number): number =>
  (fields.find((field) => field.id === id)?.body ?? new Uint8Array()).reduce<number>(
    (value, byte) => value * 256 + byte,
    0,
  );

/** Elements in a row (RFC 8794 §4–6); one of unknown or too large a size reaches to the end of what is at hand. */
function* elements(bytes: Uint8Array): Generator<Element> {
  let at = 0;
  while (at < bytes.length) {
    const idLength = Math.clz32((bytes[at] ?? 0) << 24) + 1;
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32((bytes[sizeAt] ?? 0) << 24) + 1;
    if (idLength > 4 || sizeLength > 8) return;
    const id = bytes.subarray(at, sizeAt).reduce((value, byte) => value * 256 + byte, 0);
    // Without the length's marker bit: an eight-byte size that holds it is more than a number can hold exactly.
    const marked = bytes[sizeAt] ?? 0;
    const lead = marked & (0xff >> sizeLength);
    const size = bytes.subarray(sizeAt + 1, sizeAt + sizeLength).reduce((value, byte) => value * 256 + byte, lead);
    const bodyAt = sizeAt + sizeLength;
    const unknown = size >= 2 ** (7 * sizeLength) - 1;
    yield { id, body: bytes.subarray(bodyAt, unknown ? bytes.length : bodyAt + size) };
    at = unknown ? bytes.length : bodyAt + size;
  }
}
