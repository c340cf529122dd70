/** The cut that keeps the camera's own bits: packets of the window as they are, frames at its edges encoded anew. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimJob, TrimRefusal } from '../../src/contracts/trim-api.ts';
import { doubtfulSpans } from './doubt.ts';
import type { EdgeEncoder, EdgeSegment, EdgeSource, EncodedEdges, ReencodedSample } from './edge-encoder.ts';
import { buildAvcC } from './h264.ts';
import { concat, type Bytes } from './mp4-boxes.ts';
import { geometryOf, type Picture } from './picture.ts';
import { keptFrames, planCut, type CutPlan, type ReencodeSegment } from './plan.ts';
import { toCodedPixels, type Geometry } from './redaction.ts';
import { avcSampleEntry } from './sample-entries.ts';
import type { VideoSource } from './source.ts';
import type { VideoTable } from './video-packets.ts';
import type { VideoStream } from './video-stream.ts';

/** `encode-whole`: no camera bits are to be kept, and the window is better encoded as another codec. */
export type CopyOutcome = Result<Picture | 'encode-whole', TrimRefusal>;

/**
 * Codecs whose windows become H.264 when none of the camera's bits are kept anyway: it plays everywhere. VP8, VP9 and AV1
 * stay what they are, as browsers encode them faster than the core does H.264.
 */
const BETTER_AS_H264 = new Set(['hevc', 'mjpeg']);

export const copyCut = async (
  video: VideoSource,
  table: VideoTable,
  job: TrimJob,
  lead: number,
  encoder: EdgeEncoder,
  onProgress: (fraction: number) => void,
): Promise<CopyOutcome> => {
  const exact = planCut(table.packets, job.mode, lead);
  if (!exact.ok) return exact;
  // Nobody encodes 10 bits of AV1: where frames must be encoded, all are, as H.264, since a track is of one codec.
  const isChanged = isBeyondEncoders(table.stream) && (exact.value.head ?? exact.value.tail) !== null;
  const plan = isChanged ? planCut(table.packets, 'redacted', lead) : exact;
  if (!plan.ok) return plan;
  if (plan.value.body === null && BETTER_AS_H264.has(table.stream.codec)) return ok('encode-whole');
  const geometry = await geometryOf(video.track, video.facts, table.stream.size);
  const encodeAs = isChanged ? 'avc' : null;
  const edges = await encodeEdges(video, table, plan.value, job, geometry, encodeAs, encoder, onProgress);
  if (!edges.ok) {
    const canCoreDecode = table.stream.codec !== 'av1';
    return edges.reason === 'unsupported-codec' && canCoreDecode ? ok('encode-whole') : edges;
  }
  const stream = isChanged ? asAvc(table.stream) : table.stream;
  return picture(video, { ...table, stream }, plan.value, geometry, edges.value);
};

const isBeyondEncoders = ({ codec, bitDepth }: VideoStream): boolean => codec === 'av1' && bitDepth > 8;

/** The stream whose pictures have all been encoded anew as H.264. */
const asAvc = (stream: VideoStream): VideoStream => ({
  ...stream,
  clipEntry: (visual, _, encoded) =>
    avcSampleEntry(visual, buildAvcC({ sps: encoded?.sps ?? [], pps: encoded?.pps ?? [] })),
});

const encodeEdges = async (
  video: VideoSource,
  table: VideoTable,
  plan: CutPlan,
  job: TrimJob,
  geometry: Geometry,
  encodeAs: 'avc' | null,
  encoder: EdgeEncoder,
  onProgress: (fraction: number) => void,
): Promise<Result<EncodedEdges | null, TrimRefusal>> => {
  const segments = [plan.head, plan.tail].filter((segment) => segment !== null);
  const { stream } = table;
  if (segments.length === 0) return ok(null);
  const setIds = stream.freeSetIds(segments.length);
  const config = await video.track.getDecoderConfig();
  if (setIds === null || stream.codec === 'mjpeg' || !config) {
    return failure('unsupported-codec', 'This recording’s own settings leave no room for those of encoded frames.');
  }
  const source: EdgeSource = {
    codec: stream.codec,
    encodeAs: encodeAs ?? stream.codec,
    colour: video.facts?.colour ?? null,
    decoderConfig: stream.decoderConfig(config),
    sampleEntry: stream.sourceEntry(visualOf(video, geometry)),
    timescale: video.timescale,
    width: geometry.codedWidth,
    height: geometry.codedHeight,
    interlaced: stream.interlaced,
    bitDepth: stream.bitDepth,
    boxes: job.mode === 'redacted' ? job.boxes.flatMap((box) => toCodedPixels(box, geometry) ?? []) : [],
  };
  return encoder.encode(
    source,
    segments.map((segment, index) => edgeSegment(table, segment, setIds[index] ?? 0)),
    onProgress,
  );
};

const visualOf = (video: VideoSource, { codedWidth, codedHeight, pixelAspect }: Geometry) => ({
  width: codedWidth,
  height: codedHeight,
  pixelAspect,
  colour: video.facts?.colour ?? null,
});

const edgeSegment = (table: VideoTable, segment: ReencodeSegment, setId: number): EdgeSegment => ({
  packets: table.packets
    .slice(segment.decodeFrom, segment.decodeTo)
    .map(({ data, ticks, durationTicks, access }, index) => ({
      ...{ data, ticks, durationTicks },
      key: index === 0 || access === 'clean' || access === 'leading',
    })),
  wanted: segment.frames.map((frame) => table.packets[frame]?.ticks ?? 0),
  setId,
});

const picture = (
  video: VideoSource,
  table: VideoTable,
  plan: CutPlan,
  geometry: Geometry,
  edges: EncodedEdges | null,
): Result<Picture, TrimRefusal> => {
  const samples = assemble(table, plan, edges);
  const seconds = (ticks: number): number => ticks / video.timescale;
  const inside = table.packets.filter((packet) => packet.belongs).map((packet) => packet.ticks);
  const planned = keptFrames(table.packets, plan).map((index) => table.packets[index]?.ticks ?? 0);
  const there = new Set(samples.map(({ ticks }) => ticks));
  const kept = planned.filter((ticks) => there.has(ticks));
  const complained = new Set(
    edges?.isDoubtful ? [plan.head, plan.tail].flatMap((segment) => segment?.frames ?? []) : [],
  );
  const missing = [...planned.filter((ticks) => !there.has(ticks)).map(seconds), ...table.damagedAt];
  if (kept.length === 0) {
    return failure('damaged-in-window', `None of the ${missing.length} pictures of the window can be decoded.`);
  }
  return ok({
    samples,
    timescale: video.timescale,
    container: table.stream.container,
    sampleEntry: table.stream.clipEntry(visualOf(video, geometry), plan.body !== null, edges?.sets ?? null),
    geometry,
    framesInWindow: inside.length + table.damagedAt.length,
    framesOriginal: plan.body?.filter((index) => table.packets[index]?.belongs).length ?? 0,
    windowSpan: { first: seconds(inside.reduce(lesser)), last: seconds(inside.reduce(greater)) },
    keptSpan: { first: seconds(kept[0] ?? 0), last: seconds(kept.at(-1) ?? 0) },
    missingAt: missing.sort((a, b) => a - b),
    doubtful: doubtfulSpans(
      keptFrames(table.packets, plan).flatMap((index) => {
        const packet = table.packets[index];
        if (!packet || !there.has(packet.ticks)) return [];
        return [{ at: seconds(packet.ticks), doubtful: packet.doubtful || complained.has(index) }];
      }),
    ),
    messages: table.messages,
  });
};

/** Hours have more frames than a call may have arguments. */
const lesser = (a: number, b: number): number => Math.min(a, b);
const greater = (a: number, b: number): number => Math.max(a, b);

/** Head, body and tail in decode order, on the source's ticks. */
const assemble = (table: VideoTable, plan: CutPlan, edges: EncodedEdges | null): readonly ReencodedSample[] => {
  const encoded = [...(edges?.segments ?? [])];
  const { stream } = table;
  const announced = (samples: readonly ReencodedSample[], sets: EncodedEdges['sets'] | null) =>
    edges ? preceded(samples, stream.inBandSets(sets)) : samples;
  const sets = edges?.sets ?? null;
  const head = closed(announced(plan.head ? (encoded.shift() ?? []) : [], sets), stream.sequenceEnd);
  const tail = announced(plan.tail ? (encoded.shift() ?? []) : [], sets);
  const body = (plan.body ?? []).flatMap((index) => {
    const packet = table.packets[index];
    const sync = packet?.access === 'clean' || packet?.access === 'leading';
    return packet ? [{ data: packet.data, ticks: packet.ticks, sync }] : [];
  });
  return [...head, ...announced(body, null), ...tail];
};

const preceded = (samples: readonly ReencodedSample[], sets: Bytes | null): readonly ReencodedSample[] => {
  const [first, ...rest] = samples;
  return first && sets ? [{ ...first, data: concat([sets, first.data]) }, ...rest] : samples;
};

const closed = (head: readonly ReencodedSample[], end: Bytes | null): readonly ReencodedSample[] => {
  const last = head.at(-1);
  return last && end ? [...head.slice(0, -1), { ...last, data: concat([last.data, end]) }] : head;
};
