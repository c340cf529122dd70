/** Why not: the verdict for one recording and one request, and the first thing that stands in the way. */
import { describe, expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import { destination } from '../../../src/core/geodesy.ts';
import { explainMatch, sayWhyNot, type WhyNotQuestion } from '../../../src/core/why-not.ts';
import { requestView } from '../../support/request-view.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const FROM = Date.parse('2026-11-22T17:00:00Z');
const TO = Date.parse('2026-11-22T18:00:00Z');

const view = requestView();

const camera: Camera = { id: 'c', name: 'Porch', place: [10, 50], zone: 'UTC', clockOffsetMs: 0, createdAt: 0 };

const recording: Recording = {
  id: 'x',
  cameraId: 'c',
  fileName: 'x.mp4',
  relativePath: 'x.mp4',
  bytes: 1,
  sha256: '',
  durationMs: 60_000,
  firstFrameAt: 0,
  video: { codec: 'avc1', width: 1, height: 1, rotation: 0 },
  audio: null,
  time: { startMs: FROM, confidence: 'accepted', source: 'tapo', candidates: [] },
  importedAt: 0,
};

const question = (change: Partial<WhyNotQuestion>): WhyNotQuestion => ({
  view,
  camera,
  recording,
  now: NOW,
  ...change,
});
const at = (
  startMs: number | null,
  time: Partial<Recording['time']> = {},
  change: Partial<Recording> = {},
): WhyNotQuestion =>
  question({ recording: { ...recording, ...change, time: { ...recording.time, startMs, ...time } } });
const broken = view.rules.map((rule, i) => ({ ...rule, holds: i !== 1 }));

describe('why not', () => {
  it.each<[string, WhyNotQuestion, object, string]>([
    ['a match', question({}), { kind: 'match', overlap: { from: FROM, to: FROM + 60_000 } }, 'inside the area'],
    ['no recording', question({ recording: null }), { kind: 'recording-missing' }, 'not in the library'],
    ['no request', question({ view: null }), { kind: 'request-missing' }, 'not in the public record'],
    [
      'a broken rule, by its number',
      question({ view: { ...view, rules: broken, status: 'refused', problem: { kind: 'breaks-policy', detail: '' } } }),
      { kind: 'breaks-rule', number: 2, rule: 'window-length' },
      'breaks rule 2: The window is 1 h 0 min long.',
    ],
    [
      'a forged signature before a broken rule',
      question({ view: { ...view, rules: broken, problem: { kind: 'forged-signature', detail: 'Forged.' } } }),
      { kind: 'request-refused' },
      'Forged.',
    ],
    [
      'a resolved request',
      question({ view: { ...view, status: 'resolved' } }),
      { kind: 'request-closed', status: 'resolved' },
      'is resolved',
    ],
    ['an expired one', question({ now: Date.parse('2027-01-01') }), { kind: 'request-expired' }, 'expired'],
    [
      'no place',
      question({ camera: { ...camera, place: null } }),
      { kind: 'camera-without-place' },
      '“Porch” has no place',
    ],
    [
      'outside by 1.9 km',
      question({ camera: { ...camera, place: destination([10, 50], 30, 2_400) } }),
      { kind: 'outside-area', byM: expect.closeTo(1_900, 5) },
      '1.9 km outside the area',
    ],
    [
      'outside by a hand',
      question({ camera: { ...camera, place: destination([10, 50], 30, 500.1) } }),
      { kind: 'outside-area', byM: expect.closeTo(0.1, 5) },
      '1 m outside',
    ],
    ['no time', at(null), { kind: 'time-unknown' }, 'said yet when'],
    ['no length', at(FROM, {}, { durationMs: 0 }), { kind: 'no-length' }, 'no length'],
    [
      'ended before',
      at(FROM - 190_000),
      { kind: 'ended-before', byMs: 130_000 },
      '“x.mp4” ended 00:02:10 before the requested time',
    ],
    ['ended as it began', at(FROM - 60_000), { kind: 'ended-before', byMs: 0 }, 'just as the requested time began'],
    ['began after', at(TO + 3_600_000), { kind: 'began-after', byMs: 3_600_000 }, '01:00:00 after'],
    [
      'the nearer of two readings',
      at(FROM - 7_200_000, { confidence: 'unconfirmed', otherStartMs: TO + 1_000 }),
      { kind: 'began-after', byMs: 1_000 },
      '00:00:01 after',
    ],
    [
      'unconfirmed under its second reading',
      at(FROM - 7_200_000, { confidence: 'unconfirmed', otherStartMs: FROM + 1_000 }),
      { kind: 'time-unconfirmed', overlap: { from: FROM + 1_000, to: FROM + 61_000 } },
      'Nobody has confirmed yet',
    ],
    [
      'still being written',
      at(FROM - 90_000, {}, { unfinished: true }),
      { kind: 'unfinished', endsBeforeMs: 30_000 },
      'ends 00:00:30 before',
    ],
  ])('%s', (_, asked, verdict, words) => {
    const explanation = explainMatch(asked);
    expect(explanation).toMatchObject(verdict);
    expect(sayWhyNot(explanation, { camera: 'Porch', file: 'x.mp4' })).toContain(words);
  });
});
