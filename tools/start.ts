/** `npm start`: builds the page, makes the demo town when there is none, and serves both with an embedded hub on this machine. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { storesFromEnvironment } from '../server/from-environment.ts';
import { startHub, type RunningHub, type StartOptions } from '../server/main.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { EpochMs } from '../src/contracts/units.ts';
import { readCommandLine } from './command-line.ts';
import { demoDirectoryNote, seedComments, seedDemo } from './demo/documents.ts';
import { demoAgeKey, demoSigner } from './demo/keys.ts';
import { ensureTown } from './demo/recordings.ts';
import { DEMO_ROOT_KEY } from './demo/root-key.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const HOST = '127.0.0.1';
const USAGE = `Usage: npm start -- [--port N] [--data DIR] [--no-demo --directory FILE --hub-key FILE]

Builds the page and serves it with a hub and an invented town; Ctrl-C stops it.
--port     the port on this machine (4173); 0 takes a free one
--data     where everything is kept (.porchlight)
--no-demo  a town of your own: its signed directory, the hub's signer key, and the root verifier key in PORCHLIGHT_ROOT_KEY

DATABASE_URL and S3_ENDPOINT, S3_BUCKET … name other stores: docs/hub.md.`;

type Refusal = 'bad-option' | 'port-busy' | 'not-started';
type Town = Pick<StartOptions, 'directoryNote' | 'rootKey' | 'hubKey' | 'demoDir'>;

interface Options {
  readonly port: number;
  readonly data: string;
  readonly demo: boolean;
  readonly directory: string | undefined;
  readonly hubKey: string | undefined;
}

const readOptions = (): Result<Options, 'bad-option'> => {
  const { values } = readCommandLine(USAGE, {
    options: {
      port: { type: 'string', default: '4173' },
      data: { type: 'string', default: '.porchlight' },
      demo: { type: 'boolean', default: true },
      directory: { type: 'string' },
      'hub-key': { type: 'string' },
    },
    allowNegative: true,
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return failure('bad-option', `--port takes a number from 0 to 65535, not “${values.port}”.`);
  }
  return ok({
    port,
    data: resolve(values.data),
    demo: values.demo,
    directory: values.directory,
    hubKey: values['hub-key'],
  });
};

/** Asked before the work begins, so that a busy port is told at once; the hub checks again when it takes it. */
const portIsFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, HOST, () => probe.close(() => done(true)));
  });

/** The agencies' age identities as files for `age -d -i`: public knowledge, like every key of the demo town. */
const writeAgencyKeys = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  for (const role of ['police', 'fire'] as const) {
    const { identity, recipient } = await demoAgeKey(role);
    writeFileSync(join(folder, `${role}.txt`), `# public key: ${recipient}\n${identity}\n`);
  }
};

const demoTownParts = async (demoDir: string): Promise<Town & { readonly anchor: EpochMs }> => {
  await writeAgencyKeys(join(dirname(demoDir), 'demo-keys'));
  const anchor = await ensureTown(demoDir, Date.now(), (made, total) => {
    console.log(`Making the demo recordings: ${made} of ${total}`);
  });
  const hubKey = (await demoSigner('hub')).signerKey;
  return { anchor, demoDir, directoryNote: await demoDirectoryNote(anchor), rootKey: DEMO_ROOT_KEY, hubKey };
};

const ownTownParts = ({ directory, hubKey }: Options): Result<Town, 'bad-option'> => {
  const rootKey = process.env['PORCHLIGHT_ROOT_KEY'];
  if (rootKey === undefined || directory === undefined || hubKey === undefined) {
    return failure(
      'bad-option',
      'Without the demo town the hub needs its own: --directory FILE (signed), --hub-key FILE, and the root verifier key in PORCHLIGHT_ROOT_KEY.',
    );
  }
  for (const file of [directory, hubKey]) {
    if (!existsSync(file)) return failure('bad-option', `There is no file ${file}.`);
  }
  return ok({
    rootKey,
    directoryNote: readFileSync(directory, 'utf8'),
    hubKey: readFileSync(hubKey, 'utf8').trim(),
    demoDir: undefined,
  });
};

/** Puts the town's requests into the hub once per town: what was posted since then stays. */
const seedOnce = async (hub: RunningHub, anchor: EpochMs, data: string): Promise<Result<unknown, string>> => {
  const mark = join(data, 'hub', 'demo-anchor');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === String(anchor)) return ok(null);
  const seeded = await seedDemo(hub.hub, anchor);
  if (!seeded.ok) return seeded;
  await seedComments(hub.hub, Date.now());
  writeFileSync(mark, String(anchor));
  return seeded;
};

const start = async (): Promise<Result<RunningHub, Refusal>> => {
  const read = readOptions();
  if (!read.ok) return read;
  const options = read.value;
  if (options.port !== 0 && !(await portIsFree(options.port))) {
    return failure('port-busy', `Port ${options.port} is in use by another program: stop that one, or say --port N.`);
  }
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const own = options.demo ? null : ownTownParts(options);
  if (own !== null && !own.ok) return own;
  const demo = own === null ? await demoTownParts(join(options.data, 'demo')) : null;
  const town = own?.value ?? demo;
  if (town === null) throw new Error('neither a town of its own nor the demo town');

  // The page pins its root key when it is built (vite.config.ts): it must be the one of the town that is served.
  if (demo !== null) delete process.env['PORCHLIGHT_ROOT_KEY'];
  console.log('Building the page …');
  await build({ root: PROJECT, logLevel: 'warn' });
  const { directoryNote, rootKey, hubKey, demoDir } = town;
  const stores = storesFromEnvironment(process.env);
  if (!stores.ok) return failure('bad-option', stores.detail);
  const started = await startHub({
    ...{ port: options.port, host: HOST, directoryNote, rootKey, hubKey, demoDir },
    ...stores.value,
    dataDir: join(options.data, 'hub'),
    distDir: join(PROJECT, 'dist'),
  });
  if (!started.ok) return failure('not-started', started.detail);
  const seeded = demo === null ? ok(null) : await seedOnce(started.value, demo.anchor, options.data);
  if (!seeded.ok) {
    await started.value.stop();
    return failure('not-started', seeded.detail);
  }
  console.log(`\nPorchlight is at ${started.value.url}`);
  console.log(`Its data lies in ${options.data}`);
  console.log('Ctrl-C stops it.');
  return started;
};

const running = await start();
if (running.ok) {
  const stop = (): void => {
    console.log('Stopping …');
    void running.value.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} else {
  console.error(running.detail);
  process.exitCode = 1;
}
