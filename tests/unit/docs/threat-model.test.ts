/** Each claim of docs/threat-model.md names the test that shows it: those tests must be there. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { SABOTAGES } from '../../../tools/audit-egress/sabotage.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const text = readFileSync(join(PROJECT, 'docs/threat-model.md'), 'utf8');
const tests = globSync('tests/**/*.{test,spec}.ts', { cwd: PROJECT }).map((path) => path.replaceAll('\\', '/'));

const named = [...new Set([...text.matchAll(/[\w/-]+\.(?:test|spec)\.ts/g)].map(([name]) => name))];

test.each(named)('%s is there', (name) => {
  expect(tests.filter((path) => path.endsWith(`/${name}`))).toHaveLength(1);
});

test('every planted leak that it names is one', () => {
  const leaks = [...text.matchAll(/sabotage `([\w-]+)`/g)].map(([, name]) => name);
  expect(leaks.length).toBeGreaterThan(3);
  for (const name of leaks) expect(Object.keys(SABOTAGES)).toContain(name);
});
