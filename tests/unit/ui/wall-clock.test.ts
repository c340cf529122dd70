/** A date-and-time field in a camera's zone: one instant, two when an hour came twice, none when it never came. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromFieldText, toFieldText } from '../../../src/ui/wall-clock.ts';

const LA = 'America/Los_Angeles';

it('reads an ordinary time in the camera’s zone', () => {
  expect(fromFieldText('2026-11-22T18:42:17', LA)).toEqual([Date.parse('2026-11-23T02:42:17Z')]);
  expect(fromFieldText('2026-11-22T18:42', LA)).toEqual([Date.parse('2026-11-23T02:42:00Z')]);
});

it('gives both readings of an hour that came twice', () => {
  expect(fromFieldText('2026-11-01T01:30:00', LA)).toEqual([
    Date.parse('2026-11-01T08:30:00Z'),
    Date.parse('2026-11-01T09:30:00Z'),
  ]);
});

it('gives none for an hour that was skipped, or for no time at all', () => {
  expect(fromFieldText('2026-03-08T02:30:00', LA)).toEqual([]);
  expect(fromFieldText('', LA)).toEqual([]);
  expect(fromFieldText('soon', LA)).toEqual([]);
});

it('finds every instant again from its own text', () => {
  const zones = fc.constantFrom(LA, 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
  fc.assert(
    fc.property(fc.integer({ min: 1_400_000_000, max: 1_900_000_000 }), zones, (seconds, zone) => {
      expect(fromFieldText(toFieldText(seconds * 1000, zone), zone)).toContain(seconds * 1000);
    }),
  );
});
