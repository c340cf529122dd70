/** Sealed packages through the real upload protocol: resumed, wrong, too large, unreadable to everyone, receipted. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../src/core/signed-note.ts';
import { openReceipt } from '../../src/core/trusted-directory.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const MAX_BYTES = 300_000;
const OPEN = 'wpd-alder-parcels';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub(NOW, { maxPackageBytes: MAX_BYTES });
  const seeded = await seedDemo(hub.running.hub, NOW);
  if (!seeded.ok) throw new Error(seeded.detail);
});
afterAll(() => hub.stop());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const metadata = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
const TUS = { 'Tus-Resumable': '1.0.0' };

const create = (
  bytes: Uint8Array,
  change: {
    request?: string;
    sha256?: string;
    length?: string;
    extra?: Record<string, string>;
    headers?: Record<string, string>;
  } = {},
) =>
  fetch(`${hub.url}/v1/packages`, {
    method: 'POST',
    headers: {
      ...TUS,
      'Upload-Length': change.length ?? String(bytes.length),
      'Upload-Metadata': metadata({
        request: change.request ?? OPEN,
        sha256: change.sha256 ?? sha256(bytes),
        ...change.extra,
      }),
      ...change.headers,
    },
  });
const locationOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(201);
  return response.headers.get('location') ?? '';
};
const patch = (location: string, offset: number, body: Uint8Array) =>
  fetch(hub.url + location, {
    method: 'PATCH',
    headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
    body: Buffer.from(body),
  });
const head = (location: string) => fetch(hub.url + location, { method: 'HEAD', headers: TUS });
const receipt = (location: string) => fetch(`${hub.url}${location}/receipt`);
const idOf = (location: string): string => location.split('/').at(-1) ?? '';
const packages = () => readdir(join(hub.options.dataDir, 'packages'));

describe('an upload', () => {
  it('arrives byte for byte and is answered with a receipt that the hub signed', async () => {
    const bytes = randomBytes(100_000);
    const location = await locationOf(await create(bytes));
    expect(location).toMatch(/^\/v1\/packages\/[0-9a-f]{32}$/);
    expect((await receipt(location)).status).toBe(404);
    expect((await patch(location, 0, bytes)).status).toBe(204);
    const answer = await receipt(location);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const hubKey = await parseVerifierKey((await demoSigner('hub')).verifierKey);
    if (!hubKey.ok) throw new Error(hubKey.detail);
    expect(await openReceipt(await answer.text(), hubKey.value)).toMatchObject({
      ok: true,
      value: { package: idOf(location), request: OPEN, sha256: sha256(bytes), bytes: bytes.length },
    });
    const stored = await readFile(join(hub.options.dataDir, 'packages', `${idOf(location)}.age`));
    expect(stored.equals(bytes)).toBe(true);
    expect(
      (await readdir(join(hub.options.dataDir, 'uploads'))).filter((name) => name.startsWith(idOf(location))),
    ).toEqual([]);
  });

  it('goes on where it was broken off, also after the hub was restarted', async () => {
    const bytes = randomBytes(90_000);
    const location = await locationOf(await create(bytes));
    expect((await patch(location, 0, bytes.subarray(0, 40_000))).headers.get('upload-offset')).toBe('40000');
    await hub.restart();
    expect((await head(location)).headers.get('upload-offset')).toBe('40000');
    expect((await patch(location, 0, bytes.subarray(0, 10))).status).toBe(409);
    expect((await patch(location, 40_000, bytes.subarray(40_000))).status).toBe(204);
    expect((await receipt(location)).status).toBe(200);
    const after = await head(location);
    expect(after.headers.get('upload-offset')).toBe('90000');
    expect(after.headers.get('upload-length')).toBe('90000');
  });

  it('keeps what had arrived when the connection broke in the middle of a request', async () => {
    const bytes = randomBytes(150_000);
    const location = await locationOf(await create(bytes));
    const headers = {
      ...TUS,
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': String(bytes.length),
    };
    await new Promise<void>((resolve) => {
      const broken = request(hub.url + location, { method: 'PATCH', headers });
      broken.on('error', () => resolve());
      broken.write(bytes.subarray(0, 70_000), () => setTimeout(() => broken.destroy(new Error('gone')), 200));
    });
    await expect
      .poll(async () => (await head(location)).headers.get('upload-offset'), { timeout: 10_000 })
      .toBe('70000');
    expect((await patch(location, 70_000, bytes.subarray(70_000))).status).toBe(204);
    expect((await receipt(location)).status).toBe(200);
  });

  it('that is lost by its client goes on at once: who comes back ends the connection before', async () => {
    const bytes = randomBytes(150_000);
    const location = await locationOf(await create(bytes));
    const headers = { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
    const lost = request(hub.url + location, {
      method: 'PATCH',
      headers: { ...headers, 'Content-Length': String(bytes.length) },
    });
    const ended = new Promise<void>((resolve) => lost.on('error', () => resolve()));
    lost.write(bytes.subarray(0, 70_000));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const offset = Number((await head(location)).headers.get('upload-offset'));
    expect((await patch(location, offset, bytes.subarray(offset))).status).toBe(204);
    await ended;
    expect((await receipt(location)).status).toBe(200);
  });

  it('may come whole with its creation, or in part', async () => {
    const bytes = randomBytes(60_000);
    const metadataField = metadata({ request: OPEN, sha256: sha256(bytes) });
    const both = (part: Uint8Array) =>
      fetch(`${hub.url}/v1/packages`, {
        method: 'POST',
        headers: {
          ...TUS,
          'Upload-Length': '60000',
          'Upload-Metadata': metadataField,
          'Content-Type': 'application/offset+octet-stream',
        },
        body: Buffer.from(part),
      });
    const whole = await both(bytes);
    expect(whole.headers.get('upload-offset')).toBe('60000');
    expect((await receipt(await locationOf(whole))).status).toBe(200);
    const part = await both(bytes.subarray(0, 20_000));
    const location = await locationOf(part);
    expect(Date.parse(part.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    const asked = await head(location);
    expect(asked.headers.get('upload-offset')).toBe('20000');
    expect(asked.headers.get('upload-metadata')).toBe(metadataField);
    expect((await patch(location, 20_000, bytes.subarray(20_000))).status).toBe(204);
    expect((await receipt(location)).status).toBe(200);
  });

  it('works with tus-js-client, paused and resumed', async () => {
    const bytes = randomBytes(200_000);
    const options = {
      endpoint: `${hub.url}/v1/packages`,
      metadata: { request: OPEN, sha256: sha256(bytes) },
      chunkSize: 50_000,
      storeFingerprintForResuming: false,
      retryDelays: null,
    };
    const uploadUrl = await new Promise<string>((resolve, reject) => {
      const upload: Upload = new Upload(bytes, {
        ...options,
        onError: reject,
        onChunkComplete: (_, sent) => {
          if (sent === 100_000) void upload.abort().then(() => resolve(upload.url ?? ''));
        },
      });
      upload.start();
    });
    let sentAgain = 0;
    await new Promise<void>((resolve, reject) => {
      const upload: Upload = new Upload(bytes, {
        ...options,
        uploadUrl,
        onError: reject,
        onSuccess: () => resolve(),
        onChunkComplete: (chunk) => (sentAgain += chunk),
      });
      upload.start();
    });
    expect(sentAgain).toBe(100_000);
    expect((await receipt(new URL(uploadUrl).pathname)).status).toBe(200);
  });

  it('that was complete when the hub crashed gets its receipt all the same', async () => {
    const bytes = randomBytes(1_000);
    const location = await locationOf(await create(bytes));
    await writeFile(join(hub.options.dataDir, 'uploads', idOf(location)), bytes);
    const answers = await Promise.all([receipt(location), receipt(location)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await packages()).toContain(`${idOf(location)}.age`);
  });
});

describe('after a crash', () => {
  it('between a package’s name and its row, who asks hears that all has arrived, and gets the receipt', async () => {
    const bytes = randomBytes(1_000);
    const location = await locationOf(await create(bytes));
    const { dataDir } = hub.options;
    await writeFile(join(dataDir, 'packages', `${idOf(location)}.age`), bytes);
    await rm(join(dataDir, 'uploads', idOf(location)));
    await hub.restart();
    expect((await head(location)).headers.get('upload-offset')).toBe('1000');
    expect((await receipt(location)).status).toBe(200);
  });

  it('that took an unfinished file and left its row, the upload begins again', async () => {
    const bytes = randomBytes(1_000);
    const location = await locationOf(await create(bytes));
    await patch(location, 0, bytes.subarray(0, 400));
    await rm(join(hub.options.dataDir, 'uploads', idOf(location)));
    await hub.restart();
    expect((await head(location)).headers.get('upload-offset')).toBe('0');
    expect((await patch(location, 0, bytes)).status).toBe(204);
    expect((await receipt(location)).status).toBe(200);
  });
});

describe('what is refused', () => {
  it('bytes that are not the announced ones: dropped, and no receipt', async () => {
    const bytes = randomBytes(5_000);
    const location = await locationOf(await create(bytes, { sha256: sha256(randomBytes(10)) }));
    const answer = await patch(location, 0, bytes);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('SHA-256') });
    expect((await head(location)).status).toBe(404);
    expect((await receipt(location)).status).toBe(404);
    expect(await packages()).not.toContain(`${idOf(location)}.age`);
  });

  it.each<[string, Parameters<typeof create>[1], number]>([
    ['a closed request', { request: 'wfr-hydrant' }, 409],
    ['an expired request', { request: 'wpd-garage' }, 409],
    ['an unreviewed request', { request: 'wfr-bins' }, 409],
    ['a forged request', { request: 'wpd-bicycle' }, 409],
    ['an unknown request', { request: 'none' }, 409],
    ['a request that no database could hold', { request: 'a\0b' }, 409],
    ['no hash', { sha256: '' }, 400],
    ['a hash in capitals', { sha256: 'A'.repeat(64) }, 400],
    ['a file name', { extra: { filename: 'porch.mp4' } }, 400],
    ['an unknown length', { headers: { 'Upload-Defer-Length': '1' } }, 400],
    ['no bytes at all', { length: '0' }, 400],
    ['more than the limit', { length: String(MAX_BYTES + 1) }, 413],
    ['another site', { headers: { Origin: 'https://elsewhere.example' } }, 403],
    ['no tus version', { headers: { 'Tus-Resumable': '' } }, 412],
  ])('creation for %s', async (_, change, status) => {
    const answer = await create(randomBytes(10), change);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('location')).toBeNull();
  });

  it('more bytes than announced', async () => {
    const bytes = randomBytes(100);
    const location = await locationOf(await create(bytes));
    expect((await patch(location, 0, randomBytes(101))).status).toBe(413);
    // Nor without saying beforehand how many they are.
    const chunked = await fetch(hub.url + location, {
      method: 'PATCH',
      headers: { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
      body: new Blob([randomBytes(101)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect((await head(location)).headers.get('upload-offset')).toBe('0');
    expect((await receipt(location)).status).toBe(404);
  });

  it.each<[string, Record<string, string>, number]>([
    ['no tus version', { 'Tus-Resumable': '' }, 412],
    ['another tus version', { 'Tus-Resumable': '0.2.2' }, 412],
    ['no offset', { 'Upload-Offset': '' }, 400],
    ['an offset before the beginning', { 'Upload-Offset': '-1' }, 400],
    ['an offset that is no number', { 'Upload-Offset': '1e3' }, 400],
    ['another content type', { 'Content-Type': 'application/octet-stream' }, 415],
  ])('a stretch with %s', async (_, change, status) => {
    const location = await locationOf(await create(randomBytes(10)));
    const headers = { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream', ...change };
    const answer = await fetch(hub.url + location, { method: 'PATCH', headers, body: Buffer.from('x') });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect((await head(location)).headers.get('upload-offset')).toBe('0');
  });

  it('reading or deleting a package, finished or not, whoever asks', async () => {
    const bytes = randomBytes(100);
    const location = await locationOf(await create(bytes));
    const attempts = async () => {
      for (const method of ['GET', 'DELETE', 'POST', 'PUT']) {
        const answer = await fetch(hub.url + location, { method, headers: TUS });
        expect(`${method} ${answer.status}`).toBe(`${method} 405`);
        expect(Buffer.from(await answer.arrayBuffer()).includes(bytes)).toBe(false);
      }
      const overridden = await fetch(hub.url + location, {
        method: 'PATCH',
        headers: { ...TUS, 'X-HTTP-Method-Override': 'DELETE' },
      });
      expect(overridden.status).toBeGreaterThanOrEqual(400);
    };
    await attempts();
    await patch(location, 0, bytes);
    await attempts();
    expect((await stat(join(hub.options.dataDir, 'packages', `${idOf(location)}.age`))).size).toBe(100);
    expect((await fetch(`${hub.url}/v1/packages`)).status).toBe(405);
    expect((await fetch(`${hub.url}/packages/${idOf(location)}.age`)).status).toBe(404);
  });

  it('going on after the unfinished upload has expired', async () => {
    const finished = await locationOf(await create(Buffer.from('x')));
    await patch(finished, 0, Buffer.from('x'));
    const clock = { now: Date.now() - 2 * 86_400_000 };
    await hub.restart({ now: () => clock.now });
    const location = await locationOf(await create(randomBytes(100)));
    expect((await head(location)).status).toBe(200);
    clock.now = Date.now();
    expect((await head(location)).status).toBe(410);
    expect((await patch(location, 0, randomBytes(100))).status).toBe(410);
    await hub.restart();
    expect((await head(location)).status).toBe(404);
    expect((await receipt(finished)).status).toBe(200);
    expect(await packages()).toContain(`${idOf(finished)}.age`);
  });
});
