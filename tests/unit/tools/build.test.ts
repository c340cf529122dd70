/** Two builds of the same files, in different places, are the same bytes, and what is published beside the page says which. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleSizes } from '../../../tools/bundle-sizes.ts';
import { compressedKilobytes, firstScripts } from '../../../tools/first-scripts.ts';

/** A build takes seconds on an idle machine, and much longer on a busy one. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const PROJECT = resolve(import.meta.dirname, '../../..');
const PARTS = ['src', 'workers', 'wasm', 'tools', 'public', 'index.html', 'LICENSE', 'NOTICE.md'];
const CONFIGURATION = ['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

const folder = mkdtempSync(join(tmpdir(), 'porchlight-build-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A checkout of its own with the same dependencies; of `from`, so that nobody changes a file between two of them. */
const checkout = (name: string, from = PROJECT): string => {
  const place = join(folder, name);
  for (const part of [...PARTS, ...CONFIGURATION].filter((name) => existsSync(join(from, name)))) {
    cpSync(join(from, part), join(place, part), { recursive: true, filter: (path) => !path.includes('dist-tools') });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(place, 'node_modules'));
  return place;
};

/** The folder of the built page. Throws with the build's own words. */
const build = (place: string): string => {
  const out = join(place, 'built');
  execFileSync(
    join(PROJECT, 'node_modules/.bin/vite'),
    ['build', '--logLevel', 'warn', '--outDir', out],
    // Vitest says NODE_ENV=test, which would bundle the development builds of dependencies.
    {
      cwd: place,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  return out;
};

let first = '';
beforeAll(() => {
  first = build(checkout('one'));
});

test('two builds are byte for byte the same', () => {
  const second = build(checkout('somewhere/else/two', join(folder, 'one')));
  const sums = (out: string): string => readFileSync(join(out, 'SHA256SUMS.txt'), 'utf8');
  expect(sums(second)).toBe(sums(first));
});

test('the sums are of every file, and sha256sum agrees', () => {
  const checked = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS.txt'], {
    cwd: first,
    encoding: 'utf8',
  });
  for (const name of ['index.html: OK', 'licences.txt: OK', '.wasm: OK', '.worker-']) expect(checked).toContain(name);
  expect(checked).toMatch(/assets\/index-[\w-]+\.js\.map: OK/);
});

test('every bundled package is there with its licence’s own text', () => {
  const text = readFileSync(join(first, 'licences.txt'), 'utf8');
  for (const name of ['lit-html 3', 'age-encryption 0', 'mediabunny 1', '@ffmpeg/core 0', '@awesome.me/webawesome 3'])
    expect(text).toContain(`\n${name}`);
  expect(text).toContain('Redistribution and use in source and binary forms');
});

test('the timeline starts with at most 110 kB of script, compressed', () => {
  const scripts = firstScripts(first);
  expect(scripts.length).toBeGreaterThan(1);
  expect(compressedKilobytes(scripts)).toBeLessThanOrEqual(110);
});

test('the sizes by package add up to the scripts, nothing counted twice or left out', () => {
  const told = bundleSizes(first).reduce((sum, [, page, workers]) => sum + page + workers, 0);
  const scripts = globSync('assets/*.js.map', { cwd: first }).map((map) => map.slice(0, -'.map'.length));
  const bytes = scripts.reduce((sum, file) => sum + statSync(join(first, file)).size, 0);
  // Line ends and the line that names the source map belong to nobody.
  expect(told).toBeLessThanOrEqual(bytes);
  expect(told).toBeGreaterThan(bytes * 0.98);
});

test('a way out in a dependency or in our own code ends the build', () => {
  const place = checkout('three', join(folder, 'one'));
  writeFileSync(join(place, 'src/requests/hub-notes.ts'), '\nglobalThis.console.log(new RTCPeerConnection());\n', {
    flag: 'a',
  });
  expect(() => build(place)).toThrow(/mentions RTCPeerConnection/);
});
