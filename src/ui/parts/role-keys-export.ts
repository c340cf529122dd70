/** Saves keys as a file, sealed with a passphrase when one is given twice alike. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { Dismissed } from '../events.ts';
import { saveFile } from '../save-file.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

/** Sends `pl-dismissed` when it is over. */
@customElement('pl-role-keys-export')
export class RoleKeysExport extends LitElement {
  @property({ attribute: false }) roles: Roles | null = null;
  /** The keys to save; null: closed. */
  @property({ attribute: false }) keys: HeldKeys | null = null;
  @state() private passphrase = '';
  @state() private again = '';
  @state() private problem = '';
  @state() private busy = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('keys')) return;
    this.passphrase = '';
    this.again = '';
    this.problem = '';
  }

  override render(): TemplateResult {
    return html`<wa-dialog label="Save the keys as a file" ?open=${this.keys !== null} @wa-hide=${this.#onHide}>
      <form class="stack" novalidate @submit=${this.#save}>
        <p class="small">
          With a passphrase the file is sealed, and <code>age -d</code> opens it, too. Without one, anyone who gets the file can sign in your name and open what was sent to you.
        </p>
        <wa-input
          type="password"
          label="Passphrase (recommended)"
          autocomplete="new-password"
          .value=${this.passphrase}
          @input=${(event: Event) => (this.passphrase = fieldValue(event))}
        ></wa-input>
        <wa-input
          type="password"
          label="The same again"
          autocomplete="new-password"
          .value=${this.again}
          @input=${(event: Event) => (this.again = fieldValue(event))}
        ></wa-input>
        <p class="problem" role="alert">${this.problem}</p>
        <div class="row">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.passphrase === '' ? 'Save without a passphrase' : 'Save sealed'}</wa-button>
          <wa-button appearance="plain" variant="neutral" data-dialog="close">Cancel</wa-button>
        </div>
      </form>
    </wa-dialog>`;
  }

  readonly #onHide = (event: Event): void => {
    if (event.target === event.currentTarget && this.keys) this.dispatchEvent(new Dismissed());
  };

  readonly #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { keys, passphrase } = this;
    if (!this.roles || !keys || this.busy) return;
    if (passphrase !== this.again) {
      this.problem = 'The two passphrases differ.';
      return;
    }
    this.problem = '';
    this.busy = true;
    const file = await this.roles.exportKeys(keys.id, passphrase === '' ? null : passphrase);
    this.busy = false;
    if (!file.ok) {
      this.problem = file.detail;
      return;
    }
    const name = keys.id.replaceAll(/[^A-Za-z0-9.-]+/g, '-');
    saveFile(`porchlight-keys-${name}.json${passphrase === '' ? '' : '.age'}`, file.value);
    this.dispatchEvent(new Dismissed());
  };

  static override styles = [
    shared,
    form,
    css`
      wa-dialog {
        --width: 30rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-role-keys-export': RoleKeysExport;
  }
}
