/** A dry run of a share: everything but sending, against a sink inside the page, with what it received to look at and to save. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DryRun } from '../../contracts/dry-run.ts';
import type { Journey } from '../../contracts/journey-api.ts';
import type { SealedPackage } from '../../contracts/share.ts';
import { count, exactBytes } from '../format.ts';
import { savePackage } from '../save-package.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-dry-run')
export class DryRunPart extends LitElement {
  @property({ attribute: false }) journey: Pick<Journey, 'dryRun'> | null = null;
  @property({ attribute: false }) sealed: SealedPackage | null = null;
  @state() private running = false;
  @state() private outcome: DryRun | null = null;
  @state() private problem = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('sealed')) this.outcome = null;
  }

  override render(): TemplateResult {
    const { outcome } = this;
    return html`
      <section class="sheet stack-s" aria-labelledby="dry-run">
        <h3 id="dry-run">Dry run</h3>
        <p class="small quiet">
          Sends the package to a sink inside this page: the same code, the same requests, the same bytes. Nothing leaves, and it works with the network off.
        </p>
        <wa-button appearance="outlined" variant="neutral" ?disabled=${this.running} @click=${this.#run}>
          ${this.running ? 'Running…' : 'Do everything but send'}
        </wa-button>
        <div role="status">${outcome ? this.#outcome(outcome) : nothing}</div>
        ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      </section>
    `;
  }

  #outcome({ requests, bytes, sha256 }: DryRun): TemplateResult {
    const total = requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    return html`<div class="stack-s">
      <p class="figures">
        <strong>${exactBytes(total)}</strong> would have left in ${count(requests.length, 'request')}; then the receipt would be fetched. Nothing was sent.
      </p>
      <p class="small">The sink received SHA-256 <code>${sha256}</code>: the sealed package.</p>
      <ol class="small">
        ${requests.map(
          (request) => html`<li>
            <strong>${request.method}</strong> <code>${request.url}</code>, ${exactBytes(request.bodyBytes)}: ${request.purpose}
            <ul class="quiet">
              ${Object.entries(request.headers).map(([name, value]) => html`<li><code>${name}: ${value}</code></li>`)}
              ${request.bodySha256 ? html`<li>SHA-256 of the body <code>${request.bodySha256}</code></li>` : nothing}
            </ul>
          </li>`,
        )}
      </ol>
      <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.sealed && savePackage(`${this.sealed.shareId}-dry-run`, bytes)}>
        <wa-icon slot="start" name="export"></wa-icon>Save what the sink received
      </wa-button>
    </div>`;
  }

  readonly #run = async (): Promise<void> => {
    const { journey, sealed } = this;
    if (!journey || !sealed) return;
    this.running = true;
    this.problem = '';
    const result = await journey.dryRun(sealed, { signal: new AbortController().signal, onProgress: () => undefined });
    this.running = false;
    if (result.ok) this.outcome = result.value;
    else this.problem = result.detail;
  };

  static override styles = [
    shared,
    css`
      ol {
        padding-inline-start: 1.4rem;
      }

      ol > li {
        padding-block: 0.3rem;
      }

      ul {
        list-style: none;
        padding: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-dry-run': DryRunPart;
  }
}
