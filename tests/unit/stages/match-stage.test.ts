/** The match stage: one run at a time, the last requests win, problems keep what was found. */
import { expect, it } from 'vitest';
import type { MatchableRequest, MatchFailure, MatchOutcome } from '../../../src/contracts/match-api.ts';
import { failure, ok, type Result } from '../../../src/contracts/result.ts';
import { createMatchStage } from '../../../src/stages/match/match-stage.ts';

const request = (id: string): MatchableRequest => ({
  id,
  area: { type: 'Circle', center: [0, 0], radiusM: 1 },
  window: { from: 0, to: 1 },
});

/** A matcher that answers when told to. */
const slowMatcher = () => {
  const asked: string[][] = [];
  const answers: ((result: Result<MatchOutcome, MatchFailure>) => void)[] = [];
  return {
    asked,
    answer: async (result: Result<MatchOutcome, MatchFailure>) => {
      answers.shift()?.(result);
      await new Promise((resolve) => setTimeout(resolve));
    },
    matchesOf: async () => ok([]),
    matchAll: (requests: readonly MatchableRequest[]) => {
      asked.push(requests.map(({ id }) => id));
      return new Promise<Result<MatchOutcome, MatchFailure>>((resolve) => answers.push(resolve));
    },
  };
};

const outcomes = new Map<number, MatchOutcome>();
/** The same object for the same time, so that states can be compared. */
const outcome = (computedAt: number): MatchOutcome => {
  const made = outcomes.get(computedAt) ?? {
    verdictOf: () => null,
    computedAt,
    recordings: 0,
    tookMs: 0,
    rebuilt: [],
  };
  outcomes.set(computedAt, made);
  return made;
};

it('makes one run of the calls that come during a run', async () => {
  const matcher = slowMatcher();
  const { state, run } = createMatchStage({ matcher });
  const first = run([request('a')]);
  const second = run([request('b')]);
  const third = run([request('c')]);
  expect(matcher.asked).toEqual([['a']]);
  expect(state.get().running).toBe(true);
  await matcher.answer(ok(outcome(1)));
  expect(matcher.asked).toEqual([['a'], ['c']]);
  expect(state.get()).toEqual({ running: true, outcome: outcome(1), problem: null });
  await matcher.answer(ok(outcome(2)));
  await Promise.all([first, second, third]);
  expect(state.get()).toEqual({ running: false, outcome: outcome(2), problem: null });
  const again = run([]);
  expect(matcher.asked).toHaveLength(3);
  await matcher.answer(ok(outcome(3)));
  await again;
  expect(state.get().outcome?.computedAt).toBe(3);
});

it('says what went wrong beside what was found before, and recovers', async () => {
  const matcher = slowMatcher();
  const { state, run } = createMatchStage({ matcher });
  void run([request('a')]);
  await matcher.answer(ok(outcome(1)));
  void run([request('a')]);
  await matcher.answer(failure('worker-crashed', 'It crashed.'));
  expect(state.get()).toEqual({ running: false, outcome: outcome(1), problem: 'It crashed.' });
  void run([request('a')]);
  await matcher.answer(ok(outcome(2)));
  expect(state.get()).toEqual({ running: false, outcome: outcome(2), problem: null });
});

it('does not reject when the matcher does', async () => {
  const { state, run } = createMatchStage({
    matcher: { matchAll: () => Promise.reject(new Error('a bug')), matchesOf: async () => ok([]) },
  });
  await run([]);
  expect(state.get().problem).toContain('a bug');
});
