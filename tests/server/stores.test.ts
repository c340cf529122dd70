/** One behaviour for every place things are kept: PGlite and a real PostgreSQL, a folder and a real S3-compatible server. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '../../server/options.ts';
import { createPackageBucket } from '../../server/stores/package-bucket.ts';
import type { PackageBytes } from '../../server/stores/package-bytes.ts';
import { createPackageFolder } from '../../server/stores/package-folder.ts';
import { createS3 } from '../../server/stores/s3.ts';
import { MIGRATIONS } from '../../server/stores/migrations.ts';
import type { AgencyHistory } from '../../src/contracts/agency-history.ts';
import type { InboxList } from '../../src/contracts/inbox.ts';
import type { Feed } from '../../src/contracts/request.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { documentText } from '../../src/core/typed-note.ts';
import { coSignNote, signNote } from '../../src/core/signed-note.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { demoTown } from '../../tools/demo/town.ts';
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

  it('that get one post, one review and one closing at the same time take each once', async () => {
    const shared = { databaseUrl: await postgres?.database(), s3: s3.options };
    const hubs = await Promise.all([testHub(NOW, shared), testHub(NOW, shared)]);
    try {
      const template = demoTown(NOW).requests.find(({ document }) => document.id === OPEN)?.document;
      if (template === undefined) throw new Error('the demo town has this request');
      const text = documentText('request', { ...template, seq: 1, prev: null });
      const [police, reviewer] = await Promise.all([demoSigner('police'), demoSigner('reviewer')]);
      const note = async (signing: ReturnType<typeof signNote>): Promise<string> => {
        const made = await signing;
        if (!made.ok) throw new Error(made.detail);
        return made.value;
      };
      const posted = await note(signNote(text, police));
      const everywhere = async (path: string, body: string): Promise<readonly number[]> => {
        const asked = [...hubs, ...hubs].map(({ url }) => fetch(`${url}/v1/${path}`, { method: 'POST', body }));
        return (await Promise.all(asked)).map(({ status }) => status).toSorted((a, b) => a - b);
      };
      expect(await everywhere('requests', posted)).toEqual([201, 409, 409, 409]);
      expect(await everywhere(`requests/${OPEN}/review`, await note(coSignNote(posted, reviewer)))).toEqual([
        200, 409, 409, 409,
      ]);
      const closing = documentText('status', {
        ...{ request: OPEN, agency: template.agency, status: 'resolved', at: new Date(NOW).toISOString() },
        ...{ seq: 2, prev: sha256(text) },
      });
      expect(await everywhere(`requests/${OPEN}/status`, await note(signNote(closing, police)))).toEqual([
        204, 409, 409, 409,
      ]);
      const feeds = await Promise.all(
        hubs.map(async ({ url }) => {
          await expect
            .poll(async () => ((await (await fetch(`${url}/v1/feed`)).json()) as Feed).statuses, { timeout: 5_000 })
            .toHaveLength(1);
          return (await fetch(`${url}/v1/feed`)).headers.get('etag');
        }),
      );
      expect(feeds[0]).toBe(feeds[1]);
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

/** Runs SQL in a hub's database while no hub does. */
type RunSql = (sql: string) => Promise<void>;

const DATABASES: readonly (readonly [string, (dataDir: string) => Promise<readonly [Partial<HubOptions>, RunSql]>])[] =
  [
    [
      'PGlite',
      async (dataDir) => [
        { dataDir },
        async (sql) => {
          const db = await PGlite.create(join(dataDir, 'database'));
          await db.exec(sql);
          await db.close();
        },
      ],
    ],
    [
      'PostgreSQL',
      async (dataDir) => {
        const databaseUrl = await postgres?.database();
        const runSql: RunSql = async (sql) => {
          const client = new Client({ connectionString: databaseUrl });
          await client.connect();
          await client.query(sql);
          await client.end();
        };
        return [{ dataDir, databaseUrl }, runSql];
      },
    ],
  ];

describe.each(DATABASES)('what version 1 left in %s and a folder', { timeout: 60_000 }, (name, database) => {
  const possible = postgres !== null || name === 'PGlite';

  it.runIf(possible)('opens: requests form a chain, packages have an agency, unfinished uploads go on', async () => {
    const dataDir = join(folder, `version-1-${name}`);
    const [options, runSql] = await database(dataDir);
    const before = await testHub(NOW, options);
    expect((await seedDemo(before.running.hub, NOW)).ok).toBe(true);
    const feed = await (await fetch(`${before.url}/v1/feed`)).text();
    const sent = randomBytes(50);
    const kept = uploader(() => before.url, OPEN);
    const keptAt = await kept.create(sent);
    await kept.patch(keptAt, 0, sent);
    await before.stop();
    // Back to the tables of version 1, with an upload as @tus/file-store wrote it down.
    await runSql(`drop table chain, comments, uploads, revision;
        drop index packages_inbox;
        alter table packages drop column agency, drop column decision, drop column decision_reason, drop column decided_at;
        delete from kysely_migration where name like '0002%';`);
    const bytes = randomBytes(100);
    const id = randomBytes(16).toString('hex');
    const uploads = join(dataDir, 'uploads');
    await writeFile(join(uploads, id), bytes.subarray(0, 60));
    const metadata = { request: OPEN, sha256: sha256(bytes) };
    const old = { id, size: 100, offset: 0, metadata, creation_date: new Date().toISOString() };
    await writeFile(join(uploads, `${id}.json`), JSON.stringify(old));
    const hub = await testHub(NOW, options);
    try {
      expect(JSON.parse(await (await fetch(`${hub.url}/v1/feed`)).text()) as Feed).toMatchObject({
        requests: (JSON.parse(feed) as Feed).requests,
      });
      const upload = uploader(() => hub.url, OPEN);
      expect(await upload.offset(`/v1/packages/${id}`)).toBe(60);
      await upload.patch(`/v1/packages/${id}`, 60, bytes.subarray(60));
      expect(await upload.receipt(`/v1/packages/${id}`)).toMatchObject({ sha256: sha256(bytes) });
      const request = { method: 'GET', authority: new URL(hub.url).host, ...splitPath('/v1/inbox'), body: null };
      const headers = await signRequest(request, await demoSigner('police'), Date.now());
      const inbox = (await (await fetch(`${hub.url}/v1/inbox`, { headers })).json()) as InboxList;
      expect(inbox.items.map((item) => item.package).toSorted()).toEqual(
        [id, keptAt.split('/').at(-1) ?? ''].toSorted(),
      );
      const history = (await (await fetch(`${hub.url}/v1/agencies/wrenfield-police`)).json()) as AgencyHistory;
      expect(history.entries.length).toBeGreaterThan(2);
      expect(Object.keys(MIGRATIONS)[0]).toBe('0001-documents-and-packages');
    } finally {
      await hub.stop();
    }
  });
});

describe('a data folder', { timeout: 60_000 }, () => {
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
