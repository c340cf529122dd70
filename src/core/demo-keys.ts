/**
 * The demo town's keys. They are NOT secrets: anyone can derive every one of them, private halves included, from the
 * public phrase below. That is the point of a demo in which one person plays every role; a real town makes keys of its own,
 * and a page that is built for it does not contain this file.
 */
import { bech32 } from '@scure/base';
import { createSigner, type NoteSigner } from './signed-note.ts';

const SEED_PHRASE = 'porchlight demo town';
const KEY_DOMAIN = 'demo.porchlight.example';

export const DEMO_ROLES = ['root', 'hub', 'police', 'fire', 'reviewer', 'stranger'] as const;
/** `stranger` is in no directory: it forges. */
export type DemoRole = (typeof DEMO_ROLES)[number];

/** Those whose part somebody who tries the demo may play. */
export type DemoHolder = 'police' | 'fire' | 'reviewer';

const sha256 = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** The signing key of a role: its Ed25519 seed is SHA-256 of `porchlight demo town/ROLE`. */
export const demoSigner = async (role: DemoRole): Promise<NoteSigner> =>
  createSigner(`${role}.${KEY_DOMAIN}`, await sha256(`${SEED_PHRASE}/${role}`));

/** The age X25519 identity of an agency (`AGE-SECRET-KEY-1…`): its scalar is SHA-256 of `porchlight demo town/ROLE/age`. */
export const demoAgeIdentity = async (role: 'police' | 'fire'): Promise<string> =>
  bech32.encodeFromBytes('AGE-SECRET-KEY-', await sha256(`${SEED_PHRASE}/${role}/age`)).toUpperCase();

/** The key file that the page imports for a holder, in the form in which it exports one. */
export const demoKeyFile = async (holder: DemoHolder): Promise<string> =>
  JSON.stringify({
    format: 'porchlight/keys/v1',
    role: holder === 'reviewer' ? 'reviewer' : 'agency',
    signerKey: (await demoSigner(holder)).signerKey,
    identity: holder === 'reviewer' ? null : await demoAgeIdentity(holder),
  });
