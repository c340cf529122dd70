/** One server in a process of its own, so that it shares no thread with the load: `serve.ts hub|tus PORT FOLDER REQUESTS`. */
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { startHub } from '../../server/main.ts';
import { coSignNote, signNote } from '../../src/core/signed-note.ts';
import { documentText, textSha256 } from '../../src/core/typed-note.ts';
import { demoDirectoryNote } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { demoTown } from '../../tools/demo/town.ts';

const NO_LIMITS = { read: 1e9, publish: 1e9, packageCreate: 1e9, packageWrite: 1e9, comment: 1e9, signed: 1e9 };

/** A hub with a chain of open requests, posted and reviewed through its own API, `request-1` to `request-N`. */
const serveHub = async (port: number, dataDir: string, requests: number): Promise<void> => {
  const anchor = Date.now();
  const started = await startHub({
    ...{ port, host: '127.0.0.1', dataDir, distDir: dataDir, rootKey: DEMO_ROOT_KEY, rateLimits: NO_LIMITS },
    directoryNote: await demoDirectoryNote(anchor),
    hubKey: (await demoSigner('hub')).signerKey,
  });
  if (!started.ok) throw new Error(started.detail);
  const template = demoTown(anchor).requests.find(({ document }) => document.id === 'wpd-alder-parcels')?.document;
  if (template === undefined) throw new Error('the demo town has this request');
  const [police, reviewer] = await Promise.all([demoSigner('police'), demoSigner('reviewer')]);
  let prev: string | null = null;
  const began = performance.now();
  for (let seq = 1; seq <= requests; seq += 1) {
    const text = documentText('request', { ...template, id: `request-${seq}`, caseNumber: `B-${seq}`, seq, prev });
    const note = await signNote(text, police);
    const approved = note.ok ? await coSignNote(note.value, reviewer) : note;
    if (!note.ok || !approved.ok) throw new Error('not signed');
    for (const [path, body] of [
      ['requests', note.value],
      [`requests/request-${seq}/review`, approved.value],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/${path}`, { method: 'POST', body });
      if (!answer.ok) throw new Error(await answer.text());
    }
    prev = await textSha256(text);
  }
  process.send?.({ postsPerSecond: (2 * requests * 1_000) / (performance.now() - began) });
};

/** What the peer is: @tus/server with its own file store and nothing around it. */
const serveTus = (port: number, directory: string): Promise<void> =>
  new Promise((done) => {
    mkdirSync(directory, { recursive: true });
    const tus = new Server({ path: '/v1/packages', datastore: new FileStore({ directory }) });
    createServer((request, response) => void tus.handle(request, response)).listen(port, '127.0.0.1', () => {
      process.send?.({ postsPerSecond: 0 });
      done();
    });
  });

const [, , what, port = '', folder = '', requests = ''] = process.argv;
await (what === 'hub' ? serveHub(Number(port), folder, Number(requests)) : serveTus(Number(port), folder));
