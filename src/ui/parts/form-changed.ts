/** Somebody typed or drew something in the composer. */
import type { RequestForm } from '../../contracts/request-form.ts';

export class FormChanged extends Event {
  readonly change: Partial<RequestForm>;
  constructor(change: Partial<RequestForm>) {
    super('pl-form-changed', { bubbles: true, composed: true });
    this.change = change;
  }
}

declare global {
  interface HTMLElementEventMap {
    'pl-form-changed': FormChanged;
  }
}
