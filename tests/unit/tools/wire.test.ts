/** Recorded bytes are taken apart into requests without losing one: what does not fit is counted. */
import { describe, expect, test } from 'vitest';
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

describe('bytes that are no whole request are counted', () => {
  test.each([
    ['a body cut short', 'PATCH http://hub/x HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc', 53],
    ['something else after a request', 'GET http://hub/ HTTP/1.1\r\n\r\n\u0016\u0003\u0001 tls', 7],
    ['what goes through a tunnel', 'CONNECT other:443 HTTP/1.1\r\n\r\nsecret', 6],
  ])('%s', (_, text, leftOver) => {
    expect(parseRequests(bytes(text)).leftOver).toBe(leftOver);
  });
});
