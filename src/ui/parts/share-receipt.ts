/** The receipt of a finished share: what the hub signed for, and the proof to keep. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ShareRecord } from '../../contracts/share.ts';
import { exactBytes, instant, moment } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { saveKey } from '../save-package.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-share-receipt')
export class ShareReceipt extends LitElement {
  @property({ attribute: false }) share: ShareRecord | null = null;

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
