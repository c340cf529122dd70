/** The keys of a role on this device: whose they are by the directory, what is wrong with them, and how they come and go. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { moment } from '../format.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import './confirm-dialog.ts';
import { KeysChosen } from './keys-chosen.ts';
import './role-keys-add.ts';
import './role-keys-export.ts';

/** Sends `pl-keys-chosen` when other keys are to be used. */
@customElement('pl-role-keys')
export class RoleKeysPanel extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property({ attribute: false }) roles: Roles | null = null;
  /** Those of `who`, as `RolesController.keysOf` gives them. */
  @property({ attribute: false }) keys: readonly HeldKeys[] = [];
  @property() who: HeldKeys['role'] = 'agency';
  /** Id of the keys in use; empty while there are none. */
  @property() chosen = '';
  @state() private exporting: HeldKeys | null = null;
  @state() private removing: HeldKeys | null = null;
  @state() private problem = '';

  override render(): TemplateResult {
    const { keys } = this;
    return html`
      <section class="stack" aria-labelledby="kept">
        <h2 id="kept">Keys on this device</h2>
        <p class="small quiet">
          Whoever holds these keys acts as the ${this.who}. They lie in this browser only, are in no library file, and go with “Erase everything”: keep a sealed copy
          elsewhere.
        </p>
        ${keys.length === 0 ? html`<p class="empty quiet">No ${this.who === 'agency' ? 'agency’s' : 'reviewer’s'} keys are on this device.</p>` : nothing}
        <ul class="stack-s">
          ${repeat(
            keys,
            ({ id }) => id,
            (held) => this.#held(held),
          )}
        </ul>
        <p class="problem" role="alert">${this.problem}</p>
      </section>
      <section class="sheet stack" aria-labelledby="add">
        <h2 id="add">${keys.length === 0 ? 'Get keys' : 'Get more keys'}</h2>
        <pl-role-keys-add .journey=${this.journey} .roles=${this.roles} .who=${this.who}></pl-role-keys-add>
      </section>
      <pl-role-keys-export .roles=${this.roles} .keys=${this.exporting} @pl-dismissed=${() => (this.exporting = null)}></pl-role-keys-export>
      <pl-confirm-dialog
        heading="Remove these keys?"
        action="Remove the keys"
        .open=${this.removing !== null}
        @pl-confirmed=${this.#remove}
        @pl-dismissed=${() => (this.removing = null)}
      >
        <p><strong>${this.removing?.holder?.name ?? this.removing?.id ?? ''}</strong></p>
        <p>
          Without a saved copy they are gone for good: nothing can be signed with them any more${this.who === 'agency' ? ', and packages that were sealed to them cannot be opened' : ''}.
        </p>
      </pl-confirm-dialog>
    `;
  }

  #held(held: HeldKeys): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const used = held.id === this.chosen;
    return html`<li class=${used ? 'sheet used stack-s' : 'sheet stack-s'}>
      <div class="row between">
        <h3>${held.holder?.name ?? 'Not in the directory yet'}</h3>
        <span class="row">
          ${used ? html`<span class="chip amber">In use</span>` : nothing}
          <span class="chip ${held.problem === null ? 'good' : 'bad'}">${held.problem === null ? 'May sign' : 'May not sign'}</span>
        </span>
      </div>
      ${held.problem === null ? nothing : html`<p class="small why">${held.problem}</p>`}
      <dl class="facts small">
        <dt>Key</dt>
        <dd><code>${held.id}</code></dd>
        <dt>On this device since</dt>
        <dd class="figures">${moment(held.addedAt, zone)}</dd>
      </dl>
      <details>
        <summary>The public half, for the directory</summary>
        <dl class="facts small">
          <dt>Verifier key</dt>
          <dd><code>${held.verifierKey}</code></dd>
          ${held.recipient === null ? nothing : html`<dt>age recipient</dt><dd><code>${held.recipient}</code></dd>`}
        </dl>
      </details>
      <div class="row">
        ${used || held.holder === null ? nothing : html`<wa-button size="s" variant="brand" @click=${() => this.dispatchEvent(new KeysChosen(held.id))}>Use these keys</wa-button>`}
        <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => (this.exporting = held)}>
          <wa-icon slot="start" name="export"></wa-icon>Save as a file…
        </wa-button>
        <wa-button size="s" appearance="plain" variant="neutral" @click=${() => (this.removing = held)}>
          <wa-icon slot="start" name="trash"></wa-icon>Remove…
        </wa-button>
      </div>
    </li>`;
  }

  readonly #remove = async (): Promise<void> => {
    const { removing } = this;
    this.removing = null;
    if (!removing) return;
    const removed = await this.roles?.removeKeys(removing.id);
    this.problem = removed && !removed.ok ? `The keys could not be removed. ${removed.detail}` : '';
  };

  static override styles = [
    shared,
    form,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.5rem;
        max-width: 48rem;
      }

      .used {
        box-shadow: inset 4px 0 0 var(--pl-amber);
      }

      .why {
        color: var(--pl-bad);
      }

      details dl {
        margin-block-start: 0.4rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-role-keys': RoleKeysPanel;
  }
}
