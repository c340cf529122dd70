/** The import engine: what a picked file is, read by byte ranges; or a named refusal with a sentence for the person. */
import {
  BlobSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MatroskaInputFormat,
  MP4,
  QTFF,
  WEBM,
} from 'mediabunny';
import type { Probe, ProbeRefusal, ProbeRequest } from '../../src/contracts/import-api.ts';
import type { AudioFacts, VideoFacts } from '../../src/contracts/library.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { timeCandidates } from '../../src/core/camera-clocks.ts';
import { beginsWithBox, foreignContainer } from './container.ts';
import { readCreationTime } from './creation-time.ts';
import { sampleCountsArePossible } from './sample-counts.ts';
import { sha256Of } from './sha256.ts';
import { thumbnailOf } from './thumbnail.ts';

const FORMATS = [MP4, QTFF, MATROSKA, WEBM];

/** Sample entries of protected video (ISO/IEC 23001-7 §4.1). */
const ENCRYPTED = 'encv';

const videoFacts = async (track: InputVideoTrack): Promise<VideoFacts | null> => {
  const codec = (await track.getCodecParameterString()) ?? (await track.getCodec());
  if (codec === null) return null;
  const [width, height, rotation] = await Promise.all([
    track.getDisplayWidth(),
    track.getDisplayHeight(),
    track.getRotation(),
  ]);
  return { codec, width, height, rotation };
};

const audioFacts = async (track: InputAudioTrack | null): Promise<AudioFacts | null> => {
  if (!track) return null;
  const codec = (await track.getCodecParameterString()) ?? String((await track.getInternalCodecId()) ?? 'unknown');
  const [channels, sampleRate] = await Promise.all([track.getNumberOfChannels(), track.getSampleRate()]);
  return { codec, channels, sampleRate };
};

interface Contents {
  readonly track: InputVideoTrack;
  readonly video: VideoFacts;
  readonly audio: AudioFacts | null;
  readonly firstFrameAt: number;
  readonly endsAt: number;
}

const noTracks = async (file: Blob): Promise<Result<never, ProbeRefusal>> =>
  (await beginsWithBox(file))
    ? failure(
        'damaged',
        'This video is incomplete: the part that lists its contents is missing. Copy it from the camera again.',
      )
    : failure('not-a-video', 'This is not a video, whatever its name says.');

const contentsOf = async (input: Input, file: Blob): Promise<Result<Contents, ProbeRefusal>> => {
  if (!(await input.canRead())) {
    const name = await foreignContainer(file);
    if (name) return failure('unsupported-codec', `This is ${name}, which cannot be read here. Export it as MP4.`);
    return failure('not-a-video', 'This is not a video file that can be read here (MP4, MOV, MKV or WebM).');
  }
  const tracks = await input.getTracks();
  const track = await input.getPrimaryVideoTrack();
  if (!track) {
    if (tracks.length === 0) return noTracks(file);
    return failure('no-video-track', 'This file holds sound but no video.');
  }
  if ((await track.getInternalCodecId()) === ENCRYPTED) {
    return failure('encrypted', 'This recording is encrypted by its maker. Export it again without protection.');
  }
  const video = await videoFacts(track);
  if (!video) {
    const name = await track.getInternalCodecId();
    return failure(
      'unsupported-codec',
      `This recording is coded in a way that cannot be read here (${typeof name === 'string' ? name : 'unknown'}).`,
    );
  }
  const audio = await audioFacts(await input.getPrimaryAudioTrack());
  const [firstFrameAt, endsAt] = [await track.getFirstTimestamp(), await track.computeDuration()];
  if (!(endsAt > firstFrameAt && endsAt > 0 && video.width > 0 && video.height > 0)) {
    return failure('damaged', 'This video has no frames that could be shown.');
  }
  return ok({ track, video, audio, firstFrameAt, endsAt });
};

/** The browser could not read the file at all: moved, deleted, changed since it was picked, or on a card that was taken out. */
const isReadError = (error: unknown): boolean =>
  error instanceof DOMException && ['NotFoundError', 'NotReadableError', 'SecurityError'].includes(error.name);

/**
 * Reads facts, time candidates, thumbnail and hash of one file. Never throws for anything that is in the file.
 */
export const probe = async (file: Blob, request: ProbeRequest): Promise<Result<Probe, ProbeRefusal>> => {
  if (file.size === 0) return failure('empty-file', 'This file is empty: it has no bytes at all.');
  if (!(await sampleCountsArePossible(file).catch(() => true))) {
    return failure('damaged', 'This video is damaged: it claims to hold more pictures than it has bytes.');
  }
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  try {
    const contents = await contentsOf(input, file);
    if (!contents.ok) return contents;
    const { track, video, audio, firstFrameAt, endsAt } = contents.value;
    const firstShownAt = Math.max(0, firstFrameAt);
    const durationMs = (endsAt - firstShownAt) * 1_000;
    const container = (await input.getFormat()) instanceof MatroskaInputFormat ? 'matroska' : 'mp4';
    const candidates = timeCandidates({ ...request, creationMs: await readCreationTime(file), durationMs });
    const thumbnail = request.thumbnail === false ? null : await thumbnailOf(track, firstShownAt);
    const sha256 = await sha256Of(file);
    const facts = { container, durationMs, firstFrameAt: firstShownAt, video, audio, candidates, thumbnail } as const;
    return ok({ ...facts, sha256, bytes: file.size, copy: file });
  } catch (error) {
    if (isReadError(error))
      return failure('unreadable', 'This file could not be read: it was moved or changed, or its card was taken out.');
    return failure(
      'damaged',
      `This video is damaged and cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  } finally {
    input.dispose();
  }
};
