/**
 * `npm run bench -- NAME [--quick]`: runs bench/NAME.ts, prints its table and writes bench/results/NAME.json. A full run puts its
 * claims into the README's table; `npm run bench -- --readme` does that from the results that are there. `--only` runs parts and keeps nothing.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCommandLine, wrongUsage } from '../tools/command-line.ts';
import { commitOf, watchMachine } from './common/machine.ts';
import { installPeers } from './common/peers.ts';
import { readResults, withResults } from './common/readme.ts';
import { describe, type BenchFile, type BenchModule } from './report.ts';

const FOLDER = import.meta.dirname;
const PROJECT = resolve(FOLDER, '..');
const FRAME = ['run', 'report'];

const names = (): readonly string[] =>
  readdirSync(FOLDER)
    .flatMap((file) => /^([a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
    .filter((name) => !FRAME.includes(name));

const usage = (): string => `Usage: npm run bench -- NAME [--quick] [--only PART,…] | --readme

Runs a benchmark, prints its table and keeps it in bench/results. There are: ${names().join(', ')}.
--quick   fewer and smaller cases, and no claim of it goes anywhere
--only    parts of a benchmark that has any, printed and not kept
--readme  writes the README's table from the results that are there

Exit status: 0 every result is right and, in a full run, every claim holds; 1 otherwise; 2 wrong usage.`;

const writeReadme = (): void => {
  const path = join(PROJECT, 'README.md');
  writeFileSync(path, withResults(readFileSync(path, 'utf8'), readResults(join(FOLDER, 'results'))));
};

const main = async (): Promise<number> => {
  const flag = { type: 'boolean', default: false } as const;
  const parsed = readCommandLine(usage(), {
    allowPositionals: true,
    options: { quick: flag, readme: flag, only: { type: 'string' } },
  });
  const { quick, readme, only } = parsed.values;
  if (readme) {
    writeReadme();
    return 0;
  }
  const [name] = parsed.positionals;
  if (name === undefined || parsed.positionals.length > 1) {
    return wrongUsage('One benchmark at a time, please.', usage());
  }
  if (!names().includes(name)) return wrongUsage(`No benchmark is called ${name}.`, usage());

  if (existsSync(join(FOLDER, 'package.json'))) installPeers(FOLDER);
  const { run, parts = [] } = (await import(`./${name}.ts`)) as BenchModule;
  const wanted = only?.split(',');
  if (wanted && !wanted.every((part) => parts.includes(part))) {
    return wrongUsage(`Parts of ${name}: ${parts.join(', ') || 'none'}.`, usage());
  }
  const machine = watchMachine();
  const report = await run({ quick, ...(wanted && { only: wanted }) });
  const file: BenchFile = {
    name,
    quick,
    date: new Date().toISOString().slice(0, 10),
    commit: commitOf(PROJECT),
    machine: machine(),
    ...report,
  };
  console.log(describe(file));
  if (!wanted) {
    const path = join(FOLDER, 'results', `${name}${quick ? '.quick' : ''}.json`);
    mkdirSync(join(FOLDER, 'results'), { recursive: true });
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
    if (!quick) writeReadme();
  }
  const right = report.rows.every((row) => row['problem'] === undefined);
  return right && (quick || report.claims.every((claim) => claim.holds)) ? 0 : 1;
};

process.exitCode = await main();
