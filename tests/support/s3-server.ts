/** A real S3-compatible server (s3rver) with one empty bucket, which can be made to refuse. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import type { S3Options } from '../../server/stores/s3.ts';

export interface S3Server {
  readonly options: S3Options;
  /** Stops answering, as a store that is down; `start` brings it back with what it held. */
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

export const startS3 = async (): Promise<S3Server> => {
  const directory = mkdtempSync(join(tmpdir(), 'porchlight-s3-'));
  let port = 0;
  let server: S3rver;
  const start = async (): Promise<void> => {
    server = new S3rver({
      port,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets: [{ name: 'packages', configs: [] }],
    });
    const address = await server.run();
    port = address.port;
  };
  await start();
  return {
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'packages',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    stop: () => server.close(),
    start,
    dispose: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
