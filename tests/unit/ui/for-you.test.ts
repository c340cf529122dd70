/** The *for you* line: what a request means for a household, and the reason when nothing can be shared. */
import { expect, it } from 'vitest';
import type { LibraryState } from '../../../src/contracts/journey-api.ts';
import type { RequestVerdict } from '../../../src/contracts/match-api.ts';
import { forYou } from '../../../src/ui/for-you.ts';
import { requestView } from '../../support/request-view.ts';

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

const verdict = (change: Partial<RequestVerdict>): RequestVerdict => ({
  requestId: 'r',
  cameras: 2,
  placed: 2,
  camerasInside: 2,
  nearestOutsideM: 0,
  recordings: 0,
  unconfirmed: 0,
  overlapMs: 0,
  miss: null,
  ...change,
});

it('says how much overlaps, and lets it be shared', () => {
  const mine = forYou(requestView(), verdict({ recordings: 2, overlapMs: 373_000 }), library([true, true]));
  expect(mine.line).toBe('2 cameras inside the area · 2 recordings overlap · 6 min 13 s');
  expect(mine.whyNot).toBeNull();
});

it.each([
  [
    'outside',
    forYou(requestView(), verdict({ camerasInside: 0, nearestOutsideM: 2400 }), library([true, true])),
    'Your cameras are 2.4 km outside the area.',
  ],
  ['nothing-then', forYou(requestView(), verdict({ camerasInside: 1 }), library([true])), 'no recordings in that time'],
  ['no-camera', forYou(requestView(), null, library([])), 'You have no cameras here yet.'],
  ['no-place', forYou(requestView(), null, library([false])), 'None of your cameras has a place yet.'],
  [
    'unconfirmed',
    forYou(requestView(), verdict({ recordings: 1, unconfirmed: 1 }), library([true])),
    'Confirm the times in the Library first.',
  ],
  [
    'closed',
    forYou(requestView({ status: 'resolved' }), verdict({ recordings: 1 }), library([true])),
    'closed (resolved)',
  ],
  [
    'refused',
    forYou(
      requestView({ status: 'refused', problem: { kind: 'forged-signature', detail: 'The signature is forged.' } }),
      verdict({ recordings: 1 }),
      library([true]),
    ),
    'The signature is forged.',
  ],
] as const)('%s: says why nothing can be shared', (kind, mine, words) => {
  expect(mine.kind).toBe(kind);
  expect(mine.whyNot).toContain(words);
});

it.each([
  ['before', 130_000, 'The nearest one ended 00:02:10 before the requested time.'],
  ['after', 999, 'The nearest one began 00:00:01 after the requested time.'],
  ['before', 9 * 86_400_000, 'The nearest one ended 9 days before the requested time.'],
] as const)('says how narrowly the window is missed, %s by %d ms', (side, byMs, words) => {
  expect(forYou(requestView(), verdict({ miss: { side, byMs } }), library([true])).whyNot).toContain(words);
});

it('names the rule that a refused request breaks by its number', () => {
  const rules = [
    { rule: 'case-number', holds: true, detail: 'Case number 1.' },
    { rule: 'window-length', holds: false, detail: 'The window is 13 h 0 min long.' },
  ] as const;
  const refused = requestView({
    status: 'refused',
    rules,
    problem: { kind: 'breaks-policy', detail: 'It breaks its policy.' },
  });
  const mine = forYou(refused, null, library([true]));
  expect(mine.line).toBe('Refused by this page: it breaks rule 2.');
  expect(mine.whyNot).toContain('It breaks rule 2: The window is 13 h 0 min long.');
});

it('one confirmed match among doubtful ones is enough to share', () => {
  const mine = forYou(requestView(), verdict({ recordings: 2, unconfirmed: 1 }), library([true]));
  expect(mine.kind).toBe('match');
  expect(mine.line).toContain('1 time to confirm');
});
