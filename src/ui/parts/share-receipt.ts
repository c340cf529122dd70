/** The receipt of a finished share: what the hub signed for, and the proof to keep. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { HashAgreement } from '../../contracts/ledger.ts';
import type { ShareRecord } from '../../contracts/share.ts';
import { exactBytes, instant, moment } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { saveKey } from '../save-package.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-share-receipt')
export class ShareReceipt extends LitElement {
  @property({ attribute: false }) share: ShareRecord | null = null;

  @property({ attribute: false }) journey: Pick<Journey, 'compareHashes'> | null = null;
  @state() private hashes: HashAgreement | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('share') || changed.has('journey')) void this.#compare();
  }

  override render(): TemplateResult | typeof nothing {
    const { share } = this;
    if (!share?.receipt) return nothing;
    const { receipt, note } = share.receipt;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`
      <div class="stack">
        <dl class="facts">
          <dt>Received</dt>
          <dd class="figures">${moment(instant(receipt.received), zone, true)}</dd>
          <dt>Size</dt>
          <dd class="figures">${exactBytes(receipt.bytes)}</dd>
          <dt>SHA-256</dt>
          <dd><code>${receipt.sha256}</code>${receipt.sha256 === share.sha256 ? html`<br /><span class="chip good"><wa-icon name="check"></wa-icon>The same bytes that you sealed</span>` : nothing}</dd>
          <dt>Package</dt>
          <dd><code>${receipt.package}</code></dd>
        </dl>
        ${this.#agreement()}
        <details>
          <summary>The signed receipt</summary>
          <pre tabindex="0">${note}</pre>
        </details>
        <div class="row">
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => saveFile(`porchlight-${share.id}-receipt.txt`, new Blob([note], { type: 'text/plain' }))}>
            <wa-icon slot="start" name="export"></wa-icon>Save the receipt
          </wa-button>
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => saveKey(share.id, share.submissionKey)}>
            <wa-icon slot="start" name="key"></wa-icon>Save the key that opens it
          </wa-button>
        </div>
      </div>
    `;
  }

  /** One line: the same SHA-256 three times, or what differs. */
  #agreement(): TemplateResult | typeof nothing {
    const { hashes } = this;
    if (!hashes) return nothing;
    const short = (hash: string | null): TemplateResult =>
      html`<code title=${hash ?? 'none'}>${hash?.slice(0, 12) ?? 'none'}</code>`;
    return html`<div class="notice ${hashes.agree ? 'good' : 'bad'}">
      <wa-icon name=${hashes.agree ? 'check' : 'alert'}></wa-icon>
      <p class="small">
        Ledger ${short(hashes.ledger)} ${hashes.agree ? '=' : '·'} inspected ${short(hashes.inspected)} ${hashes.agree ? '=' : '·'} receipt
        ${short(hashes.receipt)}: ${hashes.agree ? 'what was written down, what was inspected and what arrived are the same bytes.' : hashes.problem}
      </p>
    </div>`;
  }

  async #compare(): Promise<void> {
    const { share } = this;
    const hashes = share?.receipt ? ((await this.journey?.compareHashes(share.id)) ?? null) : null;
    if (share === this.share) this.hashes = hashes;
  }

  static override styles = [
    shared,
    css`
      pre {
        margin: 0.4rem 0 0;
        padding: 0.8rem;
        overflow: auto;
        font: 0.8125rem/1.5 var(--pl-font-code);
        background: var(--pl-sunk);
        border-radius: 6px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-share-receipt': ShareReceipt;
  }
}
