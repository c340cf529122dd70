/** Whether the page works with the network off, and the button that fetches what is missing for it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { OfflineState } from '../../contracts/offline.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { shared } from '../styles/shared.ts';

const PAGE: Readonly<Record<OfflineState['page'], string>> = {
  unsupported: 'This browser or window does not let the page keep its own files: it needs its server to open.',
  installing: 'The page’s own files are being kept on this device…',
  ready: 'The page opens with the network off.',
  failed: 'The page’s own files could not be kept: they did not arrive as they were built, or there is no room.',
};

const CORE: Readonly<Record<OfflineState['core'], string>> = {
  unknown: '',
  absent:
    'Not everything that cutting may need (65 MB) is kept yet. It is fetched from this page’s own server when a cut needs it, or now.',
  fetching: 'Fetching what cutting needs (65 MB)…',
  ready:
    'What cutting needs is kept, too: import, match, cut, review and seal with the network off; only sending waits.',
  failed: 'What cutting needs could not be fetched, or is not what this page was built with. Try again.',
};

@customElement('pl-offline-panel')
export class OfflinePanel extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @state() private problem = '';

  readonly #offline = new ReadableController(this, () => this.journey?.offline ?? null);

  override render(): TemplateResult | typeof nothing {
    const offline = this.#offline.value;
    if (!offline) return nothing;
    const { page, core } = offline;
    const canFetch = page === 'ready' && (core === 'absent' || core === 'failed');
    return html`
      <div role="status">
        <p>${page === 'ready' ? html`<span class="chip good"><wa-icon name="check"></wa-icon>Ready</span> ` : nothing}${PAGE[page]}</p>
        ${page === 'ready' && CORE[core] ? html`<p class="small">${CORE[core]}</p>` : nothing}
      </div>
      ${
        canFetch || core === 'fetching'
          ? html`<wa-button size="s" appearance="outlined" variant="neutral" ?disabled=${core === 'fetching'} @click=${this.#fetch}>
            Make ready for offline use
          </wa-button>`
          : nothing
      }
      ${this.problem ? html`<p class="small problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  readonly #fetch = async (): Promise<void> => {
    const result = await this.journey?.makeReadyForOffline();
    this.problem = result && !result.ok ? result.detail : '';
  };

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
        justify-items: start;
      }

      .problem {
        color: var(--pl-bad);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-offline-panel': OfflinePanel;
  }
}
