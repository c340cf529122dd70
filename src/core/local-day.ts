/** A calendar day in a zone as a stretch of real time: 24 hours, or 23 or 25 when the clocks change. */
import type { EpochMs, TimeWindow, ZoneId } from '../contracts/units.ts';
import { asUtc, offsetAt, resolveLocal } from './local-time.ts';

const HOUR_MS = 3_600_000;
/** Zones are off UTC by quarters of an hour, so every local hour begins at one. */
const QUARTER_MS = 900_000;

/** The first instant of a day; where the clocks skip midnight, the instant at which they do. */
const startOf = (year: number, month: number, day: number, zone: ZoneId): EpochMs | null => {
  const utc = new Date(Date.UTC(year, month - 1, day));
  const local = { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() };
  const found = resolveLocal({ ...local, hour: 0, minute: 0, second: 0 }, zone);
  return found?.instants[0] ?? found?.skipped?.[1] ?? null;
};

/** From `2026-11-01`'s first instant to the next day's; null for what is no date. Throws RangeError for an unknown zone. */
export const dayWindow = (key: string, zone: ZoneId): TimeWindow | null => {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(key) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  if (asUtc({ year, month, day, hour: 0, minute: 0, second: 0 }) === null) return null;
  const from = startOf(year, month, day, zone);
  const to = startOf(year, month, day + 1, zone);
  return from === null || to === null ? null : { from, to };
};

/** The instants within a day at which a full local hour begins that `every` divides; an hour that comes twice is there twice. */
export const localHours = (day: TimeWindow, zone: ZoneId, every: number): readonly EpochMs[] => {
  const hours: EpochMs[] = [];
  for (let at = day.from; at < day.to; at += QUARTER_MS) {
    const local = at + offsetAt(at, zone);
    if (local % HOUR_MS === 0 && ((local / HOUR_MS) % 24) % every === 0) hours.push(at);
  }
  return hours;
};
