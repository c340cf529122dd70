/** Where a clip's picture is missing or doubtful because the recording is damaged there, in true time: what people are told of it. */
import type { VerifiedClip } from '../contracts/share.ts';
import type { EpochMs } from '../contracts/units.ts';

/** Half-open. `missing`: no picture of it is in the clip; `doubtful`: the clip shows what players make of the damaged pictures. */
export interface DamagedStretch {
  readonly kind: 'missing' | 'doubtful';
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * A clip's damaged stretches by time. The trimmer names the first and the last frame of each; a stretch lasts until the next picture
 * that the audit found in the clip, or else to the end of the window.
 */
export const damagedStretches = ({
  facts,
  report,
  job,
  recordingStartMs,
}: Pick<VerifiedClip, 'facts' | 'report' | 'job' | 'recordingStartMs'>): readonly DamagedStretch[] => {
  const stretch =
    (kind: DamagedStretch['kind']) =>
    ({ from, to }: { readonly from: number; readonly to: number }): DamagedStretch => {
      const next = report.frames.find(({ at }) => at > to + FRAME_TIME_SLACK)?.at ?? job.to;
      return {
        kind,
        from: Math.round(recordingStartMs + from * 1_000),
        to: Math.round(recordingStartMs + Math.max(next, to) * 1_000),
      };
    };
  return [...facts.missing.map(stretch('missing')), ...facts.damaged.map(stretch('doubtful'))].toSorted(
    (a, b) => a.from - b.from,
  );
};

/** Times of the same frame, told by the trimmer and by the audit, may differ by a rounding. */
const FRAME_TIME_SLACK = 1e-4;
