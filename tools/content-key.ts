/** A name for what is made out of files, for a cache: another one as soon as a file, its name or what else goes into it changes. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '..');

/** `patterns` are globs from the project's folder. Sixteen hexadecimal digits. */
export const contentKey = (patterns: readonly string[], ...others: readonly string[]): string => {
  const hash = createHash('sha256').update(others.join(' '));
  const files = patterns.flatMap((pattern) => globSync(resolve(PROJECT, pattern)));
  for (const file of files.toSorted()) hash.update(`\0${relative(PROJECT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};
