/** The README's table of what was promised and measured, made from the results of full runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table, type BenchFile } from '../report.ts';

const BEGIN = '<!-- npm run bench -- --readme -->';
const END = '<!-- end of bench -->';

/** The results of full runs in a folder, by name. */
export const readResults = (folder: string): readonly BenchFile[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.quick.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as BenchFile);

/** `readme` with the part between its two marks made anew. Throws Error when a mark is missing. */
export const withResults = (readme: string, files: readonly BenchFile[]): string => {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${claimsOf(files)}\n\n${readme.slice(end)}`;
};

const claimsOf = (files: readonly BenchFile[]): string => {
  const rows = files.flatMap(({ name, claims }) =>
    claims.map(({ claim, value, bar, holds }) => ({ benchmark: name, claim, measured: value, bar, holds })),
  );
  const lines = files.map(
    ({ name, machine, date, commit }) =>
      `${name}: ${date}, commit ${commit.replace('+', ' with changes')}, ${machine.cpu}, ${machine.cores} cores, load ${machine.loadBefore} to ${machine.loadAfter}.`,
  );
  return [...table(rows), '', ...lines.map((line) => `- ${line}`)].join('\n');
};
