/** The closing line of `npm test` counts what the runners report, and never hides a runner that crashed. */
import { expect, test } from 'vitest';
import { NO_TESTS, oneTest, playwrightTally, plus, vitestTally, withExitCode } from '../../../tools/test/tally.ts';

test('vitest and playwright reports are counted, todo as skipped and flaky as failed', () => {
  const vitest = JSON.stringify({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 });
  expect(vitestTally(vitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  const playwright = JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } });
  expect(playwrightTally(playwright)).toEqual({ passed: 4, failed: 2, skipped: 2 });
});

test('a runner that fails without a failed test counts as one failure', () => {
  expect(withExitCode({ passed: 7, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  expect(withExitCode({ passed: 7, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 2, skipped: 0 });
  expect(withExitCode(NO_TESTS, 0)).toEqual(NO_TESTS);
});

test('checks count as one test each', () => {
  expect(plus(oneTest(true), oneTest(false))).toEqual({ passed: 1, failed: 1, skipped: 0 });
});
