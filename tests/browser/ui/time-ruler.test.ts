/** The time ruler puts the window, the recordings and their overlaps where they belong, and says so in words. */
import { expect, it } from 'vitest';
import '../../../src/ui/parts/time-ruler.ts';
import { mount, numberOf, textOf } from './mount.ts';

const from = Date.parse('2026-11-23T02:00:00Z');
const MINUTE = 60_000;
const window = { from, to: from + 60 * MINUTE };
const early = {
  id: 'early',
  row: 'Front porch',
  from: from - 5 * MINUTE,
  to: from + 15 * MINUTE,
  overlap: { from, to: from + 15 * MINUTE },
  confirmed: true,
};
const late = {
  id: 'late',
  row: 'Driveway',
  from: from + 45 * MINUTE,
  to: from + 50 * MINUTE,
  overlap: { from: from + 45 * MINUTE, to: from + 50 * MINUTE },
  confirmed: false,
};

it('scales the window to three quarters and places recordings within it', async () => {
  const ruler = await mount('pl-time-ruler', { window, zone: 'America/Los_Angeles', bars: [early, late] }, 800);
  const part = (selector: string): Element | null => ruler.shadowRoot?.querySelector(selector) ?? null;
  expect(numberOf(part('[data-part=window]'), 'x')).toBeCloseTo(100, 0);
  expect(numberOf(part('[data-part=window]'), 'width')).toBeCloseTo(600, 0);
  expect(numberOf(part('[data-recording=early]'), 'x')).toBeCloseTo(50, 0);
  expect(numberOf(part('[data-recording=early]'), 'width')).toBeCloseTo(200, 0);
  expect(numberOf(part('[data-overlap=early]'), 'x')).toBeCloseTo(100, 0);
  expect(numberOf(part('[data-overlap=early]'), 'width')).toBeCloseTo(150, 0);
  expect(numberOf(part('[data-overlap=late]'), 'x')).toBeCloseTo(550, 0);
});

it('says zone, overlap and doubt in words', async () => {
  const ruler = await mount('pl-time-ruler', { window, zone: 'America/Los_Angeles', bars: [early, late] });
  expect(ruler.shadowRoot?.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
    'Time ruler, 18:00–19:00 PST. 2 recordings overlap.',
  );
  const text = textOf(ruler);
  expect(text).toContain('17:55:00–18:15:00 PST');
  expect(text).toContain('15 min in the window');
  expect(text).toContain('5 min in the window, time not confirmed');
});

it('keeps a recording that is far longer than the window inside the drawing', async () => {
  const long = { ...early, from: from - 86_400_000, to: from + 86_400_000, overlap: window };
  const ruler = await mount('pl-time-ruler', { window, zone: 'UTC', bars: [long] }, 800);
  const bar = ruler.shadowRoot?.querySelector('[data-recording=early]');
  expect(numberOf(bar, 'x')).toBe(0);
  expect(numberOf(bar, 'width')).toBe(800);
});

it('says when there is nothing', async () => {
  const ruler = await mount('pl-time-ruler', { window, zone: 'UTC' });
  expect(textOf(ruler)).toContain('nothing recorded in this time');
});
