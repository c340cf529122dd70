/** The hub as a server: starting and stopping, the page's files, headers, limits, faults, and the demo town in it. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startHub } from '../../server/main.ts';
import type { Feed } from '../../src/contracts/request.ts';
import { SECURITY_HEADERS } from '../../src/contracts/security-headers.ts';
import { createPublicRecordKeeper } from '../../src/requests/public-record.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { run } from '../support/run.ts';
import { PAGE, testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
let hub: TestHub;
beforeAll(async () => {
  hub = await testHub(NOW);
});
afterAll(() => hub.stop());

/** A path and headers sent as they are: fetch would tidy them up. */
const rawGet = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(hub.url);
    request({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });

describe('starting', () => {
  it('says that the port is busy', async () => {
    const port = Number(new URL(hub.url).port);
    const second = await startHub({ ...hub.options, port, host: '127.0.0.1' });
    expect(second).toMatchObject({ ok: false, reason: 'port-busy', detail: expect.stringContaining(String(port)) });
  });

  it('says that another hub holds the data, and leaves that one alone', async () => {
    const second = await startHub({ ...hub.options, port: 0, host: '127.0.0.1' });
    expect(second).toMatchObject({
      ok: false,
      reason: 'data-locked',
      detail: expect.stringContaining(hub.options.dataDir),
    });
    expect((await fetch(`${hub.url}/v1/feed`)).status).toBe(200);
  });

  it('says so to another process, too', async () => {
    const script = join(hub.folder, 'second.mjs');
    const main = JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../../server/main.ts')).href);
    const options = JSON.stringify({ ...hub.options, port: 0, host: '127.0.0.1' });
    await writeFile(
      script,
      `import { startHub } from ${main};
      const started = await startHub(${options});
      console.log(started.ok ? 'started' : started.reason);
      process.exit(0);`,
    );
    expect((await run(process.execPath, [script])).stdout.trim()).toBe('data-locked');
    expect((await fetch(`${hub.url}/v1/feed`)).status).toBe(200);
  });

  it.each([
    ['a directory of another root', { rootKey: 'other' }, 'bad-directory'],
    ['a directory that is none', { directoryNote: 'hello' }, 'bad-directory'],
    ['a key that is none', { hubKey: 'hello' }, 'bad-hub-key'],
    ['a data folder that is a file', { dataDir: import.meta.filename }, 'data-unusable'],
  ])('refuses %s', async (_, change, reason) => {
    expect(await startHub({ ...hub.options, ...change, port: 0, host: '127.0.0.1' })).toMatchObject({
      ok: false,
      reason,
    });
  });

  it('refuses a key that the directory does not name', async () => {
    const hubKey = (await demoSigner('stranger')).signerKey;
    expect(await startHub({ ...hub.options, hubKey, port: 0, host: '127.0.0.1' })).toMatchObject({
      ok: false,
      reason: 'bad-hub-key',
    });
  });
});

describe('every response', () => {
  it.each([
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/requests/some-request'],
    ['GET', '/nothing.js'],
    ['GET', '/assets/core-1a2b3c.wasm'],
    ['GET', '/demo/recordings/porch.mp4'],
    ['DELETE', '/'],
    ['GET', '/v1/directory'],
    ['GET', '/v1/feed'],
    ['GET', '/v1/nothing'],
    ['POST', '/v1/requests'],
    ['OPTIONS', '/v1/packages'],
    ['POST', '/v1/packages'],
    ['HEAD', '/v1/packages/0123456789abcdef0123456789abcdef'],
  ])('carries the security headers: %s %s', async (method, path) => {
    const response = await fetch(hub.url + path, { method });
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(`${name}: ${response.headers.get(name)}`).toBe(`${name}: ${value}`);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('a malformed request', () => {
  it('is answered with the security headers, too', async () => {
    const { headers, status } = await rawGet('/', { Host: 'bad host' });
    expect(status).toBe(400);
    expect(headers['content-security-policy']).toBe(SECURITY_HEADERS['Content-Security-Policy']);
  });
});

describe('the page', () => {
  it.each([
    ['/', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/requests/wpd-alder-parcels', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/core-1a2b3c.wasm', 200, 'application/wasm', 'public, max-age=31536000, immutable'],
    ['/assets/worker-1a2b3c.mjs', 200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/demo/recordings/porch.mp4', 200, 'video/mp4', 'no-cache'],
    ['/assets/gone-4d5e6f.js', 404, 'application/problem+json', 'no-store'],
    ['/demo/nothing', 404, 'application/problem+json', 'no-store'],
  ])('%s', async (path, status, type, cache) => {
    const response = await fetch(hub.url + path);
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      status,
      type,
      cache,
    ]);
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
  ])('serves a video by ranges: %s', async (range, status, body, contentRange) => {
    const response = await fetch(`${hub.url}/demo/recordings/porch.mp4`, { headers: { Range: range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/demo/../secret.txt',
    '/demo/..%2f..%2fsecret.txt',
    '/demo/recordings/%2e%2e/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/data/hub.lock',
  ])('gives out nothing beyond its folders: %s', async (path) => {
    const { body } = await rawGet(path);
    expect(body).not.toContain('not for the web');
    expect(body === PAGE || body.includes('not-found') || body === '').toBe(true);
  });
});

describe('limits', () => {
  it('refuse a client that asks too often, by kind of route, until the minute is over', async () => {
    const clock = { now: NOW };
    await hub.restart({ rateLimits: { read: 3, publish: 1 }, now: () => clock.now });
    const statuses = async (method: string, path: string, times: number) => {
      const answers: number[] = [];
      for (let time = 0; time < times; time += 1) answers.push((await fetch(hub.url + path, { method })).status);
      return answers;
    };
    expect(await statuses('GET', '/v1/feed', 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses('POST', '/v1/requests', 2)).toEqual([400, 429]);
    expect((await fetch(`${hub.url}/v1/feed`)).headers.get('retry-after')).toBe('60');
    expect(await statuses('GET', '/', 5)).toEqual([200, 200, 200, 200, 200]);
    clock.now += 60_000;
    expect(await statuses('GET', '/v1/feed', 1)).toEqual([200]);
    await hub.restart();
  });
});

describe('faults', () => {
  it('that nobody expected are a problem document that tells nothing of the hub’s insides', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { documents } = hub.running.hub;
    const request = vi.spyOn(documents, 'request').mockRejectedValue(new Error('at /srv/hub/secret.ts: select *'));
    const response = await fetch(`${hub.url}/v1/requests/anything`);
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(await response.json()).toEqual({
      type: 'urn:porchlight:problem:internal',
      title: 'The hub failed to answer',
      status: 500,
    });
    expect(said).toHaveBeenCalledOnce();
    request.mockRestore();
    said.mockRestore();
    expect((await fetch(`${hub.url}/v1/requests/anything`)).status).toBe(404);
  });

  it('can be made for tests, and end', async () => {
    let failing = true;
    await hub.restart({ onRequest: () => (failing ? new Response(null, { status: 500 }) : null) });
    const response = await fetch(`${hub.url}/v1/feed`);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-security-policy')).not.toBeNull();
    failing = false;
    expect((await fetch(`${hub.url}/v1/feed`)).status).toBe(200);
    await hub.restart();
  });
});

describe('the demo town', () => {
  it('is in the feed, can be put in again for another day, and the page judges it as it should', async () => {
    for (const anchor of [NOW - 3 * 86_400_000, NOW]) {
      expect(await seedDemo(hub.running.hub, anchor)).toEqual({ ok: true, value: { requests: 13 } });
    }
    const feed = (await (await fetch(`${hub.url}/v1/feed`)).json()) as Feed;
    expect([feed.requests.length, feed.statuses.length]).toEqual([12, 1]);
    const keeper = createPublicRecordKeeper({
      rootKey: DEMO_ROOT_KEY,
      now: () => NOW,
      notes: {
        all: async () => [],
        replaceHubNotes: async () => ({ ok: true, value: undefined }),
        put: async () => ({ ok: true, value: undefined }),
      },
      net: {
        send: async ({ path }) => {
          const response = await fetch(hub.url + path);
          return {
            ok: true,
            status: response.status,
            headers: response.headers,
            body: new Uint8Array(await response.arrayBuffer()),
          };
        },
      },
    });
    await keeper.refresh();
    const counts = Object.groupBy(keeper.record.get().requests, ({ status }) => status);
    expect(keeper.record.get()).toMatchObject({ state: 'ready', message: null, unreadable: [] });
    expect([counts.open?.length, counts.refused?.length, counts.expired?.length, counts.resolved?.length]).toEqual([
      6, 4, 1, 1,
    ]);
  });
});
