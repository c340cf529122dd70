/** The door asks the page's own origin only, and writes down every exchange, also those that fail. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { createNet } from '../../../src/net/door.ts';
import { memoryLedger } from '../../support/memory-stores.ts';

let server: Server;
let origin: string;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`.trim());
    if (request.url === '/elsewhere') response.writeHead(302, { Location: '/ok' }).end();
    else if (request.url === '/hang') response.flushHeaders();
    else if (request.url === '/problem')
      response
        .writeHead(409, { 'Content-Type': 'application/problem+json' })
        .end('{"title":"Closed","detail":"since noon"}');
    else if (request.url === '/same') response.writeHead(304, { ETag: '"one"' }).end();
    else if (request.url === '/bare') response.writeHead(500).end('x');
    else response.writeHead(200, { 'X-Answer': 'yes' }).end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(
  () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
);

const door = () => {
  const ledger = memoryLedger();
  return { ledger, net: createNet({ ledger, origin, now: () => 7 }) };
};

describe('send', () => {
  test('gives the answer and writes it down', async () => {
    const { net, ledger } = door();
    const body = new TextEncoder().encode('going out');
    const result = await net.send({ purpose: 'a test', method: 'POST', path: '/ok', body });
    expect(result.ok && [result.status, result.headers.get('X-Answer'), new TextDecoder().decode(result.body)]).toEqual(
      [200, 'yes', 'hello'],
    );
    expect(ledger.entries).toEqual([
      {
        at: 7,
        purpose: 'a test',
        method: 'POST',
        url: `${origin}/ok`,
        bytesOut: 9,
        bytesIn: 5,
        bodySha256: await sha256Hex(body),
        status: 200,
        problem: null,
        of: 1,
        tookMs: 0,
      },
    ]);
  });

  test('writes down that nothing has changed as an answer, not as a problem', async () => {
    const { net, ledger } = door();
    const headers = { 'If-None-Match': '"one"' };
    const result = await net.send({ purpose: 'p', method: 'GET', path: '/same', headers });
    expect(result).toMatchObject({ ok: false, status: 304 });
    expect(ledger.entries.at(-1)).toMatchObject({ status: 304, problem: null, bytesIn: 0 });
  });

  test('it is in the ledger before it leaves, with the body that will leave', async () => {
    const { ledger } = door();
    const body = new TextEncoder().encode('going out');
    const seen: unknown[] = [];
    const before = asked.length;
    const begin: typeof ledger.begin = (entry, kept) => {
      seen.push(entry.bodySha256, entry.headers, kept, asked.length - before);
      return ledger.begin(entry, kept);
    };
    const headers = { 'Content-Type': 'text/plain' };
    await createNet({ ledger: { ...ledger, begin }, origin, now: () => 7 }).send({
      ...{ purpose: 'p', method: 'POST', path: '/ok', body, headers },
    });
    expect(seen).toEqual([await sha256Hex(body), headers, body, 0]);
  });

  test('a problem document’s words reach the person', async () => {
    const { net, ledger } = door();
    expect(await net.send({ purpose: 'p', method: 'GET', path: '/problem' })).toEqual({
      ok: false,
      reason: 'http-error',
      detail: 'Closed: since noon (HTTP 409)',
      status: 409,
    });
    expect(await net.send({ purpose: 'p', method: 'GET', path: '/bare' })).toMatchObject({
      reason: 'http-error',
      status: 500,
      detail: 'The hub answered with HTTP 500.',
    });
    expect(ledger.entries.map(({ status, bytesIn }) => [status, bytesIn])).toEqual([
      [409, 40],
      [500, 1],
    ]);
  });

  test.each([
    'http://elsewhere.example/',
    '//elsewhere.example/x',
    '/\\elsewhere.example/x',
    'relative',
    '',
    'data:,x',
  ])('%s is blocked and asks nobody', async (path) => {
    const { net, ledger } = door();
    asked = [];
    expect(await net.send({ purpose: 'p', method: 'GET', path })).toMatchObject({ ok: false, reason: 'blocked' });
    expect(asked).toEqual([]);
    expect(ledger.entries).toMatchObject([{ bytesOut: 0, status: null }]);
  });

  test('a redirect is not followed, not even to the same origin', async () => {
    const { net } = door();
    asked = [];
    expect(await net.send({ purpose: 'p', method: 'GET', path: '/elsewhere' })).toMatchObject({
      ok: false,
      reason: 'offline',
    });
    expect(asked).toEqual(['GET /elsewhere']);
  });

  test('an abort is told apart, and written down', async () => {
    const { net, ledger } = door();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    expect(await net.send({ purpose: 'p', method: 'GET', path: '/hang', signal: stop.signal })).toMatchObject({
      ok: false,
      reason: 'aborted',
    });
    expect(ledger.entries).toMatchObject([{ problem: 'The request was stopped.' }]);
  });

  test('no hub at all', async () => {
    const ledger = memoryLedger();
    const net = createNet({ ledger, origin: 'http://127.0.0.1:1', now: () => 7 });
    expect(await net.send({ purpose: 'p', method: 'GET', path: '/x' })).toMatchObject({
      ok: false,
      reason: 'offline',
      status: null,
    });
    expect(ledger.entries).toHaveLength(1);
  });

  describe('a ledger on a full disk', () => {
    const full = (): Promise<never> => Promise.reject(new Error('There is not enough room.'));

    test.each(['GET', 'POST'] as const)('lets no %s out, and says why', async (method) => {
      const net = createNet({ ledger: { begin: full, append: full }, origin, now: () => 7 });
      asked = [];
      const body = new TextEncoder().encode('going out');
      const result = await net.send({ purpose: 'p', method, path: '/ok', ...(method === 'POST' && { body }) });
      expect(result).toMatchObject({ ok: false, reason: 'unrecorded', status: null });
      expect(result).toHaveProperty('detail', expect.stringMatching(/^Nothing was sent: .*not enough room/));
      expect(asked).toEqual([]);
    });

    test('that fills up during a request leaves its first line, and the answer counts', async () => {
      const { ledger } = door();
      const net = createNet({ ledger: { begin: ledger.begin, append: full }, origin, now: () => 7 });
      asked = [];
      expect(await net.send({ purpose: 'p', method: 'GET', path: '/ok' })).toMatchObject({ ok: true });
      expect(asked).toEqual(['GET /ok']);
    });
  });
});
