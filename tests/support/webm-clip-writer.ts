/** Writes WebM clips for tests of the audit, by hand and apart from the trimmer's writer. */
import { bytes, u16 } from './clip-writer.ts';

type Part = Uint8Array | string | readonly number[];

export interface WebmBlock {
  readonly data: Uint8Array;
  /** Milliseconds from the clip's start. */
  readonly at: number;
  readonly key?: boolean;
  readonly invisible?: boolean;
  readonly track?: number;
}

export interface WebmAdditions {
  readonly header?: Uint8Array;
  readonly segment?: Uint8Array;
  readonly info?: Uint8Array;
  readonly track?: Uint8Array;
  readonly cluster?: Uint8Array;
  readonly trailing?: Uint8Array;
  readonly writingApp?: string;
  readonly durationMs?: number;
  readonly unknownSize?: boolean;
}

const idBytes = (id: number): number[] => {
  const parts: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) parts.unshift(rest % 256);
  return parts;
};

/** An element; its size always takes four bytes. */
export const element = (id: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytes(...parts);
  const { length } = body;
  return bytes(idBytes(id), [0x10 | (length >>> 24), (length >>> 16) & 255, (length >>> 8) & 255, length & 255], body);
};

const number = (id: number, value: number): Uint8Array => element(id, idBytes(value));

const float = (id: number, value: number): Uint8Array => {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setFloat64(0, value);
  return element(id, body);
};

export interface WebmTracks {
  readonly codec: string;
  readonly opusHead?: Uint8Array;
}

/** A clip of one cluster; sound blocks have track 2. */
export const writeWebmClip = (
  { codec, opusHead }: WebmTracks,
  blocks: readonly WebmBlock[],
  additions: WebmAdditions = {},
): Uint8Array<ArrayBuffer> => {
  const none = new Uint8Array();
  const end = Math.max(...blocks.map(({ at }) => at)) + 67;
  const info = element(
    0x1549a966,
    number(0x2ad7b1, 1_000_000),
    element(0x4d80),
    element(0x5741, additions.writingApp ?? ''),
    float(0x4489, additions.durationMs ?? end),
    additions.info ?? none,
  );
  const video = element(
    0xae,
    ...[number(0xd7, 1), number(0x73c5, 1), number(0x83, 1), number(0x9c, 0), element(0x22b59c, 'und')],
    ...[element(0x86, codec), element(0xe0, number(0xb0, 160), number(0xba, 120)), additions.track ?? none],
  );
  const audio =
    opusHead === undefined
      ? none
      : element(
          0xae,
          ...[number(0xd7, 2), number(0x73c5, 2), number(0x83, 2), element(0x86, 'A_OPUS'), element(0x63a2, opusHead)],
          element(0xe1, float(0xb5, 48_000), number(0x9f, opusHead[9] ?? 1)),
        );
  const simple = ({ data, at, key, invisible, track = 1 }: WebmBlock): Uint8Array =>
    element(0xa3, [0x80 | track], u16(at), [(key === true ? 0x80 : 0) | (invisible === true ? 8 : 0)], data);
  const sorted = blocks.toSorted((a, b) => a.at - b.at || (a.track ?? 1) - (b.track ?? 1));
  const cluster = element(0x1f43b675, element(0xe7, [0]), additions.cluster ?? none, ...sorted.map(simple));
  const header = element(
    0x1a45dfa3,
    ...[number(0x4286, 1), number(0x42f7, 1), number(0x42f2, 4), number(0x42f3, 8), element(0x4282, 'webm')],
    ...[number(0x4287, 4), number(0x4285, 2), additions.header ?? none],
  );
  const segment = element(0x18538067, info, element(0x1654ae6b, video, audio), additions.segment ?? none, cluster);
  if (additions.unknownSize === true) segment.set([0x1f, 0xff, 0xff, 0xff], 4);
  return bytes(header, segment, additions.trailing ?? none);
};
