/** Local times against the Temporal polyfill, and the clock changes that make them ambiguous or skip them. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { asUtc, isZone, type LocalDateTime, offsetAt, resolveLocal } from '../../../src/core/local-time.ts';

const at = (text: string): LocalDateTime => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute, second };
};
const utc = (...texts: string[]): number[] => texts.map((text) => Date.parse(text));

describe('resolveLocal', () => {
  it.each([
    ['2026-07-04 12:00:00', 'America/Los_Angeles', utc('2026-07-04T19:00:00Z')],
    ['2026-01-04 12:00:00', 'America/Los_Angeles', utc('2026-01-04T20:00:00Z')],
    ['2026-11-01 01:30:00', 'America/Los_Angeles', utc('2026-11-01T08:30:00Z', '2026-11-01T09:30:00Z')],
    ['2026-11-01 02:00:00', 'America/Los_Angeles', utc('2026-11-01T10:00:00Z')],
    ['2026-11-01 00:59:59', 'America/Los_Angeles', utc('2026-11-01T07:59:59Z')],
    ['2026-03-08 02:30:00', 'America/Los_Angeles', []],
    ['2026-03-08 03:00:00', 'America/Los_Angeles', utc('2026-03-08T10:00:00Z')],
    ['2026-04-05 01:45:00', 'Australia/Lord_Howe', utc('2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z')],
    ['2026-10-25 02:30:00', 'Europe/Berlin', utc('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z')],
    ['2011-12-30 12:00:00', 'Pacific/Apia', []],
    ['2026-05-05 05:45:00', 'Asia/Kathmandu', utc('2026-05-05T00:00:00Z')],
    ['2024-02-29 00:00:00', 'UTC', utc('2024-02-29T00:00:00Z')],
  ])('%s in %s', (text, zone, instants) => {
    expect(resolveLocal(at(text), zone)?.instants).toEqual(instants);
  });

  it('gives a skipped time by the clock before and after the change', () => {
    expect(resolveLocal(at('2026-03-08 02:30:00'), 'America/Los_Angeles')?.skipped).toEqual(
      utc('2026-03-08T09:30:00Z', '2026-03-08T10:30:00Z'),
    );
    expect(resolveLocal(at('2026-03-08 03:30:00'), 'America/Los_Angeles')?.skipped).toBeNull();
  });

  it.each([
    '2026-13-01 00:00:00',
    '2026-02-30 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01 12:60:00',
    '2026-00-10 12:00:00',
  ])('knows that %s is no time', (text) => {
    expect(resolveLocal(at(text), 'UTC')).toBeNull();
  });

  it('reads as Temporal does, near clock changes and far from them', () => {
    const zone = fc.constantFrom(
      'America/Los_Angeles',
      'America/St_Johns',
      'Europe/London',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Asia/Tehran',
      'Pacific/Apia',
      'Africa/Casablanca',
      'UTC',
    );
    const anytime = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2037, 0, 1) });
    fc.assert(
      fc.property(
        zone,
        anytime,
        fc.integer({ min: -3 * 60, max: 3 * 60 }),
        fc.boolean(),
        (timeZone, ms, minutes, nearChange) => {
          let wall = Temporal.Instant.fromEpochMilliseconds(ms - (ms % 1_000)).toZonedDateTimeISO(timeZone);
          const change = nearChange ? wall.getTimeZoneTransition('next') : null;
          if (change) wall = change;
          const local = wall.toPlainDateTime().add({ minutes });
          const expected = [
            ...new Set(
              (['earlier', 'later'] as const).map(
                (disambiguation) => local.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
              ),
            ),
          ];
          const exists = expected.every((epoch) =>
            Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(timeZone).toPlainDateTime().equals(local),
          );
          const found = resolveLocal(at(local.toString({ smallestUnit: 'second' })), timeZone);
          expect(exists ? found?.instants : found?.skipped).toEqual(expected.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 600 },
    );
  });
});

it('knows zones and offsets', () => {
  expect(isZone('America/Los_Angeles')).toBe(true);
  expect(isZone('America/Nowhere')).toBe(false);
  expect(isZone('')).toBe(false);
  expect(offsetAt(Date.UTC(2026, 0, 1), 'Asia/Kathmandu')).toBe(5.75 * 3_600_000);
  expect(asUtc(at('2026-01-01 00:00:00'))).toBe(Date.UTC(2026, 0, 1));
});
