/** Runs several engines on one task in turn, round by round, so that whatever else the machine does falls on all of them alike. */
import { seededRandom, shuffled, summarize } from './statistics.ts';

/** One way of doing the task that a benchmark times. */
export interface Contestant<T> {
  readonly engine: string;
  /** Does the task once. `ms` is the engine's own time, measured where it runs; without it the whole call is timed. */
  run(round: number): Promise<{ readonly result: T; readonly ms?: number }>;
  /** Why the result is wrong, as a sentence; null when it is right. Asked after every run, warm-ups too, outside the timing. */
  check(result: T): Promise<string | null> | string | null;
}

export interface InterleaveOptions {
  /** Timed rounds. */
  readonly runs: number;
  /** Rounds before them that are not counted. */
  readonly warmUps: number;
  /** Determines the order within each round. */
  readonly seed: number;
}

export interface Timings<T> {
  readonly engine: string;
  /** One for each counted round; empty once a result was wrong: such times mean nothing. */
  readonly ms: readonly number[];
  /** The last result; undefined only when the first run was refused. */
  readonly result: T | undefined;
  /** What `check` or a thrown error said first; null when every run was right. */
  readonly problem: string | null;
}

/** Every engine once per round, in an order drawn anew. An engine whose result is wrong takes no further part. */
export const interleave = async <T>(
  contestants: readonly Contestant<T>[],
  { runs, warmUps, seed }: InterleaveOptions,
): Promise<readonly Timings<T>[]> => {
  const random = seededRandom(seed);
  const states = contestants.map((contestant) => ({
    contestant,
    ms: [] as number[],
    result: undefined as T | undefined,
    problem: null as string | null,
  }));
  for (let round = -warmUps; round < runs; round++) {
    for (const state of shuffled(states, random)) {
      if (state.problem !== null) continue;
      const began = performance.now();
      try {
        const { result, ms = performance.now() - began } = await state.contestant.run(round);
        state.result = result;
        state.problem = await state.contestant.check(result);
        if (round >= 0) state.ms.push(ms);
      } catch (error) {
        state.problem = error instanceof Error ? error.message : String(error);
      }
      if (state.problem !== null) state.ms = [];
    }
  }
  return states.map(({ contestant, ms, result, problem }) => ({ engine: contestant.engine, ms, result, problem }));
};

/** The median of one engine's counted times, NaN when it has none: a claim about it then does not hold. */
export const medianOf = (timings: readonly Timings<unknown>[], engine: string): number =>
  summarize(timings.find((timing) => timing.engine === engine)?.ms ?? []).median;
