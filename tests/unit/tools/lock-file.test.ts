/** The lock file works with `npm ci` on every platform, and names no registry. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { completeLock, type LockFile, missingPlatforms } from '../../../tools/complete-lock.ts';

const text = readFileSync(resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8');

test('every platform’s binary has an entry (else run `npx node tools/complete-lock.ts`)', () => {
  expect(missingPlatforms(JSON.parse(text) as LockFile)).toEqual([]);
});

test('no address of a registry is in it', () => {
  expect(text).not.toContain('"resolved"');
});

test('a missing binary gets an entry that npm can pass over', () => {
  const optionalDependencies = { '@a/binding-linux-x64-musl': '1.2.3', '@a/darwin-arm64': '1.2.3', fsevents: '2.0.0' };
  const lock = completeLock({
    packages: { '': {}, 'node_modules/a': { version: '1.2.3', dev: true, optionalDependencies } },
  });
  expect(Object.keys(lock.packages)).toEqual([
    '',
    'node_modules/@a/binding-linux-x64-musl',
    'node_modules/@a/darwin-arm64',
    'node_modules/a',
  ]);
  expect(lock.packages['node_modules/@a/binding-linux-x64-musl']).toEqual({
    ...{ version: '1.2.3', os: ['linux'], cpu: ['x64'], libc: ['musl'], dev: true, optional: true },
  });
});
