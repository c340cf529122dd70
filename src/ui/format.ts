/** Numbers and times as people read them: every time with its zone, every number with its unit. */
import type { EpochMs, Metres, Ms, Position, TimeWindow, ZoneId } from '../contracts/units.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A formatter for `zone`; a zone this browser does not know reads as UTC and is shown as UTC. */
const formatter = (zone: ZoneId, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
  formatters.set(key, made);
  return made;
};

const partsOf = (at: EpochMs, zone: ZoneId, options: Intl.DateTimeFormatOptions): Record<string, string> =>
  Object.fromEntries(
    formatter(zone, options)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );

/** `18:03`, or `18:03:12` with seconds; no zone: only for use beside one. */
export const clockTime = (at: EpochMs, zone: ZoneId, seconds = false): string => {
  const p = partsOf(at, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  return `${p['hour'] ?? '--'}:${p['minute'] ?? '--'}${seconds ? `:${p['second'] ?? '--'}` : ''}`;
};

/** `18:03:12.400` */
export const clockTimeMs = (at: EpochMs, zone: ZoneId): string =>
  `${clockTime(at, zone, true)}.${String(Math.floor(((at % 1000) + 1000) % 1000)).padStart(3, '0')}`;

/** `PST`, `GMT+1`, `UTC`: the zone's name at that instant. */
export const zoneName = (at: EpochMs, zone: ZoneId): string =>
  partsOf(at, zone, { timeZoneName: 'short', hour: 'numeric' })['timeZoneName'] ?? 'UTC';

/** `Sun 22 Nov 2026` */
export const dayName = (at: EpochMs, zone: ZoneId): string => {
  const p = partsOf(at, zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${p['weekday'] ?? ''} ${p['day'] ?? ''} ${p['month'] ?? ''} ${p['year'] ?? ''}`;
};

/** `2026-11-22`, the calendar day in that zone, for grouping and sorting. */
export const dayKey = (at: EpochMs, zone: ZoneId): string => {
  const p = partsOf(at, zone, { day: '2-digit', month: '2-digit', year: 'numeric' });
  return `${p['year'] ?? ''}-${p['month'] ?? ''}-${p['day'] ?? ''}`;
};

/** `Sun 22 Nov 2026, 18:03 PST` */
export const moment = (at: EpochMs, zone: ZoneId, seconds = false): string =>
  `${dayName(at, zone)}, ${clockTime(at, zone, seconds)} ${zoneName(at, zone)}`;

/** `18:03–18:20 PST`; both zone names when the clocks change inside the window. */
export const timeRange = (window: TimeWindow, zone: ZoneId, seconds = needsSeconds(window)): string => {
  const from = clockTime(window.from, zone, seconds);
  const to = clockTime(window.to, zone, seconds);
  const before = zoneName(window.from, zone);
  const after = zoneName(window.to, zone);
  return before === after ? `${from}–${to} ${after}` : `${from} ${before} – ${to} ${after}`;
};

/** Whether minutes alone would hide something: a short window, or one that begins or ends within a minute. */
export const needsSeconds = ({ from, to }: TimeWindow): boolean =>
  to - from < 300_000 || from % 60_000 !== 0 || to % 60_000 !== 0;

/** `Sun 22 Nov 2026`, or both days when the window runs past midnight. */
export const dayRange = (window: TimeWindow, zone: ZoneId): string => {
  const first = dayName(window.from, zone);
  const last = dayName(window.to - 1, zone);
  return first === last ? first : `${first} to ${last}`;
};

/** `6 min 12 s`, `2 h 5 min`, `850 ms`. */
export const duration = (ms: Ms): string => {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const total = Math.round(ms / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return seconds > 0 ? `${minutes} min ${seconds} s` : `${minutes} min`;
  return `${seconds} s`;
};

/** Decimal units, as disks and network panels count: `14.2 MB`. */
export const byteSize = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} B`;
  for (const [unit, size] of [
    ['kB', 1e3],
    ['MB', 1e6],
  ] as const) {
    if (bytes < size * 1000) return `${(bytes / size).toFixed(bytes < size * 10 ? 1 : 0)} ${unit}`;
  }
  return `${(bytes / 1e9).toFixed(1)} GB`;
};

/** `14,201,337 bytes` */
export const exactBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/** `240 m`, `2.4 km` */
export const distance = (metres: Metres): string =>
  metres < 995 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 99_500 ? 1 : 0)} km`;

/** `1 recording`, `3 recordings` */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** `38.54210° N, 121.74000° W`; five decimals are about a metre. */
export const coordinates = ([lng, lat]: Position): string =>
  `${Math.abs(lat).toFixed(5)}° ${lat < 0 ? 'S' : 'N'}, ${Math.abs(lng).toFixed(5)}° ${lng < 0 ? 'W' : 'E'}`;

/** An instant of a signed document (ISO 8601) in ms since epoch. */
export const instant = (iso: string): EpochMs => Date.parse(iso);
