/** A dry run: the real upload code against the sink in the page, byte for byte what would leave, and no request at all. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { dryRun } from '../../../src/net/sink.ts';
import { uploadPackage } from '../../../src/net/upload.ts';

const BYTES = new Uint8Array(2_500_000).map((_, index) => index * 7 + (index >> 9));
const sealed = { bytes: BYTES, sha256: await sha256Hex(BYTES), requestId: 'porch-parcels' };
const options = { signal: new AbortController().signal, onProgress: () => undefined };

const fetched = vi.fn<typeof fetch>();
beforeEach(() => vi.stubGlobal('fetch', fetched));
afterEach(() => vi.unstubAllGlobals());

test('the sink gets the sealed bytes in the requests that a hub would get, and nothing is fetched', async () => {
  const run = await dryRun(sealed, uploadPackage, options);
  if (!run.ok) throw new Error(run.detail);
  const { requests, bytes, sha256 } = run.value;
  expect(sha256).toBe(sealed.sha256);
  expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(BYTES);
  expect(requests.map(({ method, bodyBytes }) => [method, bodyBytes])).toEqual([
    ['POST', 0],
    ['PATCH', 1_048_576],
    ['PATCH', 1_048_576],
    ['PATCH', 402_848],
  ]);
  expect(requests[0]?.headers).toMatchObject({ 'Upload-Length': '2500000' });
  expect(requests[1]?.bodySha256).toBe(await sha256Hex(BYTES.slice(0, 1_048_576)));
  expect(fetched).not.toHaveBeenCalled();
});

test('an upload that loses bytes on the way is told', async () => {
  const losing: typeof uploadPackage = (job) => uploadPackage({ ...job, bytes: job.bytes.slice(1) });
  expect(await dryRun(sealed, losing, options)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('not what was sealed'),
  });
});

test('it can be stopped', async () => {
  const stopped = { ...options, signal: AbortSignal.abort() };
  expect(await dryRun(sealed, uploadPackage, stopped)).toMatchObject({ ok: false, reason: 'paused' });
});
