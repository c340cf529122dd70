/** Finds the WAVEFORMATEX of a Matroska track that has one (`A_MS/ACM`): mediabunny names no codec for those (RFC 9559 §5.1.4). */

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const CODEC_PRIVATE = 0x63a2;
/** Tracks come before the media in all that is written as a file. */
const LOOKED_AT = 1 << 20;

interface Part {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Elements one after another; ends at the first that makes no sense. Unknown sizes reach to the end. */
const partsIn = (bytes: Uint8Array, from: number, to: number): readonly Part[] => {
  const parts: Part[] = [];
  let at = from;
  const number = (keepMarker: boolean): number => {
    const first = bytes[at] ?? 0;
    const length = Math.clz32(first) - 23;
    if (first === 0 || at + length > to) return -1;
    let value = keepMarker ? first : first & ((1 << (8 - length)) - 1);
    let unknown = value === (1 << (8 - length)) - 1;
    for (let index = 1; index < length; index += 1) {
      value = value * 256 + (bytes[at + index] ?? 0);
      if (bytes[at + index] !== 0xff) unknown = false;
    }
    at += length;
    return unknown && !keepMarker ? Infinity : value;
  };
  while (at + 2 <= to) {
    const id = number(true);
    const size = number(false);
    if (id < 0 || size < 0) break;
    const end = Math.min(to, at + size);
    parts.push({ id, start: at, end });
    at = end;
  }
  return parts;
};

/** CodecPrivate of a track; null when the file is no Matroska or the track has none. */
export const codecPrivate = async (blob: Blob, track: number): Promise<Uint8Array | null> => {
  const bytes = new Uint8Array(await blob.slice(0, LOOKED_AT).arrayBuffer());
  const inside = (parts: readonly Part[], id: number): readonly Part[] =>
    parts.filter((part) => part.id === id).flatMap(({ start, end }) => partsIn(bytes, start, end));
  for (const entry of inside(inside(partsIn(bytes, 0, bytes.length), SEGMENT), TRACKS)) {
    if (entry.id !== TRACK_ENTRY) continue;
    const fields = partsIn(bytes, entry.start, entry.end);
    const number = fields.find(({ id }) => id === TRACK_NUMBER);
    if (number === undefined || bytes[number.end - 1] !== track) continue;
    const settings = fields.find(({ id }) => id === CODEC_PRIVATE);
    return settings === undefined ? null : bytes.subarray(settings.start, settings.end);
  }
  return null;
};
