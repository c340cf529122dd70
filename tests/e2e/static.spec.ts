/** The page and the public record as plain files on a static host: everything can be read, nothing but files is asked for. */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SECURITY_HEADERS } from '../../src/contracts/security-headers.ts';
import { exportStatic } from '../../tools/export-static.ts';
import { expect, test } from './fixtures.ts';
import { TEST_PLACE } from '../support/test-hub.ts';

const DIST = resolve(import.meta.dirname, '../..', process.env['PORCHLIGHT_DIST'] ?? 'dist');
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** As plain as a server of files can be; a path without a file is the page, because addresses name screens. */
const serveFiles = (folder: string): Promise<{ readonly url: string; readonly server: Server }> =>
  new Promise((done) => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://host').pathname;
      const name = path.endsWith('/') ? 'index.html' : path.slice(1);
      readFile(join(folder, name))
        .catch(() => (name.startsWith('v1/') ? null : readFile(join(folder, 'index.html'))))
        .then(
          (body) => {
            const type =
              TYPES[name.split('.').at(-1) ?? ''] ?? (name.includes('.') ? 'application/octet-stream' : 'text/html');
            response.writeHead(body === null ? 404 : 200, { ...SECURITY_HEADERS, 'Content-Type': type });
            response.end(body);
          },
          () => response.destroy(),
        );
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done({ url: `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`, server });
    });
  });

test('requests are read from plain files, each checked as ever, and only files are asked for', async ({
  hub,
  folder,
  browser,
}) => {
  const now = Date.now();
  await hub.publish({
    id: 'static-request',
    title: 'A request as a file',
    window: { from: now - 7_200_000, to: now - 3_600_000 },
    area: { type: 'Circle', center: TEST_PLACE, radiusM: 400 },
  });
  const out = join(folder, 'static');
  expect(await exportStatic({ from: hub.url, out, dist: DIST })).toMatchObject({ ok: true });
  const { url, server } = await serveFiles(out);
  // A page of its own: the promises of the fixtures are about the hub's origin.
  const context = await browser.newContext();
  try {
    const asked: string[] = [];
    context.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const page = await context.newPage();
    await page.goto(url);
    await expect(page.getByText('A request as a file').first()).toBeVisible({ timeout: 30_000 });
    expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(asked).toContain('GET /v1/feed');
  } finally {
    await context.close();
    server.close();
  }
});
