/** One package: fetched in ranges or handed over as a file, opened with the kept keys, every check shown, then decided on and reported. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InboxItem } from '../../contracts/inbox.ts';
import type { ActingKeys } from '../controllers/agency-controller.ts';
import type { PackageState } from '../controllers/inbox-controller.ts';
import { byteSize, exactBytes, instant, moment } from '../format.ts';
import { deskPath } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';
import { packageTrouble } from '../package-trouble.ts';
import './decision-chip.ts';

/** Asks its desk for a deed; the opened contents lie in its slot. */
@customElement('pl-package-desk')
export class PackageDesk extends LitElement {
  @property({ attribute: false }) keys: ActingKeys | null = null;
  /** Null: a file that somebody hands over. */
  @property({ attribute: false }) item: InboxItem | null = null;
  @property({ attribute: false }) package: PackageState | null = null;
  /** Downloads what is missing and opens it. */
  @property({ attribute: false }) download: (() => void) | null = null;
  @property({ attribute: false }) cancel: (() => void) | null = null;
  @property({ attribute: false }) openFile: ((file: File) => void) | null = null;

  override render(): TemplateResult | typeof nothing {
    const { item, package: state } = this;
    if (!state) return nothing;
    return html`
      ${item === null ? this.#handOver(state) : this.#fromInbox(item, state)}
      ${
        state.running === 'opening'
          ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Opening it with your key and checking every clip…</p>`
          : nothing
      }
      ${this.#trouble(state)}
      <slot></slot>
    `;
  }

  #fromInbox(item: InboxItem, state: PackageState): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`
      <p class="back"><a href=${deskPath('inbox')}><wa-icon name="chevron-left"></wa-icon> Inbox</a></p>
      <div class="row between">
        <h2>Package of ${moment(instant(item.received), zone)}</h2>
        <pl-decision-chip .decision=${item.decision}></pl-decision-chip>
      </div>
      <dl class="facts small figures">
        <dt>Size</dt>
        <dd>${exactBytes(item.bytes)}</dd>
        <dt>SHA-256</dt>
        <dd><code>${item.sha256}</code></dd>
        <dt>Package</dt>
        <dd><code>${item.package}</code></dd>
      </dl>
      ${state.opened === null && state.running !== 'opening' ? this.#download(item, state) : nothing}
    `;
  }

  #download(item: InboxItem, { running, progress, problem, sealed }: PackageState): TemplateResult {
    const done = progress?.bytesDone ?? 0;
    const percent = Math.floor((done / Math.max(1, item.bytes)) * 100);
    const begun = running === 'downloading' || done > 0;
    return html`<div class="stack-s">
      ${
        begun && sealed === null
          ? html`<wa-progress-bar label="Downloaded" value=${percent}></wa-progress-bar>
            <p class="figures small" role="status">
              ${byteSize(done)} of ${byteSize(item.bytes)}${running === 'downloading' ? `, ${percent} %` : problem?.reason === 'cancelled' ? ', stopped' : ''}
            </p>`
          : nothing
      }
      <div class="row">
        ${
          running === 'downloading'
            ? html`<wa-button appearance="outlined" variant="neutral" @click=${() => this.cancel?.()}>Stop</wa-button>`
            : html`<wa-button variant="brand" @click=${() => this.download?.()}>${done > 0 && done < item.bytes ? 'Resume' : 'Download and open'}</wa-button>`
        }
      </div>
    </div>`;
  }

  #handOver(state: PackageState): TemplateResult {
    return html`
      <h2>Open a file that was handed over</h2>
      <p class="small quiet">
        People can save their sealed package and bring it on a stick or send it some other way. It is opened here, with your keys, and checked like any other; nothing is
        sent anywhere.
      </p>
      <div class="row">
        <wa-button variant=${state.opened === null ? 'brand' : 'neutral'} appearance=${state.opened === null ? 'accent' : 'outlined'} ?disabled=${state.running !== null} @click=${() => this.renderRoot.querySelector('input')?.click()}>
          <wa-icon slot="start" name="folder"></wa-icon>${state.opened === null ? 'Choose the sealed file…' : 'Choose another…'}
        </wa-button>
        ${state.fileName === null ? nothing : html`<span class="name small">${state.fileName}${state.sealed === null ? '' : `, ${byteSize(state.sealed.size)}`}</span>`}
      </div>
      <input class="hidden-visually" type="file" tabindex="-1" aria-label="Sealed file" @change=${this.#onFile} />
    `;
  }

  #trouble({ problem }: PackageState): TemplateResult | typeof nothing {
    if (problem === null || problem.reason === 'cancelled') return nothing;
    const { heading, advice } = packageTrouble(problem.reason);
    return html`<div class="notice bad" role="alert">
      <wa-icon name="alert"></wa-icon>
      <div><p><strong>${heading}</strong></p><p>${problem.detail}</p>${advice === '' ? nothing : html`<p class="small">${advice}</p>`}</div>
    </div>`;
  }

  readonly #onFile = (event: Event): void => {
    const input = event.target;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file) this.openFile?.(file);
    if (input instanceof HTMLInputElement) input.value = '';
  };

  static override styles = [
    shared,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 62rem;
      }

      .back a {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        min-height: 1.75rem;
      }

      .name {
        overflow-wrap: anywhere;
        min-width: 0;
      }

      wa-progress-bar {
        max-width: 30rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-package-desk': PackageDesk;
  }
}
