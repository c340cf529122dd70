/**
 * The demo town's keys. They are NOT secrets: anyone can derive every one of them, private halves included, from the
 * public phrase below. That is the point of a demo in which one person plays every role; a real town makes keys of its own.
 */
import { bech32 } from '@scure/base';
import { identityToRecipient } from 'age-encryption';
import { createSigner, type NoteSigner } from '../../src/core/signed-note.ts';

const SEED_PHRASE = 'porchlight demo town';
const KEY_DOMAIN = 'demo.porchlight.example';

export const DEMO_ROLES = ['root', 'hub', 'police', 'fire', 'reviewer', 'stranger'] as const;
/** `stranger` is in no directory: it forges. */
export type DemoRole = (typeof DEMO_ROLES)[number];

const sha256 = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** The signing key of a role: its Ed25519 seed is SHA-256 of `porchlight demo town/ROLE`. */
export const demoSigner = async (role: DemoRole): Promise<NoteSigner> =>
  createSigner(`${role}.${KEY_DOMAIN}`, await sha256(`${SEED_PHRASE}/${role}`));

export interface DemoAgeKey {
  /** `AGE-SECRET-KEY-1…`, as `age --decrypt --identity` reads it. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

/** The age X25519 key of an agency: its scalar is SHA-256 of `porchlight demo town/ROLE/age`. */
export const demoAgeKey = async (role: 'police' | 'fire'): Promise<DemoAgeKey> => {
  const identity = bech32.encodeFromBytes('AGE-SECRET-KEY-', await sha256(`${SEED_PHRASE}/${role}/age`)).toUpperCase();
  return { identity, recipient: await identityToRecipient(identity) };
};
