/** All engines on one world that is in memory, in turn: a home, a block, a town. */
import type { Page } from '@playwright/test';
import { interleave, medianOf, type Contestant, type Timings } from '../common/interleave.ts';
import { atLeast, type BenchReport, type BenchRow, rowOf } from '../report.ts';
import { call, NAMES, type Result, SEED } from './calls.ts';

const contestant = (page: Page, engine: string, expected: () => string): Contestant<Result> => ({
  engine,
  run: async () => {
    const result = await call(page, 'run', engine);
    return { result, ms: result.ms };
  },
  check: ({ sums }) => (sums === expected() ? null : `its sums are ${sums}, not ${expected()}`),
});

export const rowsOf = (name: string, timings: readonly Timings<Result>[]): readonly BenchRow[] =>
  timings.map((timing) =>
    rowOf(
      name,
      { ...timing, engine: NAMES[timing.engine] ?? timing.engine },
      { matches: Number(timing.result?.sums.split(' ')[0] ?? Number.NaN) },
    ),
  );

export interface Warm {
  readonly timings: readonly Timings<Result>[];
  readonly rows: readonly BenchRow[];
}

/** The result that all must have is brute force's, or for worlds too large for it the kernel's. */
const measure = async (
  page: Page,
  name: string,
  engines: readonly string[],
  { runs, brute }: { readonly runs: number; readonly brute: boolean },
): Promise<Warm> => {
  const peers = engines.filter((engine) => ['turf', 'sqlite', 'duckdb', 'rbushRuns'].includes(engine));
  await call(page, 'prepare', name, peers);
  let expected = brute ? await call(page, 'brute') : (await call(page, 'run', 'kernel')).sums;
  if (!brute) {
    const some = await call(page, 'bruteSome', 20);
    if (some.expected !== some.found) expected = `those of brute force (${some.expected})`;
  }
  const timings = await interleave(
    engines.map((engine) => contestant(page, engine, () => expected)),
    { runs, warmUps: 1, seed: SEED },
  );
  return { timings, rows: rowsOf(name, timings) };
};

const PEERS = ['kernel', 'kernelRuns', 'twin', 'twinRuns', 'rbushRuns', 'turf', 'sqlite', 'duckdb'];

const over = ({ timings }: Warm, engine: string, ours: string): number =>
  medianOf(timings, engine) / medianOf(timings, ours);

/** Every match of a home, beside all peers. */
export const warmHome = async (page: Page, quick: boolean): Promise<BenchReport> => {
  const { rows } = await measure(page, 'HOME', PEERS, { runs: quick ? 1 : 5, brute: true });
  return { rows, claims: [], notes: [] };
};

/** Every match of a block; a quick run takes a smaller one. */
export const warmBlock = async (page: Page, quick: boolean): Promise<BenchReport> => {
  const block = await measure(page, quick ? 'SMALL' : 'BLOCK', PEERS, { runs: quick ? 1 : 5, brute: true });
  const [wrong, all] = await call(page, 'wrong');
  const notes = [
    'Every engine in a worker of its own; peers’ tables and trees of requests are loaded before the clock starts. Checked against brute force over every pair on the ellipsoid (HOME, BLOCK) or of twenty cameras (MID, STRESS).',
    `turf's sphere alone decides ${wrong} of ${all} pairs near or in an area otherwise than the ellipsoid: here it asks the ellipsoid within a hundredth of the radius, or its result would not count.`,
    'Written out means request, recording, and the overlap of each match, 24 bytes: in columns in its own memory by the kernel, in typed arrays by the twin, as objects by turf, as rows of a table in their own memory by the databases, where warm means that tables and indexes are there; the kernel is given its columns anew each time. A run is another output: a stretch of a camera’s recordings.',
  ];
  if (quick) return { rows: block.rows, claims: [], notes };
  return {
    rows: block.rows,
    claims: [
      atLeast('BLOCK, warm, written out: over rbush + turf', over(block, 'turf', 'kernel'), 60, 'times'),
      atLeast('BLOCK, warm, written out: over SQLite', over(block, 'sqlite', 'kernel'), 60, 'times'),
      atLeast('BLOCK, warm, written out: over DuckDB', over(block, 'duckdb', 'kernel'), 12, 'times'),
      atLeast('BLOCK, warm, as runs: over rbush + bisection', over(block, 'rbushRuns', 'kernelRuns'), 8, 'times'),
      atLeast('BLOCK: kernel over twin, as runs, copies included', over(block, 'twinRuns', 'kernelRuns'), 1.5, 'times'),
    ],
    notes,
  };
};

/** A town: many cameras with few recordings each. */
export const warmTown = async (page: Page): Promise<BenchReport> => {
  const { rows } = await measure(page, 'MID', ['kernelRuns', 'twinRuns', 'rbushRuns'], { runs: 3, brute: false });
  return { rows, claims: [], notes: [] };
};
