/** Storage that fails under load: a disk that really fills, a PostgreSQL that restarts, an S3 store that goes away or refuses. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '../../server/options.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { startS3, type S3Server } from '../support/s3-server.ts';
import { sha256 } from '../support/sealed-package.ts';
import { smallDisk, type SmallDisk } from '../support/small-disk.ts';
import { uploader } from '../support/uploader.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const OPEN = 'wpd-alder-parcels';

const started = await startPostgres();
const postgres: PostgresServer | null = typeof started === 'string' ? null : started;
const mounted = await smallDisk(160);
const disk: SmallDisk | null = typeof mounted === 'string' ? null : mounted;
let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(async () => {
  await s3.dispose();
  await postgres?.dispose();
  await disk?.dispose();
});

const seededHub = async (change: Partial<HubOptions>): Promise<TestHub> => {
  const hub = await testHub(NOW, change);
  const seeded = await seedDemo(hub.running.hub, NOW);
  if (!seeded.ok) throw new Error(seeded.detail);
  return hub;
};

/** Fails when a refusal is anything but a problem document that names nothing of the hub's insides. */
const checkProblem = async (response: Response, statuses: readonly number[]): Promise<void> => {
  expect(statuses).toContain(response.status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.text()).not.toMatch(/ECONN|ENOSPC|postgres|s3rver|127\.0\.0\.1|\/tmp\/|select |insert /i);
};

/** Sends a package as a client does that never gives up; what was acknowledged must still be there after every failure. */
const sendStubbornly = async (hub: TestHub, bytes: Buffer, counted: (status: number) => void): Promise<string> => {
  const upload = uploader(() => hub.url, OPEN);
  let location: string | null = null;
  while (location === null) {
    location = await upload.create(bytes).catch((error: unknown) => {
      expect(String(error)).toMatch(/Error: 50[37] /);
      return null;
    });
    if (location === null) await wait(50);
  }
  for (let acknowledged = 0; acknowledged < bytes.length;) {
    const answer = await upload.patch(location, acknowledged, bytes.subarray(acknowledged, acknowledged + 200_000));
    counted(answer.status);
    if (answer.status === 204) {
      acknowledged = Number(answer.headers.get('upload-offset'));
      continue;
    }
    await checkProblem(answer, [503, 507]);
    await wait(50);
    let offset = await upload.offset(location);
    for (; offset === undefined; offset = await upload.offset(location)) await wait(50);
    expect(offset).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = offset ?? 0;
  }
  return location;
};

/** Six packages while the store goes away and comes back, twice; how often it was said that it had gone. */
const throughOutages = async (hub: TestHub, outage: () => Promise<void>): Promise<number> => {
  const packages = Array.from({ length: 6 }, () => randomBytes(1_500_000));
  let refused = 0;
  const sending = Promise.all(
    packages.map((bytes) => sendStubbornly(hub, bytes, (status) => (refused += status === 204 ? 0 : 1))),
  );
  for (let times = 0; times < 2; times += 1) {
    await wait(300);
    await outage();
  }
  const locations = await sending;
  for (const [index, location] of locations.entries()) {
    const receipt = uploader(() => hub.url, OPEN).receipt(location);
    await expect(receipt).resolves.toMatchObject({ sha256: sha256(packages[index] ?? Buffer.alloc(0)) });
  }
  return refused;
};

describe.runIf(disk !== null)('a disk that fills', { timeout: 60_000 }, () => {
  it('keeps what was acknowledged, says 507, and goes on by itself when there is room again', async () => {
    const hub = await seededHub({ dataDir: join(disk?.folder ?? '', 'data') });
    try {
      const upload = uploader(() => hub.url, OPEN);
      const [small, large] = [randomBytes(1_000), randomBytes(3_000_000)];
      const before = await upload.create(small);
      await upload.patch(before, 0, small);
      const location = await upload.create(large);
      await disk?.fill(700_000);
      await checkProblem(await upload.patch(location, 0, large), [507]);
      const kept = (await upload.offset(location)) ?? 0;
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(large.length);

      await disk?.fill(0);
      const created: string[] = [];
      for (let count = 0; count < 400; count += 1) {
        const one = await upload.create(small).catch((error: unknown) => {
          expect(String(error)).toMatch(/Error: 507 /);
          return null;
        });
        if (one !== null) created.push(one);
      }
      // Reading what is there still works.
      expect((await fetch(`${hub.url}/v1/feed`)).status).toBe(200);
      expect(await upload.receipt(before)).toMatchObject({ sha256: sha256(small) });

      await disk?.free();
      for (const one of created) expect(await upload.offset(one)).toBe(0);
      expect((await upload.patch(location, kept, large.subarray(kept))).status).toBe(204);
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(large) });
      await hub.restart();
      expect(await upload.receipt(before)).toMatchObject({ sha256: sha256(small) });
      const file = join(hub.options.dataDir, 'packages', `${location.split('/').at(-1)}.age`);
      expect(sha256(await readFile(file))).toBe(sha256(large));
    } finally {
      await hub.stop();
    }
  });
});

describe.runIf(postgres !== null)('a PostgreSQL that restarts', { timeout: 60_000 }, () => {
  it('under uploads and posts: 503 meanwhile, every package arrives, nobody has to help', async () => {
    const hub = await seededHub({ databaseUrl: await postgres?.database() });
    try {
      await throughOutages(hub, async () => {
        await postgres?.stop();
        await checkProblem(await fetch(`${hub.url}/v1/requests/${OPEN}`), [503]);
        await expect(uploader(() => hub.url, OPEN).create(randomBytes(10))).rejects.toThrow('503');
        await postgres?.start();
      });
      expect((await fetch(`${hub.url}/v1/requests/${OPEN}`)).status).toBe(200);
    } finally {
      await hub.stop();
    }
  });
});

describe('an S3 store', { timeout: 60_000 }, () => {
  it('that goes away under uploads: 503 meanwhile, every package arrives, nobody has to help', async () => {
    const hub = await seededHub({ s3: s3.options });
    try {
      const refused = await throughOutages(hub, async () => {
        await s3.stop();
        await wait(500);
        await s3.start();
      });
      expect(refused).toBeGreaterThan(0);
    } finally {
      await hub.stop();
    }
  });

  it('that refuses the hub’s key: 503, nothing acknowledged, and the upload goes on once it does not', async () => {
    const hub = await seededHub({ s3: s3.options });
    try {
      const bytes = randomBytes(1_000);
      const upload = uploader(() => hub.url, OPEN);
      const location = await upload.create(bytes);
      await hub.restart({ s3: { ...s3.options, accessKeyId: 'ANOTHER' } });
      await checkProblem(await upload.patch(location, 0, bytes), [503]);
      expect(await upload.offset(location)).toBe(0);
      await hub.restart();
      expect((await upload.patch(location, 0, bytes)).status).toBe(204);
      expect(await upload.receipt(location)).toMatchObject({ sha256: sha256(bytes) });
    } finally {
      await hub.stop();
    }
  });
});
