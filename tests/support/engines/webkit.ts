/** WebKitGTK's MiniBrowser on a display of its own, driven over WebDriver (W3C) by plain HTTP. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebKit } from '../../../tools/find-engines.ts';
import { shownOf, type Engine, type PlayerAnswer } from './engine.ts';

const START_LIMIT_MS = 30_000;

/** Opens the player page. Rejects when the display, the driver or the browser does not start. */
export const openWebKit = async ({ driver, browser, xvfb }: WebKit, page: string): Promise<Engine> => {
  const home = await mkdtemp(join(tmpdir(), 'porchlight-webkit-'));
  const { child: display, number } = await startDisplay(xvfb);
  const port = await freePort();
  const environment = { ...process.env, DISPLAY: `:${number}`, HOME: home, XDG_RUNTIME_DIR: home, NO_AT_BRIDGE: '1' };
  const child = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env: environment });
  const call = caller(`http://127.0.0.1:${port}`);
  const stop = async (): Promise<void> => {
    await ended(child);
    await ended(display);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await untilReady(call);
    const { sessionId, capabilities } = (await call('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } },
    })) as { readonly sessionId: string; readonly capabilities: Readonly<Record<string, string>> };
    const session = `/session/${sessionId}`;
    await call('POST', `${session}/timeouts`, { script: 120_000 });
    await call('POST', `${session}/url`, { url: page });
    const script = `const done = arguments[arguments.length - 1];
      showFrames(arguments[0], arguments[1], arguments[2]).then(done);`;
    return {
      name: `WebKitGTK ${capabilities['browserVersion'] ?? ''}`,
      show: async (url, type, times) =>
        shownOf((await call('POST', `${session}/execute/async`, { script, args: [url, type, times] })) as PlayerAnswer),
      close: async () => {
        await call('DELETE', session).catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** `-displayfd` makes the server choose a free display and write its number when it is ready. */
const startDisplay = async (xvfb: string): Promise<{ readonly child: ChildProcess; readonly number: string }> => {
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    child.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString('utf8').trim()));
    child.once('error', reject);
    child.once('close', () => reject(new Error('Xvfb did not start')));
  });
  return { child, number };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

/** Answers come as `{ value }`; a failure's value tells the error and its message (W3C WebDriver §6). */
const caller =
  (origin: string): Call =>
  async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = (await response.json()) as { readonly value: unknown };
    if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
    return value;
  };

const untilReady = async (call: Call): Promise<void> => {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  for (;;) {
    const isReady = await call('GET', '/status').then(
      () => true,
      () => false,
    );
    if (isReady) return;
    if (performance.now() > giveUpAt) throw new Error('WebKitWebDriver did not start');
    await new Promise((done) => setTimeout(done, 100));
  }
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once('close', () => done());
    child.kill();
  });
