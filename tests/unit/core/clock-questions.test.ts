/** A doubtful clock is one question for each camera and rule, until it is answered. */
import { describe, expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import { decideTime, timeCandidates } from '../../../src/core/camera-clocks.ts';
import { clockQuestions } from '../../../src/core/clock-questions.ts';
import { withConfirmedRules } from '../../../src/core/confirmed-time.ts';
import { camera as anyCamera, recording as anyRecording } from '../../support/share-fixtures.ts';

const ZONE = 'America/Los_Angeles';
const cameraCalled = (id: string, change: Partial<Camera> = {}): Camera => ({ ...anyCamera, id, name: id, ...change });

/** A recording as import would keep it under this name. */
const named = (relativePath: string, cameraId = 'porch'): Recording => {
  const candidates = timeCandidates({
    relativePath,
    creationMs: null,
    durationMs: 30_000,
    lastModified: 0,
    zone: ZONE,
  });
  return { ...anyRecording, id: relativePath, cameraId, relativePath, time: decideTime(candidates, 30_000) };
};

const asked = (cameras: readonly Camera[], recordings: readonly Recording[]) =>
  clockQuestions(cameras, recordings).map(({ camera, source, recordings: n, example }) => [
    ...[camera.id, source, n, example.id],
  ]);

describe('questions', () => {
  it('are one for each camera and rule, with the newest recording to look at', () => {
    const recordings = [
      named('20260511_140000_Porch.mp4'),
      named('20260513_140000_Porch.mp4'),
      named('20260512_140000_Porch.mp4'),
      named('Ring_Porch_202605111400.mp4'),
      named('20260511_140000_Yard.mp4', 'yard'),
    ];
    expect(asked([cameraCalled('porch'), cameraCalled('yard')], recordings)).toEqual([
      ['porch', 'blink-local', 3, '20260513_140000_Porch.mp4'],
      ['porch', 'ring-export', 1, 'Ring_Porch_202605111400.mp4'],
      ['yard', 'blink-local', 1, '20260511_140000_Yard.mp4'],
    ]);
  });

  it('are not asked of what is certain, of what can be read in two ways, or of what gives no time', () => {
    const certain = named('front-2026-05-11t14-30-22z.mp4');
    const twice = named('20261101_013000_Porch.mp4');
    const never = named('20260308_023000_Porch.mp4');
    const none = named('948987989.mp4');
    expect([certain, twice, never, none].map(({ time }) => time.confidence)).toEqual([
      ...['accepted', 'unconfirmed', 'unconfirmed', 'unconfirmed'],
    ]);
    expect(asked([cameraCalled('porch')], [certain, twice, never, none])).toEqual([]);
  });

  it('are not asked again once answered, in either way', () => {
    const recordings = [named('20260511_140000_Porch.mp4')];
    const answered = { reading: 'blink-local start camera-local', correctionMs: 0 };
    expect(asked([cameraCalled('porch', { confirmedRules: { 'blink-local': answered } })], recordings)).toEqual([]);
    expect(asked([cameraCalled('porch', { confirmedRules: { 'blink-local': 'ask-each' } })], recordings)).toEqual([]);
    expect(asked([cameraCalled('porch', { confirmedRules: { tapo: 'ask-each' } })], recordings)).toHaveLength(1);
  });
});

it('“each by itself” leaves later recordings unconfirmed', () => {
  const { time } = named('20260601_140000_Porch.mp4');
  expect(withConfirmedRules(time, cameraCalled('porch', { confirmedRules: { 'blink-local': 'ask-each' } }))).toEqual(
    time,
  );
});
