/** The edge encoder that works everywhere: decodes stretches of packets with ffmpeg.wasm and encodes the wanted frames. */
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { RedactionBox, TrimRefusal } from '../../src/contracts/trim-api.ts';
import type { EdgeCodec, EdgeEncoder, EdgeSegment, EdgeSource, EncodedEdges, ReencodedSample } from './edge-encoder.ts';
import { createFrameLog } from './frame-log.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { cleanAccessUnit, parseAvcC } from './h264.ts';
import { cameraSps, withSourceSignal } from './h264-signal.ts';
import { cleanHevcUnit, parseHvcC, withHevcIds } from './hevc.ts';
import { IDENTITY_MATRIX, writeMp4 } from './mp4-writer.ts';
import { lengthPrefixed, setKey, splitNalUnits } from './nal-units.ts';
import { bytesOf } from './bytes-of.ts';

/** Constant rate factor near visual transparency; a few frames a clip, so size does not matter. */
const QUALITY = '17';

/**
 * How an encoder is told to make one keyframe and frames that refer back to it, none of them reordered or hidden. VP9 is not among
 * them: libvpx-vp9 in this core ends in 'memory access out of bounds' on most pictures, at every speed that was tried.
 */
const ENCODERS: Readonly<Partial<Record<EdgeCodec, (segment: EdgeSegment, source: EdgeSource) => readonly string[]>>> =
  {
    avc: ({ setId }) => [
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', QUALITY, '-bf', '0', '-g', '9999'],
      ...['-x264-params', `sps-id=${setId}:scenecut=0`],
    ],
    // No VUI timing, fixed level: the sets of two segments come out alike. Wavefronts and frame threads need a pool of threads.
    hevc: () => [
      ...['-c:v', 'libx265', '-preset', 'ultrafast'],
      ...[
        '-x265-params',
        `crf=${QUALITY}:bframes=0:keyint=9999:scenecut=0:info=0:wpp=0:frame-threads=1:pools=1:log-level=1`,
      ],
    ],
    vp8: () => [
      ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-crf', '8', '-b:v', '50M', '-qmin', '0'],
      ...['-qmax', '24', '-auto-alt-ref', '0', '-lag-in-frames', '0', '-g', '9999', '-error-resilient', '0'],
    ],
  };

/** libx265 cannot work without threads: HEVC takes the core that has them. */
export const createFfmpegEdges = (plain: FfmpegCore, threaded: FfmpegCore): EdgeEncoder => ({
  encode: async (source, segments, onProgress) => {
    const core = source.codec === 'hevc' ? threaded : plain;
    const encoder = ENCODERS[source.codec];
    if (!encoder) {
      return failure(
        'unsupported-codec',
        `The video encoder of this page cannot encode ${source.codec.toUpperCase()}.`,
      );
    }
    const slices = segments.map((segment) => sliceOf(segment, source));
    const args = ['-copyts', '-threads', '1'];
    slices.forEach((_, index) => args.push('-i', inputName(index)));
    segments.forEach((segment, index) => {
      args.push(...filterArguments(segment, index, slices[index]?.base ?? 0, source));
      args.push(...encoder(segment, source), '-threads', '1', '-map_metadata', '-1', '-fflags', '+bitexact');
      args.push('-video_track_timescale', String(source.timescale), outputName(index, source.codec));
    });
    const total = segments.reduce((sum, segment) => sum + segment.wanted.length, 0);
    const frames = createFrameLog();
    const run = await core.run(
      {
        inputs: slices.map(({ bytes }, index) => ({ name: inputName(index), data: bytes })),
        args,
        outputs: segments.map((_, index) => outputName(index, source.codec)),
        onLog: frames.onLog,
      },
      (count) => onProgress(Math.min(1, count / total)),
    );
    if (!run.ok) return run;
    const ticks = segments.map((_, index) =>
      frames.ticksOf(filterName(index)).map((tick) => tick + (slices[index]?.base ?? 0)),
    );
    const wanted = segments.map((segment) => new Set(segment.wanted));
    const stray = ticks.flatMap((list, index) => list.filter((tick) => !wanted[index]?.has(tick)));
    if (stray.length > 0) {
      const at = (stray[0] ?? 0) / source.timescale;
      return failure(
        'damaged-in-window',
        `What comes out of the decoder at ${at.toFixed(3)} s is no frame of this recording.`,
      );
    }
    const edges = await collect(run.value, segments, ticks, frames.complaints.length > 0);
    const camera = source.codec === 'avc' ? cameraSps(source) : null;
    return edges.ok && camera ? ok(signalledLike(camera, edges.value)) : edges;
  },
});

const signalledLike = (camera: Uint8Array, { sets, ...edges }: EncodedEdges): EncodedEdges => ({
  ...edges,
  sets: { ...sets, sps: sets.sps.map((set) => withSourceSignal(set, camera) ?? set) },
});

interface Slice {
  readonly bytes: Uint8Array;
  /** Source tick that the slice calls 0. */
  readonly base: number;
}

const inputName = (index: number): string => `in${index}.mp4`;
/** VP8 has no place in MP4 that ffmpeg writes. */
const outputName = (index: number, codec: EdgeCodec): string => `out${index}.${codec === 'vp8' ? 'webm' : 'mp4'}`;
const filterName = (index: number): string => `showinfo@${index}`;

/** The packets that decoding the segment takes, as a small MP4 of their own. */
const sliceOf = ({ packets }: EdgeSegment, source: EdgeSource): Slice => {
  const base = packets.reduce((least, packet) => Math.min(least, packet.ticks), Infinity);
  const end = packets.reduce((most, packet) => Math.max(most, packet.ticks + packet.durationTicks), 0);
  const bytes = writeMp4([
    {
      kind: 'video',
      timescale: source.timescale,
      samples: packets.map(({ data, ticks, key }) => ({ data, ticks: ticks - base, sync: key })),
      endTicks: end - base,
      sampleEntry: source.sampleEntry,
      delay: 0,
      width: source.width,
      height: source.height,
      matrix: IDENTITY_MATRIX,
    },
  ]);
  return { bytes, base };
};

const filterArguments = (segment: EdgeSegment, index: number, base: number, source: EdgeSource): string[] => {
  const first = (segment.wanted[0] ?? 0) - base;
  const last = (segment.wanted.at(-1) ?? 0) - base;
  const filters = [
    // Of damaged pictures decoders may show one twice, or guess its time: the first is taken.
    `select='between(pts,${first},${last})*(isnan(prev_selected_pts)+gte(pts-prev_selected_pts,${leastStep(segment)}))'`,
    `${filterName(index)}=checksum=0`,
    ...source.boxes.map((box) => drawBox(box, base / source.timescale)),
    ...(source.codec === 'hevc' ? [`format=${HEVC_PIXELS[source.bitDepth > 8 ? 'deep' : 'plain']}`] : []),
  ];
  return ['-map', `${index}:v:0`, '-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', '-1'];
};

/** What a clip's HEVC may be; of two the one that the source has is taken, so that full range (`j`) stays what it is. */
const HEVC_PIXELS = { plain: 'yuv420p|yuvj420p', deep: 'yuv420p10le' } as const;

/** The least distance of two wanted frames. */
const leastStep = ({ wanted }: EdgeSegment): number =>
  wanted.reduce(
    (least, tick, index) => Math.min(least, tick - (wanted[index - 1] ?? -Infinity)),
    Number.MAX_SAFE_INTEGER,
  );

/** A black box for ffmpeg's filter; `shift` seconds are the time at which the filter's clock starts. */
export const drawBox = (box: RedactionBox, shift: number): string =>
  `drawbox=x=${box.x}:y=${box.y}:w=${box.width}:h=${box.height}:color=black:t=fill:` +
  `enable='gte(t,${(box.from - shift).toFixed(6)})*lt(t,${(box.to - shift).toFixed(6)})'`;

/** Pairs each encoded packet with the time of the frame it was made from: none is reordered, so the n-th is the n-th. */
const collect = async (
  outputs: readonly Uint8Array[],
  segments: readonly EdgeSegment[],
  ticks: readonly (readonly number[])[],
  isDoubtful: boolean,
): Promise<Result<EncodedEdges, TrimRefusal>> => {
  const sets = { vps: [] as Uint8Array[], sps: [] as Uint8Array[], pps: [] as Uint8Array[] };
  const encoded: (readonly ReencodedSample[])[] = [];
  for (const [index, bytes] of outputs.entries()) {
    const read = await readEncoded(bytes, ticks[index] ?? [], segments[index]?.setId ?? 0);
    if (!read.ok) return read;
    encoded.push(read.value.samples);
    for (const kind of ['vps', 'sps', 'pps'] as const) addNew(sets[kind], read.value.sets[kind] ?? []);
  }
  return ok({ segments: encoded, isDoubtful, sets });
};

/** Two segments of one size may have the very same sets. */
const addNew = (sets: Uint8Array[], more: readonly Uint8Array[]): void => {
  const known = new Set(sets.map(setKey));
  sets.push(...more.filter((set) => !known.has(setKey(set))));
};

/** The frames of a file that the core made, at the given ticks; HEVC's parameter sets get ids of their own. */
export const readEncoded = async (
  bytes: Uint8Array,
  ticks: readonly number[],
  setId: number,
): Promise<
  Result<{ readonly samples: readonly ReencodedSample[]; readonly sets: EncodedEdges['sets'] }, TrimRefusal>
> => {
  if (ticks.length === 0) return ok({ samples: [], sets: { sps: [], pps: [] } });
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
  const config = await track?.getDecoderConfig();
  const coded = codedPictures((await track?.getCodec()) ?? null, config?.description, setId);
  if (!track || !coded) return failure('core-crashed', 'The video encoder’s output could not be read.');
  const samples: ReencodedSample[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const data = coded.clean(packet.data);
    if (!data) return failure('core-crashed', 'The video encoder’s output is not as it should be.');
    samples.push({ data, ticks: ticks[samples.length] ?? NaN, sync: packet.type === 'key' });
  }
  return samples.length === ticks.length
    ? ok({ samples, sets: coded.sets })
    : failure('core-crashed', `The video encoder was given ${ticks.length} frames and made ${samples.length}.`);
};

interface CodedPictures {
  readonly sets: EncodedEdges['sets'];
  /** The packet without messages; null when it is not what was asked for. */
  clean(packet: Uint8Array): Uint8Array<ArrayBuffer> | null;
}

const codedPictures = (
  codec: string | null,
  description: AllowSharedBufferSource | undefined,
  setId: number,
): CodedPictures | null => {
  const record = description ? bytesOf(description) : new Uint8Array();
  if (codec === 'avc') {
    const sets = parseAvcC(record);
    const known = new Set(sets ? [...sets.sps, ...sets.pps].map(setKey) : []);
    return (
      sets && {
        sets,
        clean: (packet) => cleanAccessUnit(splitNalUnits(packet, sets.lengthSize) ?? [], known).data,
      }
    );
  }
  if (codec === 'hevc') return hevcPictures(record, setId);
  return { sets: { sps: [], pps: [] }, clean: (packet) => packet.slice() };
};

const hevcPictures = (record: Uint8Array, setId: number): CodedPictures | null => {
  const own = parseHvcC(record);
  if (!own) return null;
  const known = new Set([...own.vps, ...own.sps, ...own.pps].map(setKey));
  const renamed = (units: readonly Uint8Array[]): Uint8Array[] =>
    units.flatMap((unit) => withHevcIds(unit, setId) ?? []);
  return {
    sets: { vps: renamed(own.vps), sps: renamed(own.sps), pps: renamed(own.pps) },
    clean: (packet) => {
      const kept = splitNalUnits(cleanHevcUnit(splitNalUnits(packet, own.lengthSize) ?? [], known).data, 4) ?? [];
      const units = renamed(kept);
      return units.length === kept.length ? lengthPrefixed(units) : null;
    },
  };
};
