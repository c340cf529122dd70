/** `npm run bench -- hub`: reads of the feed beside nginx, uploads beside a bare @tus/server, posts a second. */
import { createHash } from 'node:crypto';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { canInstallDebian, installDebian } from '../tools/debian.ts';
import { findOnPath } from '../tools/find-on-path.ts';
import { interleave, medianOf, type Contestant } from './common/interleave.ts';
import { atMost, rowOf, type BenchReport } from './report.ts';

const SEED = 20_261_123;
const HUB = 'Porchlight hub';
const NGINX = 'nginx, the same bytes as a file';
const TUS = 'bare @tus/server';
const CONNECTIONS = 32;
const PIECE = 5_000_000;

interface Served {
  readonly url: string;
  readonly postsPerSecond: number;
  stop(): void;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const startServer = async (what: 'hub' | 'tus', folder: string, requests: number): Promise<Served> => {
  const port = await freePort();
  const child = fork(join(import.meta.dirname, 'hub/serve.ts'), [what, String(port), folder, String(requests)]);
  const { postsPerSecond } = await new Promise<{ postsPerSecond: number }>((ready, fail) => {
    child.once('message', ready);
    child.once('exit', () => fail(new Error(`the ${what} server did not start`)));
  });
  return { url: `http://127.0.0.1:${port}`, postsPerSecond, stop: () => void child.kill('SIGKILL') };
};

const nginxPath = (): string | null => {
  const found = (): string | null => findOnPath(['nginx']);
  return found() ?? (canInstallDebian() && installDebian(['nginx-light']) ? found() : null);
};

/** nginx with one worker, as the hub has one, serving a folder; null where there is none. */
const startNginx = async (folder: string, body: Buffer): Promise<Served | null> => {
  const program = nginxPath();
  if (program === null) return null;
  const port = await freePort();
  mkdirSync(join(folder, 'files/v1'), { recursive: true });
  writeFileSync(join(folder, 'files/v1/feed'), body);
  const lines = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const conf = `daemon off; worker_processes 1; ${process.getuid?.() === 0 ? 'user root;' : ''} pid ${folder}/nginx.pid; error_log stderr;
    events { worker_connections 512; }
    http { access_log off; sendfile on; keepalive_requests 1000000; default_type application/json; etag on; ${lines.join(' ')}
      open_file_cache max=10; server { listen 127.0.0.1:${port}; root ${folder}/files; } }`;
  writeFileSync(join(folder, 'nginx.conf'), conf);
  const child: ChildProcess = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await wait(500);
  return { url: `http://127.0.0.1:${port}`, postsPerSecond: 0, stop: () => void child.kill('SIGQUIT') };
};

/** Reads the feed `count` times over kept connections; the hash of one body, and their number. */
const readMany = async (url: string, count: number): Promise<string> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = count;
  let seen = '';
  const one = (): Promise<void> =>
    new Promise((done, fail) => {
      get(`${url}/v1/feed`, { agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          if (response.statusCode !== 200) return fail(new Error(`HTTP ${response.statusCode}`));
          if (seen === '') seen = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
          done();
        });
      }).on('error', fail);
    });
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return seen;
};

/** Uploads `count` packages side by side; how many arrived whole, by the server's own word. */
const uploadMany = async (url: string, count: number, bytes: Buffer<ArrayBuffer>): Promise<number> => {
  const tus = { 'Tus-Resumable': '1.0.0' };
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const one = async (): Promise<number> => {
    const metadata = `request ${base64('request-1')},sha256 ${base64(sha256)}`;
    const headers = { ...tus, 'Upload-Length': String(bytes.length), 'Upload-Metadata': metadata };
    const created = await fetch(`${url}/v1/packages`, { method: 'POST', headers });
    const location = new URL(created.headers.get('location') ?? '', url).pathname;
    let offset = 0;
    while (offset < bytes.length) {
      const piece = bytes.subarray(offset, offset + PIECE);
      const type = { 'Content-Type': 'application/offset+octet-stream' };
      const answer = await fetch(url + location, {
        method: 'PATCH',
        headers: { ...tus, ...type, 'Upload-Offset': String(offset) },
        body: piece,
      });
      if (answer.status !== 204) throw new Error(`HTTP ${answer.status}`);
      offset = Number(answer.headers.get('upload-offset'));
    }
    return offset === bytes.length ? 1 : 0;
  };
  const done = await Promise.all(Array.from({ length: count }, one));
  return done.reduce((sum, whole) => sum + whole, 0);
};

const reader = (engine: string, { url }: Served, count: number, wanted: string): Contestant<string> => ({
  engine,
  run: async () => ({ result: await readMany(url, count) }),
  check: (hash) => (hash === wanted ? null : 'it sent another body'),
});

const uploader = (engine: string, { url }: Served, count: number, bytes: Buffer<ArrayBuffer>): Contestant<number> => ({
  engine,
  run: async () => ({ result: await uploadMany(url, count, bytes) }),
  check: (whole) => (whole === count ? null : `only ${whole} of ${count} arrived`),
});

export const run = async ({ quick }: { readonly quick: boolean }): Promise<BenchReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-bench-hub-'));
  const [requests, reads, uploads, megabytes] = quick ? [20, 1_000, 4, 5] : [200, 10_000, 20, 20];
  const served: Served[] = [];
  try {
    const hub = await startServer('hub', join(folder, 'hub'), requests);
    served.push(hub);
    const tus = await startServer('tus', join(folder, 'tus'), 0);
    served.push(tus);
    const body = Buffer.from(
      await (await fetch(`${hub.url}/v1/feed`, { headers: { 'Accept-Encoding': 'identity' } })).arrayBuffer(),
    );
    const nginx = await startNginx(folder, body);
    if (nginx !== null) served.push(nginx);
    const hash = createHash('sha256').update(body).digest('hex');
    const options = { runs: quick ? 3 : 7, warmUps: 1, seed: SEED };
    const readers = [reader(HUB, hub, reads, hash), ...(nginx === null ? [] : [reader(NGINX, nginx, reads, hash)])];
    const readTimes = await interleave(readers, options);
    const bytes = Buffer.alloc(megabytes * 1_000_000, 'porchlight');
    const uploadTimes = await interleave(
      [uploader(HUB, hub, uploads, bytes), uploader(TUS, tus, uploads, bytes)],
      options,
    );
    const perSecond = (ms: number | null): number | null => (ms === null ? null : Math.round((reads * 1_000) / ms));
    const rows = readTimes.map((timing) => {
      const row = rowOf(`feed of ${body.length} bytes, ${reads} reads, ${CONNECTIONS} connections`, timing);
      return { ...row, readsPerSecond: perSecond(row.medianMs) };
    });
    const uploadRows = uploadTimes.map((timing) => rowOf(`${uploads} uploads of ${megabytes} MB at once`, timing));
    const posts = Math.round(hub.postsPerSecond);
    return {
      rows: [...rows, ...uploadRows],
      claims: [
        atMost(
          'feed reads: the hub’s time over nginx’s',
          medianOf(readTimes, HUB) / medianOf(readTimes, NGINX),
          2,
          'times',
        ),
        atMost(
          'uploads: the hub’s time over bare tus’s',
          medianOf(uploadTimes, HUB) / medianOf(uploadTimes, TUS),
          1.3,
          'times',
        ),
      ],
      notes: [
        `The hub took ${posts} signed documents a second while it was filled (post and review in turn, one client, PGlite).`,
        'The load comes from this machine too and takes its share of the cores. nginx has one worker, as the hub has one process.',
        'Both take the same bodies in stretches of 5 MB. Before it answers the last one the hub has hashed the package, had file and folder written through to the disk (fsync) and signed a receipt; bare tus does none of this.',
        ...(nginx === null ? ['nginx is not installed here: the claim about reads cannot be judged.'] : []),
      ],
    };
  } finally {
    for (const { stop } of served) stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
