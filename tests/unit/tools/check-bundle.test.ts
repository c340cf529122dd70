/** The build is refused when something in it could get past the content policy, or names another host. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forbiddenInBundle } from '../../../tools/check-bundle.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-bundle-'));
  mkdirSync(join(folder, 'assets'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe('a way out is found wherever it lies, and named with its file', () => {
  test.each([
    ['RTCPeerConnection', 'new RTCPeerConnection()'],
    ['sendBeacon', 'navigator.sendBeacon("/x")'],
    ['EventSource', 'new EventSource("/v1/feed")'],
    ['WebSocket', 'new WebSocket("/x")'],
    ['WebTransport', 'new WebTransport("/x")'],
  ])('%s', (name, code) => {
    write('assets/bad.js', code);
    expect(forbiddenInBundle(folder)).toEqual([expect.stringContaining(`assets/bad.js mentions ${name}`)]);
  });
});

describe('another host is found', () => {
  test.each([
    ['in a string', 'assets/a.js', 'const u="https://cdn.example/x.js"'],
    ['in a template', 'assets/a.js', 'const u=`https://${host}/x.js`'],
    ['without a scheme', 'assets/a.js', 'const u="//cdn.example/x.js"'],
    ['as a socket', 'assets/a.js', 'const u="wss://cdn.example"'],
    ['in a style sheet', 'assets/a.css', 'a{background:url(//cdn.example/x.png)}'],
    ['in the page', 'index.html', '<link href="https://cdn.example/x.css">'],
    ['in a drawing', 'icon.svg', '<image href="https://cdn.example/x.png"/>'],
    ['among the bytes of a module', 'assets/kernel.wasm', '\u0000asm\u0001\u0000"https://cdn.example/x"\u0000'],
    ['behind the name of an allowed one', 'assets/a.js', 'const u="https://age-encryption.org.example/"'],
  ])('%s', (_, file, text) => {
    write(file, text);
    expect(forbiddenInBundle(folder)).toEqual([expect.stringContaining(`${file} names another host`)]);
  });
});

test('its own paths, names of vocabularies and comments of code are no hosts', () => {
  write('assets/good.js', 'fetch("/v1/feed");const ns="http://www.w3.org/2000/svg",a=b//2\n/c;"https://"+x');
  expect(forbiddenInBundle(folder)).toEqual([]);
});

test('the ffmpeg core passes as its package ships it, and not with one byte more', () => {
  const core = join(folder, 'assets/core.js');
  copyFileSync(fileURLToPath(import.meta.resolve('@ffmpeg/core')), core);
  expect(forbiddenInBundle(folder)).toEqual([]);
  writeFileSync(core, '\n', { flag: 'a' });
  expect(forbiddenInBundle(folder)).toEqual([expect.stringContaining('mentions WebSocket')]);
});
