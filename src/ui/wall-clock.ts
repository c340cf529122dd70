/** Between instants and the text of a date-and-time field in a camera's zone (`2026-11-22T18:03:12`). */
import type { EpochMs, ZoneId } from '../contracts/units.ts';
import { clockTime, dayKey } from './format.ts';

export const toFieldText = (at: EpochMs, zone: ZoneId): string => `${dayKey(at, zone)}T${clockTime(at, zone, true)}`;

/**
 * Every instant at which a clock in `zone` shows `text`: usually one, two in the hour that a clock change repeats, none in the
 * hour it skips or when the text is no date and time.
 */
export const fromFieldText = (text: string, zone: ZoneId): readonly EpochMs[] => {
  const asUtc = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
  if (Number.isNaN(asUtc)) return [];
  const shown = toFieldText(asUtc, 'UTC');
  const found = new Set<EpochMs>();
  // The offset of a zone at that wall time is the one in force within a day before or after it.
  for (const near of [asUtc - 86_400_000, asUtc, asUtc + 86_400_000]) {
    const offset = Date.parse(`${toFieldText(near, zone)}Z`) - Math.floor(near / 1000) * 1000;
    if (toFieldText(asUtc - offset, zone) === shown) found.add(asUtc - offset);
  }
  return [...found].sort((a, b) => a - b);
};
