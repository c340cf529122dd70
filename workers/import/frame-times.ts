/** When a stream's frames are shown, from the presentation times at its beginning and at its end. */
import type { Seconds } from '../../src/contracts/units.ts';

/** The usual distance between two frames shown: the median of those seen, a 25th of a second when there is one frame only. */
export const frameSeconds = (times: readonly Seconds[]): Seconds => {
  const shown = [...new Set(times)].toSorted((a, b) => a - b);
  const gaps = shown.slice(1).map((time, index) => time - (shown[index] ?? time));
  return gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0.04;
};

/** MPEG's clock has 33 bits of 90 kHz and begins again after 26½ hours (ISO/IEC 13818-1 §2.4.3.7). */
const WRAP_S: Seconds = 2 ** 33 / 90_000;

export interface Shown {
  readonly firstFrameAt: Seconds;
  readonly endsAt: Seconds;
}

/** From times near a file's beginning and near its end, over which the clock may have begun again; null without any. */
export const shownBetween = (head: readonly Seconds[], tail: readonly Seconds[]): Shown | null => {
  const [anchor] = head;
  if (anchor === undefined) return null;
  const near = (time: Seconds): Seconds => time + Math.round((anchor - time) / WRAP_S) * WRAP_S;
  const firstFrameAt = head.map(near).reduce((least, time) => Math.min(least, time), anchor);
  const after = (time: Seconds): Seconds => (time < firstFrameAt - 1 ? time + WRAP_S : time);
  const last = [...head.map(near), ...tail.map(after)].reduce((most, time) => Math.max(most, time), anchor);
  return { firstFrameAt, endsAt: last + frameSeconds(head.map(near)) };
};
