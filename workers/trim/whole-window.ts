/** Encodes a whole window anew as H.264, for recordings whose pictures no clip can hold as they are. ffmpeg.wasm reads, decodes and encodes. */
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { RedactionBox, TrimJob, TrimRefusal } from '../../src/contracts/trim-api.ts';
import type { ReencodedSample } from './edge-encoder.ts';
import { drawBox, readEncoded } from './ffmpeg-edges.ts';
import { mountedPath, type FfmpegCore } from './ffmpeg-core.ts';
import { createFrameLog } from './frame-log.ts';
import { buildAvcC } from './h264.ts';
import type { Bytes } from './mp4-boxes.ts';
import { geometryOf, type Picture } from './picture.ts';
import { toCodedPixels } from './redaction.ts';
import { avcSampleEntry } from './sample-entries.ts';
import type { OpenSource, Recording } from './source.ts';

interface WholeWindow {
  /** On ticks of `timescale`, counted from the source's time 0. */
  readonly samples: readonly ReencodedSample[];
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: { readonly num: number; readonly den: number };
  readonly sampleEntry: Bytes;
  /** A decoder complained of damaged pictures. */
  readonly isDamaged: boolean;
}

interface WholeWindowSource {
  readonly blob: Blob;
  /** Position among the file's video tracks, from 0. */
  readonly index: number;
  /** Where reading begins, in seconds: a keyframe at or before the window is behind it. */
  readonly startAt: number;
  /** Boxes in coded pixels, times in seconds on the source's timeline. */
  readonly boxes: readonly RedactionBox[];
  /** To which pictures are scaled, where they change their size midway; null where they do not. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** Where reading begins for a second attempt: this much earlier. */
const LONGER_LEAD = 30;
/** MPEG-TS has no index: a seek lands near a time, before or behind. */
const UNINDEXED_MARGIN = 2;

/** The window of a recording as the picture of a clip. `lead` 1 begins to decode earlier. `no-keyframe-in-window` in `original` mode. */
export const wholeWindow = async (
  core: FfmpegCore,
  { blob, opened, foreign }: Recording,
  job: TrimJob,
  lead: number,
  onProgress: (fraction: number) => void,
  changesSize = false,
): Promise<Result<Picture, TrimRefusal>> => {
  if (job.mode === 'original') {
    return failure(
      'no-keyframe-in-window',
      'None of this window’s pictures can be in a clip as the camera wrote them.',
    );
  }
  const { video } = opened;
  const geometry = await geometryOf(video.track, video.facts, null);
  const boxes = job.mode === 'redacted' ? job.boxes.flatMap((box) => toCodedPixels(box, geometry) ?? []) : [];
  const startAt = foreign ? foreignStart(foreign, lead) : (await readingFrom(opened, job.from)) - lead * LONGER_LEAD;
  // Boxes are given in the size that the container announces: pictures of another are scaled to it first.
  const mayChange = changesSize || (video.facts?.sampleEntries.length ?? 1) > 1;
  const size = mayChange ? { width: geometry.codedWidth, height: geometry.codedHeight } : null;
  const encoded = await encodeWholeWindow(core, { blob, index: video.index, startAt, boxes, size }, job, onProgress);
  if (!encoded.ok) return encoded;
  const { samples, timescale, width, height, pixelAspect, sampleEntry, isDamaged } = encoded.value;
  const span = { first: (samples[0]?.ticks ?? 0) / timescale, last: (samples.at(-1)?.ticks ?? 0) / timescale };
  return ok({
    ...{ samples, timescale, sampleEntry, container: 'mp4' },
    geometry: { codedWidth: width, codedHeight: height, pixelAspect, matrix: geometry.matrix },
    framesInWindow: samples.length,
    framesOriginal: 0,
    windowSpan: span,
    keptSpan: span,
    missingAt: [],
    doubtful: isDamaged ? [span] : [],
    messages: 0,
  });
};

/** A time, in seconds, from which ffmpeg finds a keyframe at or before the window. */
const readingFrom = async ({ input, video }: OpenSource, from: number): Promise<number> => {
  const key = await video.sink.getKeyPacket(from + video.shift, { metadataOnly: true });
  const at = (key?.timestamp ?? 0) - video.shift;
  return (await input.getFormat()).name === 'MPEG Transport Stream' ? at - UNINDEXED_MARGIN : Math.min(at, from);
};

/** FFmpeg guesses presentation times of AVI and ASF from what it has decoded before: only from the file's start are they the ones players show. */
const foreignStart = ({ kind, startAt }: NonNullable<Recording['foreign']>, lead: number): number =>
  kind === 'AVI' || kind === 'ASF' || lead > 0 ? 0 : startAt;

/** Near visual transparency at a bit rate that a shared clip can bear. */
const QUALITY = '18';
const OUTPUT = 'out.mp4';
const FILTER = 'showinfo@window';
/** Reading ends this long after the window: frames may come out of order by less. */
const READ_BEYOND = 1;

/**
 * Every frame that a decoder shows in `[from, to)`, compared in whole microseconds of presentation time; frames of the whole
 * window refer back to one keyframe a second at most.
 */
const encodeWholeWindow = async (
  core: FfmpegCore,
  source: WholeWindowSource,
  { from, to }: Pick<TrimJob, 'from' | 'to'>,
  onProgress: (fraction: number) => void,
): Promise<Result<WholeWindow, TrimRefusal>> => {
  const frames = createFrameLog();
  const run = await core.run(
    {
      inputs: [{ name: 'source', data: source.blob }],
      args: [
        ...(source.startAt > 0 ? ['-seek_timestamp', '1', '-ss', source.startAt.toFixed(6), '-noaccurate_seek'] : []),
        ...['-copyts', '-noautorotate', '-threads', '1', '-i', mountedPath('source')],
        ...['-map', `0:v:${source.index}`, '-vf', filtersOf(source, from, to)],
        ...['-fps_mode', 'passthrough', '-enc_time_base', '-1'],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', QUALITY, '-bf', '0', '-threads', '1'],
        ...['-force_key_frames', 'expr:gte(t,n_forced)', '-x264-params', 'scenecut=0'],
        ...['-map_metadata', '-1', '-fflags', '+bitexact', '-f', 'mp4', OUTPUT],
      ],
      outputs: [OUTPUT],
      onLog: frames.onLog,
    },
    // The number of frames is not known before; doorbells write 15 to 30 a second.
    (count) => onProgress(Math.min(0.95, count / (20 * (to - from)))),
  );
  if (!run.ok) return isNothing(run.detail) ? nothing() : run;
  const timeBase = frames.timeBaseOf(FILTER);
  const seen = frames.ticksOf(FILTER);
  const [bytes] = run.value;
  if (!timeBase || seen.length === 0 || !bytes) return nothing();
  const encoded = await readEncoded(
    bytes,
    seen.map((ticks) => ticks * timeBase.num),
    0,
  );
  if (!encoded.ok) return encoded;
  const visual = await visualOf(bytes);
  return ok({
    samples: encoded.value.samples,
    timescale: timeBase.den,
    ...visual,
    sampleEntry: avcSampleEntry({ ...visual, colour: null }, buildAvcC(encoded.value.sets)),
    isDamaged: frames.complaints.length > 0,
  });
};

const nothing = (): Result<never, TrimRefusal> =>
  failure('nothing-in-window', 'No frame of this recording lies in the window, or none that can be decoded.');

/** What ffmpeg says when no frame reached the encoder. */
const isNothing = (detail: string): boolean =>
  /Output file is empty|received no packets|does not contain any stream/.test(detail);

const filtersOf = ({ boxes, size }: WholeWindowSource, from: number, to: number): string =>
  [
    `trim=end=${(to + READ_BEYOND).toFixed(6)}`,
    `select='${inWindow(from, to)}*(isnan(prev_selected_pts)+gt(pts,prev_selected_pts))'`,
    `${FILTER}=checksum=0`,
    ...(size ? [`scale=${size.width}:${size.height}`] : []),
    ...boxes.map((box) => drawBox(box, 0)),
    'format=yuv420p',
    // H.264 in 4:2:0 takes even sizes: a last odd row or column is doubled, not lost.
    "pad='ceil(iw/2)*2':'ceil(ih/2)*2'",
  ].join(',');

const inWindow = (from: number, to: number): string =>
  `gte(round(t*1000000),${Math.round(from * 1e6)})*lt(round(t*1000000),${Math.round(to * 1e6)})`;

const visualOf = async (bytes: Uint8Array): Promise<Pick<WholeWindow, 'width' | 'height' | 'pixelAspect'>> => {
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  return {
    width: (await track?.getCodedWidth()) ?? 0,
    height: (await track?.getCodedHeight()) ?? 0,
    pixelAspect: (await track?.getPixelAspectRatio()) ?? { num: 1, den: 1 },
  };
};
