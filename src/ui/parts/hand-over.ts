/** Where nothing can be uploaded: the sealed file is saved, and the person gives it to the investigator some other way. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FootageRequest } from '../../contracts/request.ts';
import type { SealedPackage } from '../../contracts/share.ts';
import { Dismissed } from '../events.ts';
import { byteSize } from '../format.ts';
import { savePackage } from '../save-package.ts';
import { shareStyles } from '../styles/share.ts';
import { shared } from '../styles/shared.ts';

/** Sends `pl-dismissed` when the package is to be discarded. */
@customElement('pl-hand-over')
export class HandOver extends LitElement {
  @property({ attribute: false }) request: FootageRequest | null = null;
  @property({ attribute: false }) sealed: SealedPackage | null = null;
  @property() agencyName = '';
  @state() private saved = false;

  override render(): TemplateResult | typeof nothing {
    const { request, sealed } = this;
    if (!request || !sealed) return nothing;
    const { name, email, telephone } = request.investigator;
    return html`<section class="confirm stack" aria-labelledby="hand-over">
      <h3 id="hand-over">Hand it to ${this.agencyName} yourself</h3>
      <p>
        Save the sealed file and give it to the investigator, by e-mail or on a stick: <span class="figures">${byteSize(sealed.bytes.byteLength)}</span>, with your
        name, e-mail and home address inside. Whoever carries it cannot open it; only ${this.agencyName} can, and you with your key.
      </p>
      <dl class="facts">
        <dt>Investigator</dt>
        <dd>${name || 'not given'}</dd>
        ${email ? html`<dt>E-mail</dt><dd>${email}</dd>` : nothing}
        ${telephone ? html`<dt>Telephone</dt><dd class="figures">${telephone}</dd>` : nothing}
        <dt>Case number</dt>
        <dd class="figures">${request.caseNumber || 'not given'}</dd>
      </dl>
      <div class="row between">
        <wa-button appearance="outlined" variant="neutral" @click=${() => this.dispatchEvent(new Dismissed())}>Back, and discard this package</wa-button>
        <wa-button variant="warning" size="l" @click=${this.#save}><wa-icon slot="start" name="export"></wa-icon>Save sealed file</wa-button>
      </div>
      <p role="status">
        ${this.saved ? html`Saved. The same file waits in <a href="/activity">Activity</a> until you delete it there. Nothing was sent.` : nothing}
      </p>
    </section>`;
  }

  readonly #save = (): void => {
    const { sealed } = this;
    if (!sealed) return;
    savePackage(sealed.shareId, new Blob([sealed.bytes]));
    this.saved = true;
  };

  static override styles = [shared, shareStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-hand-over': HandOver;
  }
}
