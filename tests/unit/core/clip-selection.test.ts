/** Many clips: grouped by camera, overlaps merged, and what was shared before is known and left out. */
import { expect, it } from 'vitest';
import type { Match } from '../../../src/contracts/match-api.ts';
import type { ShareRecord } from '../../../src/contracts/share.ts';
import { chosenMs, clipsByCamera, mergedSpans, preselected, sharedWith } from '../../../src/core/clip-selection.ts';

const match = (recordingId: string, cameraId: string, from: number, to: number, timeConfirmed = true): Match => ({
  requestId: 'q',
  cameraId,
  recordingId,
  overlap: { from, to },
  overlapMs: to - from,
  distanceM: 1,
  timeConfirmed,
});

const share = (requestId: string, recordingIds: string[], status: ShareRecord['status']): ShareRecord =>
  ({ requestId, recordingIds, status }) as unknown as ShareRecord;

it('joins spans that overlap or meet, keeps those apart', () => {
  expect(
    mergedSpans([
      { from: 5, to: 9 },
      { from: 0, to: 3 },
      { from: 3, to: 4 },
      { from: 6, to: 7 },
    ]),
  ).toEqual([
    { from: 0, to: 4 },
    { from: 5, to: 9 },
  ]);
});

it('knows what a request has got, and what waits for it', () => {
  const shares = [
    share('q', ['a', 'b'], 'paused'),
    share('q', ['b'], 'sent'),
    share('q', ['b'], 'sealed'),
    share('other', ['c'], 'sent'),
  ];
  expect([...sharedWith('q', shares)]).toEqual([
    ['a', 'waiting'],
    ['b', 'sent'],
  ]);
});

it('merges overlaps per camera and preselects what may be shared and was not', () => {
  const matches = [
    match('a', 'front', 0, 60),
    match('b', 'back', 10, 20),
    match('c', 'front', 30, 90),
    match('d', 'front', 200, 210, false),
    match('e', 'front', 300, 330),
  ];
  const cameras = clipsByCamera(matches, new Map([['e', 'sent']]));
  expect(cameras.map(({ cameraId, covered, coveredMs }) => [cameraId, covered.length, coveredMs])).toEqual([
    ['front', 3, 130],
    ['back', 1, 10],
  ]);
  expect(preselected(cameras).map(({ recordingId }) => recordingId)).toEqual(['a', 'c', 'b']);
  expect(chosenMs(cameras, new Set(['a', 'b', 'c']))).toBe(100);
});
