/** What a benchmark reports: rows that were measured, claims that were judged; as a table and as JSON. */
import type { Machine } from './common/machine.ts';
import { summarize } from './common/statistics.ts';
import type { Timings } from './common/interleave.ts';

export type Cell = string | number | boolean | null;

/** One engine on one case. Times in milliseconds, null when nothing was timed or a result was wrong; further columns as the benchmark likes. */
export interface BenchRow {
  readonly case: string;
  readonly engine: string;
  readonly runs: number;
  readonly medianMs: number | null;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly [column: string]: Cell;
}

/** One figure that was promised, and whether it was reached. */
export interface BenchClaim {
  readonly claim: string;
  readonly value: number | boolean | null;
  /** As a person reads it: `≥ 8 times`, `≤ 350 MB`. */
  readonly bar: string;
  readonly holds: boolean;
}

/** What `run` of bench/NAME.ts gives back. */
export interface BenchReport {
  readonly rows: readonly BenchRow[];
  readonly claims: readonly BenchClaim[];
  /** What a reader of the figures has to know, as sentences. */
  readonly notes: readonly string[];
}

export interface RunOptions {
  readonly quick: boolean;
  /** Names of the parts that are wanted; all without it. */
  readonly only?: readonly string[];
}

export interface BenchModule {
  /** What `--only` can choose from; benchmarks without parts run as a whole. */
  readonly parts?: readonly string[];
  run(options: RunOptions): Promise<BenchReport>;
}

/** What lies in bench/results/NAME.json. */
export interface BenchFile extends BenchReport {
  readonly name: string;
  readonly quick: boolean;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
}

/** A row from one engine's timings; a wrong result shows up in the column `problem` and has no times. */
export const rowOf = (
  name: string,
  { engine, ms, problem }: Timings<unknown>,
  columns: Readonly<Record<string, Cell>> = {},
): BenchRow => {
  const { runs, median, min, max } = summarize(ms);
  return {
    case: name,
    engine,
    runs,
    medianMs: finite(median),
    minMs: finite(min),
    maxMs: finite(max),
    ...columns,
    ...(problem === null ? {} : { problem }),
  };
};

/** Holds iff `value ≥ bar`; never for NaN. */
export const atLeast = (claim: string, value: number, bar: number, unit: string): BenchClaim => ({
  claim,
  value: finite(value),
  bar: `≥ ${bar} ${unit}`.trim(),
  holds: value >= bar,
});

/** Holds iff `value ≤ bar`; never for NaN. */
export const atMost = (claim: string, value: number, bar: number, unit: string): BenchClaim => ({
  claim,
  value: finite(value),
  bar: `≤ ${bar} ${unit}`.trim(),
  holds: value <= bar,
});

/** Something that is so or not. */
export const isSo = (claim: string, value: boolean): BenchClaim => ({ claim, value, bar: 'yes', holds: value });

/** Infinity and NaN have no JSON. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const readable = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell)) return cell.toLocaleString('en-US').replaceAll(',', ' ');
  return cell
    .toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(cell) || 1))))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
};

/** Lines of a table in Markdown's form, padded so that it reads as plain text too. */
export const table = (rows: readonly Readonly<Record<string, Cell>>[]): readonly string[] => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((column) => readable(row[column]).replaceAll('|', '\\|')));
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const numeric = columns.map((column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (words: readonly string[]): string =>
    `| ${words.map((word, index) => (numeric[index] ? word.padStart(widths[index] ?? 0) : word.padEnd(widths[index] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, index) => (numeric[index] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(columns), `| ${rule.join(' | ')} |`, ...cells.map(line)];
};

/** The whole report for a terminal. */
export const describe = ({ name, quick, machine, rows, claims, notes }: BenchFile): string =>
  [
    `${name}${quick ? ' (quick: smaller cases, fewer runs; its figures are no evidence)' : ''}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; Node ${machine.node}; load ${machine.loadBefore} → ${machine.loadAfter}`,
    ...(rows.length > 0 ? ['', ...table(rows)] : []),
    ...(claims.length > 0 ? ['', ...table(claims.map((claim) => ({ ...claim })))] : []),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
