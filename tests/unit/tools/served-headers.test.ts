/** Development and preview send the same security headers as the hub, on every response: pages, modules, missing files, the proxied API. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServer, preview } from 'vite';
import { afterAll, describe, expect, test } from 'vitest';
import { SECURITY_HEADERS } from '../../../src/contracts/security-headers.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'porchlight-preview-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Porchlight</title>');
writeFileSync(join(folder, 'assets/a.js'), 'export {};');
afterAll(() => rmSync(folder, { recursive: true }));

const expectHeaders = async (url: string): Promise<void> => {
  const { headers } = await fetch(url, { redirect: 'manual' });
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect(headers.get(name), `${name} of ${url}`).toBe(value);
};

const common = { root: PROJECT, logLevel: 'silent' } as const;

describe('npm run dev', () => {
  const PATHS = ['/', '/library', '/src/main.ts', '/src/no-such-file.ts', '/icon.svg', '/@vite/client', '/v1/feed'];
  const CORE = '/node_modules/@ffmpeg/core/dist/esm/ffmpeg-core.js';

  test('every response has them', async () => {
    const server = await createServer({
      ...common,
      cacheDir: join(folder, 'cache'),
      server: { port: 0, host: '127.0.0.1', strictPort: false, hmr: false, watch: null },
    });
    try {
      await server.listen(0);
      const url = server.resolvedUrls?.local[0] ?? '';
      for (const path of [...PATHS, CORE]) await expectHeaders(new URL(path, url).href);
    } finally {
      await server.close();
    }
  });
});

test('vite preview: every response has them', async () => {
  const server = await preview({
    ...common,
    build: { outDir: folder },
    preview: { port: 0, host: '127.0.0.1', strictPort: false },
  });
  try {
    const url = server.resolvedUrls?.local[0] ?? '';
    for (const path of ['/', '/settings', '/assets/a.js', '/assets/none.js'])
      await expectHeaders(new URL(path, url).href);
  } finally {
    await server.close();
  }
});

test('the policy allows no inline code, no eval, no other origin, and names no permission twice', () => {
  const policy = SECURITY_HEADERS['Content-Security-Policy'] ?? '';
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  const permissions = (SECURITY_HEADERS['Permissions-Policy'] ?? '').split(', ').map((one) => one.split('='));
  expect(new Set(permissions.map(([name]) => name)).size).toBe(permissions.length);
  expect(permissions.filter(([, allowed]) => allowed !== '()').map(([name]) => name)).toEqual([
    'geolocation',
    'fullscreen',
  ]);
});
