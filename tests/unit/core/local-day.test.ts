/** Days of 23, 24 and 25 hours, days without a midnight, and their hours. */
import { expect, it } from 'vitest';
import { dayWindow, localHours } from '../../../src/core/local-day.ts';
import { clockTime } from '../../../src/ui/format.ts';

const HOUR = 3_600_000;

it.each([
  ['2026-11-22', 'America/Los_Angeles', '2026-11-22T08:00:00Z', 24],
  ['2026-11-01', 'America/Los_Angeles', '2026-11-01T07:00:00Z', 25],
  ['2026-03-08', 'America/Los_Angeles', '2026-03-08T08:00:00Z', 23],
  ['2026-12-31', 'Asia/Kathmandu', '2026-12-30T18:15:00Z', 24],
  // Chile puts the clocks forward at midnight: the day begins at 01:00.
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z', 23],
  // Lord Howe's clocks change by half an hour.
  ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00Z', 24.5],
])('%s in %s begins at %s and lasts %d h', (key, zone, from, hours) => {
  const day = dayWindow(key, zone);
  expect(day?.from).toBe(Date.parse(from));
  expect(((day?.to ?? 0) - (day?.from ?? 0)) / HOUR).toBe(hours);
});

it('is none for what is no date', () => {
  expect(dayWindow('2026-02-30', 'UTC')).toBeNull();
  expect(dayWindow('', 'UTC')).toBeNull();
});

const shown = (key: string, zone: string, every: number): readonly string[] => {
  const day = dayWindow(key, zone);
  return day ? localHours(day, zone, every).map((at) => clockTime(at, zone)) : [];
};

it('has the hours that the clock on the wall shows', () => {
  expect(shown('2026-11-22', 'America/Los_Angeles', 6)).toEqual(['00:00', '06:00', '12:00', '18:00']);
  expect(shown('2026-11-01', 'America/Los_Angeles', 1).slice(0, 4)).toEqual(['00:00', '01:00', '01:00', '02:00']);
  expect(shown('2026-03-08', 'America/Los_Angeles', 1).slice(0, 3)).toEqual(['00:00', '01:00', '03:00']);
  expect(shown('2026-12-31', 'Asia/Kathmandu', 12)).toEqual(['00:00', '12:00']);
  expect(shown('2026-09-06', 'America/Santiago', 3)[0]).toBe('03:00');
});
