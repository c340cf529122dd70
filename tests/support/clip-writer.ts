/** Writes clips for tests of the audit, by hand and apart from the trimmer's writer, so that neither can hide the other's mistakes. */

export interface WrittenSample {
  readonly data: Uint8Array;
  /** Presentation time in the track's ticks. */
  readonly pts: number;
  readonly sync?: boolean;
}

export interface WrittenTrack {
  readonly handler: 'vide' | 'soun' | 'meta';
  readonly timescale: number;
  /** A whole sample entry box. */
  readonly entry: Uint8Array;
  /** In decode order. */
  readonly samples: readonly WrittenSample[];
  /** Duration of the last presented sample, in ticks. */
  readonly lastDuration: number;
  /** Movie ticks of an empty edit before the media. */
  readonly delay?: number;
}

export interface Additions {
  readonly top?: Uint8Array;
  readonly moov?: Uint8Array;
  readonly stbl?: Uint8Array;
  /** Bytes in mdat that no sample owns: before and after the samples. */
  readonly mdatBefore?: Uint8Array;
  readonly mdatAfter?: Uint8Array;
  readonly trailing?: Uint8Array;
}

export const bytes = (...parts: readonly (Uint8Array | string | readonly number[])[]): Uint8Array<ArrayBuffer> => {
  const pieces = parts.map((part) =>
    typeof part === 'string' ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : Uint8Array.from(part),
  );
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
};

export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const u32 = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

export const box = (type: string, ...parts: readonly (Uint8Array | string | readonly number[])[]): Uint8Array => {
  const body = bytes(...parts);
  return bytes(u32(body.length + 8), type, body);
};

const full = (
  type: string,
  version: number,
  flags: number,
  ...parts: readonly (Uint8Array | string | readonly number[])[]
): Uint8Array => box(type, [version, 0, flags >> 8, flags & 255], ...parts);

const UNITY = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].flatMap(u32);

export const avc1 = (width: number, height: number, avcC: Uint8Array): Uint8Array =>
  box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width),
    u16(height),
    u32(0x48_0000),
    u32(0x48_0000),
    zeros(4),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    box('avcC', avcC),
  );

export const mp4a = (channels: number, rate: number, config: Uint8Array): Uint8Array => {
  const specific = bytes([5, config.length], config);
  const decoder = bytes([0x40, 0x15, 0, 0, 0], u32(0), u32(0), specific);
  const stream = bytes([0, 0, 0], [4, decoder.length], decoder, [6, 1, 2]);
  return box(
    'mp4a',
    zeros(6),
    u16(1),
    zeros(8),
    u16(channels),
    u16(16),
    zeros(4),
    u16(rate),
    zeros(2),
    full('esds', 0, 0, [3, stream.length], stream),
  );
};

const timesOf = (track: WrittenTrack): { dts: number[]; end: number } => {
  const dts = track.samples.map(({ pts }) => pts).toSorted((a, b) => a - b);
  return { dts, end: (dts.at(-1) ?? 0) + track.lastDuration };
};

const trak = (
  track: WrittenTrack,
  id: number,
  movieTimescale: number,
  offset: number,
  additions: Additions,
): Uint8Array => {
  const { dts, end } = timesOf(track);
  const durations = dts.map((at, index) => (dts[index + 1] ?? end) - at);
  const shown = Math.round((end * movieTimescale) / track.timescale);
  const delay = track.delay ?? 0;
  const sync = track.samples.flatMap((sample, index) => (sample.sync === true ? [index + 1] : []));
  const edits =
    delay === 0
      ? []
      : [
          box(
            'edts',
            full('elst', 0, 0, u32(2), u32(delay), u32(-1), u32(0x1_0000), u32(shown), u32(0), u32(0x1_0000)),
          ),
        ];
  const header = track.handler === 'vide' ? full('vmhd', 0, 1, zeros(8)) : full('smhd', 0, 0, zeros(4));
  const count = track.samples.length;
  const tables = [
    full('stsd', 0, 0, u32(1), track.entry),
    full(
      'stts',
      0,
      0,
      u32(count),
      durations.flatMap((ticks) => [...u32(1), ...u32(ticks)]),
    ),
    full(
      'ctts',
      1,
      0,
      u32(count),
      track.samples.flatMap(({ pts }, index) => [...u32(1), ...u32(pts - (dts[index] ?? 0))]),
    ),
    ...(track.handler === 'vide' ? [full('stss', 0, 0, u32(sync.length), sync.flatMap(u32))] : []),
    full('stsc', 0, 0, u32(1), u32(1), u32(count), u32(1)),
    full(
      'stsz',
      0,
      0,
      u32(0),
      u32(count),
      track.samples.flatMap(({ data }) => u32(data.length)),
    ),
    full('stco', 0, 0, u32(1), u32(offset)),
    ...(track.handler === 'vide' && additions.stbl !== undefined ? [additions.stbl] : []),
  ];
  const minf = box('minf', header, box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1))), box('stbl', ...tables));
  return box(
    'trak',
    full('tkhd', 0, 3, zeros(8), u32(id), zeros(4), u32(delay + shown), zeros(8), zeros(8), UNITY, zeros(8)),
    ...edits,
    box(
      'mdia',
      full('mdhd', 0, 0, zeros(8), u32(track.timescale), u32(end), u16(0x55c4), zeros(2)),
      full('hdlr', 0, 0, zeros(4), track.handler, zeros(13)),
      minf,
    ),
  );
};

/** A clip with its tracks one after the other in mdat. The movie's time unit is the first track's. */
export const writeClip = (tracks: readonly WrittenTrack[], additions: Additions = {}): Uint8Array<ArrayBuffer> => {
  const movieTimescale = tracks[0]?.timescale ?? 1;
  const longest = Math.max(
    ...tracks.map((track) => (track.delay ?? 0) + Math.round((timesOf(track).end * movieTimescale) / track.timescale)),
  );
  const mvhd = full(
    'mvhd',
    0,
    0,
    zeros(8),
    u32(movieTimescale),
    u32(longest),
    u32(0x1_0000),
    u16(0x100),
    zeros(10),
    UNITY,
    zeros(24),
    u32(tracks.length + 1),
  );
  const head = bytes(box('ftyp', 'isom', u32(0x200), 'isom', 'iso6', 'mp41'), additions.top ?? []);
  const moovAt = (start: number): Uint8Array => {
    let at = start;
    const traks = tracks.map((track, index) => {
      const written = trak(track, index + 1, movieTimescale, at, additions);
      at += track.samples.reduce((sum, { data }) => sum + data.length, 0);
      return written;
    });
    return box('moov', mvhd, ...traks, additions.moov ?? []);
  };
  const before = additions.mdatBefore ?? new Uint8Array();
  const moov = moovAt(head.length + moovAt(0).length + 8 + before.length);
  const media = tracks.flatMap((track) => track.samples.map(({ data }) => data));
  return bytes(head, moov, box('mdat', before, ...media, additions.mdatAfter ?? []), additions.trailing ?? []);
};

/** Where the payload of the `nth` box of a type begins, by its four characters. Throws Error when there is none. */
export const payloadOf = (file: Uint8Array, type: string, nth = 0): number => {
  const wanted = Buffer.from(type, 'latin1');
  let at = -1;
  for (let count = 0; count <= nth; count += 1)
    at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(wanted, at + 1);
  if (at < 0) throw new Error(`no box ${type}`);
  return at + 4;
};

/** A copy of the file with some bytes replaced. */
export const patched = (file: Uint8Array, at: number, replacement: readonly number[]): Uint8Array<ArrayBuffer> => {
  const copy = Uint8Array.from(file);
  copy.set(replacement, at);
  return copy;
};
