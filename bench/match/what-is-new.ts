/** One request or one recording more, beside what is there already. */
import type { Page } from '@playwright/test';
import { atLeast, type BenchReport, isSo, rowOf } from '../report.ts';
import { summarize } from '../common/statistics.ts';
import { call } from './calls.ts';
import type { MatchBench } from './page/page.ts';

type Deltas = Awaited<ReturnType<MatchBench['deltas']>>;

/** Rounds in turn, each of them over many requests and recordings. */
const ROUNDS = 5;

export const whatIsNew = async (page: Page, quick: boolean): Promise<BenchReport> => {
  await call(page, 'prepare', quick ? 'SMALL' : 'BLOCK', ['turf']);
  const many = quick ? 20 : 1_000;
  const found: Record<'ours' | 'turf', Deltas[]> = { ours: [], turf: [] };
  for (let round = 0; round < (quick ? 1 : ROUNDS); round += 1) {
    for (const engine of round % 2 === 0 ? (['ours', 'turf'] as const) : (['turf', 'ours'] as const)) {
      found[engine].push(await call(page, 'deltas', engine, many));
    }
  }
  const rowsOf = (name: string, of: (deltas: Deltas) => number) => [
    rowOf(name, { engine: 'kept up to date', ms: found.ours.map(of), result: undefined, problem: null }),
    rowOf(name, { engine: 'rbush + turf', ms: found.turf.map(of), result: undefined, problem: null }),
  ];
  const ratio = (of: (deltas: Deltas) => number): number =>
    summarize(found.turf.map(of)).median / summarize(found.ours.map(of)).median;
  return {
    rows: [
      ...rowsOf('one new request', ({ requestMs }) => requestMs),
      ...rowsOf('one of the first new requests', ({ firstRequestMs }) => firstRequestMs),
      ...rowsOf('one new recording', ({ recordingMs }) => recordingMs),
    ],
    claims: [
      atLeast(
        'one new request: over the turf version',
        ratio(({ requestMs }) => requestMs),
        50,
        'times',
      ),
      atLeast(
        'one new recording: over the turf version',
        ratio(({ recordingMs }) => recordingMs),
        50,
        'times',
      ),
      isSo(
        'what is new brings equally many matches in both',
        new Set([...found.ours, ...found.turf].map(({ matches }) => matches)).size === 1,
      ),
    ],
    notes: [
      `What is new: the mean over ${many} of each, a request around most of the cameras at a time, of ${ROUNDS} rounds in turn the median. The first new requests after a library was opened ask camera by camera; when that has taken as long as it takes to put all recordings in order of time, this is done, and later ones use it. The turf version puts a new request into its tree too; a scan over recordings held as small objects is all that it does for each camera inside.`,
    ],
  };
};
