/** The runners of `npm test`: each runs one tool with its output shown, and counts what came of it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NO_TESTS, oneTest, playwrightTally, type Tally, vitestTally, withExitCode } from './tally.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const RESULTS = join(PROJECT, 'test-results');

/** Runs a program of node_modules/.bin with its output shown; its exit code, 1 when a signal ended it. */
const runTool = (name: string, args: readonly string[], environment: Record<string, string> = {}): Promise<number> =>
  new Promise((done, fail) => {
    const child = spawn(join(PROJECT, 'node_modules/.bin', name), args, {
      cwd: PROJECT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 1));
  });

const check = (name: string, args: readonly string[]) => async (): Promise<Tally> =>
  oneTest((await runTool(name, args)) === 0);

const freshReport = (name: string): string => {
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, `${name}.json`);
  rmSync(path, { force: true });
  return path;
};

const count = (report: string, read: (json: string) => Tally, exitCode: number): Tally =>
  withExitCode(existsSync(report) ? read(readFileSync(report, 'utf8')) : NO_TESTS, exitCode);

const vitest =
  (project: 'unit' | 'browser') =>
  async (filters: readonly string[]): Promise<Tally> => {
    const report = freshReport(project);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const exitCode = await runTool('vitest', [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      ...reporters,
      ...filters,
    ]);
    return count(report, vitestTally, exitCode);
  };

const playwright = async (filters: readonly string[]): Promise<Tally> => {
  const report = freshReport('e2e');
  const exitCode = await runTool('playwright', ['test', '--pass-with-no-tests', ...filters], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return count(report, playwrightTally, exitCode);
};

export const RUNNERS = {
  types: check('tsc', ['--noEmit']),
  lint: check('oxlint', []),
  format: check('oxfmt', ['--check']),
  unit: vitest('unit'),
  browser: vitest('browser'),
  build: check('vite', ['build', '--logLevel', 'warn']),
  e2e: playwright,
} as const satisfies Readonly<Record<string, (filters: readonly string[]) => Promise<Tally>>>;

export type RunnerName = keyof typeof RUNNERS;
