/** Three ways to get keys onto this device: make them, bring a key file, or, in the demo town only, take a part in it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';
import { KeysChosen } from './keys-chosen.ts';

type DemoHolder = Parameters<Journey['demoKeys']>[0];

const DEMO: Readonly<Record<HeldKeys['role'], readonly { readonly holder: DemoHolder; readonly name: string }[]>> = {
  agency: [
    { holder: 'police', name: 'Be the demo’s police' },
    { holder: 'fire', name: 'Be the demo’s fire department' },
  ],
  reviewer: [{ holder: 'reviewer', name: 'Be the demo’s reviewer' }],
};

/** Sends `pl-keys-chosen` with the keys that were added. */
@customElement('pl-role-keys-add')
export class RoleKeysAdd extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property({ attribute: false }) roles: Roles | null = null;
  @property() who: HeldKeys['role'] = 'agency';
  @state() private busy: 'create' | 'import' | null = null;
  @state() private problem = '';
  @state() private message = '';
  /** A file that turned out to be sealed: it waits for its passphrase. */
  @state() private sealed: File | null = null;
  @state() private name = '';
  #passphrase = '';

  override render(): TemplateResult {
    return html`
      ${this.journey?.demo ? this.#demo() : nothing}
      <div class="ways">
        <form class="stack-s" novalidate @submit=${this.#create}>
          <h3>Make new keys</h3>
          <p class="small quiet">
            They are made in this browser. Send the public half to whoever keeps the directory; until it is listed there, nobody believes what these keys sign.
          </p>
          <wa-input
            label="Name of the key"
            hint="Such as police.springfield.example: no spaces, no plus signs."
            maxlength="120"
            autocomplete="off"
            .value=${this.name}
            @input=${(event: Event) => (this.name = fieldValue(event))}
          ></wa-input>
          <wa-button type="submit" appearance="outlined" variant="neutral" ?disabled=${this.busy !== null}>
            <wa-icon slot="start" name="key"></wa-icon>Make keys
          </wa-button>
        </form>
        <form class="stack-s" novalidate @submit=${this.#open}>
          <h3>Bring a key file</h3>
          <p class="small quiet">One that this page saved, or <code>npm run agency -- keygen</code> made.</p>
          <wa-button appearance="outlined" variant="neutral" ?disabled=${this.busy !== null} @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>
            <wa-icon slot="start" name="import"></wa-icon>Choose the key file…
          </wa-button>
          <input id="file" class="hidden-visually" type="file" tabindex="-1" aria-label="Key file" @change=${this.#chosen} />
          ${
            this.sealed === null
              ? nothing
              : html`<p class="small">“${this.sealed.name}” is sealed with a passphrase.</p>
                <wa-input type="password" label="Passphrase of the file" autocomplete="off" @input=${(event: Event) => (this.#passphrase = fieldValue(event))}></wa-input>
                <wa-button type="submit" variant="brand" ?loading=${this.busy === 'import'}>Open it</wa-button>`
          }
        </form>
      </div>
      <p class="small" role="status">${this.message}</p>
      <p class="problem" role="alert">${this.problem}</p>
    `;
  }

  #demo(): TemplateResult {
    return html`<section class="demo stack-s" aria-labelledby="demo">
      <h3 id="demo">This is the demo town</h3>
      <p class="small">Its keys are public and no secret: take a part and see what that side sees.</p>
      <div class="row">
        ${DEMO[this.who].map(
          ({ holder, name }) =>
            html`<wa-button variant="brand" ?disabled=${this.busy !== null} @click=${() => this.#play(holder)}>
              <wa-icon slot="start" name="key"></wa-icon>${name}
            </wa-button>`,
        )}
      </div>
    </section>`;
  }

  #begin(busy: 'create' | 'import'): void {
    this.busy = busy;
    this.problem = '';
    this.message = '';
  }

  #added(keys: HeldKeys): void {
    this.busy = null;
    this.sealed = null;
    this.#passphrase = '';
    this.message = `Added: ${keys.holder?.name ?? keys.id}.`;
    this.dispatchEvent(new KeysChosen(keys.id));
  }

  readonly #create = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.roles || this.busy !== null) return;
    this.#begin('create');
    const made = await this.roles.createKeys(this.who, this.name.trim());
    this.busy = null;
    if (!made.ok) {
      this.problem = made.detail;
      return;
    }
    this.name = '';
    this.#added(made.value);
  };

  readonly #chosen = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    input.value = '';
    if (file) void this.#import(file, file, null);
  };

  readonly #open = (event: Event): void => {
    event.preventDefault();
    if (this.sealed) void this.#import(this.sealed, this.sealed, this.#passphrase);
  };

  async #play(holder: DemoHolder): Promise<void> {
    const file = (await this.journey?.demoKeys(holder)) ?? null;
    if (file) await this.#import(file, null, null);
  }

  async #import(contents: Blob, file: File | null, passphrase: string | null): Promise<void> {
    if (!this.roles || this.busy !== null) return;
    this.#begin('import');
    const imported = await this.roles.importKeys(contents, passphrase);
    this.busy = null;
    if (!imported.ok) {
      this.sealed = imported.reason === 'passphrase-needed' || imported.reason === 'wrong-passphrase' ? file : null;
      this.problem = imported.reason === 'passphrase-needed' ? '' : imported.detail;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('wa-input[type=password]')?.focus();
    } else if (imported.value.role === this.who) this.#added(imported.value);
    else {
      this.sealed = null;
      this.message = `Added. These are ${imported.value.role === 'agency' ? 'an agency’s' : 'a reviewer’s'} keys: you find them on the other screen.`;
    }
  }

  static override styles = [
    shared,
    form,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.1rem;
      }

      .ways {
        display: grid;
        gap: 1.5rem 2rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
        align-items: start;
      }

      .demo {
        padding: 0.9rem 1rem;
        border: 1px solid var(--pl-amber-edge);
        border-radius: var(--pl-radius);
        background: var(--pl-amber-quiet);
      }

      [role='status']:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-role-keys-add': RoleKeysAdd;
  }
}
