/** What whoever runs a hub needs once: the keys of root and hub, and the directory, which the root signs. */
import { readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { DirectorySchema } from '../../src/contracts/request.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { createSigner, parseSignerKey, signNote } from '../../src/core/signed-note.ts';
import { openDirectory } from '../../src/core/trusted-directory.ts';
import { documentText } from '../../src/core/typed-note.ts';

type Refusal = 'not-written' | 'bad-name' | 'keys' | 'bad-directory';

const write = (out: string, text: string, mode: number): Promise<Result<void, 'not-written'>> =>
  writeFile(out, text, { mode, flag: 'wx' }).then(
    () => ok(undefined),
    (error: unknown) => failure('not-written', error instanceof Error ? error.message : String(error)),
  );

/** Writes a signer key, one line as Go's note tools write it, readable by its owner alone. Never overwrites one. */
export const generateSigner = async (
  role: 'root' | 'hub',
  name: string,
  out: string,
): Promise<Result<string, Refusal>> => {
  const signer = await createSigner(name, crypto.getRandomValues(new Uint8Array(32))).catch(() => null);
  if (signer === null) return failure('bad-name', `“${name}” cannot name a key: no spaces and no plus sign.`);
  const written = await write(out, `${signer.signerKey}\n`, 0o600);
  if (!written.ok) return written;
  const use = {
    root: 'Keep it off the hub. PORCHLIGHT_ROOT_KEY is the verifier key: pages are built with it, tools check against it.',
    hub: 'The hub is started with it (--hub-key); the directory lists the verifier key as hub.key.',
  };
  return ok(`Key written to ${out}: keep it secret.\nverifier key: ${signer.verifierKey}\n${use[role]}`);
};

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

/** Signs the directory in a JSON file with the root's key; refuses what a hub would refuse. Replaces what `out` held. */
export const signDirectory = async (
  rootKeyFile: string,
  file: string,
  out: string,
): Promise<Result<string, Refusal>> => {
  const root = await parseSignerKey((await readText(rootKeyFile))?.trim() ?? '');
  if (!root.ok) return failure('keys', `${rootKeyFile} holds no signer key: ${root.detail}`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), DirectorySchema), (await readText(file)) ?? '');
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return failure('bad-directory', `${file}: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  }
  const note = await signNote(documentText('directory', parsed.output), root.value);
  if (!note.ok) return failure('bad-directory', note.detail);
  const opened = await openDirectory(note.value, root.value.verifierKey);
  if (!opened.ok) return failure('bad-directory', opened.detail);
  try {
    await writeFile(out, note.value);
  } catch (error) {
    return failure('not-written', error instanceof Error ? error.message : String(error));
  }
  const { agencies, reviewers } = parsed.output;
  return ok(
    `${out} lists ${agencies.length} agencies and ${reviewers.length} reviewers, signed by ${root.value.name}.`,
  );
};
