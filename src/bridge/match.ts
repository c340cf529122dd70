/** The page's handle on the match worker: sends it what changed, a crash or an abort told as a failure, a lost session begun again. */
import workerUrl from '../../workers/match.worker.ts?worker&url';
import type {
  Match,
  MatchableRequest,
  MatchAnswer,
  MatchApi,
  MatchFailure,
  MatchOutcome,
  RequestVerdict,
  SessionFailure,
} from '../contracts/match-api.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import { RequestNumbers } from './request-numbers.ts';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Matcher {
  /** Compares these requests, and only them, with the library as it is now. */
  matchAll(requests: readonly MatchableRequest[], signal?: AbortSignal): Promise<Result<MatchOutcome, MatchFailure>>;
  /** Every match of one request of the last run; none for any other. */
  matchesOf(requestId: string): Promise<Result<readonly Match[], MatchFailure>>;
}

/** So many at once that a message never holds up the page for long. */
const BATCH = 500;

const verdictAt = (
  { columns, cameras, placed }: MatchAnswer,
  requestId: string,
  number: number,
): RequestVerdict | null => {
  const camerasInside = columns.camerasInside[number];
  if (camerasInside === undefined) return null;
  const nearest = columns.nearestOutsideM[number] ?? Number.NaN;
  const miss = columns.missMs[number] ?? Number.NaN;
  return {
    requestId,
    cameras,
    placed,
    camerasInside,
    nearestOutsideM: placed === 0 || Number.isNaN(nearest) ? null : nearest,
    recordings: columns.recordings[number] ?? 0,
    unconfirmed: columns.unconfirmed[number] ?? 0,
    overlapMs: columns.overlapMs[number] ?? 0,
    miss: Number.isNaN(miss) ? null : { side: miss < 0 ? 'before' : 'after', byMs: Math.abs(miss) },
  };
};

const outcomeOf = (answer: MatchAnswer, numbers: ReadonlyMap<string, number>): MatchOutcome => ({
  verdictOf: (requestId) => {
    const number = numbers.get(requestId);
    return number === undefined ? null : verdictAt(answer, requestId, number);
  },
  computedAt: answer.computedAt,
  recordings: answer.compared,
  tookMs: answer.tookMs,
  rebuilt: answer.rebuilt,
});

export const createMatcher = (): Matcher => {
  const handle = workerHandle<MatchApi>(workerUrl, 'match');
  const numbers = new RequestNumbers();
  let session: string | null = null;
  /** What matches are asked of: the requests of the last run. */
  let last: readonly MatchableRequest[] = [];

  const begin = async (signal?: AbortSignal): Promise<string> => {
    const fresh = crypto.randomUUID();
    numbers.clear();
    await handle.run<void>((api) => api.begin(fresh), signal);
    session = fresh;
    return fresh;
  };

  const send = async (
    to: string,
    requests: readonly MatchableRequest[],
    signal?: AbortSignal,
  ): Promise<Result<void, 'session-lost'>> => {
    const { gone, come } = await numbers.change(requests);
    if (gone.length > 0) {
      const dropped = await handle.run<Result<void, 'session-lost'>>((api) => api.drop(to, gone), signal);
      if (!dropped.ok) return dropped;
    }
    for (let first = 0; first < come.length; first += BATCH) {
      const batch = come.slice(first, first + BATCH);
      const put = await handle.run<Result<void, 'session-lost'>>((api) => api.put(to, batch), signal);
      if (!put.ok) return put;
    }
    return ok(undefined);
  };

  /** Idle workers end and take what they knew with them: once more from the beginning, then. */
  const inSession = async <T>(
    requests: readonly MatchableRequest[],
    call: (session: string) => Promise<Result<T, SessionFailure>>,
    signal?: AbortSignal,
  ): Promise<Result<T, MatchFailure>> => {
    try {
      for (let tries = 0; tries < 3; tries += 1) {
        const own = session ?? (await begin(signal));
        const sent = await send(own, requests, signal);
        const answer = sent.ok ? await call(own) : sent;
        if (answer.ok) return answer;
        const { reason } = answer;
        session = null;
        if (reason !== 'session-lost') return failure(reason, answer.detail);
      }
      return failure('worker-crashed', 'The comparison with your recordings kept losing its worker.');
    } catch (error) {
      // The worker is gone, or may be half way through.
      session = null;
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
  };

  let queue: Promise<unknown> = Promise.resolve();
  /** One after another: the numbers belong to one run at a time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  return {
    matchAll: (requests, signal) =>
      inTurn(async () => {
        const answer = await inSession(
          requests,
          (own) => handle.run<Result<MatchAnswer, SessionFailure>>((api) => api.match(own), signal),
          signal,
        );
        if (!answer.ok) return answer;
        last = requests;
        return ok(outcomeOf(answer.value, numbers.all()));
      }),

    matchesOf: (requestId) =>
      inTurn(async () => {
        if (!last.some(({ id }) => id === requestId)) return ok([]);
        return inSession(last, async (own) => {
          const number = numbers.all().get(requestId) ?? -1;
          const found = await handle.run<Result<readonly Match[], SessionFailure>>((api) => api.matchesOf(own, number));
          return found;
        });
      }),
  };
};
