/** The egress ledger: live, with its chain checked, to be exported as HAR or cleared. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { LedgerCheck, LedgerLine } from '../../contracts/ledger.ts';
import { checkLedger, ledgerRequests } from '../../core/ledger-chain.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { byteSize, count } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import './confirm-dialog.ts';
import './http-table.ts';
import './page-files.ts';

@customElement('pl-ledger-panel')
export class LedgerPanel extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @state() private lines: readonly LedgerLine[] | null = null;
  @state() private check: LedgerCheck | null = null;
  @state() private clearing = false;
  @state() private problem = '';

  readonly #changes = new ReadableController(this, () => this.journey?.ledgerChanges ?? null);
  #read = -1;

  override willUpdate(_changed: PropertyValues): void {
    const now = this.#changes.value ?? -1;
    if (!this.journey || now === this.#read) return;
    this.#read = now;
    void this.#readLedger(now);
  }

  override render(): TemplateResult {
    const { lines } = this;
    return html`
      ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      ${lines === null ? html`<p role="status" class="quiet">Reading…</p>` : lines.length === 0 ? html`<p class="empty quiet">This page has made no request yet.</p>` : this.#ledger(lines)}
      <pl-confirm-dialog
        heading="Clear the ledger?"
        action="Clear"
        .open=${this.clearing}
        @pl-confirmed=${this.#clear}
        @pl-dismissed=${() => (this.clearing = false)}
      >
        <p>Every line is deleted from this browser, and one line stays that says so. Export it first if you may want to look again.</p>
      </pl-confirm-dialog>
    `;
  }

  #ledger(lines: readonly LedgerLine[]): TemplateResult {
    const requests = ledgerRequests(lines);
    const made = requests.filter(({ kind }) => kind === undefined || kind === 'request');
    const blocked = requests.filter(({ kind }) => kind === 'blocked').length;
    const out = made.reduce((sum, entry) => sum + entry.bytesOut, 0);
    const into = made.reduce((sum, entry) => sum + entry.bytesIn, 0);
    return html`<div class="sheet stack-s">
      <div class="row between">
        <p class="figures">
          ${count(made.length, 'request')}, <strong>${byteSize(out)}</strong> out, ${byteSize(into)} in${blocked > 0 ? `, ${count(blocked, 'blocked attempt')}` : ''}.
        </p>
        <div class="row">
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.#export(false)}>
            <wa-icon slot="start" name="export"></wa-icon>Export as HAR
          </wa-button>
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.#export(true)}>
            <wa-icon slot="start" name="export"></wa-icon>Export with bodies
          </wa-button>
          <wa-button size="s" appearance="plain" variant="neutral" @click=${() => (this.clearing = true)}>Clear…</wa-button>
        </div>
      </div>
      ${this.#chain()}
      <pl-http-table .ledger=${lines}></pl-http-table>
      <pl-page-files .written=${new Set(lines.map(({ url }) => url))}></pl-page-files>
    </div>`;
  }

  #chain(): TemplateResult | typeof nothing {
    const { check } = this;
    if (!check) return nothing;
    if (!check.ok) {
      return html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon>
        <p>The ledger was changed: line ${check.brokenAt} does not follow from the one before it.</p></div>`;
    }
    return html`<p class="small quiet chain">
      <wa-icon name="check"></wa-icon>
      <span>Chain unbroken over ${count(check.lines, 'line')}: one before each request leaves, one after.
      ${check.head === null ? nothing : html`It ends with <code>${check.head}</code>.`}</span>
    </p>`;
  }

  async #readLedger(version: number): Promise<void> {
    const lines = (await this.journey?.ledger()) ?? [];
    const check = await checkLedger(lines);
    if (version !== this.#read) return;
    this.lines = lines;
    this.check = check;
  }

  async #export(bodies: boolean): Promise<void> {
    const har = await this.journey?.exportLedger(bodies);
    if (har) saveFile(bodies ? 'porchlight-ledger-with-bodies.har' : 'porchlight-ledger.har', har);
  }

  readonly #clear = async (): Promise<void> => {
    this.clearing = false;
    const cleared = await this.journey?.clearLedger();
    this.problem = cleared && !cleared.ok ? `The ledger could not be cleared. ${cleared.detail}` : '';
  };

  static override styles = [
    shared,
    css`
      .chain {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.5rem;
        overflow-wrap: anywhere;
      }

      .chain wa-icon {
        color: var(--pl-good);
        margin-block-start: 0.25em;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-ledger-panel': LedgerPanel;
  }
}
