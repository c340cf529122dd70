/** The exported ledger is HAR 1.2 by the published JSON schema, and counts what left to the byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import type { LedgerRequest } from '../../../src/contracts/ledger.ts';
import { toHar } from '../../../src/core/har.ts';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('har-schema/lib/har.json'));
const ajv = new Ajv({ allErrors: true });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-06.json') as object);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')))
  ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object);

const request = (change: Partial<LedgerRequest>): LedgerRequest => ({
  ...{ seq: 1, answered: true, at: Date.UTC(2026, 10, 23, 12), purpose: 'fetch the feed', method: 'GET' },
  ...{ url: 'https://porchlight.example/v1/feed?x=1', bytesOut: 0, bytesIn: 12, bodySha256: null, status: 200 },
  problem: null,
  ...change,
});

const REQUESTS: readonly LedgerRequest[] = [
  request({}),
  request({ seq: 3, method: 'PATCH', bytesOut: 3, headers: { 'Upload-Offset': '0' }, status: 204, tookMs: 12 }),
  request({ seq: 5, method: 'POST', bytesOut: 4, headers: { 'Content-Type': 'text/plain' } }),
  request({ seq: 7, status: null, answered: false }),
  request({
    seq: 8,
    kind: 'blocked',
    method: '–',
    url: 'https://elsewhere.example/',
    status: null,
    problem: 'Nothing left.',
  }),
  request({ seq: 9, kind: 'cleared' }),
  // Blocked attempts whose address is none: inline code, and a path that would have led to another origin.
  ...['inline', '/\\elsewhere.example/x', ''].map((url, index) =>
    request({ seq: 10 + index, kind: 'blocked', method: '–', url, status: null, problem: 'Nothing left.' }),
  ),
];

const BODIES: Readonly<Record<number, Uint8Array<ArrayBuffer>>> = {
  3: new Uint8Array([0xff, 0x00, 0xfe]),
  5: new TextEncoder().encode('text'),
};
const bodyOf = ({ seq }: LedgerRequest) => Promise.resolve(BODIES[seq] ?? null);

test('it is HAR 1.2, with bodies and without', async () => {
  const validate = ajv.getSchema('har.json#');
  if (validate === undefined) throw new Error('no schema');
  for (const bodies of [bodyOf, () => Promise.resolve(null)]) {
    const har: unknown = JSON.parse(JSON.stringify(await toHar(REQUESTS, '1', bodies)));
    expect([validate(har), validate.errors]).toEqual([true, null]);
  }
  const { log } = await toHar(REQUESTS, '1', bodyOf);
  expect(validate({ log: { ...log, entries: [{ ...log.entries[0], startedDateTime: 'noon' }] } })).toBe(false);
});

test('viewers find what they read without asking: a page for every entry, an absolute address, all sizes and times', async () => {
  const { log } = await toHar(REQUESTS, '1', bodyOf);
  const [page] = log.pages;
  expect(log.pages).toHaveLength(1);
  expect(page).toMatchObject({ startedDateTime: log.entries[0]?.startedDateTime, title: expect.stringMatching(/\S/) });
  for (const { pageref, request: sent, response, timings, time, cache } of log.entries) {
    expect(pageref).toBe(page?.id);
    expect(new URL(sent.url).href).toBe(sent.url);
    expect(Math.max(0, timings.send) + Math.max(0, timings.wait) + Math.max(0, timings.receive)).toBe(time);
    expect([cache, response.content.mimeType, response.content.size]).toEqual([{}, 'x-unknown', response.bodySize]);
  }
  expect(log.entries.slice(-3).map(({ request: { url } }) => url)).toEqual([
    'about:invalid#inline',
    'about:invalid#%2F%5Celsewhere.example%2Fx',
    'about:invalid#',
  ]);
  expect((await toHar([], '1', bodyOf)).log.pages).toHaveLength(1);
});

test('every request and blocked attempt is in it, with its bytes and its body as it left', async () => {
  const { log } = await toHar(REQUESTS, '1', bodyOf);
  expect(log.entries.map(({ request: { method, bodySize }, response }) => [method, bodySize, response.status])).toEqual(
    [
      ['GET', 0, 200],
      ['PATCH', 3, 204],
      ['POST', 4, 200],
      ['GET', 0, 0],
      ['–', 0, 0],
      ['–', 0, 0],
      ['–', 0, 0],
      ['–', 0, 0],
    ],
  );
  expect(log.entries[1]?.request.postData).toMatchObject({ text: '/wD+', encoding: 'base64' });
  expect(log.entries[2]?.request.postData).toEqual({ mimeType: 'text/plain', text: 'text' });
  expect(log.entries[3]?.comment).toContain('closed before an answer');
});
