/** A real hub on a port and in a folder of its own, with the demo town's keys, for one suite of tests. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubOptions } from '../../server/options.ts';
import { startHub, type RunningHub } from '../../server/main.ts';
import { demoDirectoryNote } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { layReadyDatabase } from '../support/ready-database.ts';

export interface TestHub {
  readonly url: string;
  readonly running: RunningHub;
  readonly folder: string;
  readonly options: HubOptions;
  /** Stops the hub and starts it again in the same folder. */
  restart(change?: Partial<HubOptions>): Promise<void>;
  stop(): Promise<void>;
}

export const PAGE = '<!doctype html><title>Porchlight</title>';

/** Limits are out of the way unless a test sets them. */
const NO_LIMITS = { read: 1e6, publish: 1e6, packageCreate: 1e6, packageWrite: 1e6, comment: 1e6, signed: 1e6 };

export const testHub = async (anchor: number, change: Partial<HubOptions> = {}): Promise<TestHub> => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-hub-'));
  const [distDir, demoDir] = [join(folder, 'dist'), join(folder, 'demo')];
  await mkdir(join(distDir, 'assets'), { recursive: true });
  await mkdir(join(demoDir, 'recordings'), { recursive: true });
  await writeFile(join(distDir, 'index.html'), PAGE);
  await writeFile(join(distDir, 'assets', 'core-1a2b3c.wasm'), 'wasm');
  await writeFile(join(distDir, 'assets', 'worker-1a2b3c.mjs'), 'export {};');
  await writeFile(join(demoDir, 'recordings', 'porch.mp4'), '0123456789');
  await writeFile(join(folder, 'secret.txt'), 'not for the web');
  const options: HubOptions = {
    dataDir: join(folder, 'data'),
    distDir,
    demoDir,
    directoryNote: await demoDirectoryNote(anchor),
    rootKey: DEMO_ROOT_KEY,
    hubKey: (await demoSigner('hub')).signerKey,
    rateLimits: NO_LIMITS,
    ...change,
  };
  // A database server has tables of its own.
  if (options.databaseUrl === undefined) await layReadyDatabase(options.dataDir);
  const start = async (more: Partial<HubOptions> = {}): Promise<RunningHub> => {
    const started = await startHub({ ...options, ...more, port: 0, host: '127.0.0.1' });
    if (!started.ok) throw new Error(started.detail);
    return started.value;
  };
  let running = await start();
  return {
    get url() {
      return running.url;
    },
    get running() {
      return running;
    },
    folder,
    options,
    restart: async (more) => {
      await running.stop();
      running = await start(more);
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
};
