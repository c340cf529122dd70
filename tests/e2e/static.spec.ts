/** The page and the public record as plain files on a static host: everything can be read, nothing but files is asked for. */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SECURITY_HEADERS } from '../../src/contracts/security-headers.ts';
import { exportStatic } from '../../tools/export-static.ts';
import { expect, test } from './fixtures.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { openPackage } from '../support/package.ts';
import { postComment, rejectRequest } from '../support/public-posts.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { Resident } from './resident.ts';

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

test('everything public is read from plain files, and a share is a sealed file to hand over: only files are asked for', async ({
  hub,
  folder,
  browser,
}) => {
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const file = await makeRecording(folder, blinkName('yard', start), start, { width: 640, height: 360, durationS: 12 });
  await hub.publish({
    id: 'static-request',
    title: 'A request as a file',
    window: { from: start + 2_000, to: start + 7_000 },
    area: { type: 'Circle', center: TEST_PLACE, radiusM: 400 },
  });
  await hub.publish({ id: 'march', title: 'Who marched?', window: { from: start - 60_000, to: start } });
  expect(await rejectRequest(hub.url, 'march', 'lawful-activity', 'A march is lawful.')).toBe(true);
  expect(await postComment(hub.url, 'static-request', 'June', 'We saw it, too.')).toBe(true);
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
    const resident = new Resident(page, url);
    await expect(resident.post('A request as a file')).toContainText('1 comment', { timeout: 30_000 });
    await resident.openRequest('A request as a file');
    await expect(page.getByText('We saw it, too.')).toBeVisible();
    await expect(page.getByText('comments can be read here, not written')).toBeVisible();
    await expect(page.getByText('Write a comment')).toHaveCount(0);
    await page.getByRole('link', { name: 'Wrenfield Police Department' }).click();
    const rejected = page.getByRole('article').filter({ hasText: 'Who marched?' });
    await expect(rejected).toContainText('A march is lawful.');
    await rejected.getByText('The text as it was posted').click();
    await expect(rejected).toContainText('A request made by a test.');
    await expect(page.getByText('The chain holds from entry 1 to 2.')).toBeVisible();

    await resident.addCamera('Yard', TEST_PLACE);
    await resident.importFiles([file], 'Yard');
    await resident.beginShare('A request as a file');
    await resident.waitForClips(1);
    await resident.seal();
    await expect(page.getByRole('button', { name: 'Send', exact: true })).toHaveCount(0);
    await expect(page.getByText('m.lindqvist@police.wrenfield.example').last()).toBeVisible();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save sealed file' }).click();
    const sealed = join(folder, 'handed-over.age');
    await (await downloading).saveAs(sealed);
    const { manifest } = await openPackage(sealed, (await demoAgeKey('police')).identity, folder);
    expect(manifest.clips.map(({ camera }) => camera.name)).toEqual(['Yard']);
    await resident.open('/activity');
    await expect(page.getByRole('button', { name: 'Save sealed file' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^(?:Send|Resume)$/ })).toHaveCount(0);
    expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(asked).toContain('GET /v1/feed');
  } finally {
    await context.close();
    server.close();
  }
});
