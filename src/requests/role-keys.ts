/** Keys of agencies and reviewers on this device: made here or brought as a file, sealed with a passphrase when they leave as one. */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as v from 'valibot';
import { writable, type Readable } from '../contracts/observable.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { HeldKeys, KeyFileProblem } from '../contracts/roles-api.ts';
import type { KeptKeys, RoleStore, StoreFailure } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { createSigner, parseSignerKey, type NoteSigner } from '../core/signed-note.ts';
import { isGoodAt, type TermedKey, type TrustedDirectory } from '../core/trusted-directory.ts';
import { parseJson } from './hub-files.ts';

/** What a key file holds, before it is sealed. `npm run agency -- keygen` writes the same. */
export const KeyFileSchema = v.strictObject({
  format: v.literal('porchlight/keys/v1'),
  role: v.picklist(['agency', 'reviewer']),
  signerKey: v.pipe(v.string(), v.maxLength(500)),
  /** The age identity, for an agency. */
  identity: v.nullable(v.pipe(v.string(), v.maxLength(500))),
});
type KeyFile = v.InferOutput<typeof KeyFileSchema>;

/** What every age file begins with (age-encryption.org/v1). */
const AGE_MAGIC = 'age-encryption.org/v1\n';

/** Keys with their signer, ready to be used. */
export interface RoleKeys {
  readonly kept: KeptKeys;
  readonly signer: NoteSigner;
}

export interface RoleKeyRing {
  readonly keys: Readable<readonly HeldKeys[]>;
  /** Reads what is kept, and judges it by the directory of now. */
  reload(): Promise<void>;
  create(role: HeldKeys['role'], name: string): Promise<Result<HeldKeys, 'bad-name' | StoreFailure>>;
  import(file: Blob, passphrase: string | null): Promise<Result<HeldKeys, KeyFileProblem | StoreFailure>>;
  export(id: string, passphrase: string | null): Promise<Result<Blob, 'unknown-key'>>;
  remove(id: string): Promise<Result<void, StoreFailure>>;
  use(id: string): Promise<Result<RoleKeys, 'unknown-key'>>;
}

interface RingParts {
  readonly store: RoleStore;
  trusted(): TrustedDirectory | null;
  readonly now: () => EpochMs;
}

const NO_KEYS = failure<'unknown-key'>('unknown-key', 'These keys are not on this device.');

/** Who the directory says holds a key, and why it may not sign now. */
const standing = (
  kept: KeptKeys,
  trusted: TrustedDirectory | null,
  now: EpochMs,
): Pick<HeldKeys, 'holder' | 'problem'> => {
  if (trusted === null) return { holder: null, problem: 'No directory has been fetched yet.' };
  const holders: readonly { readonly id: string; readonly name: string; readonly keys: readonly TermedKey[] }[] =
    kept.role === 'agency'
      ? [...trusted.agencies.values()].map(({ agency, keys }) => ({ id: agency.id, name: agency.name, keys }))
      : trusted.reviewers.map(({ reviewer, keys }) => ({ id: reviewer.id, name: reviewer.name, keys }));
  const mine = (key: TermedKey): boolean => `${key.name}+${key.keyId}` === kept.id;
  const found = holders.find(({ keys }) => keys.some(mine));
  const key = found?.keys.find(mine);
  if (found === undefined || key === undefined) {
    const role = kept.role === 'agency' ? 'agency' : 'reviewer';
    return {
      holder: null,
      problem: `The directory lists no ${role} with this key yet: send its public half to whoever keeps the directory.`,
    };
  }
  const holder = { id: found.id, name: found.name };
  if (trusted.agencies.get(found.id)?.agency.status === 'suspended') {
    return { holder, problem: `The directory lists ${found.name} as suspended.` };
  }
  return {
    holder,
    problem: isGoodAt(key, now) ? null : 'The directory says that this key is not, or no longer, good.',
  };
};

const recipientOf = async (identity: string | null): Promise<string | null> =>
  identity === null ? null : identityToRecipient(identity);

const unseal = async (bytes: Uint8Array, passphrase: string | null): Promise<Result<string, KeyFileProblem>> => {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith(AGE_MAGIC)) return ok(text);
  if (passphrase === null || passphrase === '') {
    return failure('passphrase-needed', 'The file is sealed with a passphrase.');
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return ok(await decrypter.decrypt(bytes, 'text'));
  } catch {
    return failure('wrong-passphrase', 'The passphrase does not open this file, or the file is damaged.');
  }
};

export const createRoleKeyRing = ({ store, trusted, now }: RingParts): RoleKeyRing => {
  const keys = writable<readonly HeldKeys[]>([]);

  const heldOf = (kept: KeptKeys): HeldKeys => {
    const { id, role, verifierKey, recipient, addedAt } = kept;
    return { id, role, verifierKey, recipient, addedAt, ...standing(kept, trusted(), now()) };
  };
  const reload = async (): Promise<void> => {
    keys.set((await store.keys()).map(heldOf));
  };
  const find = async (id: string): Promise<KeptKeys | null> =>
    (await store.keys()).find((one) => one.id === id) ?? null;

  const keep = async ({ role, identity }: KeyFile, signer: NoteSigner): Promise<Result<HeldKeys, StoreFailure>> => {
    const kept: KeptKeys = {
      id: `${signer.name}+${signer.keyId}`,
      role,
      signerKey: signer.signerKey,
      verifierKey: signer.verifierKey,
      identity,
      recipient: await recipientOf(identity),
      addedAt: now(),
    };
    const stored = await store.putKeys(kept);
    if (!stored.ok) return stored;
    await reload();
    return ok(heldOf(kept));
  };

  return {
    keys,
    reload,
    create: async (role, name) => {
      let signer: NoteSigner;
      try {
        signer = await createSigner(name, crypto.getRandomValues(new Uint8Array(32)));
      } catch {
        return failure('bad-name', 'The name of a key is not empty and has neither spaces nor plus signs.');
      }
      const identity = role === 'agency' ? await generateX25519Identity() : null;
      return keep({ format: 'porchlight/keys/v1', role, signerKey: signer.signerKey, identity }, signer);
    },
    import: async (file, passphrase) => {
      const opened = await unseal(new Uint8Array(await file.arrayBuffer()), passphrase);
      if (!opened.ok) return opened;
      const content = parseJson(KeyFileSchema, opened.value);
      if (content === null) return failure('unreadable', 'This is not a Porchlight key file.');
      const signer = await parseSignerKey(content.signerKey);
      if (!signer.ok) return failure('unreadable', signer.detail);
      try {
        await recipientOf(content.identity);
      } catch {
        return failure('unreadable', 'The age identity in this key file cannot be read.');
      }
      return keep(content, signer.value);
    },
    export: async (id, passphrase) => {
      const kept = await find(id);
      if (kept === null) return NO_KEYS;
      const { role, signerKey, identity } = kept;
      const file: KeyFile = { format: 'porchlight/keys/v1', role, signerKey, identity };
      const text = `${JSON.stringify(file, null, 2)}\n`;
      if (passphrase === null || passphrase === '') return ok(new Blob([text], { type: 'application/json' }));
      const encrypter = new Encrypter();
      encrypter.setPassphrase(passphrase);
      return ok(new Blob([new Uint8Array(await encrypter.encrypt(text))], { type: 'application/octet-stream' }));
    },
    remove: async (id) => {
      const removed = await store.deleteKeys(id);
      await reload();
      return removed;
    },
    use: async (id) => {
      const kept = await find(id);
      const signer = kept === null ? null : await parseSignerKey(kept.signerKey);
      return kept === null || signer?.ok !== true ? NO_KEYS : ok({ kept, signer: signer.value });
    },
  };
};
