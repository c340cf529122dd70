/**
 * `npm test`: every check of the project, one after the other, each counted.
 * `npm test -- --only unit,e2e` runs some of them; further words are handed to vitest and playwright as file filters.
 * The last line is always `N passed, N failed, N skipped` over all runners.
 */
import { readCommandLine, wrongUsage } from './command-line.ts';
import { ensureBrowser } from './find-browser.ts';
import { ensureNativeTools } from './find-native.ts';
import { NO_TESTS, plus, type Tally } from './test/tally.ts';
import { RUNNERS, type RunnerName } from './test/runners.ts';

const USAGE = `Usage: npm test -- [--only NAME,NAME…] [WORD…]

Runs every check of the project, one after the other: ${Object.keys(RUNNERS).join(', ')}.
--only  some of them
WORD    only test files whose path contains it

The last line is always “N passed, N failed, N skipped”. Exit status: 0 none failed, 1 some did, 2 wrong usage.`;

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const chosenRunners = (only: string | undefined): readonly RunnerName[] => {
  const all = Object.keys(RUNNERS) as RunnerName[];
  if (only === undefined) return all;
  const asked = only.split(',');
  const unknown = asked.filter((name) => !all.some((known) => known === name));
  if (unknown.length > 0) {
    wrongUsage(`No runner is called ${unknown.join(', ')}. There are: ${all.join(', ')}.`, USAGE);
  }
  return all.filter((name) => asked.includes(name));
};

const findTools = (): void => {
  const browser = ensureBrowser();
  console.log(`Browser: ${browser.path} (${browser.origin})`);
  process.env['CHROMIUM_PATH'] = browser.path;
  for (const [name, path] of Object.entries(ensureNativeTools())) console.log(`${name}: ${path}`);
};

const describeTally = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const { values, positionals } = readCommandLine(USAGE, {
  options: { only: { type: 'string' } },
  allowPositionals: true,
});
const chosen = chosenRunners(values.only);
const began = performance.now();
findTools();

const lines: string[] = [];
let total: Tally = NO_TESTS;
for (const name of chosen) {
  console.log(`\n── ${name} ──`);
  const runnerBegan = performance.now();
  const tally = await RUNNERS[name](positionals);
  total = plus(total, tally);
  lines.push(`${name.padEnd(8)} ${describeTally(tally)} (${seconds(runnerBegan)})`);
}

console.log(`\n${lines.join('\n')}\ntotal    ${seconds(began)}\n`);
console.log(describeTally(total));
process.exitCode = total.failed > 0 ? 1 : 0;
