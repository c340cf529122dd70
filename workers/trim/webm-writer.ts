/** Writes a WebM clip, for pictures that MP4 has no place for: header, tracks, cues, clusters; no dates, no names, no gaps. */
import { element, elementSize, float64, idBytes, text, unsigned, unsignedWide } from './ebml.ts';
import { concat, u8, type Bytes } from './mp4-boxes.ts';

/** Element ids of Matroska (RFC 9559 §5.1). */
const ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  language: 0x22b59c,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  seekPreRoll: 0x56bb,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  displayWidth: 0x54b0,
  displayHeight: 0x54ba,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

/** One tick is a millisecond, as in the recordings that such clips are cut from. */
const TICK_NS = 1_000_000;
/** Block times are 16 bits relative to their cluster's. */
const LONGEST_CLUSTER = 30_000;
/** Cue positions take four bytes each, so that the size of the cues does not depend on them. */
const POSITION_BYTES = 4;

export interface WebmFrame {
  readonly data: Uint8Array;
  /** Milliseconds since the clip's start. */
  readonly at: number;
  readonly sync: boolean;
}

export interface WebmClip {
  readonly video: {
    readonly codecId: 'V_VP8';
    readonly width: number;
    readonly height: number;
    /** Size in which the picture is to be shown, where pixels are not square; else null. */
    readonly display: { readonly width: number; readonly height: number } | null;
    /** In decode order, which is the order of presentation. */
    readonly frames: readonly WebmFrame[];
  };
  readonly audio: {
    readonly codecId: string;
    readonly codecPrivate: Uint8Array;
    readonly sampleRate: number;
    readonly channels: number;
    readonly seekPreRoll: number;
    readonly frames: readonly WebmFrame[];
  } | null;
  /** End of the last frame, in milliseconds. */
  readonly duration: number;
}

const TRACK = { video: 1, audio: 2 } as const;

interface Block extends WebmFrame {
  readonly track: number;
}

export const writeWebm = (clip: WebmClip): Bytes => {
  const header = element(
    ID.ebml,
    text(ID.docType, 'webm'),
    unsigned(ID.docTypeVersion, 4),
    unsigned(ID.docTypeReadVersion, 2),
  );
  const info = element(
    ID.info,
    unsigned(ID.timestampScale, TICK_NS),
    text(ID.muxingApp, ''),
    text(ID.writingApp, ''),
    // Of a single frame nothing in the file would bear the duration out.
    ...(clip.video.frames.length > 1 ? [float64(ID.duration, clip.duration)] : []),
  );
  const tracks = element(ID.tracks, videoEntry(clip.video), ...(clip.audio ? [audioEntry(clip.audio)] : []));
  const clusters = clustersOf(clip).map((blocks) => ({ at: blocks[0]?.at ?? 0, bytes: cluster(blocks) }));
  const cuesAt = (first: number): Bytes => {
    let at = first;
    const points = clusters.map(({ at: time, bytes }) => {
      const position = unsignedWide(ID.cueClusterPosition, at, POSITION_BYTES);
      at += bytes.length;
      const positions = element(ID.cueTrackPositions, unsigned(ID.cueTrack, TRACK.video), position);
      return element(ID.cuePoint, unsigned(ID.cueTime, time), positions);
    });
    return element(ID.cues, ...points);
  };
  const before = info.length + tracks.length;
  const cues = cuesAt(before + cuesAt(0).length);
  const parts = [info, tracks, cues, ...clusters.map(({ bytes }) => bytes)];
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([header, idBytes(ID.segment), elementSize(size, 8), ...parts]);
};

const videoEntry = ({ codecId, width, height, display }: WebmClip['video']): Bytes =>
  element(
    ID.trackEntry,
    unsigned(ID.trackNumber, TRACK.video),
    unsigned(ID.trackUid, TRACK.video),
    unsigned(ID.trackType, 1),
    unsigned(ID.flagLacing, 0),
    text(ID.language, 'und'),
    text(ID.codecId, codecId),
    element(
      ID.video,
      unsigned(ID.pixelWidth, width),
      unsigned(ID.pixelHeight, height),
      ...(display ? [unsigned(ID.displayWidth, display.width), unsigned(ID.displayHeight, display.height)] : []),
    ),
  );

const audioEntry = (audio: NonNullable<WebmClip['audio']>): Bytes =>
  element(
    ID.trackEntry,
    unsigned(ID.trackNumber, TRACK.audio),
    unsigned(ID.trackUid, TRACK.audio),
    unsigned(ID.trackType, 2),
    unsigned(ID.flagLacing, 0),
    text(ID.language, 'und'),
    text(ID.codecId, audio.codecId),
    element(ID.codecPrivate, audio.codecPrivate),
    ...(audio.seekPreRoll > 0 ? [unsigned(ID.seekPreRoll, audio.seekPreRoll)] : []),
    element(ID.audio, float64(ID.samplingFrequency, audio.sampleRate), unsigned(ID.channels, audio.channels)),
  );

/** Blocks by time, a new cluster at each keyframe of the picture and before block times overflow. */
const clustersOf = ({ video, audio }: WebmClip): readonly (readonly Block[])[] => {
  const blocks: Block[] = [
    ...video.frames.map((frame) => ({ ...frame, track: TRACK.video })),
    ...(audio?.frames ?? []).map((frame) => ({ ...frame, track: TRACK.audio })),
  ].sort((a, b) => a.at - b.at || a.track - b.track);
  const clusters: Block[][] = [];
  for (const block of blocks) {
    const current = clusters.at(-1);
    const starts = block.track === TRACK.video && block.sync;
    if (!current || starts || block.at - (current[0]?.at ?? 0) > LONGEST_CLUSTER) clusters.push([block]);
    else current.push(block);
  }
  return clusters;
};

const cluster = (blocks: readonly Block[]): Bytes => {
  const start = blocks[0]?.at ?? 0;
  return element(ID.cluster, unsigned(ID.timestamp, start), ...blocks.map((block) => simpleBlock(block, start)));
};

/** Track number, time relative to the cluster, flags: keyframe (RFC 9559 §10.2). */
const simpleBlock = ({ track, at, sync, data }: Block, start: number): Bytes => {
  const relative = at - start;
  return element(ID.simpleBlock, u8(0x80 | track, relative >> 8, relative & 0xff, sync ? 0x80 : 0), data);
};
