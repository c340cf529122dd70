/** `npm start` as a person runs it: it builds, makes the demo town, says where it is, and stops cleanly. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { Resident } from './resident.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const BEGIN_TIMEOUT_MS = 150_000;

interface Started {
  readonly process: ChildProcess;
  readonly said: () => string;
}

const start = (...options: readonly string[]): Started => {
  const child = spawn(join(PROJECT, 'node_modules/.bin/node'), ['tools/start.ts', ...options], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (text += piece.toString()));
  return { process: child, said: () => text };
};

test('it serves the demo town, whose recordings load and match, and stops on Ctrl-C', async ({ page }) => {
  test.setTimeout(240_000);
  const data = await mkdtemp(join(tmpdir(), 'porchlight-start-'));
  const started = start('--port', '0', '--data', data);
  try {
    await expect.poll(started.said, { timeout: BEGIN_TIMEOUT_MS }).toContain('Ctrl-C stops it.');
    expect(started.said()).toContain(`Its data lies in ${data}`);
    const url = /Porchlight is at (http:\/\/localhost:\d+)/.exec(started.said())?.[1] ?? '';

    const resident = new Resident(page, url);
    await resident.open('/library');
    await page.getByRole('button', { name: 'Load demo recordings' }).click();
    await expect(resident.recordings()).toHaveCount(6, { timeout: 60_000 });
    await resident.open();
    const mine = page.getByRole('region', { name: 'For you', exact: true });
    await expect(mine.getByRole('article').first()).toContainText('inside the area');
    await expect(
      page.getByRole('region', { name: 'Closed or refused' }).getByText('Refused by this page').first(),
    ).toBeVisible();

    const ended = once(started.process, 'exit');
    started.process.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(started.said()).toContain('Stopping');
  } finally {
    started.process.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  }
});

test('a busy port is told in a sentence, at once', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const { process: child, said } = start('--port', port);
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said()).toContain(`Port ${port} is in use by another program`);
  other.close();
});

test('a wrong option is told in a sentence', async () => {
  const { process: child, said } = start('--port', 'eighty');
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said()).toContain('--port takes a number');
});
