/** A clip's frames gathered into runs of one origin, and counted: what the frame strip draws. */
import type { AuditedFrame, FrameOrigin } from '../../contracts/inspect-api.ts';
import type { Seconds } from '../../contracts/units.ts';

export interface FrameRun {
  readonly origin: FrameOrigin;
  readonly frames: number;
  /** On the source's timeline; a run ends where the next frame begins, the last one at `end`. */
  readonly from: Seconds;
  readonly to: Seconds;
}

/** Neighbouring frames of one origin as one run. `frames` in presentation order; `end` is the window's end. */
export const frameRuns = (frames: readonly AuditedFrame[], end: Seconds): readonly FrameRun[] => {
  const runs: { origin: FrameOrigin; frames: number; from: Seconds; to: Seconds }[] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last) last.to = frame.at;
    if (last?.origin === frame.origin) last.frames += 1;
    else runs.push({ origin: frame.origin, frames: 1, from: frame.at, to: frame.at });
  }
  const last = runs.at(-1);
  if (last) last.to = Math.max(last.from, end);
  return runs;
};

export const countFrames = (
  frames: readonly AuditedFrame[],
): { readonly total: number; readonly original: number; readonly reencoded: number } => {
  const original = frames.filter((frame) => frame.origin === 'original').length;
  return { total: frames.length, original, reencoded: frames.length - original };
};
