/** docs/dependencies.md lists every direct dependency with a reason and the licence that the package itself states. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const PROJECT = resolve(import.meta.dirname, '../../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(PROJECT, path), 'utf8'));

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const { dependencies = {}, devDependencies = {} } = readJson('package.json') as Manifest;
const names = Object.keys({ ...dependencies, ...devDependencies });
const rows = new Map(
  readFileSync(join(PROJECT, 'docs/dependencies.md'), 'utf8')
    .split('\n')
    .map((line) => /^\| `([^`]+)` +\| (.+?) +\| ([^|]+?) +\|$/.exec(line))
    .filter((row) => row !== null)
    .map(([, name = '', why = '', licence = '']) => [name, { why, licence }]),
);

describe('docs/dependencies.md', () => {
  test.each(names)('says why %s is here and under which licence', (name) => {
    const { license } = readJson(`node_modules/${name}/package.json`) as Manifest;
    expect(rows.get(name)).toEqual({ why: expect.stringMatching(/\S/), licence: license });
  });

  test('lists nothing that is not a dependency', () => {
    expect([...rows.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});

test('only licences that allow this use are shipped to the browser or run in the hub', () => {
  const allowed = ['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0', 'MPL-2.0'];
  const others = Object.keys(dependencies).filter((name) => !allowed.includes(rows.get(name)?.licence ?? ''));
  // Run as a separate program and named in NOTICE.md with its source.
  expect(others.toSorted()).toEqual(['@ffmpeg/core', '@ffmpeg/core-mt']);
});
