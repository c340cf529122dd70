/** Where things lie on a time ruler: instants to fractions of its width, and round ticks to read them by. */
import type { EpochMs, Ms, TimeWindow } from '../../contracts/units.ts';

export interface RulerLayout {
  readonly span: TimeWindow;
  /** 0 at the left edge, 1 at the right; clamped. */
  fraction(at: EpochMs): number;
  readonly ticks: readonly EpochMs[];
}

const STEPS: readonly Ms[] = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
].map((seconds) => seconds * 1000);

/** The window with a sixth of its length on either side, and ticks at round instants, at most `mostTicks` of them. */
export const layOutRuler = (window: TimeWindow, mostTicks: number): RulerLayout => {
  const length = Math.max(1, window.to - window.from);
  const span = { from: window.from - length / 6, to: window.to + length / 6 };
  const total = span.to - span.from;
  const step = STEPS.find((candidate) => total / candidate <= mostTicks) ?? 86_400_000;
  const ticks: EpochMs[] = [];
  for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) ticks.push(at);
  return { span, ticks, fraction: (at) => Math.min(1, Math.max(0, (at - span.from) / total)) };
};
