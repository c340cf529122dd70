/** The agency's command line against a real hub: keys, a post, its closing, the inbox, and a package opened by it and by plain `age`. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coSignNote } from '../../src/core/signed-note.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoAgeKey, demoSigner } from '../../tools/demo/keys.ts';
import { demoTown } from '../../tools/demo/town.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { run } from '../support/run.ts';
import { sealedPackage } from '../support/sealed-package.ts';
import { uploader } from '../support/uploader.ts';
import { testHub, type TestHub } from './test-hub.ts';

const NOW = Date.now();
const PROJECT = resolve(import.meta.dirname, '../..');
const template = demoTown(NOW).requests.find(({ document }) => document.id === 'wpd-alder-parcels')?.document;
if (template === undefined) throw new Error('the demo town has this request');

let hub: TestHub;
let folder: string;
beforeAll(async () => {
  hub = await testHub(NOW);
  expect((await seedDemo(hub.running.hub, NOW)).ok).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'porchlight-agency-'));
  const { signerKey } = await demoSigner('police');
  const { identity } = await demoAgeKey('police');
  const keys = { format: 'porchlight/keys/v1', role: 'agency', signerKey, identity };
  await writeFile(join(folder, 'police.json'), JSON.stringify(keys));
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

const agency = async (...args: string[]): Promise<string> => {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(PROJECT, '.cache/compiled') };
  const { stdout } = await run(process.execPath, [join(PROJECT, 'tools/agency.ts'), ...args], { cwd: folder, env });
  return stdout.trim();
};
const asPolice = (command: string, ...args: string[]) =>
  agency(command, '--hub', hub.url, '--keys', 'police.json', ...args);

it('makes keys that nobody else can read, and never over old ones', async () => {
  const said = await agency('keygen', '--name', 'new.police.example', '--out', 'new.json');
  expect(said).toMatch(/verifier key: new\.police\.example\+[0-9a-f]{8}\+/);
  expect(said).toMatch(/age recipient: age1/);
  expect((await stat(join(folder, 'new.json'))).mode & 0o777).toBe(0o600);
  await expect(agency('keygen', '--name', 'new.police.example', '--out', 'new.json')).rejects.toThrow('not-written');
  await expect(agency('inbox', '--hub', hub.url, '--keys', 'new.json')).rejects.toThrow('gives this key no right');
});

it('makes a town of its own: root and hub keys, and a directory that a hub starts with', async () => {
  const verifierKey = async (...args: string[]): Promise<string> =>
    /verifier key: (\S+)/.exec(await agency('keygen', ...args))?.[1] ?? '';
  const rootKey = await verifierKey('--role', 'root', '--name', 'root.town.example', '--out', 'root.key');
  const hubKey = await verifierKey('--role', 'hub', '--name', 'hub.town.example', '--out', 'hub.key');
  expect((await stat(join(folder, 'root.key'))).mode & 0o777).toBe(0o600);
  const directory = {
    issued: new Date(NOW).toISOString(),
    hub: { name: 'H', key: hubKey },
    agencies: [],
    reviewers: [],
  };
  const sign = async (content: unknown): Promise<string> => {
    await writeFile(join(folder, 'directory.json'), JSON.stringify(content));
    return agency('directory', '--root-key', 'root.key', '--directory', 'directory.json', '--out', 'directory.note');
  };
  await expect(sign({ ...directory, agencies: [{}] })).rejects.toThrow('bad-directory');
  const listed = { id: 'a', name: 'A', keys: [hubKey] };
  await expect(sign({ ...directory, reviewers: [listed] })).rejects.toThrow('twice');
  expect(await sign(directory)).toContain('signed by root.town.example');
  const own = await testHub(NOW, {
    directoryNote: await readFile(join(folder, 'directory.note'), 'utf8'),
    rootKey,
    hubKey: (await readFile(join(folder, 'hub.key'), 'utf8')).trim(),
  });
  expect((await fetch(`${own.url}/v1/feed`)).status).toBe(200);
  await own.stop();
});

const { id: _id, agency: _agency, posted: _posted, ...fields } = template;

it('says what is wrong in a sentence', async () => {
  await expect(agency('inbox', '--hub', 'localhost:1', '--keys', 'police.json')).rejects.toThrow('--hub is an address');
  await expect(agency('inbox', '--hub', 'http://localhost:1', '--keys', 'police.json')).rejects.toThrow(
    'http://localhost:1 cannot be reached',
  );
  await expect(asPolice('open', '--file', 'nothing.age', '--out', 'x')).rejects.toThrow('nothing.age cannot be read');
  await expect(asPolice('open', '--package', 'nonsense', '--out', 'x')).rejects.toThrow('There is no package nonsense');
  await expect(asPolice('resolve', '--request', 'nothing')).rejects.toThrow('There is no such request');
});

it.each<[string, unknown, string]>([
  ['absent', undefined, 'bad-request: request-0.json cannot be read'],
  ['no JSON', 'not JSON', 'bad-request: request-1.json holds no JSON object'],
  ['half empty', { caseNumber: 'x' }, 'bad-request: request-2.json: incidentType is missing'],
  ['wrong in a place', { ...fields, incident: [0, 91] }, 'bad-request: request-3.json: incident.1: '],
  ['without a case', { ...fields, caseNumber: '' }, 'breaks-policy: No case number'],
  ['without an end', { ...fields, expires: new Date(NOW + 91 * 86_400_000).toISOString() }, '90 days at most'],
])('posts no request that is %s', async (name, content, said) => {
  const file = `request-${['absent', 'no JSON', 'half empty', 'wrong in a place'].indexOf(name)}.json`;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  if (content !== undefined) await writeFile(join(folder, file), text);
  await expect(asPolice('post', '--request', file)).rejects.toThrow(said);
});

it('posts, opens what is sent, and closes', async () => {
  await writeFile(join(folder, 'request.json'), JSON.stringify({ ...fields, caseNumber: 'T-1' }));
  const said = await asPolice('post', '--request', 'request.json');
  const id = said.split(' ')[0] ?? '';
  expect(said).toContain('waits for a review');

  const pending = (await hub.running.hub.documents.request(id))?.note ?? '';
  const approved = await coSignNote(pending, await demoSigner('reviewer'));
  if (!approved.ok) throw new Error(approved.detail);
  const review = await fetch(`${hub.url}/v1/requests/${id}/review`, { method: 'POST', body: approved.value });
  expect(review.status).toBe(200);

  const clip = new TextEncoder().encode('a clip');
  const recipients = [(await demoAgeKey('police')).recipient];
  const sealed = await sealedPackage({
    request: { ...template, id, seq: 1, prev: null },
    note: approved.value,
    clip,
    recipients,
  });
  const upload = uploader(() => hub.url, id);
  const location = await upload.create(sealed);
  await upload.patch(location, 0, sealed);
  expect(await asPolice('inbox')).toContain(id);
  const packageId = location.split('/').at(-1) ?? '';
  expect(await asPolice('open', '--package', packageId, '--out', 'opened')).toContain('1 clip from Ada Byron');
  expect(await readFile(join(folder, 'opened/clips/01.mp4'), 'utf8')).toBe('a clip');

  // The same bytes with nothing of ours: the command that docs/hub.md names.
  await writeFile(join(folder, 'key.txt'), (await demoAgeKey('police')).identity);
  const stored = join(hub.options.dataDir, 'packages', `${packageId}.age`);
  await run(nativeTool('age'), ['-d', '-i', join(folder, 'key.txt'), '-o', join(folder, 'package.zip'), stored]);
  expect((await readFile(join(folder, 'package.zip'))).includes(Buffer.from('a clip'))).toBe(true);

  expect(await asPolice('resolve', '--request', id, '--reason', 'Found.')).toContain('is resolved');
  await expect(asPolice('resolve', '--request', id, '--reason', 'Again.')).rejects.toThrow('closed already');
});
