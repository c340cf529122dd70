/** docs/storage.md names the database's version and every store that an upgrade makes: nothing is kept that it does not tell. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DATABASE_NAME, DATABASE_VERSION } from '../../../src/contracts/storage.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const text = readFileSync(join(PROJECT, 'docs/storage.md'), 'utf8');
const upgrades = readFileSync(join(PROJECT, 'src/storage/open-database.ts'), 'utf8');
const stores = [...upgrades.matchAll(/createObjectStore\('(\w+)'/g)].map(([, name = '']) => name);

test('the database and its version', () => {
  expect(text).toContain(`\`${DATABASE_NAME}\`, version ${DATABASE_VERSION} `);
});

test('every store', () => {
  expect(stores.length).toBeGreaterThan(10);
  expect(stores.filter((name) => !new RegExp(`^\\|[^|]*\`${name}\``, 'm').test(text))).toEqual([]);
});
