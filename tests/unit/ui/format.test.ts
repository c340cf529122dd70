/** Times carry their zone and numbers their unit, also where clocks change, days turn and zones are unknown. */
import { describe, expect, it } from 'vitest';
import { byteSize, count, dayKey, dayRange, distance, duration, moment, timeRange } from '../../../src/ui/format.ts';

const LA = 'America/Los_Angeles';
const at = (iso: string): number => Date.parse(iso);

describe('times', () => {
  it('show the zone of the request, not of this machine', () => {
    const window = { from: at('2026-11-22T17:03:00Z'), to: at('2026-11-22T17:20:00Z') };
    expect(timeRange(window, LA)).toBe('09:03–09:20 PST');
    expect(timeRange(window, 'America/New_York')).toBe('12:03–12:20 EST');
    expect(timeRange(window, 'UTC')).toBe('17:03–17:20 UTC');
  });

  it('show both zone names when the clocks change inside the window', () => {
    const window = { from: at('2026-11-01T08:30:00Z'), to: at('2026-11-01T09:30:00Z') };
    expect(timeRange(window, LA)).toBe('01:30 PDT – 01:30 PST');
  });

  it('show seconds when minutes would hide a difference', () => {
    expect(timeRange({ from: at('2026-11-22T17:14:15Z'), to: at('2026-11-22T17:14:35Z') }, LA)).toBe(
      '09:14:15–09:14:35 PST',
    );
  });

  it('read a zone that does not exist as UTC and say so', () => {
    expect(moment(at('2026-11-22T17:03:00Z'), 'Mars/Olympus')).toBe('Sun 22 Nov 2026, 17:03 UTC');
  });

  it('name midnight 00:00 and both days of a window across it', () => {
    const window = { from: at('2026-11-22T07:30:00Z'), to: at('2026-11-22T08:30:00Z') };
    expect(timeRange(window, LA)).toBe('23:30–00:30 PST');
    expect(dayRange(window, LA)).toBe('Sat 21 Nov 2026 to Sun 22 Nov 2026');
    expect(dayKey(at('2026-11-22T07:30:00Z'), LA)).toBe('2026-11-21');
  });

  it('do not count a day that the half-open window only touches', () => {
    expect(dayRange({ from: at('2026-11-22T07:30:00Z'), to: at('2026-11-22T08:00:00Z') }, LA)).toBe('Sat 21 Nov 2026');
  });
});

it.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [1200, '1.2 s'],
  [59_600, '1 min'],
  [372_000, '6 min 12 s'],
  [7_500_000, '2 h 5 min'],
])('duration(%d) is %s', (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [999, '999 B'],
  [1500, '1.5 kB'],
  [14_201_337, '14 MB'],
  [12_400_000_000, '12.4 GB'],
])('byteSize(%d) is %s', (bytes, text) => expect(byteSize(bytes)).toBe(text));

it.each([
  [240.4, '240 m'],
  [999, '1.0 km'],
  [2400, '2.4 km'],
  [312_000, '312 km'],
])('distance(%d) is %s', (metres, text) => expect(distance(metres)).toBe(text));

it('counts one as one', () => {
  expect(count(1, 'recording')).toBe('1 recording');
  expect(count(20_000, 'recording')).toBe('20,000 recordings');
});
