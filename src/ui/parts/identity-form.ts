/** Who you are, as the agency will see it: name, e-mail and home address, checked before anything is sealed. */
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Identity } from '../../contracts/share.ts';
import { IdentityGiven } from '../events.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldChecked, fieldValue } from './field-value.ts';

@customElement('pl-identity-form')
export class IdentityForm extends LitElement {
  @property({ attribute: false }) identity: Identity | null = null;
  /** The button's words. */
  @property() action = 'Save';
  /** Offers to keep it in this browser; always kept when false. */
  @property({ type: Boolean }) asksToKeep = false;

  @state() private name = '';
  @state() private email = '';
  @state() private address = '';
  @state() private keep = true;
  @state() private problem = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('identity') || !this.identity) return;
    this.name = this.identity.name;
    this.email = this.identity.email;
    this.address = this.identity.address;
  }

  override render(): TemplateResult {
    return html`
      <form class="stack" novalidate @submit=${this.#onSubmit}>
        <wa-input label="Name" autocomplete="name" maxlength="120" .value=${this.name} @input=${(event: Event) => (this.name = fieldValue(event))}></wa-input>
        <wa-input
          label="E-mail"
          type="email"
          autocomplete="email"
          maxlength="200"
          .value=${this.email}
          @input=${(event: Event) => (this.email = fieldValue(event))}
        ></wa-input>
        <wa-input
          label="Home address"
          autocomplete="street-address"
          maxlength="300"
          .value=${this.address}
          @input=${(event: Event) => (this.address = fieldValue(event))}
        ></wa-input>
        ${
          this.asksToKeep
            ? html`<wa-checkbox .checked=${this.keep} @change=${(event: Event) => (this.keep = fieldChecked(event))}>
              Remember this in this browser for the next time
            </wa-checkbox>`
            : ''
        }
        <p class="problem" role="alert">${this.problem}</p>
        <div class="row">
          <slot name="before"></slot>
          <wa-button type="submit" variant="brand">${this.action}</wa-button>
        </div>
      </form>
    `;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    const identity: Identity = { name: this.name.trim(), email: this.email.trim(), address: this.address.trim() };
    if (identity.name === '') this.problem = 'Your name is missing. The agency is told who shared a recording.';
    else if (!/^[^\s@]+@[^\s@]+$/.test(identity.email))
      this.problem = 'The e-mail address needs a name, an @ and a domain, such as ana@example.com.';
    else if (identity.address === '')
      this.problem = 'Your home address is missing. The agency is told where a recording comes from.';
    else {
      this.problem = '';
      this.dispatchEvent(new IdentityGiven(identity, this.asksToKeep ? this.keep : true));
    }
  };

  static override styles = [shared, form];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-identity-form': IdentityForm;
  }
}
