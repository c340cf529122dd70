/**
 * `npm run torture`: many uploads at once to a hub that is killed with SIGKILL again and again. Every upload has to finish with the right
 * SHA-256 and a receipt that verifies, and nothing may be left lying when all is done.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startHub } from '../server/main.ts';
import { parseVerifierKey } from '../src/core/signed-note.ts';
import { openReceipt } from '../src/core/trusted-directory.ts';
import { readCommandLine } from './command-line.ts';
import { demoDirectoryNote, seedDemo } from './demo/documents.ts';
import { demoSigner } from './demo/keys.ts';
import { DEMO_ROOT_KEY } from './demo/root-key.ts';

const USAGE = `Usage: npm run torture -- [--uploads 200] [--megabytes 20] [--kill-seconds 3] [--seed 1]

Uploads side by side to a hub that is killed with SIGKILL every few seconds, and prints what became of them.

Exit status: 0 every upload ended with the right SHA-256 and a receipt that verifies, and nothing is left lying; 1 otherwise.`;
const REQUEST = 'wpd-alder-parcels';
const TUS = { 'Tus-Resumable': '1.0.0' };

export interface TortureOptions {
  readonly uploads: number;
  readonly bytes: number;
  readonly killEveryMs: number;
  /** After so many the hub is left alone; none: it is killed until all is done. */
  readonly mostKills?: number;
  readonly seed: number;
}

export interface TortureFigures {
  readonly uploads: number;
  readonly kills: number;
  readonly resumed: number;
  readonly finished: number;
  readonly rightHashes: number;
  readonly verifiedReceipts: number;
  /** What lies in the upload folder, and packages without a receipt, after everything is done. */
  readonly orphans: number;
  readonly seconds: number;
}

/** Mulberry32: small, seeded, good enough to choose where to cut. */
const random = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Packages as windows of one piece of noise, each a byte further: all different, and no more memory than one of them. */
const packagesOf = (count: number, length: number, seed: number): ((number: number) => Buffer) => {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    Buffer.alloc(length + count),
  );
  return (number) => noise.subarray(number, number + length);
};

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const hubOptions = async (dataDir: string, port: number, anchor: number) => ({
  port,
  host: '127.0.0.1',
  dataDir,
  distDir: dataDir,
  directoryNote: await demoDirectoryNote(anchor),
  rootKey: DEMO_ROOT_KEY,
  hubKey: (await demoSigner('hub')).signerKey,
  rateLimits: { read: 1e9, publish: 1e9, packageCreate: 1e9, packageWrite: 1e9 },
});

/** The hub in a process of its own, which a parent may kill. */
const serve = async (dataDir: string, port: number, anchor: number): Promise<void> => {
  const options = await hubOptions(dataDir, port, anchor);
  for (;;) {
    const started = await startHub(options);
    if (started.ok) break;
    await wait(500);
  }
  process.send?.('ready');
};

interface Counts {
  resumed: number;
  finished: number;
  kills: number;
}

/** One client: cuts its package at random, and after every failure asks how much has arrived. */
const upload = async (url: string, bytes: Buffer, next: () => number, count: Counts): Promise<string> => {
  const { length } = bytes;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const metadata = `request ${base64(REQUEST)},sha256 ${base64(sha256)}`;
  let location: string | null = null;
  let offset: number | null = 0;
  let failures = 0;
  for (;;) {
    try {
      if (location === null) {
        const headers = { ...TUS, 'Upload-Length': String(length), 'Upload-Metadata': metadata };
        location = (await fetch(`${url}/v1/packages`, { method: 'POST', headers })).headers.get('location');
        offset = 0;
        if (location === null) await wait(100);
        continue;
      }
      if (offset === null) {
        const response: Response = await fetch(url + location, { method: 'HEAD', headers: TUS });
        if (response.status === 404) {
          location = null;
          continue;
        }
        offset = response.ok ? Number(response.headers.get('Upload-Offset')) : null;
        if (offset === null) await wait(100);
        continue;
      }
      if (offset < length) {
        const end: number = Math.min(length, offset + 1 + Math.floor(next() * 8_000_000));
        const response: Response = await fetch(url + location, {
          method: 'PATCH',
          headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
          body: bytes.subarray(offset, end) as Uint8Array<ArrayBuffer>,
        });
        if (response.status !== 204) {
          offset = null;
          await wait(100);
        } else {
          offset = end;
          failures = 0;
        }
        continue;
      }
      const receipt: Response = await fetch(`${url}${location}/receipt`);
      if (receipt.ok) {
        const note = await receipt.text();
        count.finished += 1;
        return `${location} ${sha256} ${note}`;
      }
      offset = null;
    } catch {
      count.resumed += 1;
      offset = null;
      // As clients do: each time longer. Hundreds that knock without a pause would keep the hub from starting at all.
      failures += 1;
      await wait(Math.min(2_000, 50 * 2 ** failures) * (0.5 + next()));
    }
  }
};

/** Runs it all in a folder of its own, which it removes. */
export const torture = async (options: TortureOptions): Promise<TortureFigures> => {
  const { uploads, bytes, killEveryMs, mostKills = Infinity, seed } = options;
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-torture-'));
  const dataDir = join(folder, 'hub');
  mkdirSync(dataDir);
  const anchor = Date.now();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const prepared = await startHub(await hubOptions(dataDir, port, anchor));
  if (!prepared.ok) throw new Error(prepared.detail);
  const seeded = await seedDemo(prepared.value.hub, anchor);
  if (!seeded.ok) throw new Error(seeded.detail);
  await prepared.value.stop();

  let child: ChildProcess | null = null;
  let over = false;
  const spawnHub = (): Promise<void> =>
    new Promise((ready) => {
      child = fork(import.meta.filename, ['--serve', dataDir, String(port), String(anchor)], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        // What is compiled once need not be compiled after every kill.
        env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
      });
      child.once('message', () => ready());
    });
  const count: Counts = { resumed: 0, finished: 0, kills: 0 };
  const next = random(seed);
  const killer = async (): Promise<void> => {
    while (!over && count.kills < mostKills) {
      await wait(killEveryMs * (0.5 + next()));
      if (over) return;
      const ended = new Promise((done) => child?.once('exit', done));
      child?.kill('SIGKILL');
      count.kills += 1;
      await ended;
      // A lock that nobody renews is taken over after ten seconds; a supervisor that knows the hub is dead need not wait.
      rmSync(join(dataDir, 'hub.lock'), { recursive: true, force: true });
      await spawnHub();
    }
  };
  const tell = (): void => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.error(`${seconds} s: ${count.finished} of ${uploads} finished, ${count.kills} kills`);
  };
  const telling = setInterval(tell, 10_000);
  await spawnHub();
  const killing = killer();
  const packageNumber = packagesOf(uploads, bytes, seed);
  const results = await Promise.all(
    Array.from({ length: uploads }, (_, number) =>
      upload(url, packageNumber(number), random(seed * 1_000 + number), count),
    ),
  );
  clearInterval(telling);
  over = true;
  await killing;

  const hubKey = await parseVerifierKey((await demoSigner('hub')).verifierKey);
  if (!hubKey.ok) throw new Error(hubKey.detail);
  let [rightHashes, verifiedReceipts] = [0, 0];
  for (const result of results) {
    const [location = '', sha256 = '', ...note] = result.split(' ');
    const id = location.split('/').at(-1) ?? '';
    const stored = createHash('sha256')
      .update(readFileSync(join(dataDir, 'packages', `${id}.age`)))
      .digest('hex');
    if (stored === sha256) rightHashes += 1;
    const receipt = await openReceipt(note.join(' '), hubKey.value);
    if (receipt.ok && receipt.value.sha256 === sha256 && receipt.value.package === id) verifiedReceipts += 1;
  }
  // Announced, but the answer was lost with the hub: such an upload is nobody's, and goes when its time is over.
  const stopped = new Promise((done) => child?.once('exit', done));
  child = child as ChildProcess | null;
  child?.kill('SIGKILL');
  await stopped;
  rmSync(join(dataDir, 'hub.lock'), { recursive: true, force: true });
  const later = () => Date.now() + 25 * 3_600_000;
  const swept = await startHub({ ...(await hubOptions(dataDir, port, anchor)), now: later });
  if (!swept.ok) throw new Error(swept.detail);
  await swept.value.stop();
  const left = readdirSync(join(dataDir, 'uploads')).length;
  const orphans = left + readdirSync(join(dataDir, 'packages')).length - results.length;
  rmSync(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return {
    uploads,
    kills: count.kills,
    resumed: count.resumed,
    finished: results.length,
    rightHashes,
    verifiedReceipts,
    orphans,
    seconds,
  };
};

if (import.meta.main && process.argv[2] === '--serve') {
  const [, , , dataDir = '', port = '', anchor = ''] = process.argv;
  await serve(dataDir, Number(port), Number(anchor));
} else if (import.meta.main) {
  const { values } = readCommandLine(USAGE, {
    options: {
      uploads: { type: 'string', default: '200' },
      megabytes: { type: 'string', default: '20' },
      'kill-seconds': { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
    },
  });
  const figures = await torture({
    uploads: Number(values.uploads),
    bytes: Math.round(Number(values.megabytes) * 1e6),
    killEveryMs: Number(values['kill-seconds']) * 1_000,
    seed: Number(values.seed),
  });
  console.log(JSON.stringify(figures, null, 2));
  const { uploads, rightHashes, verifiedReceipts, orphans } = figures;
  process.exitCode = rightHashes === uploads && verifiedReceipts === uploads && orphans === 0 ? 0 : 1;
}
