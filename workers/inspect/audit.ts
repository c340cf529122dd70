/** The audit: reads a finished clip's bytes and its source, and says whether exactly the window is in it. Shares no code with the trimmer. */
import type { AuditJob, AuditReport, AuditRule } from '../../src/contracts/inspect-api.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { auditSound } from './audit-sound.ts';
import type { ClipFile } from './clip-file.ts';
import { clipFrames, clipParameterSets } from './clip-samples.ts';
import { compareVideo } from './compare-video.ts';
import { createDigest } from './digest.ts';
import { Findings, Unreadable } from './findings.ts';
import { findLeaks } from './leaks.ts';
import { readClip } from './read-clip.ts';
import { readSourceVideo } from './source-video.ts';
import { openSource } from './sources/open-source.ts';
import type { SourceFile } from './sources/source.ts';
import { show } from './window.ts';

/** Runs what reads the source; any failure to read it ends the audit, since nothing can be compared. */
const reading = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Unreadable({
      rule: 'source-unreadable',
      detail: `The recording could not be read again to compare with: ${why}`,
    });
  }
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
      : `The frames are exactly the recording’s frames of the window${(job.missing ?? []).length > 0 ? ' but for the damaged stretches' : ''}, each at its own time.`,
    `All ${clip.bytes.length} bytes belong to known ${clip.container === 'webm' ? 'elements' : 'boxes'} and samples; reserved fields are empty.`,
    'There are no embedded messages, software names, places, creation times or further tracks.',
    `${original} of ${frames.length} frames are the camera’s own, bit for bit.`,
  ];
};

const inspect = async (
  bytes: Uint8Array<ArrayBuffer>,
  source: SourceFile,
  clip: ClipFile,
  job: AuditJob,
  findings: Findings,
): Promise<AuditReport> => {
  const digest = await createDigest();
  const frames = clipFrames(clip, digest, findings);
  findLeaks(bytes, clip.media, clip.boxes, findings);
  const pictures = await reading(() => readSourceVideo(source.video, job, digest));
  const video = compareVideo(clip.video, frames, clipParameterSets(clip, digest), pictures, job, findings);
  const audio = await reading(() => auditSound(clip, source.audio, video, job, digest, findings));
  return {
    sha256: digest.plain(bytes),
    bytes: bytes.length,
    container: clip.container,
    codecs: { video: clip.video.coding.codec, audio: clip.audio?.coding.codec ?? null },
    frames: video.frames,
    audio,
    boxes: clip.boxes,
    checked: sentences(clip, job, video.frames, audio),
    sourceMetadata: [
      ...source.metadata,
      ...(pictures.withMessages === 0
        ? []
        : [`embedded messages (SEI) in frames around the window: ${pictures.withMessages}`]),
    ],
    sourceBytesRead: source.bytesRead(),
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
  let opened: SourceFile | null = null;
  try {
    const file = readClip(clip, findings);
    opened = await reading(() => openSource(source));
    const report = await inspect(clip, opened, file, job, findings);
    const worst = findings.gravest();
    return worst === null ? ok(report) : failure(worst.rule, worst.detail);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    findings.add(error.finding.rule, error.finding.detail);
    const worst = findings.gravest() ?? error.finding;
    return failure(worst.rule, worst.detail);
  } finally {
    opened?.close();
  }
};
