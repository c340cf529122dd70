/** The engine in a page of its own, on a world of millions; what that page takes is watched from before its world is made. */
import { openBrowser } from '../common/browser.ts';
import { interleave, medianOf } from '../common/interleave.ts';
import { atLeast, atMost, type BenchReport } from '../report.ts';
import { call, NAMES, type Result, SEED } from './calls.ts';
import { rowsOf } from './warm.ts';

export const stress = async (url: string): Promise<BenchReport> => {
  const browser = await openBrowser();
  try {
    const page = await browser.open(url);
    page.setDefaultTimeout(0);
    const stop = await browser.watchMemory();
    await call(page, 'prepareAlone', 'STRESS');
    const first = await call(page, 'runAlone', 'kernelRuns');
    await call(page, 'runAlone', 'kernelRuns');
    const peak = await stop();
    const some = await call(page, 'bruteSomeAlone', 20);
    const expected = some.expected === some.found ? first.sums : `those of brute force (${some.expected})`;
    const timings = await interleave(
      (['kernelRuns', 'twinRuns'] as const).map((engine) => ({
        engine,
        run: async () => {
          const result = await call(page, 'runAlone', engine);
          return { result, ms: result.ms };
        },
        check: ({ sums }: Result) => (sums === expected ? null : `its sums are ${sums}, not ${expected}`),
      })),
      { runs: 3, warmUps: 1, seed: SEED },
    );
    const megabytes = (bytes: number | undefined): number => (bytes ?? Number.NaN) / 2 ** 20;
    const ratio = medianOf(timings, 'twinRuns') / medianOf(timings, 'kernelRuns');
    return {
      rows: rowsOf('STRESS', timings).map((row) =>
        row.engine === NAMES['kernelRuns']
          ? { ...row, ownMb: megabytes(peak?.ownBytes), residentMb: megabytes(peak?.residentBytes) }
          : row,
      ),
      claims: [
        atLeast('STRESS: kernel over twin, as runs, copies included', ratio, 2, 'times'),
        atMost('STRESS: peak memory of the tab', megabytes(peak?.ownBytes), 1_536, 'MB'),
      ],
      notes: [
        'The peak of STRESS is that of a tab with nothing but the engine and its world, making that world included; what the tab itself takes, not the program that it shares with others (its resident peak is in the table).',
      ],
    };
  } finally {
    await browser.close();
  }
};
