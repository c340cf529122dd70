/** The inbox from the command line: lists what came in, downloads, compares hashes, opens. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Decrypter } from 'age-encryption';
import * as v from 'valibot';
import { InboxListSchema, PackageManifestSchema, type InboxItem } from '../../src/contracts/inbox.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { readStoredZip } from '../../src/core/stored-zip.ts';
import { ask } from './hub.ts';
import type { Keys } from './keys.ts';

type Refusal = 'hub' | 'wrong-key' | 'damaged' | 'not-there';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const fetchItems = async (hub: string, keys: Keys): Promise<Result<InboxItem[], Refusal>> => {
  const items: InboxItem[] = [];
  for (let path: string | null = '/v1/inbox'; path !== null;) {
    const answer: Result<Response, 'hub'> = await ask(hub, path, {}, keys);
    if (!answer.ok) return answer;
    const list = v.safeParse(InboxListSchema, await answer.value.json());
    if (!list.success) return failure('hub', 'The hub sent an inbox that cannot be read.');
    items.push(...list.output.items);
    path = list.output.next;
  }
  return ok(items);
};

/** A table, or the items as JSON. */
export const listInbox = async (hub: string, keys: Keys, json: boolean): Promise<Result<string, Refusal>> => {
  const items = await fetchItems(hub, keys);
  if (!items.ok) return items;
  if (json) return ok(JSON.stringify(items.value, null, 2));
  const lines = items.value.map(({ package: id, request, bytes, received, decision }) =>
    [id, received, String(bytes).padStart(12), decision?.decision ?? 'undecided', request].join('  '),
  );
  return ok(lines.length === 0 ? 'The inbox is empty.' : lines.join('\n'));
};

const fetchSealed = async (hub: string, id: string, keys: Keys): Promise<Result<Uint8Array, Refusal>> => {
  const items = await fetchItems(hub, keys);
  if (!items.ok) return items;
  const item = items.value.find((one) => one.package === id);
  if (item === undefined) return failure('not-there', `There is no package ${id} in this inbox.`);
  const answer = await ask(hub, `/v1/inbox/${id}`, {}, keys);
  if (!answer.ok) return answer;
  const bytes = new Uint8Array(await answer.value.arrayBuffer());
  return sha256(bytes) === item.sha256
    ? ok(bytes)
    : failure('damaged', 'What the hub sent is not what it says it took: the SHA-256 differs.');
};

const readSealed = async (file: string): Promise<Result<Uint8Array, Refusal>> => {
  const bytes = await readFile(file).catch(() => null);
  return bytes === null ? failure('not-there', `${file} cannot be read.`) : ok(new Uint8Array(bytes));
};

const decrypt = async (sealed: Uint8Array, identity: string): Promise<Result<Uint8Array<ArrayBuffer>, Refusal>> => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return ok(new Uint8Array(await decrypter.decrypt(sealed)));
  } catch {
    return failure('wrong-key', 'This key does not open the package, or the package is damaged.');
  }
};

/** Lays the package's files below `out` and compares every clip with the manifest. Names come from the manifest's own narrow form. */
export const openPackage = async (
  keys: Keys,
  from: { readonly hub: string; readonly id: string } | { readonly file: string },
  out: string,
): Promise<Result<string, Refusal>> => {
  if (keys.identity === null) return failure('wrong-key', 'These keys hold no age identity: they are a reviewer’s.');
  const sealed = 'file' in from ? await readSealed(from.file) : await fetchSealed(from.hub, from.id, keys);
  if (!sealed.ok) return sealed;
  const zip = await decrypt(sealed.value, keys.identity);
  if (!zip.ok) return zip;
  const entries = await readStoredZip(new Blob([zip.value]));
  if (!entries.ok) return failure('damaged', entries.detail);
  const files = new Map(entries.value.map(({ name, data }) => [name, data]));
  const json = await files.get('manifest.json')?.text();
  const manifest =
    json === undefined ? null : v.safeParse(v.pipe(v.string(), v.parseJson(), PackageManifestSchema), json);
  if (manifest?.success !== true) return failure('damaged', 'The package holds no manifest that can be read.');
  const wrong: string[] = [];
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await writeFile(join(out, name), bytes);
  };
  await write('manifest.json', new TextEncoder().encode(json));
  for (const clip of manifest.output.clips) {
    const bytes = new Uint8Array((await files.get(clip.file)?.arrayBuffer()) ?? []);
    if (sha256(bytes) === clip.sha256) await write(clip.file, bytes);
    else wrong.push(clip.file);
  }
  if (wrong.length > 0) return failure('damaged', `Not what the manifest says, and not written: ${wrong.join(', ')}.`);
  const { sharedBy, request, clips } = manifest.output;
  return ok(
    `${clips.length} ${clips.length === 1 ? 'clip' : 'clips'} from ${sharedBy.name} for case ${request.caseNumber}, hashes compared, in ${out}.`,
  );
};
