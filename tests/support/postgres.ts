/** A real PostgreSQL server of its own for a suite: its own data, its own port, stopped and started again like any server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { ensurePostgres, unprivilegedUser } from '../../tools/find-postgres.ts';
import { run } from './run.ts';

export interface PostgresServer {
  /** A database of its own, empty. */
  database(): Promise<string>;
  /** Stops it at once, as a crash or a restart of the machine does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts a server, or says why there is none: then tests are skipped. */
export const startPostgres = async (): Promise<PostgresServer | string> => {
  const bin = ensurePostgres();
  if (bin === null) return 'PostgreSQL is not installed and cannot be installed here';
  const user = unprivilegedUser();
  if (user === 'none') return 'PostgreSQL does not run as root and there is no other user';
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-postgres-'));
  // As root the server and its data belong to another user: it refuses to run otherwise.
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...as,
    cwd: folder,
  });
  const port = await freePort();
  const urlOf = (name: string) => `postgres://hub@127.0.0.1:${port}/${name}`;
  let child: ChildProcess | null = null;

  const answers = async (): Promise<boolean> => {
    const client = new Client({ connectionString: urlOf('postgres'), connectionTimeoutMillis: 1_000 });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  };
  const start = async (): Promise<void> => {
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
    child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])], {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 200; tries += 1) {
      if (await answers()) return;
      await wait(50);
    }
    throw new Error('PostgreSQL did not start');
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill('SIGQUIT');
    await ended;
  };

  await start();
  let count = 0;
  return {
    start,
    stop,
    database: async () => {
      count += 1;
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`create database hub${count}`);
      await client.end();
      return urlOf(`hub${count}`);
    },
    dispose: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
