/** The benchmarks' statistics, their turn-taking, and how their claims are judged. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interleave, medianOf, type Contestant } from '../../../bench/common/interleave.ts';
import { quantile, seededRandom, shuffled, summarize } from '../../../bench/common/statistics.ts';
import { readResults, withResults } from '../../../bench/common/readme.ts';
import { atLeast, atMost, isSo, readable, rowOf, table, type BenchFile } from '../../../bench/report.ts';

describe('summarize', () => {
  test('odd and even counts', () => {
    expect(summarize([5, 1, 9])).toEqual({ runs: 3, median: 5, min: 1, max: 9 });
    expect(summarize([4, 1, 9, 6])).toEqual({ runs: 4, median: 5, min: 1, max: 9 });
  });

  test('of nothing is not a number, so that no claim can rest on it', () => {
    const { runs, median } = summarize([]);
    expect([runs, median]).toEqual([0, Number.NaN]);
    expect(atLeast('x', median, 0, '').holds).toBe(false);
    expect(atMost('x', median, 1e9, '').holds).toBe(false);
  });

  test('at most half of the values lie above the median and at most half below, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const { median, min, max } = summarize(values);
        expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
      { examples: [[[1, 2]], [[7]]] },
    );
  });
});

describe('quantile', () => {
  test('nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.99), quantile(hundred, 0.5), quantile(hundred, 1)]).toEqual([99, 50, 100]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('chance', () => {
  test('a seed determines it', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  test('shuffling keeps every item', () => {
    const items = [1, 2, 3, 4, 5, 6];
    expect(shuffled(items, seededRandom(4)).sort((a, b) => a - b)).toEqual(items);
  });
});

describe('interleave', () => {
  const contestant = (engine: string, log: string[], right: () => boolean = () => true): Contestant<string> => ({
    engine,
    run: async (round) => {
      log.push(`${engine}${round}`);
      return { result: engine, ms: 10 + round };
    },
    check: () => (right() ? null : `${engine} lost a frame`),
  });

  test('every engine runs once per round, and warm-ups do not count', async () => {
    const log: string[] = [];
    const timings = await interleave([contestant('a', log), contestant('b', log)], { runs: 3, warmUps: 1, seed: 1 });
    expect(log.map((entry) => entry.slice(1))).toEqual(['-1', '-1', '0', '0', '1', '1', '2', '2']);
    expect(new Set(log).size).toBe(8);
    expect(timings.map(({ engine, ms }) => [engine, ms])).toEqual([
      ['a', [10, 11, 12]],
      ['b', [10, 11, 12]],
    ]);
    expect(medianOf(timings, 'b')).toBe(11);
  });

  test('no time of an engine with a wrong result is believed, not even those before', async () => {
    const log: string[] = [];
    const wrong = contestant('wrong', log, () => log.length < 4);
    const timings = await interleave([contestant('right', log), wrong], { runs: 3, warmUps: 0, seed: 2 });
    const row = rowOf('case', timings.find(({ engine }) => engine === 'wrong') ?? fail());
    expect(row).toMatchObject({ runs: 0, medianMs: null, problem: 'wrong lost a frame' });
    expect(medianOf(timings, 'wrong')).toBeNaN();
    expect(medianOf(timings, 'right')).toBe(11);
  });

  test('an engine that throws is a wrong result', async () => {
    const broken: Contestant<string> = {
      engine: 'broken',
      run: () => Promise.reject(new Error('out of memory')),
      check: () => null,
    };
    const [timing] = await interleave([broken], { runs: 2, warmUps: 0, seed: 3 });
    expect(timing).toMatchObject({ ms: [], problem: 'out of memory' });
  });
});

describe('claims', () => {
  test('a bar is reached when it is met exactly', () => {
    expect(atLeast('speed', 8, 8, 'times')).toEqual({ claim: 'speed', value: 8, bar: '≥ 8 times', holds: true });
    expect(atLeast('speed', 7.999, 8, 'times').holds).toBe(false);
    expect(atMost('memory', 350, 350, 'MB').holds).toBe(true);
    expect(atMost('memory', 350.1, 350, 'MB').holds).toBe(false);
    expect(isSo('works', false)).toEqual({ claim: 'works', value: false, bar: 'yes', holds: false });
  });

  test('what has no JSON is null', () => {
    expect(atMost('time', Infinity, 1, 's')).toMatchObject({ value: null, holds: false });
  });
});

describe('table', () => {
  test('columns of all rows, numbers to the right', () => {
    expect(
      table([
        { case: 'a', ms: 1234.567 },
        { case: 'long', ms: 2, leak: 'x|y' },
      ]),
    ).toEqual([
      '| case |   ms | leak |',
      '| ---- | ---: | ---- |',
      '| a    | 1235 | –    |',
      '| long |    2 | x\\|y |',
    ]);
  });

  test('numbers as people read them', () => {
    expect([0.01234, 12.3456, 123456.7, 1_000_000, 0, null, true, 0.5].map(readable)).toEqual([
      '0.0123',
      '12.3',
      '123457',
      '1 000 000',
      '0',
      '–',
      'yes',
      '0.5',
    ]);
  });
});

describe('the README', () => {
  const file: BenchFile = {
    ...{ name: 'cut', quick: false, date: '2026-11-24', commit: 'abc', notes: [], rows: [] },
    machine: { cpu: 'C', cores: 2, memoryGb: 8, system: 's', node: '26', loadBefore: 1, loadAfter: 2 },
    claims: [atLeast('speed', 9, 8, 'times')],
  };
  const empty = 'before\n<!-- npm run bench -- --readme -->\n<!-- end of bench -->\nafter';

  test('carries the claims between its marks, and nothing else of it changes', () => {
    const once = withResults(empty, [file]);
    expect(once).toMatch(/^before\n[^]*\| cut +\| speed +\| +9 \| ≥ 8 times \| yes +\|[^]*\nafter$/);
    expect(withResults(once, [file])).toBe(once);
    expect(() => withResults('no marks', [file])).toThrow('README.md has no');
  });

  test('shows what the kept results say', () => {
    const project = resolve(import.meta.dirname, '../../..');
    const readme = readFileSync(join(project, 'README.md'), 'utf8');
    expect(readme, 'npm run bench -- --readme brings it up to date').toBe(
      withResults(readme, readResults(join(project, 'bench/results'))),
    );
  });
});

const fail = (): never => {
  throw new Error('no such engine');
};
