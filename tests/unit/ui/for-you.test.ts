/** The *for you* line: what a request means for a household, and the reason when nothing can be shared. */
import { expect, it } from 'vitest';
import type { LibraryState } from '../../../src/contracts/journey-api.ts';
import type { Match, RequestVerdict } from '../../../src/contracts/match-api.ts';
import type { RequestView } from '../../../src/contracts/public-record.ts';
import { forYou } from '../../../src/ui/for-you.ts';

const view = (change: Partial<RequestView> = {}): RequestView => ({
  id: 'r',
  note: '',
  request: {
    id: 'r',
    agency: 'a',
    seq: 1,
    prev: null,
    caseNumber: '1',
    incidentType: 'Theft',
    suspectedCrime: '',
    title: 'T',
    description: 'D',
    investigator: { name: 'I' },
    incident: [0, 0],
    placeName: 'P',
    area: { type: 'Circle', center: [0, 0], radiusM: 100 },
    window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'UTC' },
    posted: '2026-11-22T19:00:00Z',
    expires: '2026-12-22T19:00:00Z',
    policy: 'npss',
  },
  agency: null,
  reviewer: null,
  window: { from: 0, to: 1 },
  status: 'open',
  statusReason: null,
  problem: null,
  rules: [],
  signatures: [],
  origin: 'hub',
  ...change,
});

const library = (places: readonly boolean[]): LibraryState => ({
  loaded: true,
  cameras: places.map((placed, index) => ({
    id: `c${index}`,
    name: 'C',
    place: placed ? [0, 0] : null,
    zone: 'UTC',
    clockOffsetMs: 0,
    createdAt: 0,
  })),
  recordings: [],
  meter: { usedBytes: null, quotaBytes: null, persisted: null },
  problem: null,
});

const match = (overlapMs: number, timeConfirmed = true): Match => ({
  requestId: 'r',
  cameraId: 'c0',
  recordingId: `m${overlapMs}`,
  overlap: { from: 0, to: overlapMs },
  overlapMs,
  distanceM: 1,
  timeConfirmed,
});

const verdict = (change: Partial<RequestVerdict>): RequestVerdict => ({
  requestId: 'r',
  camerasInside: ['c0', 'c1'],
  nearestOutsideM: 0,
  matches: [],
  ...change,
});

it('says how much overlaps, and lets it be shared', () => {
  const mine = forYou(view(), verdict({ matches: [match(372_000), match(1000)] }), library([true, true]));
  expect(mine.line).toBe('2 cameras inside the area · 2 recordings overlap · 6 min 13 s');
  expect(mine.whyNot).toBeNull();
});

it.each([
  [
    'outside',
    forYou(view(), verdict({ camerasInside: [], nearestOutsideM: 2400 }), library([true, true])),
    'Your cameras are 2.4 km outside the area.',
  ],
  ['nothing-then', forYou(view(), verdict({ camerasInside: ['c0'] }), library([true])), 'no recordings in that time'],
  ['no-camera', forYou(view(), null, library([])), 'You have no cameras here yet.'],
  ['no-place', forYou(view(), null, library([false])), 'None of your cameras has a place yet.'],
  [
    'unconfirmed',
    forYou(view(), verdict({ matches: [match(1000, false)] }), library([true])),
    'Confirm the times in the Library first.',
  ],
  [
    'closed',
    forYou(view({ status: 'resolved' }), verdict({ matches: [match(1000)] }), library([true])),
    'closed (resolved)',
  ],
  [
    'refused',
    forYou(
      view({ status: 'refused', problem: { kind: 'forged-signature', detail: 'The signature is forged.' } }),
      verdict({ matches: [match(1000)] }),
      library([true]),
    ),
    'The signature is forged.',
  ],
] as const)('%s: says why nothing can be shared', (kind, mine, words) => {
  expect(mine.kind).toBe(kind);
  expect(mine.whyNot).toContain(words);
});

it('one confirmed match among doubtful ones is enough to share', () => {
  const mine = forYou(view(), verdict({ matches: [match(1000), match(2000, false)] }), library([true]));
  expect(mine.kind).toBe('match');
  expect(mine.line).toContain('1 time to confirm');
});
