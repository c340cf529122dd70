/** The order in which a browser is looked for, with a PATH and an environment of the test's own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserFlags, findBrowser } from '../../../tools/find-browser.ts';
import { nativeTool } from '../../../tools/find-native.ts';
import { findOnPath } from '../../../tools/find-on-path.ts';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-path-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = (name: string, mode = 0o755): string => {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
};

beforeEach(() => {
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CHROMIUM_PATH', '');
});
afterEach(() => vi.unstubAllEnvs());

test('CHROMIUM_PATH comes before the PATH, and a wrong one is told', () => {
  const onPath = program('google-chrome');
  expect(findBrowser()).toEqual({ path: onPath, origin: 'the PATH' });
  const asked = program('my-chromium');
  vi.stubEnv('CHROMIUM_PATH', asked);
  expect(findBrowser()).toEqual({ path: asked, origin: 'CHROMIUM_PATH' });
  vi.stubEnv('CHROMIUM_PATH', join(folder, 'nowhere'));
  expect(findBrowser).toThrow('there is no such file');
});

test('chromium comes before google-chrome', () => {
  program('google-chrome');
  const chromium = program('chromium');
  expect(findBrowser()?.path).toBe(chromium);
});

test('only programs count, and a missing one is told with its package', () => {
  program('notes', 0o644);
  expect(findOnPath(['notes', 'nothing'])).toBeNull();
  expect(() => nativeTool('age')).toThrow('age is not installed: install the age package.');
});

test('the sandbox is given up only by root, who has none', () => {
  expect(browserFlags().includes('--no-sandbox')).toBe(process.getuid?.() === 0);
});
