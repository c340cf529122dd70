/** Times as file names write them: an instant, or a date and time still to be read in a zone. */
import type { EpochMs, Ms, ZoneId } from '../contracts/units.ts';
import { asUtc, type LocalDateTime, resolveLocal } from './local-time.ts';

export type WrittenTime =
  | { readonly kind: 'instant'; readonly at: EpochMs }
  | { readonly kind: 'utc'; readonly at: LocalDateTime }
  | { readonly kind: 'offset'; readonly at: LocalDateTime; readonly aheadMs: Ms }
  | { readonly kind: 'local'; readonly at: LocalDateTime };

/** Every instant a written time may mean. */
export interface Readings {
  readonly startsMs: readonly EpochMs[];
  /** The two readings of a local time that a clock change skipped, earlier first. */
  readonly skippedMs: readonly [EpochMs, EpochMs] | null;
}

/** `date` and `time` as digits with any separators: 20260112 or 2026-01-12, 142200 or 14-22-00; a missing second is 0. */
export const dateTime = (date = '', time = ''): LocalDateTime => {
  const d = date.replace(/\D/g, '');
  const t = time.replace(/\D/g, '').padEnd(6, '0');
  return {
    year: Number(d.slice(0, 4)),
    month: Number(d.slice(4, 6)),
    day: Number(d.slice(6, 8)),
    hour: Number(t.slice(0, 2)),
    minute: Number(t.slice(2, 4)),
    second: Number(t.slice(4, 6)),
  };
};

export const local = (date?: string, time?: string): WrittenTime => ({ kind: 'local', at: dateTime(date, time) });
export const utc = (date?: string, time?: string): WrittenTime => ({ kind: 'utc', at: dateTime(date, time) });
export const epochSeconds = (text?: string): WrittenTime => ({ kind: 'instant', at: Math.round(Number(text) * 1_000) });
export const epochMs = (text?: string): WrittenTime => ({ kind: 'instant', at: Number(text) });

/** With an offset such as `+0100`, `-07.00` or `Z`; local without one. */
export const withOffset = (date?: string, time?: string, offset?: string): WrittenTime => {
  if (!offset) return local(date, time);
  if (/^z$/i.test(offset)) return utc(date, time);
  const digits = offset.replace(/\D/g, '');
  const aheadMs = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000;
  return { kind: 'offset', at: dateTime(date, time), aheadMs: offset.startsWith('-') ? -aheadMs : aheadMs };
};

const nextDay = ({ year, month, day, ...time }: LocalDateTime): LocalDateTime => {
  const date = new Date(Date.UTC(year, month - 1, day + 1));
  return { ...time, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

/** An end of which only the time of day is written: on the start's day, or on the next when it is before the start. */
export const localUntil = (date: string, from: string, until: string): WrittenTime => {
  const end = dateTime(date, until);
  return { kind: 'local', at: until < from ? nextDay(end) : end };
};

const seconds = (text: string): number => {
  const [hour = 0, minute = 0, second = 0] = [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6)].map(Number);
  return (hour * 60 + minute) * 60 + second;
};

/** A local time some seconds after another one, by the wall clock. */
export const localAfter = (date: string, time: string, later: number): WrittenTime => {
  const total = seconds(time) + later;
  const wall = new Date(Date.UTC(1970, 0, 1, 0, 0, total % 86_400)).toISOString().slice(11, 19);
  const end = dateTime(date, wall);
  return { kind: 'local', at: total >= 86_400 ? nextDay(end) : end };
};

const once = (at: EpochMs | null): Readings | null =>
  at !== null && Number.isFinite(at) ? { startsMs: [at], skippedMs: null } : null;

/** Null for a date that is in no calendar. Throws RangeError for an unknown zone. */
export const readingsOf = (written: WrittenTime, zone: ZoneId): Readings | null => {
  switch (written.kind) {
    case 'instant':
      return once(written.at);
    case 'utc':
      return once(asUtc(written.at));
    case 'offset': {
      const at = asUtc(written.at);
      return once(at === null ? null : at - written.aheadMs);
    }
    case 'local': {
      const resolved = resolveLocal(written.at, zone);
      return resolved && { startsMs: resolved.instants, skippedMs: resolved.skipped };
    }
  }
};

/** `2026-05-11T14:00:00` and back. */
export const wallClockOf = (utcMs: EpochMs): string => new Date(utcMs).toISOString().slice(0, 19);

export const fromWallClock = (text: string): WrittenTime => local(text.slice(0, 10), text.slice(11));
