/** Two builds of the same files, in different places, are the same bytes, and what is published beside the page says which. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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

/** The same dependencies, one of them a copy that may be changed. */
const linkDependencies = (place: string, copied: string): void => {
  const modules = join(PROJECT, 'node_modules');
  mkdirSync(join(place, 'node_modules'));
  for (const name of readdirSync(modules).filter((each) => each !== copied && each !== '.vite'))
    symlinkSync(join(modules, name), join(place, 'node_modules', name));
  cpSync(join(modules, copied), join(place, 'node_modules', copied), { recursive: true });
};

/** A checkout of its own with the same dependencies; of `from`, so that nobody changes a file between two of them. */
const checkout = (name: string, from = PROJECT, copied: string | null = null): string => {
  const place = join(folder, name);
  for (const part of [...PARTS, ...CONFIGURATION].filter((name) => existsSync(join(from, name)))) {
    cpSync(join(from, part), join(place, part), { recursive: true, filter: (path) => !path.includes('dist-tools') });
  }
  if (copied === null) symlinkSync(join(PROJECT, 'node_modules'), join(place, 'node_modules'));
  else linkDependencies(place, copied);
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

test('docs/dependencies.md tells how much of each package is in the page and in its workers', () => {
  const text = readFileSync(join(PROJECT, 'docs/dependencies.md'), 'utf8');
  const told = new Map<string, readonly [number, number]>();
  const kilobytes = (cell = ''): number => Number(cell.trim() === '–' ? 0 : cell);
  for (const line of text.split('\n')) {
    const [, name = '', onPage, inWorkers, network = '', ...more] = line.split('|');
    if (more.length < 3 || !/^\s*[\d.–]+\s*$/.test(onPage ?? '')) continue;
    told.set(name.trim(), [kilobytes(onPage), kilobytes(inWorkers)]);
    for (const [, brought = '', size] of network.matchAll(/(@?[\w/-]+) (\d+\.\d)\b/g))
      told.set(brought, [Number(size), 0]);
  }
  const measured = new Map<string, readonly [number, number]>();
  for (const [name, page, workers] of bundleSizes(first)) {
    const group = /^(?:lit-html|lit-element|@lit\/reactive-element)$/.test(name) ? 'lit' : name;
    const [before, beforeInWorkers] = measured.get(group) ?? [0, 0];
    measured.set(group, [before + page / 1_000, beforeInWorkers + workers / 1_000]);
  }
  const ours = new Set(['Porchlight itself', 'what the bundler adds']);
  const wrong = [...measured]
    .filter(([name, [page, workers]]) => !ours.has(name) && page + workers >= 1)
    .filter(([name, sizes]) =>
      sizes.some((size, at) => !(Math.abs(size - (told.get(name)?.[at] ?? -1)) <= size / 10 + 0.1)),
    )
    .map(([name, sizes]) => `${name}: ${sizes.map((size) => size.toFixed(1)).join(' and ')} kB`);
  expect(wrong).toEqual([]);
});

test('a way out in our own code or in a dependency ends the build, each named', () => {
  const place = checkout('three', join(folder, 'one'), 'client-zip');
  const add = (file: string, code: string): void => writeFileSync(join(place, file), `\n${code}\n`, { flag: 'a' });
  add('src/requests/hub-notes.ts', 'globalThis.console.log(new RTCPeerConnection());');
  add(
    'node_modules/client-zip/index.js',
    'globalThis.tell = () => navigator.sendBeacon("https://stats.example/seen");',
  );
  let words = '';
  try {
    build(place);
  } catch (error) {
    words = String(error);
  }
  expect(words).toMatch(/mentions RTCPeerConnection/);
  expect(words).toMatch(/mentions sendBeacon/);
  expect(words).toMatch(/names another host, https:\/\/stats\.example\/seen/);
});
