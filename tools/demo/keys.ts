/** The demo town's keys (src/core/demo-keys.ts says how they come about) with the age recipients that belong to them. */
import { identityToRecipient } from 'age-encryption';
import { demoAgeIdentity } from '../../src/core/demo-keys.ts';

export { DEMO_ROLES, demoSigner, type DemoRole } from '../../src/core/demo-keys.ts';

export interface DemoAgeKey {
  /** `AGE-SECRET-KEY-1…`, as `age --decrypt --identity` reads it. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

/** The age X25519 key of an agency. */
export const demoAgeKey = async (role: 'police' | 'fire'): Promise<DemoAgeKey> => {
  const identity = await demoAgeIdentity(role);
  return { identity, recipient: await identityToRecipient(identity) };
};
