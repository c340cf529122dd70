/** Stage 3, match: keeps the verdicts of the open requests up to date, one run at a time. */
import type { MatchState } from '../../contracts/journey-api.ts';
import type { Match, MatchableRequest, MatchFailure, MatchOutcome } from '../../contracts/match-api.ts';
import { type Readable, writable } from '../../contracts/observable.ts';
import type { Result } from '../../contracts/result.ts';

export interface MatchStageParts {
  readonly matcher: {
    matchAll(requests: readonly MatchableRequest[]): Promise<Result<MatchOutcome, MatchFailure>>;
    matchesOf(requestId: string): Promise<Result<readonly Match[], MatchFailure>>;
  };
}

export interface MatchStage {
  readonly state: Readable<MatchState>;
  /**
   * Matches these requests, and only them, with the library as it is now. Calls during a run become one run after it, with the
   * last requests given. Resolves when the state shows them; never rejects.
   */
  run(requests: readonly MatchableRequest[]): Promise<void>;
  /** Every match of one request as of the last run; empty when it was not in it. */
  matchesOf(requestId: string): Promise<Result<readonly Match[], MatchFailure>>;
}

export const createMatchStage = ({ matcher }: MatchStageParts): MatchStage => {
  const state = writable<MatchState>({ running: false, outcome: null, problem: null });
  let next: readonly MatchableRequest[] | null = null;
  let current: Promise<void> | null = null;

  const runOnce = async (requests: readonly MatchableRequest[]): Promise<void> => {
    const result = await matcher.matchAll(requests).catch((error: unknown) => ({
      ok: false as const,
      detail: `The comparison with your recordings failed (${error instanceof Error ? error.message : String(error)}).`,
    }));
    if (result.ok) state.set({ running: next !== null, outcome: result.value, problem: null });
    // What was found before stays on the screen, beside the problem.
    else state.set({ ...state.get(), running: next !== null, problem: result.detail });
  };

  const runAll = async (): Promise<void> => {
    while (next) {
      const requests = next;
      next = null;
      await runOnce(requests);
    }
    current = null;
  };

  return {
    state,
    run: (requests) => {
      next = requests;
      state.set({ ...state.get(), running: true });
      current ??= runAll();
      return current;
    },
    matchesOf: (requestId) => matcher.matchesOf(requestId),
  };
};
