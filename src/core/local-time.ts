/**
 * Local date-times and IANA zones, with nothing but Intl. Temporal would say the same (the tests compare with it), but it is missing from
 * some browsers and its polyfill is 20 kB for the two questions asked here.
 */
import type { EpochMs, Ms, ZoneId } from '../contracts/units.ts';

/** A calendar date and wall-clock time, proleptic Gregorian, month and day from 1. */
export interface LocalDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface LocalInstants {
  /** Every instant at which a clock in the zone showed this time: one, two when clocks were set back over it, none when it was skipped. */
  readonly instants: readonly EpochMs[];
  /** For a skipped time: what it is by the clock after the change and by the clock before it, earlier instant first. */
  readonly skipped: readonly [EpochMs, EpochMs] | null;
}

const DAY_MS = 86_400_000;

const formats = new Map<ZoneId, Intl.DateTimeFormat>();

const formatIn = (zone: ZoneId): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
};

/** Whether this browser knows the zone. */
export const isZone = (zone: ZoneId): boolean => {
  try {
    formatIn(zone);
    return true;
  } catch {
    return false;
  }
};

/** The date-time read as if it were UTC, or null when there is no such date or time (month 13, 30 February, hour 24). */
export const asUtc = ({ year, month, day, hour, minute, second }: LocalDateTime): EpochMs | null => {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(ms);
  const same =
    back.getUTCFullYear() === year &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second;
  return same ? ms : null;
};

/** How far local time is ahead of UTC at an instant, in milliseconds; negative in the Americas. Throws RangeError for an unknown zone. */
export const offsetAt = (instant: EpochMs, zone: ZoneId): Ms => {
  const whole = Math.floor(instant / 1_000) * 1_000;
  const parts = new Map(
    formatIn(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - whole;
};

/**
 * The instants at which a clock in `zone` shows `local`; null when there is no such calendar date or time.
 * The offset is one of those in force a day before and a day after, as no zone changes twice within two days: whichever of
 * the two leads back to itself is a true reading. Throws RangeError for an unknown zone.
 */
export const resolveLocal = (local: LocalDateTime, zone: ZoneId): LocalInstants | null => {
  const utc = asUtc(local);
  if (utc === null) return null;
  const before = offsetAt(utc - DAY_MS, zone);
  const after = offsetAt(utc + DAY_MS, zone);
  const instants = [...new Set([before, after])]
    .filter((offset) => offsetAt(utc - offset, zone) === offset)
    .map((offset) => utc - offset)
    .toSorted((a, b) => a - b);
  if (instants.length > 0) return { instants, skipped: null };
  return { instants, skipped: [Math.min(utc - before, utc - after), Math.max(utc - before, utc - after)] };
};
