/** One answer for all recordings of a camera and rule, also for those that are imported later. */
import { describe, expect, it } from 'vitest';
import type { Camera, RecordingTime } from '../../../src/contracts/library.ts';
import { decideTime, timeCandidates } from '../../../src/core/camera-clocks.ts';
import { confirmedByRule, ruleConfirmedBy, withConfirmedRules } from '../../../src/core/confirmed-time.ts';

const START = Date.parse('2026-05-11T21:00:00Z');
const camera: Camera = {
  ...{ id: 'cam', name: 'Porch', place: null, zone: 'America/Los_Angeles' },
  ...{ clockOffsetMs: 0, createdAt: 0 },
};

const timeOf = (relativePath: string, creationMs: number | null = null, durationMs = 30_000): RecordingTime =>
  decideTime(timeCandidates({ relativePath, creationMs, durationMs, lastModified: 0, zone: camera.zone }), durationMs);

describe('an answer', () => {
  it('is the rule that was asked about and how far it was off', () => {
    const rule = ruleConfirmedBy(timeOf('20260511_140000_Porch.mp4'), START + 3_000);
    expect(rule).toEqual({ reading: 'blink-local start camera-local', correctionMs: 3_000 });
    expect(rule && confirmedByRule(timeOf('20260512_150000_Porch.mp4'), rule)).toMatchObject({
      startMs: START + 25 * 3_600_000 + 3_000,
      confidence: 'confirmed',
      source: 'person',
    });
  });

  it('may be another reading: a camera that writes the end into creation_time', () => {
    const rule = ruleConfirmedBy(timeOf('clip.mp4', START, 60_000), START - 60_000);
    expect(rule).toEqual({ reading: 'creation-time end utc', correctionMs: 0 });
    // Each by its own length, not by the first one's.
    expect(rule && confirmedByRule(timeOf('next.mp4', START + 1e6, 20_000), rule)).toMatchObject({
      startMs: START + 1e6 - 20_000,
    });
  });

  it('may be local time in creation_time, across a clock change', () => {
    const local = START - 7 * 3_600_000;
    const rule = ruleConfirmedBy(timeOf('clip.mp4', local), START);
    expect(rule).toEqual({ reading: 'creation-time start camera-local', correctionMs: 0 });
    const winter = Date.parse('2026-01-11T14:00:00Z');
    expect(rule && confirmedByRule(timeOf('next.mp4', winter), rule)).toMatchObject({
      startMs: winter + 8 * 3_600_000,
    });
  });

  it('is the event and how long the clip begins before it', () => {
    const rule = ruleConfirmedBy(timeOf('front-1778533200.0-x.mp4'), START - 5_000);
    expect(rule && confirmedByRule(timeOf('front-1778533300.0-y.mp4'), rule)).toMatchObject({
      startMs: START + 95_000,
    });
  });

  it('does not decide what can be read in two ways, nor another rule, nor what is certain', () => {
    const rule = ruleConfirmedBy(timeOf('20260511_140000_Porch.mp4'), START);
    if (!rule) throw new Error('no rule');
    expect(confirmedByRule(timeOf('20261101_013000_Porch.mp4'), rule)).toBeNull();
    expect(confirmedByRule(timeOf('20260308_023000_Porch.mp4'), rule)).toBeNull();
    expect(confirmedByRule(timeOf('clip.mp4', START), rule)).toBeNull();
    expect(confirmedByRule(timeOf('1778533200-1778533230.mp4'), rule)).toBeNull();
  });

  it('is none when nothing was read', () => {
    expect(ruleConfirmedBy(timeOf('clip.mp4'), START)).toBeNull();
  });
});

it('is remembered for the same camera and rule only', () => {
  const rule = ruleConfirmedBy(timeOf('20260511_140000_Porch.mp4'), START);
  if (!rule) throw new Error('no rule');
  const told: Camera = { ...camera, confirmedRules: { 'blink-local': rule } };
  const later = timeOf('20260601_140000_Porch.mp4');
  expect(withConfirmedRules(later, told)).toMatchObject({ confidence: 'confirmed', startMs: later.startMs });
  expect(withConfirmedRules(later, camera)).toEqual(later);
  const other = timeOf('Ring_Porch_202605111400.mp4');
  expect(withConfirmedRules(other, told)).toEqual(other);
});
