/** For people who would rather speak to someone, or stay anonymous: the investigator's contact and the case number. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FootageRequest } from '../../contracts/request.ts';
import { Dismissed } from '../events.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-investigator-contact')
export class InvestigatorContact extends LitElement {
  @property({ attribute: false }) request: FootageRequest | null = null;
  @property({ type: Boolean }) open = false;

  override render(): TemplateResult | typeof nothing {
    const { request } = this;
    if (!request) return nothing;
    const { name, email, telephone } = request.investigator;
    return html`
      <wa-dialog label="Contact the investigator" ?open=${this.open} @wa-hide=${this.#onHide}>
        <div class="stack">
          <p>You can call or write instead of sharing here. It is up to you what you say; nothing of your library is sent.</p>
          <dl class="facts">
            <dt>Investigator</dt>
            <dd>${name || 'not given'}</dd>
            ${email ? html`<dt>E-mail</dt><dd><a href="mailto:${encodeURIComponent(email).replace('%40', '@')}">${email}</a></dd>` : nothing}
            ${telephone ? html`<dt>Telephone</dt><dd class="figures"><a href="tel:${telephone.replaceAll(/[^\d+]/g, '')}">${telephone}</a></dd>` : nothing}
            ${!email && !telephone ? html`<dt>Contact</dt><dd>The request gives no contact, which breaks its rules.</dd>` : nothing}
            <dt>Case number</dt>
            <dd class="figures">${request.caseNumber || 'not given'}</dd>
          </dl>
        </div>
        <wa-button slot="footer" variant="brand" data-dialog="close" autofocus>Done</wa-button>
      </wa-dialog>
    `;
  }

  readonly #onHide = (event: Event): void => {
    if (event.target === event.currentTarget && this.open) this.dispatchEvent(new Dismissed());
  };

  static override styles = [shared];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-investigator-contact': InvestigatorContact;
  }
}
