/**
 * What vendors' file names say about time, one row per vendor. Sources: the vendors' own apps and the open-source clients named in
 * `about`; a rule gives only what is proven there.
 */
import type { TimeSource } from '../contracts/library.ts';
import type { EpochMs } from '../contracts/units.ts';
import type { LocalDateTime } from './local-time.ts';

/** A time as a name writes it: an instant, or a date-time still to be read in a zone. */
export type WrittenTime =
  | { readonly kind: 'instant'; readonly at: EpochMs }
  | { readonly kind: 'utc'; readonly at: LocalDateTime }
  | { readonly kind: 'local'; readonly at: LocalDateTime };

export interface WrittenTimes {
  readonly start: WrittenTime | null;
  /** The end, which may be written without a date of its own: `nextDay` then allows it to be past midnight. */
  readonly end: WrittenTime | null;
}

export interface NameRule {
  readonly source: TimeSource;
  readonly about: string;
  /** Matched against the file's name, or with `on: 'path'` against its whole path with forward slashes. */
  readonly on: 'name' | 'path';
  readonly pattern: RegExp;
  readonly basis: 'start' | 'saved' | 'unknown';
  /** Takes the pattern's groups apart. */
  readonly read: (groups: Readonly<Record<string, string>>) => WrittenTimes;
}

/** `date` and `time` as digits with any separators: 20260112 or 2026-01-12, 142200 or 14-22-00; a missing second is 0. */
const dateTime = (date = '', time = ''): LocalDateTime => {
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

const local = (date?: string, time?: string): WrittenTime => ({ kind: 'local', at: dateTime(date, time) });
const utc = (date?: string, time?: string): WrittenTime => ({ kind: 'utc', at: dateTime(date, time) });
const epochSeconds = (text?: string): WrittenTime => ({ kind: 'instant', at: Math.round(Number(text) * 1_000) });
const epochMs = (text?: string): WrittenTime => ({ kind: 'instant', at: Number(text) });

const nextDay = ({ year, month, day, ...time }: LocalDateTime): LocalDateTime => {
  const date = new Date(Date.UTC(year, month - 1, day + 1));
  return { ...time, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

export const NAME_RULES: readonly NameRule[] = [
  {
    source: 'ring-app',
    about: 'Ring app download: the time at which the file was saved to the phone, never of the recording',
    on: 'name',
    pattern: /^RingVideo_(?<date>\d{8})_(?<time>\d{6})/i,
    basis: 'saved',
    read: () => ({ start: null, end: null }),
  },
  {
    source: 'ring-export',
    about: 'Ring, other exports: to the minute, its zone unproven',
    on: 'name',
    pattern: /^Ring_(?<camera>.+?)_(?<date>\d{8})_?(?<time>\d{4}(?:\d\d)?)(?!\d)/,
    basis: 'unknown',
    read: ({ date, time }) => ({ start: local(date, time), end: null }),
  },
  {
    source: 'blink-utc',
    about: 'Blink (blinkpy): start in UTC',
    on: 'name',
    pattern: /(?<date>\d{4}-\d\d-\d\d)t(?<time>\d\d-\d\d-\d\d)z/i,
    basis: 'start',
    read: ({ date, time }) => ({ start: utc(date, time), end: null }),
  },
  {
    source: 'blink-local',
    about: 'Blink, recent: local start',
    on: 'name',
    pattern: /^(?<date>\d{8})_(?<time>\d{6})_/,
    basis: 'start',
    read: ({ date, time }) => ({ start: local(date, time), end: null }),
  },
  {
    source: 'reolink',
    about:
      'Reolink: start and end in camera time; an end of 000000 is unknown, one before the start lies on the next day',
    on: 'name',
    pattern: /^Rec\w{3}_(?:DST)?(?<date>\d{8})_(?<time>\d{6})_(?<until>\d{6})_/,
    basis: 'start',
    read: ({ date = '', time = '', until = '' }) => {
      if (until === '000000') return { start: local(date, time), end: null };
      const end = dateTime(date, until);
      return { start: local(date, time), end: { kind: 'local', at: until < time ? nextDay(end) : end } };
    },
  },
  {
    source: 'unifi-download',
    about: 'UniFi Protect download: start and end in epoch milliseconds',
    on: 'name',
    pattern: /^[0-9A-F]{12}_\d_(?<from>\d{13})_(?<until>\d{13})/i,
    basis: 'start',
    read: ({ from, until }) => ({ start: epochMs(from), end: epochMs(until) }),
  },
  {
    source: 'frigate-recording',
    about: 'Frigate recordings folder: date/hour/camera/minute.second, start in UTC',
    on: 'path',
    pattern: /(?:^|\/)(?<date>\d{4}-\d\d-\d\d)\/(?<hour>\d\d)\/[^/]+\/(?<minute>\d\d)\.(?<second>\d\d)\.mp4$/i,
    basis: 'start',
    read: ({ date, hour, minute, second }) => ({ start: utc(date, `${hour}${minute}${second}`), end: null }),
  },
  {
    source: 'frigate-export',
    about: "Frigate export: start and end in the server's local time",
    on: 'name',
    pattern: /^(?<camera>.+)_(?<date>\d{8})_(?<time>\d{6})-(?<endDate>\d{8})_(?<endTime>\d{6})_/,
    basis: 'start',
    read: ({ date, time, endDate, endTime }) => ({ start: local(date, time), end: local(endDate, endTime) }),
  },
  {
    source: 'frigate-clip',
    about: 'Frigate clip: epoch seconds of the event; the clip itself begins some seconds earlier, by a setting',
    on: 'name',
    pattern: /-(?<at>\d{10}\.\d+)-/,
    basis: 'unknown',
    read: ({ at }) => ({ start: epochSeconds(at), end: null }),
  },
  {
    source: 'tapo',
    about: 'Tapo (Home Assistant): start and end in epoch seconds',
    on: 'name',
    pattern: /^(?<from>\d{10})-(?<until>\d{10})\.mp4$/i,
    basis: 'start',
    read: ({ from, until }) => ({ start: epochSeconds(from), end: epochSeconds(until) }),
  },
];
