/** Reads a whole WebM clip: header, Info, Tracks, Cues, Clusters of simple blocks, and nothing else (RFC 9559, WebM guidelines). */
import { saysNothing, vorbisHeaders } from './codecs/vorbis.ts';
import type { ClipFile, ClipTrack } from './clip-file.ts';
import type { Coding } from './coding.ts';
import { EbmlWalker, type Element } from './ebml.ts';
import { notAClip, type Findings } from './findings.ts';
import type { ClipSample } from './sample-tables.ts';

const EBML_ID = [0x1a, 0x45, 0xdf, 0xa3];
/** Nanoseconds; a coarser tick would shift frames by more than a millisecond. */
const COARSEST_TICK = 1_000_000;
/** WebM asks for eighty milliseconds before a seek in Opus. */
const OPUS_PRE_ROLL = 80_000_000;

/** Whether bytes begin as an EBML file does. */
export const isWebm = (bytes: Uint8Array): boolean => EBML_ID.every((byte, index) => bytes[index] === byte);

const readHeader = (walker: EbmlWalker, header: Element): void => {
  const fixed: Readonly<Record<string, readonly (number | string)[]>> = {
    EBMLVersion: [1],
    EBMLReadVersion: [1],
    EBMLMaxIDLength: [4],
    EBMLMaxSizeLength: [8],
    DocType: ['webm'],
    DocTypeVersion: [2, 3, 4],
    DocTypeReadVersion: [1, 2],
  };
  const children = walker.split(header.start, header.end, header.path, Object.keys(fixed));
  for (const name of Object.keys(fixed)) {
    const element = walker.optional(children, name, header.path);
    if (element === null) continue;
    walker.expect(
      element,
      name === 'DocType' ? walker.text(element) : walker.unsigned(element),
      ...(fixed[name] ?? []),
    );
  }
  walker.one(children, 'DocType', header.path);
};

const readInfo = (walker: EbmlWalker, info: Element): { readonly tick: number; readonly duration: number | null } => {
  const children = walker.split(info.start, info.end, info.path, [
    'TimestampScale',
    'Duration',
    'MuxingApp',
    'WritingApp',
  ]);
  for (const name of ['MuxingApp', 'WritingApp']) {
    const element = walker.optional(children, name, info.path);
    if (element !== null && element.end > element.start)
      walker.findings.add(
        'encoder-string',
        `${element.path} names a program: ${JSON.stringify(walker.text(element))}.`,
      );
  }
  const scale = walker.optional(children, 'TimestampScale', info.path);
  const tick = scale === null ? COARSEST_TICK : walker.unsigned(scale);
  if (tick === 0 || tick > COARSEST_TICK) notAClip(`${info.path} has a time unit of ${tick} ns.`);
  const duration = walker.optional(children, 'Duration', info.path);
  return { tick, duration: duration === null ? null : walker.float(duration) };
};

const AUDIO_CODECS: Readonly<Record<string, string>> = { A_OPUS: 'opus', A_VORBIS: 'vorbis' };
const VIDEO_CODECS: Readonly<Record<string, string>> = { V_VP8: 'vp8', V_VP9: 'vp9', V_AV1: 'av1' };

const readPicture = (walker: EbmlWalker, video: Element): void => {
  const children = walker.split(video.start, video.end, video.path, [
    ...['PixelWidth', 'PixelHeight', 'DisplayWidth', 'DisplayHeight', 'DisplayUnit', 'FlagInterlaced', 'Colour'],
  ]);
  for (const element of children) {
    if (element.name === 'Colour') {
      const parts = ['MatrixCoefficients', 'Range', 'TransferCharacteristics', 'Primaries'];
      for (const part of walker.split(element.start, element.end, element.path, parts)) walker.unsigned(part);
    } else if (element.name === 'DisplayUnit') walker.expect(element, walker.unsigned(element), 0, 3);
    else walker.unsigned(element);
  }
  walker.one(children, 'PixelWidth', video.path);
  walker.one(children, 'PixelHeight', video.path);
};

const readSound = (walker: EbmlWalker, audio: Element): void => {
  const children = walker.split(audio.start, audio.end, audio.path, ['SamplingFrequency', 'Channels', 'BitDepth']);
  for (const element of children) {
    if (element.name === 'SamplingFrequency') walker.float(element);
    else walker.unsigned(element);
  }
};

interface TrackHead {
  readonly kind: 'video' | 'audio';
  readonly number: number;
  readonly coding: Coding;
}

/** A TrackEntry; null, with a finding, when it is neither picture nor sound. */
const readTrackEntry = (walker: EbmlWalker, entry: Element): TrackHead | null => {
  const { path } = entry;
  const children = walker.split(entry.start, entry.end, path, [
    ...['TrackNumber', 'TrackUID', 'TrackType', 'FlagLacing', 'Language', 'CodecID', 'CodecPrivate'],
    ...['CodecDelay', 'SeekPreRoll', 'DefaultDuration', 'Video', 'Audio'],
  ]);
  const number = walker.unsigned(walker.one(children, 'TrackNumber', path));
  const uid = walker.one(children, 'TrackUID', path);
  // A random number would tell files of one program apart.
  walker.expect(uid, walker.unsigned(uid), 1, 2);
  for (const [name, ...allowed] of [
    ['FlagLacing', 0],
    ['CodecDelay', 0],
    ['SeekPreRoll', 0, OPUS_PRE_ROLL],
  ] as const) {
    const element = walker.optional(children, name, path);
    if (element !== null) walker.expect(element, walker.unsigned(element), ...allowed);
  }
  const language = walker.optional(children, 'Language', path);
  if (language !== null) walker.expect(language, walker.text(language), 'und');
  const type = walker.unsigned(walker.one(children, 'TrackType', path));
  const id = walker.text(walker.one(children, 'CodecID', path));
  const settings = walker.optional(children, 'CodecPrivate', path);
  if (type === 1) {
    const codec = VIDEO_CODECS[id];
    if (codec === undefined) return notAClip(`${path} is coded as ${JSON.stringify(id)}, which WebM clips do not use.`);
    readPicture(walker, walker.one(children, 'Video', path));
    if (settings !== null)
      walker.findings.add('unaccounted-bytes', `${settings.path} has settings that ${codec} does not need.`);
    return { kind: 'video', number, coding: { kind: 'video', codec, framing: null, parameterSets: [] } };
  }
  if (type === 2) {
    const codec = AUDIO_CODECS[id];
    if (codec === undefined) return notAClip(`${path} is coded as ${JSON.stringify(id)}, which WebM clips do not use.`);
    readSound(walker, walker.one(children, 'Audio', path));
    const head = walker.one(children, 'CodecPrivate', path);
    const configuration = walker.reader(head).take(head.end - head.start);
    if (codec === 'opus') {
      const length = configuration[18] === 0 ? 19 : 21 + (configuration[9] ?? 0);
      if (configuration[8] !== 1 || configuration.length !== length)
        walker.findings.add('unaccounted-bytes', `${head.path} is not an OpusHead of the length it says.`);
    } else {
      const headers = vorbisHeaders(configuration);
      if (headers === null || !saysNothing(headers))
        walker.findings.add('encoder-string', `${head.path} names the encoder or holds tags.`);
    }
    return { kind: 'audio', number, coding: { kind: 'audio', codec, configuration, pcm: null } };
  }
  walker.findings.add('extra-track', `The clip has a track of type ${type}, which is neither picture nor sound.`);
  return null;
};

interface Block {
  readonly track: number;
  readonly at: number;
  readonly key: boolean;
  readonly offset: number;
  readonly size: number;
}

const readBlock = (walker: EbmlWalker, element: Element, clusterTime: number): Block => {
  const reader = walker.reader(element);
  const track = walker.number(reader, false);
  const relative = (reader.u16() << 16) >> 16;
  const flags = reader.u8();
  // Reserved bits and lacing; a key frame, an invisible and a discardable frame are marked by the others.
  walker.expect(element, flags & 0x76, 0);
  return { track, at: clusterTime + relative, key: (flags & 0x80) !== 0, offset: reader.at, size: reader.left };
};

const readClusters = (walker: EbmlWalker, clusters: readonly Element[]): readonly Block[] =>
  clusters.flatMap((cluster) => {
    const children = walker.split(cluster.start, cluster.end, cluster.path, ['Timestamp', 'SimpleBlock']);
    const time = walker.unsigned(walker.one(children, 'Timestamp', cluster.path));
    return children.filter(({ name }) => name === 'SimpleBlock').map((element) => readBlock(walker, element, time));
  });

/** Places to seek to must be places of this clip: a time and an offset from anywhere else would tell of the recording. */
const checkCues = (
  walker: EbmlWalker,
  cues: Element,
  blocks: readonly Block[],
  clusters: readonly Element[],
  base: number,
): void => {
  const times = new Set(blocks.map(({ at }) => at));
  for (const point of walker.split(cues.start, cues.end, cues.path, ['CuePoint'])) {
    const children = walker.split(point.start, point.end, point.path, ['CueTime', 'CueTrackPositions']);
    const time = walker.one(children, 'CueTime', point.path);
    if (!times.has(walker.unsigned(time)))
      walker.findings.add('unaccounted-bytes', `${time.path} names a time at which no block begins.`);
    for (const positions of children.filter(({ name }) => name === 'CueTrackPositions')) {
      const parts = walker.split(positions.start, positions.end, positions.path, [
        'CueTrack',
        'CueClusterPosition',
        'CueRelativePosition',
      ]);
      const place = walker.one(parts, 'CueClusterPosition', positions.path);
      const at = walker.unsigned(place);
      if (!clusters.some(({ offset }) => offset - base === at))
        walker.findings.add('unaccounted-bytes', `${place.path} points to byte ${base + at}, where no cluster begins.`);
      walker.unsigned(walker.one(parts, 'CueTrack', positions.path));
      const relative = walker.optional(parts, 'CueRelativePosition', positions.path);
      if (relative !== null) walker.unsigned(relative);
    }
  }
};

/** One track's blocks as samples; a block lasts until the next is shown, the last as long as the one before it. */
const samplesOf = (blocks: readonly Block[]): readonly ClipSample[] => {
  const times = blocks.map(({ at }) => at).toSorted((a, b) => a - b);
  const lengths = new Map(times.map((at, index) => [at, (times[index + 1] ?? at) - at]));
  const last = times.at(-1) ?? 0;
  lengths.set(last, last - (times.at(-2) ?? last));
  return blocks.map(({ at, key, offset, size }, index) => ({
    number: index + 1,
    ...{ offset, size, dts: times[index] ?? at, pts: at, duration: lengths.get(at) ?? 0, sync: key },
  }));
};

/** Parses the clip. Throws `Unreadable` when it cannot be read on; everything else out of order goes into `findings`. */
export const readWebm = (bytes: Uint8Array, findings: Findings): ClipFile => {
  const walker = new EbmlWalker(bytes, findings);
  const top = walker.split(0, bytes.length, '', ['EBML', 'Segment']);
  readHeader(walker, walker.one(top, 'EBML', 'The file'));
  const segment = walker.one(top, 'Segment', 'The file');
  const parts = walker.split(segment.start, segment.end, segment.path, ['Info', 'Tracks', 'Cues', 'Cluster']);
  const { tick, duration } = readInfo(walker, walker.one(parts, 'Info', segment.path));
  const tracksElement = walker.one(parts, 'Tracks', segment.path);
  const heads = walker
    .split(tracksElement.start, tracksElement.end, tracksElement.path, ['TrackEntry'])
    .flatMap((entry) => readTrackEntry(walker, entry) ?? []);
  const clusters = parts.filter(({ name }) => name === 'Cluster');
  const blocks = readClusters(walker, clusters);
  const [video, ...moreVideo] = heads.filter(({ kind }) => kind === 'video');
  const [audio, ...moreAudio] = heads.filter(({ kind }) => kind === 'audio');
  for (const { kind } of [...moreVideo, ...moreAudio])
    findings.add('extra-track', `The clip has a second ${kind} track.`);
  if (video === undefined) return notAClip('The clip has no picture track.');
  const known = new Set(heads.map(({ number }) => number));
  if (known.size !== heads.length || heads.some(({ number }) => number === 0 || number > 2))
    findings.add('unaccounted-bytes', `The tracks are numbered ${heads.map(({ number }) => number).join(', ')}.`);
  blocks.forEach(({ track, offset, size }) => {
    if (!known.has(track))
      findings.add(
        'extra-track',
        `The block at byte ${offset} belongs to track ${track}, which the clip does not have.`,
      );
    if (size === 0) findings.add('unaccounted-bytes', `The block at byte ${offset} is empty.`);
  });
  const trackOf = ({ kind, number, coding }: TrackHead): ClipTrack => {
    const samples = samplesOf(blocks.filter(({ track }) => track === number));
    if (samples.length === 0) notAClip(`The ${kind} track has no blocks.`);
    return { kind, id: number, timescale: 1e9 / tick, coding, samples, delay: 0 };
  };
  const cues = walker.optional(parts, 'Cues', segment.path);
  if (cues !== null) checkCues(walker, cues, blocks, clusters, segment.start);
  const tracks = { video: trackOf(video), audio: audio === undefined ? null : trackOf(audio) };
  checkDuration(walker, duration, tracks.video, tracks.audio);
  const media = { start: clusters[0]?.start ?? bytes.length, end: clusters.at(-1)?.end ?? bytes.length };
  return {
    container: 'webm',
    bytes,
    ...tracks,
    media,
    delayTick: tick / 1e9,
    boxes: walker.seen.toSorted((a, b) => a.offset - b.offset),
  };
};

/** The length must be the clip's, within a frame: that of the recording would tell more. */
const checkDuration = (
  walker: EbmlWalker,
  duration: number | null,
  video: ClipTrack,
  audio: ClipTrack | null,
): void => {
  if (duration === null) return;
  const samples = [...video.samples, ...(audio?.samples ?? [])];
  const end = samples.reduce((most, sample) => Math.max(most, sample.pts + sample.duration), 0);
  const longest = samples.reduce((most, sample) => Math.max(most, sample.duration), 0);
  if (!(Math.abs(duration - end) <= longest + 1))
    walker.findings.add(
      'unaccounted-bytes',
      `Segment/Info says the clip lasts ${duration} ticks; its blocks last ${end}.`,
    );
};
