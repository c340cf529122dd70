/** One behaviour for every place things are kept: PGlite and a real PostgreSQL, a folder and a real S3-compatible server. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '../../server/options.ts';
import { createPackageBucket } from '../../server/stores/package-bucket.ts';
import type { PackageBytes } from '../../server/stores/package-bytes.ts';
import { createPackageFolder } from '../../server/stores/package-folder.ts';
import { createS3 } from '../../server/stores/s3.ts';
import { MIGRATIONS } from '../../server/stores/migrations.ts';
import type { Feed } from '../../src/contracts/request.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { startS3, type S3Server } from '../support/s3-server.ts';
import { sha256 } from '../support/sealed-package.ts';
import { uploader } from '../support/uploader.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const OPEN = 'wpd-alder-parcels';
/** Longer than one S3 piece. */
const LARGE = randomBytes(9 * 1024 * 1024 + 5);

const started = await startPostgres();
const postgres: PostgresServer | null = typeof started === 'string' ? null : started;
let s3: S3Server;
let folder: string;
beforeAll(async () => {
  s3 = await startS3();
  folder = await mkdtemp(join(tmpdir(), 'porchlight-stores-'));
});
afterAll(async () => {
  await s3.dispose();
  await postgres?.dispose();
  await rm(folder, { recursive: true });
});

const collect = async (stream: ReadableStream<Uint8Array> | null): Promise<Buffer | null> =>
  stream === null
    ? null
    : Buffer.from(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());

describe.each(['folder', 'bucket'] as const)('sealed bytes in a %s', { timeout: 60_000 }, (kind) => {
  let bytes: PackageBytes;
  let ends: number[] = [];
  beforeAll(async () => {
    const [uploads, packages] = [join(folder, 'uploads'), join(folder, 'packages')];
    await mkdir(uploads, { recursive: true });
    await mkdir(packages, { recursive: true });
    bytes = kind === 'folder' ? createPackageFolder(uploads, packages) : createPackageBucket(createS3(s3.options));
  });
  const append = (id: string, offset: number, data: Iterable<Buffer>) =>
    bytes.append(id, offset, Readable.from(data), async (end) => void ends.push(end));
  const arrived = async (id: string) => {
    const said = await bytes.arrived(id);
    return said === 'as-the-row-says' ? ends.at(-1) : said;
  };
  const newId = () => randomBytes(16).toString('hex');

  it('are appended piece by piece, kept under their hash, and read in ranges', async () => {
    const id = newId();
    ends = [];
    await bytes.begin(id);
    expect(await append(id, 0, [LARGE.subarray(0, 3), LARGE.subarray(3, 5_000_000)])).toBe(5_000_000);
    expect(await append(id, 5_000_000, [LARGE.subarray(5_000_000)])).toBe(LARGE.length);
    expect(await arrived(id)).toBe(LARGE.length);
    expect(await bytes.read(id, null)).toBeNull();
    expect(await Promise.all([1, 2].map(() => bytes.keep(id, LARGE.length, sha256(LARGE))))).toEqual([true, true]);
    expect(await bytes.keep(id, LARGE.length, sha256(LARGE))).toBe(true);
    expect((await collect(await bytes.read(id, null)))?.equals(LARGE)).toBe(true);
    expect(await collect(await bytes.read(id, { first: 8_388_600, last: 8_388_620 }))).toEqual(
      LARGE.subarray(8_388_600, 8_388_621),
    );
  });

  it('with another hash are not kept and can be dropped', async () => {
    const id = newId();
    await bytes.begin(id);
    await append(id, 0, [Buffer.from('abc')]);
    expect(await bytes.keep(id, 3, sha256('abd'))).toBe(false);
    expect(await bytes.keep(id, 4, sha256('abc'))).toBe(false);
    await bytes.drop(id);
    await bytes.drop(id);
    expect(await bytes.read(id, null)).toBeNull();
  });

  it('of a stream that breaks off stay as far as they came', async () => {
    const id = newId();
    ends = [];
    await bytes.begin(id);
    const broken = async function* () {
      yield Buffer.from('0123456789');
      throw new Error('the connection is gone');
    };
    await expect(bytes.append(id, 0, Readable.from(broken()), async (end) => void ends.push(end))).rejects.toThrow();
    expect(await arrived(id)).toBe(10);
    await append(id, 10, [Buffer.from('abc')]);
    expect(await bytes.keep(id, 13, sha256('0123456789abc'))).toBe(true);
  });

  it('are listed, uploads and packages', async () => {
    const [upload, kept] = [newId(), newId()];
    for (const id of [upload, kept]) {
      await bytes.begin(id);
      await append(id, 0, [Buffer.from('abc')]);
    }
    await bytes.keep(kept, 3, sha256('abc'));
    const listed: string[] = [];
    for await (const { id, kind: what } of bytes.list()) if (id === upload || id === kept) listed.push(`${id} ${what}`);
    expect(listed.toSorted()).toEqual([`${upload} upload`, `${kept} package`].toSorted());
    await bytes.removePackage(kept);
    expect(await bytes.read(kept, null)).toBeNull();
  });
});

const STORES: readonly (readonly [string, () => Promise<Partial<HubOptions>>])[] = [
  ['PGlite and a folder', async () => ({})],
  ['PGlite and S3', async () => ({ s3: s3.options })],
  ['PostgreSQL and a folder', async () => ({ databaseUrl: await postgres?.database() })],
  ['PostgreSQL and S3', async () => ({ databaseUrl: await postgres?.database(), s3: s3.options })],
];

describe.each(STORES)('a hub on %s', { timeout: 60_000 }, (name, options) => {
  const possible = postgres !== null || !name.startsWith('PostgreSQL');
  let hub: TestHub;
  beforeAll(async () => {
    if (!possible) return;
    hub = await testHub(NOW, await options());
    const seeded = await seedDemo(hub.running.hub, NOW);
    if (!seeded.ok) throw new Error(seeded.detail);
  });
  afterAll(async () => {
    if (possible) await hub.stop();
  });

  it.runIf(possible)('serves the town, and still after a restart', async () => {
    const feed = async () => (await (await fetch(`${hub.url}/v1/feed`)).json()) as Feed;
    const before = await feed();
    expect(before.requests).toHaveLength(12);
    await hub.restart();
    expect(await feed()).toEqual(before);
  });

  it.runIf(possible)(
    'takes a package in parts across a restart, with a receipt, and leaves nothing behind',
    async () => {
      const bytes = randomBytes(300_000);
      const upload = uploader(() => hub.url, OPEN);
      const location = await upload.create(bytes);
      expect((await upload.patch(location, 0, bytes.subarray(0, 120_000))).status).toBe(204);
      await hub.restart();
      expect(await upload.offset(location)).toBe(120_000);
      expect((await upload.patch(location, 120_000, bytes.subarray(120_000))).status).toBe(204);
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(bytes), bytes: 300_000, request: OPEN });
      expect(await upload.offset(location)).toBe(300_000);
      const unfinished = await upload.create(randomBytes(10));
      await upload.patch(unfinished, 0, randomBytes(4));
      // Complete, but nobody asked for the receipt: the agency gets it all the same.
      await hub.restart({ unfinishedLifetimeMs: 1, now: () => Date.now() + 1_000 });
      expect(await upload.offset(unfinished)).toBeNull();
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(bytes) });
      await hub.restart();
    },
  );
});

describe.runIf(postgres !== null)('two hubs on one PostgreSQL', { timeout: 60_000 }, () => {
  it('serve one upload each and each other’s, and see each other’s posts', async () => {
    const shared = { databaseUrl: await postgres?.database(), s3: s3.options };
    const hubs = await Promise.all([testHub(NOW, shared), testHub(NOW, shared)]);
    const [first, second] = hubs;
    try {
      await fetch(`${second.url}/v1/feed`);
      const seeded = await seedDemo(first.running.hub, NOW);
      expect(seeded.ok).toBe(true);
      const requests = async () => ((await (await fetch(`${second.url}/v1/feed`)).json()) as Feed).requests.length;
      await expect.poll(requests, { timeout: 5_000 }).toBe(12);
      const bytes = randomBytes(200_000);
      const [here, there] = hubs.map(({ url }) => uploader(() => url, OPEN));
      if (here === undefined || there === undefined) throw new Error('two hubs');
      const [a, b] = [await here.create(bytes), await there.create(bytes)];
      // Each upload goes on at the other hub.
      await here.patch(a, 0, bytes.subarray(0, 50_000));
      await there.patch(b, 0, bytes.subarray(0, 70_000));
      expect((await there.patch(a, 50_000, bytes.subarray(50_000))).status).toBe(204);
      expect((await here.patch(b, 70_000, bytes.subarray(70_000))).status).toBe(204);
      const receipts = await Promise.all([here.receipt(a), there.receipt(a), here.receipt(b), there.receipt(b)]);
      expect(receipts.map((receipt) => receipt?.sha256)).toEqual(receipts.map(() => sha256(bytes)));
    } finally {
      for (const hub of hubs) await hub.stop();
    }
  });
});

describe.runIf(postgres !== null)('when PostgreSQL restarts', { timeout: 60_000 }, () => {
  it('answers are problem documents, nothing is acknowledged, and it recovers by itself', async () => {
    const hub = await testHub(NOW, { databaseUrl: await postgres?.database() });
    try {
      expect((await seedDemo(hub.running.hub, NOW)).ok).toBe(true);
      const upload = uploader(() => hub.url, OPEN);
      const bytes = randomBytes(1_000);
      const location = await upload.create(bytes);
      await postgres?.stop();
      const failed = await Promise.all([
        fetch(`${hub.url}/v1/requests/${OPEN}`),
        upload.patch(location, 0, bytes),
        fetch(`${hub.url}/v1/requests`, { method: 'POST', body: 'x' }),
      ]);
      expect(failed.map(({ status }) => status)).toEqual([503, 503, 400]);
      expect(failed[0]?.headers.get('retry-after')).toBe('5');
      const said = (await failed[1]?.text()) ?? '';
      expect(JSON.parse(said)).toMatchObject({ type: 'urn:porchlight:problem:storage-unavailable' });
      expect(said).not.toMatch(/ECONN|postgres|127\.0\.0\.1/);
      await postgres?.start();
      await expect.poll(() => upload.offset(location), { timeout: 10_000 }).not.toBeUndefined();
      const offset = (await upload.offset(location)) ?? 0;
      if (offset < bytes.length) await upload.patch(location, offset, bytes.subarray(offset));
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(bytes) });
    } finally {
      await hub.stop();
    }
  });
});

describe('when S3 refuses', { timeout: 60_000 }, () => {
  it('nothing is acknowledged, and the upload goes on when it is back', async () => {
    const hub = await testHub(NOW, { s3: s3.options });
    try {
      expect((await seedDemo(hub.running.hub, NOW)).ok).toBe(true);
      const upload = uploader(() => hub.url, OPEN);
      const bytes = randomBytes(1_000);
      const location = await upload.create(bytes);
      await upload.patch(location, 0, bytes.subarray(0, 400));
      await s3.stop();
      const refused = await upload.patch(location, 400, bytes.subarray(400));
      expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
      await s3.start();
      expect(await upload.offset(location)).toBe(400);
      expect((await upload.patch(location, 400, bytes.subarray(400))).status).toBe(204);
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(bytes) });
    } finally {
      await hub.stop();
    }
  });
});

describe('a data folder of version 1', { timeout: 60_000 }, () => {
  it('opens: its requests form a chain, its packages have an agency, its unfinished uploads go on', async () => {
    const dataDir = join(folder, 'version-1');
    const before = await testHub(NOW, { dataDir });
    expect((await seedDemo(before.running.hub, NOW)).ok).toBe(true);
    const feed = await (await fetch(`${before.url}/v1/feed`)).text();
    await before.stop();
    // Back to the tables of version 1, with an upload as @tus/file-store wrote it down.
    const db = await PGlite.create(join(dataDir, 'database'));
    await db.exec(`drop table chain, comments, uploads, revision;
        alter table packages drop column agency, drop column decision, drop column decision_reason, drop column decided_at;
        delete from kysely_migration where name like '0002%';`);
    await db.close();
    const bytes = randomBytes(100);
    const id = randomBytes(16).toString('hex');
    const uploads = join(dataDir, 'uploads');
    await writeFile(join(uploads, id), bytes.subarray(0, 60));
    const metadata = { request: OPEN, sha256: sha256(bytes) };
    const old = { id, size: 100, offset: 0, metadata, creation_date: new Date().toISOString() };
    await writeFile(join(uploads, `${id}.json`), JSON.stringify(old));
    const hub = await testHub(NOW, { dataDir });
    try {
      expect(JSON.parse(await (await fetch(`${hub.url}/v1/feed`)).text()) as Feed).toMatchObject({
        requests: (JSON.parse(feed) as Feed).requests,
      });
      const upload = uploader(() => hub.url, OPEN);
      expect(await upload.offset(`/v1/packages/${id}`)).toBe(60);
      await upload.patch(`/v1/packages/${id}`, 60, bytes.subarray(60));
      expect(await upload.receipt(`/v1/packages/${id}`)).toMatchObject({ sha256: sha256(bytes) });
      expect(Object.keys(MIGRATIONS)[0]).toBe('0001-documents-and-packages');
    } finally {
      await hub.stop();
    }
  });

  it('is swept of bytes that belong to nobody, once they are old', async () => {
    const hub = await testHub(NOW);
    try {
      const [uploads, packages] = ['uploads', 'packages'].map((name) => join(hub.options.dataDir, name));
      if (uploads === undefined || packages === undefined) throw new Error('two folders');
      const [old, young] = ['a'.repeat(32), 'b'.repeat(32)];
      for (const id of [old, young]) await writeFile(join(uploads, id), 'x');
      await writeFile(join(packages, `${old}.age`), 'x');
      const past = new Date(Date.now() - 2 * 86_400_000);
      await utimes(join(uploads, old), past, past);
      await utimes(join(packages, `${old}.age`), past, past);
      expect(await hub.running.hub.sweep()).toBe(2);
      expect(await readdir(uploads)).toEqual([young]);
      expect((await stat(join(uploads, young))).size).toBe(1);
    } finally {
      await hub.stop();
    }
  });
});
