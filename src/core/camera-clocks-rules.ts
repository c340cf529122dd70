/**
 * What vendors' file names say about time, one row per vendor. Sources: the vendors' own apps and the open-source clients named in
 * `about`; a rule gives only what is proven there.
 */
import type { TimeSource } from '../contracts/library.ts';
import {
  epochMs,
  epochSeconds,
  local,
  localAfter,
  localUntil,
  utc,
  withOffset,
  type WrittenTime,
} from './written-time.ts';

export interface WrittenTimes {
  readonly start: WrittenTime | null;
  /** A second way to read the start, when the name does not say which is meant. */
  readonly orStart?: WrittenTime;
  readonly end: WrittenTime | null;
}

export interface NameRule {
  readonly source: TimeSource;
  readonly about: string;
  /** Matched against the file's name, or with `on: 'path'` against its whole path with forward slashes. */
  readonly on: 'name' | 'path';
  readonly pattern: RegExp;
  /** `unknown`: a time near the recording, but not known to be its start. */
  readonly basis: 'start' | 'end' | 'saved' | 'unknown';
  /** Takes the pattern's groups apart. A start of null says that the name tells no time by itself. */
  readonly read: (groups: Readonly<Record<string, string>>) => WrittenTimes;
}

const startOnly = (start: WrittenTime): WrittenTimes => ({ start, end: null });

/** `11.21.12` and `pm` as 232112. */
const twelveHours = (time = '', half = ''): string => {
  const [hour = '', minute = '', second = ''] = time.split('.');
  const hours = (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return `${hours}`.padStart(2, '0') + minute + second;
};

const dashed = (year = '', month = '', day = ''): string => `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`;

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
    read: ({ date, time }) => startOnly(local(date, time)),
  },
  {
    source: 'ring-event',
    about: 'python-ring-doorbell: time of the event, an offset may follow; where in the clip it lies is not said',
    on: 'name',
    pattern:
      /_(?<date>\d{4}-\d\d-\d\d)_(?<time>\d\d\.\d\d\.\d\d)(?:\.\d+)?(?<offset>[+-]\d\d[.:]?\d\d|z)?(?=_|\.\w+$|$)/i,
    basis: 'unknown',
    read: ({ date, time, offset }) => startOnly(withOffset(date, time, offset)),
  },
  {
    source: 'blink-utc',
    about: 'Blink (blinkpy): start in UTC',
    on: 'name',
    pattern: /(?<date>\d{4}-\d\d-\d\d)t(?<time>\d\d-\d\d-\d\d)z/i,
    basis: 'start',
    read: ({ date, time }) => startOnly(utc(date, time)),
  },
  {
    source: 'blink-local',
    about: 'Blink, recent: local start',
    on: 'name',
    pattern: /^(?<date>\d{8})_(?<time>\d{6})_/,
    basis: 'start',
    read: ({ date, time }) => startOnly(local(date, time)),
  },
  {
    source: 'arlo',
    about: "Arlo on a USB stick: serial number, counter, start in the hub's local time",
    on: 'name',
    pattern: /^(?<serial>\w{13})_(?<counter>[0-9a-f]{6})_(?<date>\d{8})_(?<time>\d{6})(?!\d)/i,
    basis: 'start',
    read: ({ date, time }) => startOnly(local(date, time)),
  },
  {
    source: 'reolink',
    about:
      'Reolink: start and end in camera time; an end of 000000 is unknown, one before the start lies on the next day',
    on: 'name',
    pattern: /^Rec\w{3}_(?:DST)?(?<date>\d{8})_(?<time>\d{6})_(?<until>\d{6})_/,
    basis: 'start',
    read: ({ date = '', time = '', until = '' }) => ({
      start: local(date, time),
      end: until === '000000' ? null : localUntil(date, time, until),
    }),
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
    source: 'unifi-web',
    about: 'UniFi Protect in the browser: start to the second; the zone and which number is the month are not said',
    on: 'name',
    pattern: / - (?<first>\d{1,2})-(?<second>\d{1,2})-(?<year>\d{4}), (?<time>\d{1,2}\.\d\d\.\d\d)\s?(?<half>am|pm)/i,
    basis: 'start',
    read: ({ first, second, year, time, half }) => {
      const clock = twelveHours(time, half);
      const monthFirst = local(dashed(year, first, second), clock);
      return { start: monthFirst, orStart: local(dashed(year, second, first), clock), end: null };
    },
  },
  {
    source: 'protect-archiver',
    about: 'protect-archiver: start with its offset from UTC',
    on: 'name',
    pattern: / - (?<date>\d{4}-\d\d-\d\d) - (?<time>\d\d\.\d\d\.\d\d)(?<offset>[+-]\d{4})/,
    basis: 'start',
    read: ({ date, time, offset }) => startOnly(withOffset(date, time, offset)),
  },
  {
    source: 'unifi-backup',
    about: 'unifi-protect-backup: the end of the event',
    on: 'name',
    pattern: /^(?<date>\d{4}-\d\d-\d\d)T(?<time>\d\d-\d\d-\d\d) /,
    basis: 'end',
    read: ({ date, time }) => ({ start: null, end: local(date, time) }),
  },
  {
    source: 'dahua-card',
    about: 'Dahua and Amcrest memory cards: date in the folder, start and end in camera time in the name',
    on: 'path',
    pattern:
      /(?:(?<date>\d{4}-\d\d-\d\d)\/(?:.*\/)?|(?:^|\/))(?<from>\d\d\.\d\d\.\d\d)-(?<until>\d\d\.\d\d\.\d\d)\[[^/]*$/,
    basis: 'start',
    read: ({ date, from = '', until = '' }) =>
      date ? { start: local(date, from), end: localUntil(date, from, until) } : { start: null, end: null },
  },
  {
    source: 'dahua-recorder',
    about: "Dahua network recorders: start and end in the recorder's local time",
    on: 'name',
    pattern: /^[NX]VR_ch(?<channel>\d+)_(?<kind>\w+)_(?<from>\d{14})_(?<until>\d{14})(?!\d)/i,
    basis: 'start',
    read: ({ from = '', until = '' }) => ({
      start: local(from.slice(0, 8), from.slice(8)),
      end: local(until.slice(0, 8), until.slice(8)),
    }),
  },
  {
    source: 'hikvision',
    about: 'Hikvision export: start and end in camera time, where the name has them',
    on: 'name',
    pattern: /^ch\d\d_\d{17}_(?<from>\d{14})_(?<until>\d{14})(?!\d)/i,
    basis: 'start',
    read: ({ from = '', until = '' }) => ({
      start: local(from.slice(0, 8), from.slice(8)),
      end: local(until.slice(0, 8), until.slice(8)),
    }),
  },
  {
    source: 'frigate-recording',
    about: 'Frigate recordings folder: date/hour/camera/minute.second, start in UTC',
    on: 'path',
    pattern: /(?:^|\/)(?<date>\d{4}-\d\d-\d\d)\/(?<hour>\d\d)\/[^/]+\/(?<minute>\d\d)\.(?<second>\d\d)\.mp4$/i,
    basis: 'start',
    read: ({ date, hour, minute, second }) => startOnly(utc(date, `${hour}${minute}${second}`)),
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
    read: ({ at }) => startOnly(epochSeconds(at)),
  },
  {
    source: 'tapo',
    about: 'Tapo (Home Assistant): start and end in epoch seconds',
    on: 'name',
    pattern: /^(?<from>\d{10})-(?<until>\d{10})\.mp4$/i,
    basis: 'start',
    read: ({ from, until }) => ({ start: epochSeconds(from), end: epochSeconds(until) }),
  },
  {
    source: 'pytapo',
    about: 'pytapo: start and end in UTC',
    on: 'name',
    pattern:
      /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d_\d\d_\d\d)-(?<endDate>\d{4}-\d\d-\d\d) (?<endTime>\d\d_\d\d_\d\d)(?!\d)/,
    basis: 'start',
    read: ({ date, time, endDate, endTime }) => ({ start: utc(date, time), end: utc(endDate, endTime) }),
  },
  {
    source: 'wyze',
    about: 'Wyze memory card: record/date/hour/minute, a file a minute, start in camera time',
    on: 'path',
    pattern: /(?:^|\/)record\/(?<date>\d{8})\/(?<hour>\d\d)\/(?<minute>\d\d)\.mp4$/i,
    basis: 'start',
    read: ({ date, hour, minute }) => startOnly(local(date, `${hour}${minute}00`)),
  },
  {
    source: 'xiaomi',
    about: 'Xiaomi: start in epoch seconds after minute and second',
    on: 'name',
    pattern: /^\d\dM\d\dS_(?<at>\d{10})\.mp4$/i,
    basis: 'start',
    read: ({ at }) => startOnly(epochSeconds(at)),
  },
  {
    source: 'yi',
    about: 'Yi memory card: minute, second and length in seconds; date and hour are in the folder',
    on: 'path',
    pattern:
      /(?:(?<year>\d{4})Y?(?<month>\d\d)M?(?<day>\d\d)D?(?<hour>\d\d)H?\/|(?:^|\/))E?(?<minute>\d\d)M(?<second>\d\d)S(?<length>\d\d)\.mp4$/i,
    basis: 'start',
    read: ({ year, month, day, hour, minute, second, length }) => {
      if (!year) return { start: null, end: null };
      const [date, time] = [`${year}${month}${day}`, `${hour}${minute}${second}`];
      return { start: local(date, time), end: localAfter(date, time, Number(length)) };
    },
  },
];

/** Why a file of this name is not taken whatever is in it, as one sentence; null for all others. Names of ISO media files may lie. */
export const recorderBlock = (path: string): string | null =>
  /(?:^|[\\/])hiv\d{5}(?:\.\w+)?$/i.test(path)
    ? 'This is one 256 MB block of the disk format on a Hikvision memory card: it holds pieces of many recordings and does not say when they were made. Export the recordings with the camera’s own app or web page and import those files.'
    : null;
