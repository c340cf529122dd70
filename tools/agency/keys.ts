/** Key files of agencies and reviewers: the same that the page exports (`porchlight/keys/v1`). */
import { readFile, writeFile } from 'node:fs/promises';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as v from 'valibot';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { createSigner, parseSignerKey, type NoteSigner } from '../../src/core/signed-note.ts';

const KeyFileSchema = v.object({
  format: v.literal('porchlight/keys/v1'),
  role: v.picklist(['agency', 'reviewer']),
  signerKey: v.string(),
  identity: v.nullable(v.string()),
});

export interface Keys {
  readonly role: 'agency' | 'reviewer';
  readonly signer: NoteSigner;
  /** `AGE-SECRET-KEY-1…`; null for a reviewer. */
  readonly identity: string | null;
}

/** Writes a new key file, readable by its owner alone, and says what the directory needs of it. Never overwrites one. */
export const generateKeys = async (
  role: Keys['role'],
  name: string,
  out: string,
): Promise<Result<string, 'not-written' | 'bad-name'>> => {
  let signer: NoteSigner;
  try {
    signer = await createSigner(name, crypto.getRandomValues(new Uint8Array(32)));
  } catch (error) {
    return failure('bad-name', error instanceof Error ? error.message : String(error));
  }
  const identity = role === 'agency' ? await generateX25519Identity() : null;
  const file = { format: 'porchlight/keys/v1', role, signerKey: signer.signerKey, identity };
  try {
    await writeFile(out, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    return failure('not-written', error instanceof Error ? error.message : String(error));
  }
  const lines = [`Keys written to ${out}: keep them secret.`, `verifier key: ${signer.verifierKey}`];
  if (identity !== null) lines.push(`age recipient: ${await identityToRecipient(identity)}`);
  return ok([...lines, 'The directory lists these two; then the keys count.'].join('\n'));
};

const AGE_MAGIC = 'age-encryption.org/v1\n';

/** Reads a key file; one that the page sealed needs its passphrase in PORCHLIGHT_PASSPHRASE. */
export const readKeys = async (path: string): Promise<Result<Keys, 'keys'>> => {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return failure('keys', `${path} cannot be read.`);
  const text = await openKeyFile(new Uint8Array(bytes));
  if (text === null) {
    return failure('keys', `${path} is sealed: PORCHLIGHT_PASSPHRASE must hold its passphrase.`);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), KeyFileSchema), text);
  if (!parsed.success) return failure('keys', `${path} is not a Porchlight key file.`);
  const { role, signerKey, identity } = parsed.output;
  const signer = await parseSignerKey(signerKey);
  return signer.ok ? ok({ role, signer: signer.value, identity }) : failure('keys', `${path}: ${signer.detail}`);
};

/** The text of a key file, unsealed where it is sealed; null where the passphrase is not the right one. */
const openKeyFile = async (bytes: Uint8Array): Promise<string | null> => {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith(AGE_MAGIC)) return text;
  const decrypter = new Decrypter();
  decrypter.addPassphrase(process.env['PORCHLIGHT_PASSPHRASE'] ?? '');
  return decrypter.decrypt(bytes, 'text').catch(() => null);
};
