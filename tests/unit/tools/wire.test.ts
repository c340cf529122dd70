/** Recorded bytes are taken apart into requests without losing one: what does not fit is counted. */
import { describe, expect, test } from 'vitest';
import { moreThanFile } from '../../../tools/audit-egress/judge.ts';
import { parseRequests } from '../../../tools/audit-egress/wire.ts';

const bytes = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(''), 'latin1');

test('requests of one connection, with and without a body, add up to its bytes', () => {
  const wire = bytes(
    'GET http://hub/v1/feed HTTP/1.1\r\nHost: hub\r\n\r\n',
    'PATCH http://hub/v1/packages/x HTTP/1.1\r\nContent-Length: 4\r\nUpload-Offset: 8\r\n\r\nabcd',
    'POST http://hub/v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
  );
  const { requests, leftOver } = parseRequests(wire);
  expect(requests.map(({ method, target, body }) => [method, target, body.toString()])).toEqual([
    ['GET', 'http://hub/v1/feed', ''],
    ['PATCH', 'http://hub/v1/packages/x', 'abcd'],
    ['POST', 'http://hub/v1/x', 'abcde'],
  ]);
  expect(requests[1]?.headers['upload-offset']).toBe('8');
  expect(leftOver).toBe(0);
  expect(requests.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBe(wire.length);
});

describe('a request for a file of the page tells which file, and nothing else', () => {
  const said = (head: string) => parseRequests(bytes(`${head}\r\n\r\n`)).requests.map(moreThanFile);
  const WORKER = 'http://hub/service-worker.js';

  test.each([
    ['plain', `GET ${WORKER} HTTP/1.1\r\nHost: hub`],
    [
      'naming itself as its referrer, as Chromium does when it looks for a new worker',
      `GET ${WORKER} HTTP/1.1\r\nReferer: ${WORKER}`,
    ],
  ])('%s', (_, head) => expect(said(head)).toEqual([[]]));

  test.each([
    [`GET ${WORKER} HTTP/1.1\r\nReferer: http://hub/request/van`, 'referer: http://hub/request/van'],
    [`GET ${WORKER} HTTP/1.1\r\nCookie: id=7`, 'cookie: id=7'],
    [`GET ${WORKER}?seen=7 HTTP/1.1\r\nHost: hub`, 'a query'],
    [`HEAD ${WORKER} HTTP/1.1\r\nHost: hub`, 'method HEAD'],
  ])('%s does not', (head, more) => expect(said(head)).toEqual([[more]]));
});

describe('bytes that are no whole request are counted', () => {
  test.each([
    ['a body cut short', 'PATCH http://hub/x HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc', 53],
    ['something else after a request', 'GET http://hub/ HTTP/1.1\r\n\r\n\u0016\u0003\u0001 tls', 7],
    ['what goes through a tunnel', 'CONNECT other:443 HTTP/1.1\r\n\r\nsecret', 6],
  ])('%s', (_, text, leftOver) => {
    expect(parseRequests(bytes(text)).leftOver).toBe(leftOver);
  });
});
