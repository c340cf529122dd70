/** The frame strip counts every frame once, colours it by origin, and dates the first and the last. */
import { expect, it } from 'vitest';
import type { AuditedFrame } from '../../../src/contracts/inspect-api.ts';
import { boxRows } from '../../../src/ui/parts/box-rows.ts';
import '../../../src/ui/parts/frame-strip.ts';
import { mount, numberOf, textOf } from './mount.ts';

const frames: AuditedFrame[] = Array.from({ length: 100 }, (_, index) => ({
  at: 10 + index / 10,
  origin: index < 20 || index >= 95 ? 're-encoded' : 'original',
  bytes: 1000,
}));

it('counts and proportions', async () => {
  const strip = await mount(
    'pl-frame-strip',
    { frames, from: 10, to: 20, startMs: Date.parse('2026-11-23T02:00:00Z'), zone: 'America/Los_Angeles' },
    500,
  );
  expect(strip.shadowRoot?.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
    '100 frames: 75 original, 25 re-encoded',
  );
  const runs = [...(strip.shadowRoot?.querySelectorAll('[data-frames]') ?? [])];
  expect(runs.map((run) => numberOf(run, 'data-frames'))).toEqual([20, 75, 5]);
  expect(runs.map((run) => Math.round(numberOf(run, 'width')))).toEqual([100, 375, 25]);
  expect(runs.map((run) => Math.round(numberOf(run, 'x')))).toEqual([0, 100, 475]);
});

it('dates the first and last frame by the wall clock, with the zone', async () => {
  const strip = await mount('pl-frame-strip', {
    frames,
    from: 10,
    to: 20,
    startMs: Date.parse('2026-11-23T02:00:00Z'),
    zone: 'America/Los_Angeles',
  });
  const text = textOf(strip);
  expect(text).toContain('18:00:10.000 PST');
  expect(text).toContain('18:00:19.900 PST');
  expect(text).toContain('Sun 22 Nov 2026');
});

it('shows what original mode left out as a gap at the start', async () => {
  const strip = await mount('pl-frame-strip', { frames: frames.slice(20, 95), from: 10, to: 20 }, 500);
  const run = strip.shadowRoot?.querySelector('[data-frames]');
  expect(numberOf(run, 'x')).toBeCloseTo(100, 0);
});

it('draws what is missing from the picture as missing, not as the frame before it', async () => {
  const startMs = Date.parse('2026-11-23T02:00:00Z');
  const strip = await mount(
    'pl-frame-strip',
    {
      ...{ frames: frames.filter(({ at }) => at < 14 || at >= 16), from: 10, to: 20, startMs },
      damaged: [{ kind: 'missing', from: startMs + 14_000, to: startMs + 16_000 }],
    },
    500,
  );
  const gap = strip.shadowRoot?.querySelector('[data-missing]');
  expect([numberOf(gap, 'x'), numberOf(gap, 'width')].map(Math.round)).toEqual([200, 100]);
  expect(textOf(strip)).toContain('missing: damaged in the recording');
  expect(strip.shadowRoot?.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('1 stretch missing');
});

it('shows an empty clip as empty', async () => {
  const strip = await mount('pl-frame-strip', { frames: [], from: 10, to: 20 });
  expect(strip.shadowRoot?.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
    '0 frames: 0 original, 0 re-encoded',
  );
});

it('gathers the samples of a file into one row and keeps repeated tracks apart', () => {
  const rows = boxRows([
    { path: 'moov/trak', offset: 0, bytes: 10, meaning: 'picture' },
    { path: 'moov/trak', offset: 10, bytes: 20, meaning: 'sound' },
    { path: 'mdat', offset: 30, bytes: 5, meaning: 'frame' },
    { path: 'mdat', offset: 35, bytes: 6, meaning: 'frame' },
  ]);
  expect(rows.map(({ name, depth, count, bytes }) => [name, depth, count, bytes])).toEqual([
    ['trak', 1, 1, 10],
    ['trak', 1, 1, 20],
    ['mdat', 0, 2, 11],
  ]);
});
