/** Re-encodes chosen frames of a packet range with ffmpeg.wasm and gives them back as samples on the source's ticks. */
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { RedactionBox, TrimRefusal } from '../../src/contracts/trim-api.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { buildAvcC, cleanAccessUnit, parseAvcC, setKey, splitNalUnits, type ParameterSets } from './h264.ts';
import { IDENTITY_MATRIX, writeMp4 } from './mp4-writer.ts';
import type { ReencodeSegment } from './plan.ts';
import { avcSampleEntry } from './sample-entries.ts';
import { bytesOf } from './source.ts';
import type { VideoTable } from './video-packets.ts';

export interface ReencodedSample {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Ticks on the source's timeline. */
  readonly ticks: number;
  readonly sync: boolean;
}

export interface Reencoded {
  /** One list for each segment asked for, in presentation order. */
  readonly segments: readonly (readonly ReencodedSample[])[];
  readonly sets: ParameterSets;
}

export interface ReencodeSettings {
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** For each segment the parameter-set id that the encoder is told to use: the sets of two runs may differ. */
  readonly setIds: readonly number[];
  /** Boxes in coded pixels, times in seconds on the source's timeline. */
  readonly boxes: readonly RedactionBox[];
}

/** Constant rate factor near visual transparency; a few frames a clip, so size does not matter. */
const QUALITY = '17';

/** Decodes each segment's packets and encodes its frames as one IDR and frames that refer back to it; one ffmpeg job. */
export const reencode = async (
  core: FfmpegCore,
  table: VideoTable,
  segments: readonly ReencodeSegment[],
  settings: ReencodeSettings,
  onProgress: (fraction: number) => void,
): Promise<Result<Reencoded, TrimRefusal>> => {
  const slices = segments.map((segment) => sliceOf(table, segment, settings));
  const args = ['-copyts', '-threads', '1'];
  slices.forEach((_, index) => args.push('-i', inputName(index)));
  slices.forEach((slice, index) => args.push(...encodeArguments(slice, index, settings)));
  const total = segments.reduce((sum, segment) => sum + segment.frames.length, 0);
  const run = await core.run(
    {
      inputs: slices.map((slice, index) => ({ name: inputName(index), data: slice.bytes })),
      args,
      outputs: slices.map((_, index) => outputName(index)),
    },
    (frames) => onProgress(Math.min(1, frames / total)),
  );
  if (!run.ok) return run;

  const sets = { sps: [] as Uint8Array[], pps: [] as Uint8Array[] };
  const encoded: (readonly ReencodedSample[])[] = [];
  for (const [index, slice] of slices.entries()) {
    const read = await readOutput(run.value[index] ?? new Uint8Array(), slice, settings.timescale);
    if (!read.ok) return read;
    encoded.push(read.value.samples);
    sets.sps.push(...read.value.sets.sps);
    sets.pps.push(...read.value.sets.pps);
  }
  return ok({ segments: encoded, sets });
};

interface Slice {
  readonly bytes: Uint8Array;
  /** Source tick that the slice calls 0. */
  readonly base: number;
  /** Wanted source ticks, ascending. */
  readonly wanted: readonly number[];
}

const inputName = (index: number): string => `in${index}.mp4`;
const outputName = (index: number): string => `out${index}.mp4`;

/** The packets that decoding the segment takes, as a small MP4 of their own. */
const sliceOf = (table: VideoTable, segment: ReencodeSegment, settings: ReencodeSettings): Slice => {
  const packets = table.packets.slice(segment.decodeFrom, segment.decodeTo);
  const base = packets.reduce((least, packet) => Math.min(least, packet.ticks), Infinity);
  const end = packets.reduce((most, packet) => Math.max(most, packet.ticks + packet.durationTicks), 0);
  const visual = { width: settings.width, height: settings.height, pixelAspect: { num: 1, den: 1 }, colour: null };
  const bytes = writeMp4([
    {
      kind: 'video',
      timescale: settings.timescale,
      samples: packets.map((packet, index) => ({
        data: packet.data,
        ticks: packet.ticks - base,
        sync: index === 0 || packet.access === 'clean',
      })),
      endTicks: end - base,
      sampleEntry: avcSampleEntry(visual, buildAvcC(table.sets)),
      delay: 0,
      width: settings.width,
      height: settings.height,
      matrix: IDENTITY_MATRIX,
    },
  ]);
  const wanted = segment.frames.map((frame) => table.packets[frame]?.ticks ?? 0);
  return { bytes, base, wanted };
};

const encodeArguments = (slice: Slice, index: number, settings: ReencodeSettings): string[] => {
  const first = (slice.wanted[0] ?? 0) - slice.base;
  const last = (slice.wanted.at(-1) ?? 0) - slice.base;
  const seconds = (time: number): string => (time - slice.base / settings.timescale).toFixed(6);
  const filters = [
    `select='between(pts,${first},${last})'`,
    ...settings.boxes.map(
      (box) =>
        `drawbox=x=${box.x}:y=${box.y}:w=${box.width}:h=${box.height}:color=black:t=fill:` +
        `enable='gte(t,${seconds(box.from)})*lt(t,${seconds(box.to)})'`,
    ),
  ];
  return [
    ...['-map', `${index}:v:0`, '-vf', filters.join(','), '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', QUALITY, '-bf', '0', '-g', '9999', '-threads', '1'],
    ...['-x264-params', `sps-id=${settings.setIds[index] ?? 0}:scenecut=0`],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-video_track_timescale', String(settings.timescale)],
    ...['-f', 'mp4', outputName(index)],
  ];
};

/** Reads the encoder's MP4 and puts its frames on the source's ticks; every wanted frame must be there, at its time. */
const readOutput = async (
  bytes: Uint8Array,
  slice: Slice,
  timescale: number,
): Promise<Result<{ samples: readonly ReencodedSample[]; sets: ParameterSets }, TrimRefusal>> => {
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
  const config = await track?.getDecoderConfig();
  const sets = config?.description ? parseAvcC(bytesOf(config.description)) : null;
  if (!track || !sets) return missing(slice, 0, timescale);
  const known = new Set([...sets.sps, ...sets.pps].map(setKey));
  const samples: ReencodedSample[] = [];
  let firstAt: number | null = null;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    firstAt ??= packet.timestamp;
    const units = splitNalUnits(packet.data, sets.lengthSize) ?? [];
    const clean = cleanAccessUnit(units, known);
    const ticks = (slice.wanted[0] ?? 0) + Math.round((packet.timestamp - firstAt) * timescale);
    samples.push({ data: clean.data, ticks, sync: clean.access === 'clean' });
  }
  const wrong = slice.wanted.findIndex((ticks, index) => samples[index]?.ticks !== ticks);
  if (wrong >= 0 || samples.length !== slice.wanted.length) return missing(slice, Math.max(0, wrong), timescale);
  return ok({ samples, sets });
};

const missing = (slice: Slice, index: number, timescale: number): Result<never, TrimRefusal> =>
  failure(
    'damaged-in-window',
    `The picture at ${((slice.wanted[index] ?? 0) / timescale).toFixed(3)} s of this recording could not be decoded.`,
  );
