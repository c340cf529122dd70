/** The audit: reads a finished clip's bytes and its source, and says whether exactly the window is in it. Shares no code with the trimmer. */
import { ALL_FORMATS, BlobSource, Input, type InputTrack } from 'mediabunny';
import type { AuditJob, AuditReport, AuditRule } from '../../src/contracts/inspect-api.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { readClip, type ClipFile } from './clip-file.ts';
import { clipFrames, clipPackets, clipParameterSets } from './clip-samples.ts';
import { compareAudio } from './compare-audio.ts';
import { compareVideo, type VideoVerdict } from './compare-video.ts';
import { createDigest, type Digest } from './digest.ts';
import { Findings, Unreadable } from './findings.ts';
import { findLeaks } from './leaks.ts';
import { sourceMetadata } from './source-metadata.ts';
import { shownUntil } from './source-edits.ts';
import { readSourceAudio, readSourceVideo, type SourceTrack } from './source-tracks.ts';
import { intervalBelongs, show } from './window.ts';

interface SourceFacts {
  readonly video: SourceTrack;
  readonly audio: SourceTrack | null;
  readonly metadata: readonly string[];
}

/** What players play: the first track marked as default whose codec is known, else the first of a known codec, else the first. */
const mainTrack = async <Track extends InputTrack>(tracks: readonly Track[]): Promise<Track | null> => {
  const known: Track[] = [];
  for (const track of tracks) if ((await track.getCodec()) !== null) known.push(track);
  for (const track of known) if ((await track.getDisposition()).default) return track;
  return known[0] ?? tracks[0] ?? null;
};

/** Reads the source; any failure to read it ends the audit, since nothing can be compared. */
const readSource = async (source: Blob, job: AuditJob, digest: Digest): Promise<SourceFacts> => {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(source) });
  try {
    const video = await mainTrack(await input.getVideoTracks());
    if (video === null) throw new Error('it has no picture track');
    const audio = await mainTrack(await input.getAudioTracks());
    const until = await shownUntil(source, video.id);
    return {
      video: await readSourceVideo(video, until, job.from, job.to, digest),
      audio: audio === null ? null : await readSourceAudio(audio, job.from, job.to, digest),
      metadata: await sourceMetadata(source, input),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unreadable({
      rule: 'source-unreadable',
      detail: `The recording could not be read again to compare with: ${why}`,
    });
  } finally {
    input.dispose();
  }
};

/** Sound that must not be there, sound that must, and the sound that is. */
const auditSound = (
  clip: ClipFile,
  source: SourceFacts,
  video: VideoVerdict,
  job: AuditJob,
  digest: Digest,
  findings: Findings,
): AuditReport['audio'] => {
  if (clip.audio === null) {
    // Sound in codecs that MP4 clips do not carry may be left out; AAC may not, unless the person muted it.
    const inside =
      source.audio?.samples.some((sample) => intervalBelongs(job, sample.at, sample.duration, -2)) ?? false;
    if (!job.mute && source.audio?.codec === 'aac' && inside && job.mode !== 'original') {
      findings.add('frame-missing', 'The recording has sound in the window and the clip has none.');
    }
    return null;
  }
  if (job.mute || source.audio === null) {
    findings.add(
      'extra-track',
      job.mute ? 'The clip has sound although it was to be muted.' : 'The clip has sound and the recording has none.',
    );
    return null;
  }
  const { packets, configuration } = clipPackets(clip, clip.audio, digest);
  const verdict = compareAudio(clip.audio, packets, configuration, source.audio, job, findings);
  const shift = (offset: number, delayTicks: number): number => offset - delayTicks / clip.movieTimescale;
  const apart = shift(video.offset, clip.video.delayTicks) - shift(verdict.offset, clip.audio.delayTicks);
  if (Math.abs(apart) > video.tolerance + verdict.tolerance + 1 / clip.movieTimescale) {
    findings.add(
      'wrong-timestamp',
      `Sound and picture are ${show(Math.abs(apart))} further apart than in the recording.`,
    );
  }
  return verdict.audio;
};

const sentences = (
  clip: ClipFile,
  job: AuditJob,
  frames: AuditReport['frames'],
  audio: AuditReport['audio'],
): readonly string[] => {
  const original = frames.filter(({ origin }) => origin === 'original').length;
  const window = `${show(job.from)}–${show(job.to)}`;
  return [
    `Every sample in the file, hidden ones included, lies within ${window} of the recording: ${frames.length} frames${audio === null ? ' and no sound' : ` and ${audio.packets} sound packets`}.`,
    job.mode === 'original'
      ? 'The frames are the recording’s own, without a gap; some may be left out at either end.'
      : 'The frames are exactly the recording’s frames of the window, each at its own time.',
    `All ${clip.walker.bytes.length} bytes belong to known boxes and samples; reserved fields are empty.`,
    'There are no embedded messages, software names, places, creation times or further tracks.',
    `${original} of ${frames.length} frames are the camera’s own, bit for bit.`,
  ];
};

const inspect = async (
  bytes: Uint8Array<ArrayBuffer>,
  source: Blob,
  job: AuditJob,
  findings: Findings,
): Promise<AuditReport> => {
  const digest = await createDigest();
  const clip = readClip(bytes, findings);
  const frames = clipFrames(clip, digest, findings);
  findLeaks(bytes, clip.mdat, clip.walker.seen, findings);
  const facts = await readSource(source, job, digest);
  const video = compareVideo(clip.video, frames, clipParameterSets(clip, digest), facts.video, job, findings);
  const audio = auditSound(clip, facts, video, job, digest, findings);
  return {
    sha256: digest.plain(bytes),
    bytes: bytes.length,
    frames: video.frames,
    audio,
    boxes: clip.walker.seen,
    checked: sentences(clip, job, video.frames, audio),
    sourceMetadata: [
      ...facts.metadata,
      ...(facts.video.withMessages === 0
        ? []
        : [`embedded messages (SEI) in frames around the window: ${facts.video.withMessages}`]),
    ],
  };
};

/**
 * Audits the very bytes that are about to leave against their source.
 * Returns the report only when nothing at all was found wrong; otherwise the gravest finding, its detail naming sample, box or byte.
 * Never throws for any bytes in `clip` or `source`.
 */
export const audit = async (
  clip: Uint8Array<ArrayBuffer>,
  source: Blob,
  job: AuditJob,
): Promise<Result<AuditReport, AuditRule>> => {
  const findings = new Findings();
  try {
    const report = await inspect(clip, source, job, findings);
    const worst = findings.gravest();
    return worst === null ? ok(report) : failure(worst.rule, worst.detail);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    findings.add(error.finding.rule, error.finding.detail);
    const worst = findings.gravest() ?? error.finding;
    return failure(worst.rule, worst.detail);
  }
};
