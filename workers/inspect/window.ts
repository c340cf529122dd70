/** What belongs to a window, in whole microseconds, so that no rounding of a decimal moves a frame across its edge. */
import type { Seconds } from '../../src/contracts/units.ts';

export interface Window {
  readonly from: Seconds;
  readonly to: Seconds;
}

const micros = (seconds: Seconds): number => Math.round(seconds * 1e6);

/** A frame belongs iff `from ≤ at < to`. What the recording's own edit list hides is for its reader to say. */
export const frameBelongs = ({ from, to }: Window, at: Seconds): boolean =>
  micros(at) >= micros(from) && micros(at) < micros(to);

/** A sound packet belongs iff its whole interval lies inside; `slack` in microseconds widens (or, negative, narrows) both edges. */
export const intervalBelongs = ({ from, to }: Window, at: Seconds, duration: Seconds, slack = 0): boolean =>
  micros(at) >= micros(from) - slack && micros(at + duration) <= micros(to) + slack;

/** Seconds for messages. */
export const show = (seconds: Seconds): string => `${seconds.toFixed(3)} s`;
