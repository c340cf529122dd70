/** Activity: what was shared and its receipts, what is unfinished, and every network request this page has made. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { ShareRecord, ShareStatus } from '../../contracts/share.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { SendController } from '../controllers/send-controller.ts';
import { hubTakes } from '../../core/hub-takes.ts';
import { byteSize, count, moment } from '../format.ts';
import '../parts/confirm-dialog.ts';
import '../parts/ledger-panel.ts';
import '../parts/send-progress.ts';
import '../parts/share-receipt.ts';
import { savePackage } from '../save-package.ts';
import { shared } from '../styles/shared.ts';
import { SHARE_STATUS } from '../words.ts';

@customElement('pl-activity-view')
export class ActivityView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  /** The share whose receipt the address asks for. */
  @property() shareId: string | null = null;
  @state() private discarding: ShareRecord | null = null;
  @state() private problem = '';

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #shares = new ReadableController(this, () => this.journey?.shares ?? null);
  readonly #send = new SendController(this);

  override render(): TemplateResult | typeof nothing {
    const shares = this.#shares.value;
    if (!shares) return nothing;
    const newest = [...shares].sort((a, b) => b.createdAt - a.createdAt);
    const unfinished = newest.filter((share) => share.status !== 'sent');
    const sent = newest.filter((share) => share.status === 'sent');
    return html`
      <h1 tabindex="-1">Activity</h1>
      ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      <div class="stack">
        ${
          unfinished.length > 0
            ? html`<section class="stack-s" aria-labelledby="unfinished">
              <h2 id="unfinished">Unfinished</h2>
              ${repeat(
                unfinished,
                (share) => share.id,
                (share) => this.#unfinished(share),
              )}
            </section>`
            : nothing
        }
        <section class="stack-s" aria-labelledby="shares">
          <h2 id="shares">Shared</h2>
          ${sent.length === 0 ? html`<p class="empty quiet">You have not sent anything.</p>` : nothing}
          ${repeat(
            sent,
            (share) => share.id,
            (share) => this.#sent(share),
          )}
        </section>
        <section class="stack-s" aria-labelledby="ledger">
          <h2 id="ledger">Network ledger</h2>
          <p class="small quiet">
            Every request that this page's code has made and every attempt that the browser blocked, newest first, written down before it left;
            what cannot be written down is not sent. Loading the page's own files is not in it, because the browser does that: they are listed below it.
          </p>
          <pl-ledger-panel .journey=${this.journey}></pl-ledger-panel>
        </section>
      </div>
      <pl-confirm-dialog
        heading="Discard this package?"
        action="Discard"
        .open=${this.discarding !== null}
        @pl-confirmed=${this.#discard}
        @pl-dismissed=${() => (this.discarding = null)}
      >
        <p>The sealed package and its key are deleted from this browser. Your recordings stay. What had already arrived at the hub cannot be opened there and expires.</p>
      </pl-confirm-dialog>
    `;
  }

  /** `uploading` in storage means only that it was when the page last wrote; whether it still is, this screen knows. */
  #statusOf(share: ShareRecord): ShareStatus {
    if (share.status === 'sent') return 'sent';
    if (this.#send.running && this.#send.shareId === share.id) return 'uploading';
    return share.bytesSent > 0 ? 'paused' : 'sealed';
  }

  #head(share: ShareRecord): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`<header>
      <div class="row between">
        <h3>${share.requestTitle}</h3>
        <span class="chip ${share.status === 'sent' ? 'good' : 'amber'}">${SHARE_STATUS[this.#statusOf(share)]}</span>
      </div>
      <p class="small quiet figures">
        ${share.agencyName} · ${count(share.manifest.clips.length, 'clip')}, ${byteSize(share.bytes)} · sealed ${moment(share.createdAt, zone)}
      </p>
    </header>`;
  }

  #unfinished(share: ShareRecord): TemplateResult {
    const mine = this.#send.shareId === share.id;
    const running = mine && this.#send.running;
    const taken = hubTakes(this.#record.value, 'packages');
    return html`<article class="sheet stack-s" aria-label=${share.requestTitle}>
      ${this.#head(share)}
      ${taken ? nothing : html`<p class="small">This page comes from a host of plain files, which takes nothing: save the sealed file and hand it over.</p>`}
      <pl-send-progress
        ?hidden=${!taken}
        .progress=${(mine ? this.#send.progress : null) ?? { bytesSent: share.bytesSent, bytesTotal: share.bytes }}
        .running=${running}
        .problem=${mine && this.#send.problem ? this.#send.problem : null}
        .lastProblem=${share.lastProblem}
      ></pl-send-progress>
      <div class="row">
        ${
          !taken
            ? nothing
            : running
              ? html`<wa-button variant="brand" @click=${() => this.#send.pause()}>Pause</wa-button>`
              : html`<wa-button variant="warning" ?disabled=${this.#send.running} @click=${() => this.#resume(share)}>
              ${share.bytesSent > 0 ? 'Resume' : 'Send'}
            </wa-button>`
        }
        <wa-button appearance="outlined" variant="neutral" ?disabled=${running} @click=${() => (this.discarding = share)}>Discard</wa-button>
        <wa-button appearance=${taken ? 'plain' : 'accent'} variant=${taken ? 'neutral' : 'brand'} @click=${() => this.#savePackage(share)}>
          ${taken ? 'Save the sealed package' : 'Save sealed file'}
        </wa-button>
      </div>
    </article>`;
  }

  #sent(share: ShareRecord): TemplateResult {
    return html`<article class="sheet stack-s" aria-label=${share.requestTitle}>
      ${this.#head(share)}
      <details ?open=${share.id === this.shareId}>
        <summary>Receipt</summary>
        <pl-share-receipt .share=${share} .journey=${this.journey}></pl-share-receipt>
      </details>
    </article>`;
  }

  async #resume(share: ShareRecord): Promise<void> {
    if (!this.journey) return;
    await this.#send.send(this.journey, share.id);
  }

  async #savePackage(share: ShareRecord): Promise<void> {
    const sealed = (await this.journey?.packageOf(share.id)) ?? null;
    if (sealed) savePackage(share.id, sealed);
    else this.problem = 'The sealed package of this share is no longer on this device.';
  }

  readonly #discard = async (): Promise<void> => {
    const share = this.discarding;
    this.discarding = null;
    if (!share) return;
    const result = await this.journey?.discardShare(share.id);
    this.problem = result && !result.ok ? `The package could not be discarded. ${result.detail}` : '';
  };

  static override styles = [
    shared,
    css`
      h1 {
        margin-block-end: 1.25rem;
      }

      :host > .stack {
        max-width: 62rem;
      }

      .stack > * + * {
        margin-block-start: 2rem;
      }

      details > pl-share-receipt {
        margin-block-start: 0.6rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-activity-view': ActivityView;
  }
}
