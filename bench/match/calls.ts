/** Calls into the match benchmark's page, and what its engines are called in tables. */
import type { Page } from '@playwright/test';
import type { MatchBench } from './page/page.ts';

export const SEED = 20_261_124;

/** The page's own policy lets no peer start: DuckDB builds its worker from a plain address, SQLite compiles code at run time. */
export const HEADERS = { 'Content-Security-Policy': "default-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:" };

export const NAMES: Readonly<Record<string, string>> = {
  kernel: 'kernel, matches written out',
  kernelRuns: 'kernel, runs',
  twin: 'twin, matches written out',
  twinRuns: 'twin, runs',
  rbushRuns: 'rbush + bisection, runs',
  turf: 'rbush + turf',
  sqlite: 'SQLite R*Tree',
  duckdb: 'DuckDB, bucketed',
};

type Method = keyof MatchBench;

export const call = <M extends Method>(page: Page, method: M, ...args: Parameters<MatchBench[M]>) =>
  page.evaluate(
    ([name, given]) => {
      const bench: MatchBench = Reflect.get(globalThis, 'matchBench');
      const deed = bench[name as Method] as (...all: unknown[]) => unknown;
      return deed(...(given as unknown[]));
    },
    [method, args] as const,
  ) as ReturnType<MatchBench[M]>;

export type Result = Awaited<ReturnType<MatchBench['run']>>;
