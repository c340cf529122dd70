/** What leaves this device: every byte accounted for, with the package and its key to take away and check. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HttpExchange, SealedPackage, VerifiedClip } from '../../contracts/share.ts';
import type { ZoneId } from '../../contracts/units.ts';
import { byteSize, count, exactBytes } from '../format.ts';
import { savePackage, saveKey } from '../save-package.ts';
import { shared } from '../styles/shared.ts';
import './http-table.ts';
import './leaves-clip.ts';

@customElement('pl-leaves-report')
export class LeavesReport extends LitElement {
  @property({ attribute: false }) sealed: SealedPackage | null = null;
  @property({ attribute: false }) clips: readonly VerifiedClip[] = [];
  /** Camera names by camera id. */
  @property({ attribute: false }) cameraNames: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) exchanges: readonly HttpExchange[] = [];
  @property() agencyName = '';
  @property() zone: ZoneId = 'UTC';

  override render(): TemplateResult | typeof nothing {
    const { sealed } = this;
    if (!sealed) return nothing;
    const { manifest } = sealed;
    return html`
      <div class="stack">
        <section class="sheet total" aria-labelledby="total">
          <h3 id="total" class="hidden-visually">The sealed package</h3>
          <p class="big figures">${byteSize(sealed.bytes.byteLength)}</p>
          <p class="figures">${exactBytes(sealed.bytes.byteLength)}, sealed${this.exchanges.length === 0 ? '. Nothing else is in it.' : `, in ${count(this.exchanges.length, 'request')}. Nothing else.`}</p>
          <p class="small">SHA-256 <code>${sealed.sha256}</code></p>
          <div class="row">
            <wa-button appearance="outlined" variant="neutral" @click=${this.#savePackage}>
              <wa-icon slot="start" name="export"></wa-icon>${this.exchanges.length === 0 ? 'Save the sealed file' : 'Save exactly what will be sent'}
            </wa-button>
            <wa-button appearance="outlined" variant="neutral" @click=${this.#saveKey}>
              <wa-icon slot="start" name="key"></wa-icon>Save the key that opens it
            </wa-button>
          </div>
          <p class="small quiet">
            To look inside with a tool that is not ours: <code>age -d -i key.txt package.zip.age &gt; package.zip</code>
          </p>
        </section>

        <section class="sheet" aria-labelledby="files">
          <h3 id="files">Files in the package</h3>
          <ul class="files">
            ${sealed.contents.files.map(
              (file) => html`<li>
                <p class="figures"><strong><code>${file.name}</code></strong> ${exactBytes(file.bytes)}</p>
                <p class="small quiet">SHA-256 <code>${file.sha256}</code></p>
              </li>`,
            )}
          </ul>
          ${this.#everyByte(sealed)}
        </section>

        ${this.clips.map(
          (clip, index) => html`<pl-leaves-clip
            .clip=${clip}
            .heading=${this.cameraNames.get(clip.cameraId) ?? 'Clip'}
            .file=${manifest.clips[index]?.file ?? ''}
            .zone=${this.zone}
          ></pl-leaves-clip>`,
        )}

        <section class="sheet stack-s" aria-labelledby="identity">
          <h3 id="identity">Who you are, as ${this.agencyName} will read it</h3>
          <pre tabindex="0" aria-labelledby="identity">${manifest.sharedBy.name}
${manifest.sharedBy.email}
${manifest.sharedBy.address}</pre>
          <p class="small">${manifest.consent}</p>
        </section>

        <section class="sheet stack-s" aria-labelledby="manifest">
          <h3 id="manifest">Manifest</h3>
          <p class="small quiet">This is what the agency learns besides the pictures: who you are, where the camera hangs, when it was.</p>
          <pre tabindex="0" aria-labelledby="manifest">${JSON.stringify(manifest, null, 2)}</pre>
        </section>

        <section class="sheet stack-s" aria-labelledby="recipients">
          <h3 id="recipients">Who can open it</h3>
          <ul class="files small">
            ${sealed.recipients.map((recipient) => html`<li><p><code>${recipient}</code></p></li>`)}
          </ul>
          <p class="small quiet">${this.agencyName}, and you with the key above. The hub that passes it on cannot.</p>
        </section>

        <section class="sheet stack-s" aria-labelledby="requests">
          <h3 id="requests">Requests this page will make</h3>
          ${
            this.exchanges.length === 0
              ? html`<p>None.</p>`
              : html`<pl-http-table .exchanges=${this.exchanges}></pl-http-table>
            <p class="small quiet">
              With the headers that this page sets; the browser adds its own, and no cookie or referrer. <code>Upload-Metadata</code> names, in base64, the
              request that this answers and the package's SHA-256.
            </p>`
          }
        </section>
      </div>
    `;
  }

  /** The sealed package's size, added up from what it is made of. */
  #everyByte({ contents, bytes }: SealedPackage): TemplateResult {
    const files = contents.files.reduce((sum, file) => sum + file.bytes, 0);
    return html`<p class="small figures">
      ${exactBytes(files)} of files + ${exactBytes(contents.zipBytes - files)} of ZIP (names, sizes, checksums) +
      ${exactBytes(bytes.byteLength - contents.zipBytes)} of age (for whom it is sealed, and proof that it is whole) =
      <strong>${exactBytes(bytes.byteLength)}</strong>.
    </p>`;
  }

  readonly #savePackage = (): void => {
    if (this.sealed) savePackage(this.sealed.shareId, new Blob([this.sealed.bytes]));
  };

  readonly #saveKey = (): void => {
    if (this.sealed) saveKey(this.sealed.shareId, this.sealed.submissionKey);
  };

  static override styles = [
    shared,
    css`
      .total {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.5rem;
      }

      .total code {
        overflow-wrap: anywhere;
      }

      /* On a phone the longer of the two takes two lines. */
      .total wa-button {
        max-width: 100%;
      }

      .total wa-button::part(base) {
        height: auto;
        min-height: var(--wa-form-control-height);
        padding-block: 0.4rem;
        white-space: normal;
      }

      .big {
        font-size: clamp(2.4rem, 1.8rem + 3vw, 3.4rem);
        font-weight: 600;
        line-height: 1;
        letter-spacing: -0.03em;
      }

      .files li {
        padding-block: 0.5rem;
        border-block-end: 1px solid var(--pl-rule);
      }

      .files li:last-child {
        border: 0;
      }

      pre {
        margin: 0;
        padding: 0.9rem;
        overflow: auto;
        max-height: 26rem;
        font: 0.8125rem/1.5 var(--pl-font-code);
        background: var(--pl-sunk);
        border-radius: 6px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-leaves-report': LeavesReport;
  }
}
