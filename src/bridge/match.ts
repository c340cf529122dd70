/** The page's handle on the match worker: one run at a time, ended at once on abort, a crash told as a failure. */
import workerUrl from '../../workers/match.worker.ts?worker&url';
import type { MatchableRequest, MatchApi, MatchFailure, MatchOutcome } from '../contracts/match-api.ts';
import { failure, type Result } from '../contracts/result.ts';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Matcher {
  matchAll(requests: readonly MatchableRequest[], signal?: AbortSignal): Promise<Result<MatchOutcome, MatchFailure>>;
}

export const createMatcher = (): Matcher => {
  const handle = workerHandle<MatchApi>(workerUrl, 'match');
  return {
    matchAll: async (requests, signal) => {
      try {
        return await handle.run<Result<MatchOutcome, MatchFailure>>((api) => api.matchAll(requests), signal);
      } catch (error) {
        if (error instanceof WorkerAborted)
          return failure('cancelled', 'The comparison with your recordings was cancelled.');
        if (error instanceof WorkerCrashed) {
          return failure(
            'worker-crashed',
            `The comparison with your recordings stopped unexpectedly (${error.message}). Reload the page to try again.`,
          );
        }
        throw error;
      }
    },
  };
};
