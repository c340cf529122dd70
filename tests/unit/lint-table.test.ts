/** Lints small offending sources in a throw-away copy of the project's layout: each ban must fire, and say what to do instead. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PROJECT = resolve(import.meta.dirname, '../..');

/** An offending file, the line that offends, and words that the linter must say about it. */
const OFFENCES: readonly (readonly [file: string, line: string, words: string])[] = [
  ['src/contracts/a.ts', "export { x } from '../core/target.ts';", 'contracts import nothing of ours'],
  ['src/core/b.ts', "export { x } from '../stages/trim/target.ts';", 'take what you need as an argument'],
  ['src/core/c.ts', "export { html } from 'lit';", 'may import only valibot'],
  ['src/core/d.ts', "export { readFileSync } from 'node:fs';", 'exists only in Node'],
  ['src/bridge/e.ts', "export { x } from '../../workers/trim/target.ts';", 'its URL (`?worker&url`) only'],
  ['src/net/f.ts', "export { x } from '../stages/send/target.ts';", 'one door out'],
  ['src/requests/g.ts', "export { x } from '../net/target.ts';", 'take net (contracts/net.ts) and stores'],
  ['src/storage/h.ts', "export { x } from '../ui/target.ts';", 'storage implements contracts/storage.ts'],
  ['src/stages/trim/i.ts', "export { x } from '../inspect/target.ts';", 'takes bridges, stores and net as arguments'],
  ['src/stages/send/j.ts', "export { x } from '../../net/target.ts';", 'takes bridges, stores and net as arguments'],
  ['src/stages/send/k.ts', "export { x } from '../../ui/target.ts';", 'takes bridges, stores and net as arguments'],
  ['src/ui/views/l.ts', "export { x } from '../../stages/trim/target.ts';", 'receives a `Journey`'],
  ['src/ui/views/m.ts', "export { x } from '../../storage/target.ts';", 'receives a `Journey`'],
  ['src/journey.ts', "export { x } from './net/target.ts';", 'from main.ts'],
  ['workers/inspect/n.ts', "export { x } from '../trim/target.ts';", 'shares nothing with other engines'],
  [
    'workers/trim/o.ts',
    "export const load = () => import('../../src/ui/target.ts');",
    'takes what it needs as an argument',
  ],
  ['server/p.ts', "export { x } from '../src/net/target.ts';", 'shares only src/contracts and src/core'],
  ['tools/q.ts', "export { x } from '../src/stages/trim/target.ts';", 'drives the built page'],
  ['src/stages/send/r.ts', "export const ask = () => fetch('/v1/feed');", 'only src/net/ talks to the network'],
  ['src/ui/s.ts', "export const ask = () => globalThis.fetch('/v1/feed');", 'only src/net/ talks to the network'],
  ['src/ui/t.ts', "export const tell = () => navigator.sendBeacon('/x');", 'only src/net/ talks to the network'],
  ['src/requests/u.ts', "export const socket = () => new WebSocket('/x');", 'only src/net/ talks to the network'],
  ['src/requests/v.ts', "export const events = () => new EventSource('/x');", 'only src/net/ talks to the network'],
  ['workers/match/w.ts', 'export const ask = () => new XMLHttpRequest();', 'only src/net/ talks to the network'],
  ['workers/match/x.ts', 'export const peer = () => new RTCPeerConnection();', 'only src/net/ talks to the network'],
  ['src/core/y.ts', 'export default 1;', 'Prefer named exports'],
  ['src/core/CamelCase.ts', 'export const x = 1;', 'kebab-case'],
  [
    'src/core/z.ts',
    'export const go = (later: () => Promise<void>): void => { later(); };',
    'Promises must be awaited',
  ],
  ['src/core/any.ts', 'export const anything = (value: any): unknown => value;', 'Unexpected `any`'],
  ['src/core/cycle-a.ts', "export { two } from './cycle-b.ts'; export const one = 1;", 'Dependency cycle'],
];

/** Files that break no rule though they look alike. */
const ALLOWED: readonly (readonly [file: string, line: string])[] = [
  ['src/net/door.ts', "export const ask = () => fetch('/v1/feed');"],
  ['src/bridge/worker.ts', "export { default as url } from '../../workers/trim.worker.ts?worker&url';"],
  ['src/main.ts', "export { x } from './stages/trim/target.ts'; export { x as y } from './net/target.ts';"],
  ['src/stages/trim/near.ts', "export { x } from './target.ts';"],
];

const UNCOMMENTED = 'src/core/uncommented.ts';
let folder: string;
let findings: ReadonlyMap<string, readonly string[]>;

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

interface Report {
  readonly diagnostics: readonly { readonly message: string; readonly help?: string; readonly filename: string }[];
}

const lint = (): ReadonlyMap<string, readonly string[]> => {
  const run = spawnSync(
    join(PROJECT, 'node_modules/.bin/oxlint'),
    ['--format', 'json', 'src', 'workers', 'server', 'tools'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const { diagnostics } = JSON.parse(run.stdout) as Report;
  const byFile = new Map<string, string[]>();
  for (const { filename, message, help } of diagnostics) {
    byFile.set(filename, [...(byFile.get(filename) ?? []), `${message} ${help ?? ''}`]);
  }
  return byFile;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-lint-'));
  for (const path of ['oxlint.config.ts', 'tsconfig.json', 'package.json', 'tools/lint']) {
    cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, line] of [...OFFENCES, ...ALLOWED]) put(file, `/** A sample. */\n${line}\n`);
  put('src/core/cycle-b.ts', "/** A sample. */\nexport { one } from './cycle-a.ts'; export const two = 2;\n");
  put(UNCOMMENTED, 'export const x = 1;\n');
  findings = lint();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the linter', () => {
  test.each(OFFENCES)('refuses in %s: %s', (file, _line, words) => {
    expect(findings.get(file)?.join('\n')).toContain(words);
  });

  test.each(ALLOWED)('lets %s have: %s', (file) => {
    expect(findings.get(file)).toBeUndefined();
  });

  test('asks for a first line that says what a file is for', () => {
    expect(findings.get(UNCOMMENTED)?.join('\n')).toContain('Begin the file with a comment');
  });
});
