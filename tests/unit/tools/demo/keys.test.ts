/** The demo town's keys: the pinned literal is the derived one, and the age keys work in the library and in the `age` tool. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { parseVerifierKey } from '../../../../src/core/signed-note.ts';
import { DEMO_ROLES, demoAgeKey, demoSigner } from '../../../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../../../tools/demo/root-key.ts';

const run = promisify(execFile);

describe('demo keys', () => {
  it('pins the root key that is derived', async () => {
    expect((await demoSigner('root')).verifierKey).toBe(DEMO_ROOT_KEY);
  });

  it.each(DEMO_ROLES)('has a well-formed verifier key for %s', async (role) => {
    expect(await parseVerifierKey((await demoSigner(role)).verifierKey)).toMatchObject({ ok: true });
  });

  it.each(['police', 'fire'] as const)('opens with the age tool what was sealed to %s', async (role) => {
    const { identity, recipient } = await demoAgeKey(role);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const folder = await mkdtemp(join(tmpdir(), 'demo-keys-'));
    try {
      await writeFile(join(folder, 'sealed.age'), await encrypter.encrypt('the porch at noon'));
      await writeFile(join(folder, 'identity.txt'), `${identity}\n`);
      const opened = await run('age', ['-d', '-i', join(folder, 'identity.txt'), join(folder, 'sealed.age')]);
      expect(opened.stdout).toBe('the porch at noon');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
