/** The only maker of verified clips: the audit must pass on the very bytes at hand. */
import type { AuditJob, AuditReport, AuditRule } from '../../contracts/inspect-api.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { VerifiedClip } from '../../contracts/share.ts';
import type { TrimJob, TrimmedClip } from '../../contracts/trim-api.ts';
import type { EpochMs, TimeWindow } from '../../contracts/units.ts';
import { sha256Hex } from '../../core/sha256.ts';

/** What the stage needs of the inspect worker's handle. */
export interface ClipInspector {
  audit(
    clip: Uint8Array<ArrayBuffer>,
    source: Blob,
    job: AuditJob,
    signal?: AbortSignal,
  ): Promise<Result<AuditReport, AuditRule>>;
}

export interface ClipToVerify {
  readonly requestId: string;
  readonly recordingId: string;
  readonly cameraId: string;
  readonly clip: TrimmedClip;
  readonly job: TrimJob;
  readonly source: Blob;
  /** The overlap that was cut, in true time. */
  readonly window: TimeWindow;
  /** True time of presentation time 0 of the recording. */
  readonly recordingStartMs: EpochMs;
}

/**
 * Audits a clip. Only when every rule held, and the bytes here hash to what the audit read, does it become a `VerifiedClip`;
 * otherwise the rule that was broken and the sample or byte that broke it.
 */
export const verifyClip = async (
  inspector: ClipInspector,
  { clip, job, source, ...about }: ClipToVerify,
  signal?: AbortSignal,
): Promise<Result<VerifiedClip, AuditRule>> => {
  const { from, to, mode, mute } = job;
  const audited = await inspector.audit(
    clip.bytes,
    source,
    { from, to, mode, mute, missing: clip.facts.missing },
    signal,
  );
  if (!audited.ok) return audited;
  if ((await sha256Hex(clip.bytes)) !== audited.value.sha256) {
    return failure('unaccounted-bytes', 'The clip changed while it was being checked. Cut it again.');
  }
  // The brand exists only in the types, so this is the one place that may claim it.
  return ok({ ...about, bytes: clip.bytes, job, facts: clip.facts, report: audited.value } as unknown as VerifiedClip);
};
