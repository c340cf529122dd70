/** Everything this page checked about a request: the rules with their figures, and who signed. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestView, SignatureLine } from '../../contracts/public-record.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import { POLICY, RULE } from '../words.ts';

const ROLE: Readonly<Record<SignatureLine['role'], string>> = {
  agency: 'signed for the agency',
  reviewer: 'reviewed and co-signed',
  unknown: 'not a key of the directory',
};

@customElement('pl-request-checks')
export class RequestChecks extends LitElement {
  @property({ attribute: false }) view: RequestView | null = null;
  /** One of several on a screen, under a heading of the third level: then its parts are no landmarks of their own. */
  @property({ type: Boolean }) nested = false;

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    return html`
      <section class="stack-s" aria-labelledby=${this.nested ? nothing : 'rules'}>
        ${this.#heading('rules', 'Rules')}
        <p class="small quiet">Checked in this browser against the policy that the request names: ${POLICY[view.request.policy]}.</p>
        ${view.rules.length === 0 ? html`<p class="quiet">The rules were not checked, because the signatures do not hold.</p>` : nothing}
        <ul>
          ${view.rules.map(
            (rule) => html`<li class=${rule.holds ? 'holds' : 'breaks'}>
              <wa-icon name=${rule.holds ? 'check' : 'circle-xmark'} label=${rule.holds ? 'holds' : 'broken'}></wa-icon>
              <div><strong>${RULE[rule.rule]}</strong><p class="small figures">${rule.detail}</p></div>
            </li>`,
          )}
        </ul>
      </section>
      <section class="stack-s" aria-labelledby=${this.nested ? nothing : 'signatures'}>
        ${this.#heading('signatures', 'Signatures')}
        ${view.signatures.length === 0 ? html`<p class="quiet">Nobody signed this document.</p>` : nothing}
        <ul>
          ${view.signatures.map(
            (line) => html`<li class=${line.verified ? 'holds' : 'breaks'}>
              <wa-icon name=${line.verified ? 'shield' : 'circle-xmark'} label=${line.verified ? 'verified' : 'not verified'}></wa-icon>
              <div><strong>${line.keyName}</strong><p class="small">${ROLE[line.role]}${line.verified ? '' : '; the signature does not verify'}</p></div>
            </li>`,
          )}
        </ul>
        ${view.reviewer ? html`<p class="small quiet">Reviewer: ${view.reviewer.name}</p>` : nothing}
        <details>
          <summary>The signed document</summary>
          <pre tabindex="0">${view.note}</pre>
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => saveFile(`${view.id}.txt`, new Blob([view.note], { type: 'text/plain' }))}>
            <wa-icon slot="start" name="export"></wa-icon>Save the document
          </wa-button>
        </details>
      </section>
    `;
  }

  #heading(id: string, text: string): TemplateResult {
    return this.nested ? html`<h4>${text}</h4>` : html`<h2 id=${id}>${text}</h2>`;
  }

  static override styles = [
    shared,
    css`
      h4 {
        font: 600 1rem/1.3 var(--pl-font);
      }

      section + section {
        margin-block-start: 1.5rem;
      }

      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.7rem;
        padding-block: 0.45rem;
        border-block-start: 1px solid var(--pl-rule);
        overflow-wrap: anywhere;
      }

      li wa-icon {
        font-size: 1.15rem;
        margin-block-start: 0.15em;
      }

      .holds wa-icon {
        color: var(--pl-good);
      }

      .breaks wa-icon,
      .breaks p {
        color: var(--pl-bad);
      }

      pre {
        margin: 0.4rem 0 0.6rem;
        padding: 0.8rem;
        max-height: 22rem;
        overflow: auto;
        font: 0.8125rem/1.5 var(--pl-font-code);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        background: var(--pl-sunk);
        border-radius: 6px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-request-checks': RequestChecks;
  }
}
