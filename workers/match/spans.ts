/** Half-open stretches of time: their union, so that a row asked for by many requests is read once, and their overlap. */
import type { TimeWindow } from '../../src/contracts/units.ts';

/** The union of spans as disjoint ones in order. */
export const unionOf = (spans: readonly TimeWindow[]): readonly TimeWindow[] => {
  const union: TimeWindow[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last && span.from <= last.to) union[union.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else union.push(span);
  }
  return union;
};

/** What two spans share, or null when that is nothing: spans that only touch share no instant. */
export const overlapOf = (a: TimeWindow, b: TimeWindow): TimeWindow | null => {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
};
