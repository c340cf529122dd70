/** Somebody wants to act with these keys from now on. */

export class KeysChosen extends Event {
  /** `HeldKeys.id`. */
  readonly keysId: string;
  constructor(keysId: string) {
    super('pl-keys-chosen', { bubbles: true, composed: true });
    this.keysId = keysId;
  }
}

declare global {
  interface HTMLElementEventMap {
    'pl-keys-chosen': KeysChosen;
  }
}
