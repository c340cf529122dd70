/**
 * `npx node tools/bundle-sizes.ts [DIST]`: how many bytes of each package are in the built page, by its source maps: in the scripts of
 * the page and, apart, in those of its workers. DIST is dist/ unless given.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of one segment (base64 VLQ, ECMA-426). */
const decode = (segment: string): readonly number[] => {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
};

const packageOf = (source: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ??
  (source === '' ? 'what the bundler adds' : 'Porchlight itself');

/** Bytes of each package in one script: each stretch belongs to the source that its mapping names. */
export const bytesByPackage = (script: string, { sources, mappings }: SourceMap): ReadonlyMap<string, number> => {
  const bytes = new Map<string, number>();
  let source = 0;
  // A text that goes over several lines has one mapping, where it begins.
  let owner = '';
  const lines = script.split('\n');
  for (const [row, text] of mappings.split(';').entries()) {
    let column = 0;
    const count = (to: number): void => {
      const length = Buffer.byteLength((lines[row] ?? '').slice(column, to));
      if (length > 0) bytes.set(packageOf(owner), (bytes.get(packageOf(owner)) ?? 0) + length);
      column = to;
    };
    for (const segment of text === '' ? [] : text.split(',')) {
      const [step = 0, sourceStep] = decode(segment);
      count(column + step);
      // A stretch without a source is the minifier's doing, inside the module before it.
      if (sourceStep !== undefined) owner = sources[(source += sourceStep)] ?? '';
    }
    count((lines[row] ?? '').length);
  }
  return bytes;
};

/** `[package, bytes on the page, bytes in workers]`, the largest first. */
export const bundleSizes = (dist: string): readonly (readonly [name: string, page: number, workers: number])[] => {
  const sizes = new Map<string, [number, number]>();
  for (const file of globSync('assets/*.js.map', { cwd: dist })) {
    const map = JSON.parse(readFileSync(join(dist, file), 'utf8')) as SourceMap;
    const script = readFileSync(join(dist, file.slice(0, -'.map'.length)), 'utf8');
    const inWorker = /worker/.test(file) ? 1 : 0;
    for (const [name, bytes] of bytesByPackage(script, map)) {
      const both = sizes.get(name) ?? [0, 0];
      both[inWorker] += bytes;
      sizes.set(name, both);
    }
  }
  return [...sizes]
    .map(([name, [page, workers]]) => [name, page, workers] as const)
    .toSorted((a, b) => b[1] + b[2] - a[1] - a[2]);
};

if (import.meta.main) {
  const kilobytes = (bytes: number): string => (bytes === 0 ? '–' : (bytes / 1_000).toFixed(1)).padStart(9);
  console.log(`${'package'.padEnd(32)} ${'page, kB'.padStart(9)} ${'workers'.padStart(9)}`);
  for (const [name, page, workers] of bundleSizes(resolve(process.argv[2] ?? 'dist')))
    console.log(`${name.padEnd(32)} ${kilobytes(page)} ${kilobytes(workers)}`);
}
