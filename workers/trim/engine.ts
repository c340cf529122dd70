/** Cuts one window out of one recording: open, read, plan, re-encode what must be, write. Nothing from outside goes into the clip. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimFacts, TrimJob, TrimProgress, TrimRefusal, TrimResult } from '../../src/contracts/trim-api.ts';
import { openAudio, type AudioReader } from './audio-packets.ts';
import { chooseEncoder } from './choose-encoder.ts';
import { writeClip } from './clip.ts';
import { copyCut } from './copy-cut.ts';
import { createFfmpegEdges } from './ffmpeg-edges.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { copyCoarsely, foreignKind, readingStart, type ForeignKind } from './foreign.ts';
import { isReordered } from './h264.ts';
import { geometryOf, type Picture } from './picture.ts';
import { toCodedPixels } from './redaction.ts';
import { openSource, type OpenSource } from './source.ts';
import { readVideoTable } from './video-packets.ts';
import { webcodecsEdges } from './webcodecs-edges.ts';
import { encodeWholeWindow } from './whole-window.ts';

export type ReportProgress = (progress: TrimProgress) => void;

/** Shares of the whole job that the phases take, for the progress bar. */
const READ_SHARE = 0.3;
const ENCODE_SHARE = 0.65;

/** A recording opened for cutting. */
interface Recording {
  readonly blob: Blob;
  readonly opened: OpenSource;
  /** Set when mediabunny cannot read the recording itself: `opened` is then a coarse copy of the window, without sound. */
  readonly foreign: ForeignKind | null;
}

/** The encoder of this page, and the same with threads, which only HEVC takes. */
export interface Cores {
  readonly plain: FfmpegCore;
  readonly threaded: FfmpegCore;
}

export const trim = async (
  cores: Cores,
  source: Blob,
  job: TrimJob,
  onProgress: ReportProgress,
): Promise<TrimResult> => {
  if (!Number.isFinite(job.from) || !Number.isFinite(job.to) || !(job.from < job.to)) {
    return failure('bad-window', 'A window needs a beginning before its end, both in seconds.');
  }
  try {
    const recording = await openRecording(cores.plain, source, job);
    if (!recording.ok) return recording;
    using _input = recording.value.opened.input;
    return await cut(cores, recording.value, job, onProgress);
  } catch (error) {
    // mediabunny throws on bytes it cannot follow; for the person that is a damaged file, not a crash.
    return failure(
      'damaged',
      `This recording could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const openRecording = async (core: FfmpegCore, blob: Blob, job: TrimJob): Promise<Result<Recording, TrimRefusal>> => {
  const opened = await openSource(blob);
  if (opened.ok) return ok({ blob, opened: opened.value, foreign: null });
  const foreign =
    opened.reason === 'not-a-video' || opened.reason === 'no-video-track' ? await foreignKind(blob) : null;
  if (!foreign) return opened;
  const copied = await copyCoarsely(core, blob, foreign, job);
  if (!copied.ok) return copied;
  const reopened = await openSource(copied.value);
  return reopened.ok ? ok({ blob, opened: reopened.value, foreign }) : reopened;
};

const cut = async (
  cores: Cores,
  recording: Recording,
  job: TrimJob,
  onProgress: ReportProgress,
): Promise<TrimResult> => {
  const { opened } = recording;
  const expected = (await opened.video.track.getCodec()) === 'vp8' ? 'webm' : 'mp4';
  let sound = await openSound(cores.plain, recording, job, expected);
  if (!sound.ok) return sound;
  const picture = await cutPicture(cores, recording, job, sound.value, onProgress);
  if (!picture.ok) return picture;
  if (picture.value.container !== expected) {
    sound = await openSound(cores.plain, recording, job, picture.value.container);
  }
  if (!sound.ok) return sound;
  const audio = (await sound.value?.finish()) ?? null;
  onProgress({ phase: 'writing', fraction: READ_SHARE + ENCODE_SHARE });
  const bytes = writeClip(picture.value, audio, job.to);
  onProgress({ phase: 'writing', fraction: 1 });
  const removed = [...(sound.value?.removed ?? [])];
  if (opened.audio && job.mute) removed.push('sound, as asked');
  else if (opened.audio && !audio) removed.push('sound: no whole packet lies in the window');
  return ok({ bytes, facts: factsOf(opened, picture.value, removed) });
};

const openSound = async (
  core: FfmpegCore,
  { blob, opened, foreign }: Recording,
  job: TrimJob,
  target: Picture['container'],
): Promise<Result<AudioReader | null, TrimRefusal>> =>
  job.mute
    ? ok(null)
    : openAudio(foreign ? null : opened.audio, job.from, job.to, {
        core,
        source: blob,
        target,
        facts: foreign ? null : opened.facts,
      });

const cutPicture = async (
  cores: Cores,
  recording: Recording,
  job: TrimJob,
  sound: AudioReader | null,
  onProgress: ReportProgress,
): Promise<Result<Picture, TrimRefusal>> => {
  const { video } = recording.opened;
  const { openStream } = video;
  if (!openStream) return wholeWindow(cores.plain, recording, job, onProgress);
  const table = await readVideoTable({ ...video, openStream }, job.from, job.to, async (timestamp) => {
    const fraction = Math.min(1, Math.max(0, (timestamp - job.from) / (job.to - job.from)));
    onProgress({ phase: 'reading', fraction: fraction * READ_SHARE });
    await sound?.readUntil(timestamp);
  });
  if (!table.ok) return table;
  // AVI has no presentation times: where pictures are reordered, only decoding them tells when each is shown.
  const isUntimed = recording.foreign === 'AVI' && table.value.packets.some(({ data }) => isReordered(data));
  if (isUntimed) return wholeWindow(cores.plain, recording, job, onProgress);
  const encoder = chooseEncoder(job.encoder ?? 'auto', webcodecsEdges, createFfmpegEdges(cores.plain, cores.threaded));
  const copied = await copyCut(video, table.value, job, encoder, (fraction) =>
    onProgress({ phase: 'encoding', fraction: READ_SHARE + fraction * ENCODE_SHARE }),
  );
  if (!copied.ok) return copied;
  return copied.value === 'encode-whole' ? wholeWindow(cores.plain, recording, job, onProgress) : ok(copied.value);
};

/** The window as H.264, every frame encoded anew. */
const wholeWindow = async (
  core: FfmpegCore,
  { blob, opened, foreign }: Recording,
  job: TrimJob,
  onProgress: ReportProgress,
): Promise<Result<Picture, TrimRefusal>> => {
  if (job.mode === 'original') {
    return failure(
      'no-keyframe-in-window',
      'None of this window’s pictures can be in a clip as the camera wrote them.',
    );
  }
  const { video } = opened;
  const geometry = await geometryOf(video.track, video.facts?.matrix);
  const boxes = job.mode === 'redacted' ? job.boxes.flatMap((box) => toCodedPixels(box, geometry) ?? []) : [];
  const startAt = readingStart(foreign, job.from);
  const encoded = await encodeWholeWindow(core, { blob, index: video.index, startAt, boxes }, job, (fraction) =>
    onProgress({ phase: 'encoding', fraction: READ_SHARE + fraction * ENCODE_SHARE }),
  );
  if (!encoded.ok) return encoded;
  const { samples, timescale, width, height, pixelAspect, sampleEntry } = encoded.value;
  const span = { first: (samples[0]?.ticks ?? 0) / timescale, last: (samples.at(-1)?.ticks ?? 0) / timescale };
  return ok({
    ...{ samples, timescale, sampleEntry, container: 'mp4' },
    geometry: { codedWidth: width, codedHeight: height, pixelAspect, matrix: geometry.matrix },
    framesInWindow: samples.length,
    framesOriginal: 0,
    windowSpan: span,
    keptSpan: span,
    missingAt: [],
    messages: 0,
  });
};

const factsOf = (source: OpenSource, picture: Picture, aboutSound: readonly string[]): TrimFacts => {
  const { windowSpan, keptSpan } = picture;
  const removed = [...(source.facts?.extras ?? []), ...aboutSound];
  if (picture.messages > 0) removed.push(`${picture.messages} messages embedded in the video`);
  return {
    framesInWindow: picture.framesInWindow,
    framesOriginal: picture.framesOriginal,
    framesReencoded: picture.samples.length - picture.framesOriginal,
    firstFrameAt: keptSpan.first,
    lastFrameAt: keptSpan.last,
    bytesRead: source.bytesRead(),
    removed,
    leftOutStart: Math.max(0, keptSpan.first - windowSpan.first),
    leftOutEnd: Math.max(0, windowSpan.last - keptSpan.last),
    missing: stretchesOf(picture.missingAt),
  };
};

/** Missing frames less than this apart are one stretch. */
const STRETCH_GAP = 0.5;

/** Times of single frames as stretches to tell people of. */
const stretchesOf = (times: readonly number[]): TrimFacts['missing'] => {
  const stretches: { from: number; to: number }[] = [];
  for (const time of times) {
    const last = stretches.at(-1);
    if (last && time - last.to < STRETCH_GAP) last.to = time;
    else stretches.push({ from: time, to: time });
  }
  return stretches;
};
