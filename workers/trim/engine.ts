/** Cuts one window out of one recording: open, read, plan, re-encode what must be, write. Nothing from outside goes into the clip. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimFacts, TrimJob, TrimProgress, TrimRefusal, TrimResult } from '../../src/contracts/trim-api.ts';
import { openAudio, type AudioReader } from './audio-packets.ts';
import { chooseEncoder } from './choose-encoder.ts';
import { writeClip } from './clip.ts';
import { copyCut } from './copy-cut.ts';
import { createFfmpegEdges } from './ffmpeg-edges.ts';
import type { FfmpegCore } from './ffmpeg-core.ts';
import { copyCoarsely, foreignKind } from './foreign.ts';
import { foreignTimes } from './foreign-times.ts';
import type { Picture } from './picture.ts';
import { openSource, type OpenSource, type Recording } from './source.ts';
import { readVideoTable } from './video-packets.ts';
import { webcodecsEdges } from './webcodecs-edges.ts';
import { wholeWindow } from './whole-window.ts';

export type ReportProgress = (progress: TrimProgress) => void;

/** Shares of the whole job that the phases take, for the progress bar. */
const READ_SHARE = 0.3;
const ENCODE_SHARE = 0.65;

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
  const kind = opened.reason === 'not-a-video' || opened.reason === 'no-video-track' ? await foreignKind(blob) : null;
  if (!kind) return opened;
  const copied = await copyCoarsely(core, blob, kind, job);
  if (!copied.ok) return copied;
  const reopened = await openSource(copied.value.file);
  if (!reopened.ok) return reopened;
  const { video } = reopened.value;
  const times = await foreignTimes(kind, video.track, copied.value);
  if (!times.ok) return times;
  return ok({
    blob,
    opened: { ...reopened.value, video: { ...video, times: times.value } },
    foreign: { kind, startAt: copied.value.startAt },
  });
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

/**
 * Recordings whose access points do not keep their promise (open groups, recovery points, damage) show it when they are decoded: then
 * decoding begins earlier, once.
 */
const cutPicture = async (
  cores: Cores,
  recording: Recording,
  job: TrimJob,
  sound: AudioReader | null,
  onProgress: ReportProgress,
): Promise<Result<Picture, TrimRefusal>> => {
  const first = await attemptPicture(cores, recording, job, 0, sound, onProgress);
  const isSound = first.ok
    ? first.value.doubtful.length === 0 && first.value.missingAt.length === 0
    : first.reason !== 'damaged-in-window';
  if (isSound) return first;
  const second = await attemptPicture(cores, recording, job, 1, sound, onProgress);
  return second.ok ? second : first;
};

const attemptPicture = async (
  cores: Cores,
  recording: Recording,
  job: TrimJob,
  lead: number,
  sound: AudioReader | null,
  onProgress: ReportProgress,
): Promise<Result<Picture, TrimRefusal>> => {
  const { video } = recording.opened;
  const { openStream } = video;
  const whole = (changesSize = false): Promise<Result<Picture, TrimRefusal>> =>
    wholeWindow(cores.plain, recording, job, lead, onEncoded(onProgress), changesSize);
  if (!openStream) return whole();
  const table = await readVideoTable({ ...video, openStream }, job.from, job.to, lead, async (timestamp) => {
    const fraction = Math.min(1, Math.max(0, (timestamp - job.from) / (job.to - job.from)));
    onProgress({ phase: 'reading', fraction: fraction * READ_SHARE });
    await sound?.readUntil(timestamp);
  });
  if (!table.ok) return table;
  if (table.value.stream.changesSize) return whole(true);
  const encoder = chooseEncoder(job.encoder ?? 'auto', webcodecsEdges, createFfmpegEdges(cores.plain, cores.threaded));
  const copied = await copyCut(video, table.value, job, lead, encoder, onEncoded(onProgress));
  if (!copied.ok) return copied;
  return copied.value === 'encode-whole' ? whole() : ok(copied.value);
};

const onEncoded =
  (onProgress: ReportProgress) =>
  (fraction: number): void =>
    onProgress({ phase: 'encoding', fraction: READ_SHARE + fraction * ENCODE_SHARE });

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
    missing: stretchesOf(
      picture.missingAt,
      picture.samples.map(({ ticks }) => ticks / picture.timescale),
    ),
    damaged: picture.doubtful.map(({ first, last }) => ({ from: first, to: last })),
  };
};

/** Missing frames less than this apart are one stretch. */
const STRETCH_GAP = 0.5;

/** Times of single frames, ascending, as stretches to tell people of: none holds a frame that was kept. */
const stretchesOf = (times: readonly number[], kept: readonly number[]): TrimFacts['missing'] => {
  const stretches: { from: number; to: number }[] = [];
  for (const time of times) {
    const last = stretches.at(-1);
    const to = last?.to ?? -Infinity;
    if (last && time - to < STRETCH_GAP && !kept.some((at) => at > to && at < time)) last.to = time;
    else stretches.push({ from: time, to: time });
  }
  return stretches;
};
