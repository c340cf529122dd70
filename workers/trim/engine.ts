/** Cuts one window out of one recording: open, read, plan, re-encode the edges, write. Nothing from outside goes into the clip. */
import type { InputVideoTrack } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimFacts, TrimJob, TrimProgress, TrimRefusal, TrimResult } from '../../src/contracts/trim-api.ts';
import { openAudio, type AudioCut } from './audio-packets.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { buildAvcC, freeParameterSetIds } from './h264.ts';
import { IDENTITY_MATRIX, writeMp4, type ClipTrack } from './mp4-writer.ts';
import { keptFrames, planCut, type CutPlan, type ReencodeSegment } from './plan.ts';
import { toCodedPixels, type Geometry } from './redaction.ts';
import { reencode, type Reencoded, type ReencodedSample } from './reencode.ts';
import { avcSampleEntry } from './sample-entries.ts';
import { openSource, type OpenSource } from './source.ts';
import { readVideoTable, type VideoTable } from './video-packets.ts';

export type ReportProgress = (progress: TrimProgress) => void;

/** Shares of the whole job that the phases take, for the progress bar. */
const READ_SHARE = 0.3;
const ENCODE_SHARE = 0.65;

export const trim = async (
  core: FfmpegCore,
  source: Blob,
  job: TrimJob,
  onProgress: ReportProgress,
): Promise<TrimResult> => {
  if (!Number.isFinite(job.from) || !Number.isFinite(job.to) || !(job.from < job.to)) {
    return failure('bad-window', 'A window needs a beginning before its end, both in seconds.');
  }
  try {
    const opened = await openSource(source);
    if (!opened.ok) return opened;
    using _input = opened.value.input;
    return await cut(core, opened.value, job, onProgress);
  } catch (error) {
    // mediabunny throws on bytes it cannot follow; for the person that is a damaged file, not a crash.
    return failure(
      'damaged',
      `This recording could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const cut = async (
  core: FfmpegCore,
  source: OpenSource,
  job: TrimJob,
  onProgress: ReportProgress,
): Promise<TrimResult> => {
  const { video } = source;
  const sound = source.audio && !job.mute ? await openAudio(source.audio, job.from, job.to) : ok(null);
  if (!sound.ok) return sound;
  const table = await readVideoTable(video, job.from, job.to, async (timestamp) => {
    const fraction = Math.min(1, Math.max(0, (timestamp - job.from) / (job.to - job.from)));
    onProgress({ phase: 'reading', fraction: fraction * READ_SHARE });
    await sound.value?.readUntil(timestamp);
  });
  if (!table.ok) return table;
  const plan = planCut(table.value.packets, job.mode);
  if (!plan.ok) return plan;

  const audio = (await sound.value?.finish()) ?? null;
  const geometry = await geometryOf(video.track, video.facts?.matrix);
  const edges = await encodeEdges(core, table.value, plan.value, job, geometry, video.timescale, onProgress);
  if (!edges.ok) return edges;

  onProgress({ phase: 'writing', fraction: READ_SHARE + ENCODE_SHARE });
  const sets = {
    sps: [...table.value.sets.sps, ...(edges.value?.sets.sps ?? [])],
    pps: [...table.value.sets.pps, ...(edges.value?.sets.pps ?? [])],
  };
  const used = plan.value.body ? sets : (edges.value?.sets ?? sets);
  const samples = assemble(table.value, plan.value, edges.value);
  const clip = { samples, geometry, avcC: buildAvcC(used), colour: video.facts?.colour ?? null };
  const bytes = writeMp4(clipTracks(clip, video.timescale, audio, job));
  onProgress({ phase: 'writing', fraction: 1 });
  return ok({ bytes, facts: factsOf(source, table.value, plan.value, audio, job) });
};

const geometryOf = async (track: InputVideoTrack, matrix: readonly number[] | undefined): Promise<Geometry> => ({
  codedWidth: await track.getCodedWidth(),
  codedHeight: await track.getCodedHeight(),
  pixelAspect: await track.getPixelAspectRatio(),
  matrix: matrix ? withoutTranslation(matrix) : rotationMatrix(await track.getRotation()),
});

/** Translations in a track matrix place the picture on a canvas; players show it from its corner. */
const withoutTranslation = (matrix: readonly number[]): readonly number[] =>
  matrix.map((word, index) => (index === 6 || index === 7 ? 0 : word));

const rotationMatrix = (degreesClockwise: number): readonly number[] => {
  const sine = Math.round(Math.sin((degreesClockwise * Math.PI) / 180)) * 0x10000;
  const cosine = Math.round(Math.cos((degreesClockwise * Math.PI) / 180)) * 0x10000;
  return [cosine, sine, 0, -sine, cosine, 0, 0, 0, IDENTITY_MATRIX[8] ?? 0];
};

const segmentsOf = (plan: CutPlan): readonly ReencodeSegment[] =>
  [plan.head, plan.tail].filter((segment) => segment !== null);

const encodeEdges = async (
  core: FfmpegCore,
  table: VideoTable,
  plan: CutPlan,
  job: TrimJob,
  geometry: Geometry,
  timescale: number,
  onProgress: ReportProgress,
): Promise<Result<Reencoded | null, TrimRefusal>> => {
  const segments = segmentsOf(plan);
  if (segments.length === 0) return ok(null);
  const setIds = freeParameterSetIds(table.seen, segments.length);
  if (setIds === null) {
    return failure(
      'unsupported-structure',
      'This recording uses every H.264 parameter set id; it cannot be cut exactly.',
    );
  }
  const boxes = job.mode === 'redacted' ? job.boxes.flatMap((box) => toCodedPixels(box, geometry) ?? []) : [];
  return reencode(
    core,
    table,
    segments,
    { timescale, width: geometry.codedWidth, height: geometry.codedHeight, setIds, boxes },
    (fraction) => onProgress({ phase: 'encoding', fraction: READ_SHARE + fraction * ENCODE_SHARE }),
  );
};

/** Head, body and tail in decode order, on the source's ticks. */
const assemble = (table: VideoTable, plan: CutPlan, edges: Reencoded | null): readonly ReencodedSample[] => {
  const encoded = [...(edges?.segments ?? [])];
  const head = plan.head ? (encoded.shift() ?? []) : [];
  const tail = plan.tail ? (encoded.shift() ?? []) : [];
  const body = (plan.body ?? []).flatMap((index) => {
    const packet = table.packets[index];
    return packet ? [{ data: packet.data, ticks: packet.ticks, sync: packet.access === 'clean' }] : [];
  });
  return [...head, ...body, ...tail];
};

interface VideoCut {
  readonly samples: readonly ReencodedSample[];
  readonly geometry: Geometry;
  readonly avcC: Uint8Array;
  readonly colour: Uint8Array | null;
}

const clipTracks = (video: VideoCut, timescale: number, audio: AudioCut | null, job: TrimJob): readonly ClipTrack[] => {
  const { geometry, samples } = video;
  const ticks = samples.map((sample) => sample.ticks).sort((a, b) => a - b);
  const first = ticks[0] ?? 0;
  const last = ticks.at(-1) ?? 0;
  const usual = ticks.length > 1 ? last - (ticks.at(-2) ?? 0) : Math.round(timescale / 25);
  const windowEnd = Math.ceil(job.to * timescale);
  const end = Math.max(last + 1, Math.min(last + Math.max(1, usual), windowEnd));
  const videoStart = first / timescale;
  const clipStart = Math.min(videoStart, audio?.startsAt ?? videoStart);
  const visual = {
    width: geometry.codedWidth,
    height: geometry.codedHeight,
    pixelAspect: geometry.pixelAspect,
    colour: video.colour,
  };
  const tracks: ClipTrack[] = [
    {
      kind: 'video',
      timescale,
      samples: samples.map((sample) => ({ ...sample, ticks: sample.ticks - first })),
      endTicks: end - first,
      sampleEntry: avcSampleEntry(visual, video.avcC),
      delay: videoStart - clipStart,
      width: (geometry.codedWidth * geometry.pixelAspect.num) / geometry.pixelAspect.den,
      height: geometry.codedHeight,
      matrix: geometry.matrix,
    },
  ];
  if (audio) {
    tracks.push({
      kind: 'audio',
      timescale: audio.timescale,
      samples: audio.samples,
      endTicks: audio.endTicks,
      sampleEntry: audio.sampleEntry,
      delay: audio.startsAt - clipStart,
      width: 0,
      height: 0,
      matrix: IDENTITY_MATRIX,
    });
  }
  return tracks;
};

const factsOf = (
  source: OpenSource,
  table: VideoTable,
  plan: CutPlan,
  audio: AudioCut | null,
  job: TrimJob,
): TrimFacts => {
  const { timescale } = source.video;
  const inside = table.packets.filter((packet) => packet.belongs);
  const kept = keptFrames(table.packets, plan);
  const at = (ticks: number | undefined): number => (ticks ?? 0) / timescale;
  const insideTicks = inside.map((packet) => packet.ticks).sort((a, b) => a - b);
  const firstFrameAt = at(table.packets[kept[0] ?? 0]?.ticks);
  const lastFrameAt = at(table.packets[kept.at(-1) ?? 0]?.ticks);
  const removed = [...(source.facts?.extras ?? [])];
  if (table.seiMessages > 0) removed.push(`${table.seiMessages} SEI messages in the video`);
  if (source.audio && !audio) removed.push(job.mute ? 'sound, as asked' : 'sound: no whole packet lies in the window');
  return {
    framesInWindow: inside.length,
    framesOriginal: plan.body?.length ?? 0,
    framesReencoded: segmentsOf(plan).reduce((sum, segment) => sum + segment.frames.length, 0),
    firstFrameAt,
    lastFrameAt,
    bytesRead: source.bytesRead(),
    removed,
    leftOutStart: Math.max(0, firstFrameAt - at(insideTicks[0])),
    leftOutEnd: Math.max(0, at(insideTicks.at(-1)) - lastFrameAt),
  };
};
