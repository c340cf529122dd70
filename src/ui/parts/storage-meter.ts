/** How much of this browser's room the library takes, and whether the browser has promised to keep it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StorageMeter } from '../../contracts/journey-api.ts';
import { byteSize } from '../format.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-storage-meter')
export class StorageMeterPart extends LitElement {
  @property({ attribute: false }) meter: StorageMeter = { usedBytes: null, quotaBytes: null, persisted: null };
  @property({ attribute: false }) requestPersistence: (() => Promise<boolean>) | null = null;
  @state() private refused = false;

  override render(): TemplateResult {
    const { usedBytes, quotaBytes, persisted } = this.meter;
    const share = usedBytes !== null && quotaBytes ? (usedBytes / quotaBytes) * 100 : null;
    return html`
      <p class="figures">
        ${
          usedBytes === null
            ? 'The browser does not say how much room is used.'
            : html`<strong class="big">${byteSize(usedBytes)}</strong>${quotaBytes === null ? ' used' : html` of ${byteSize(quotaBytes)} that the browser allows`}`
        }
      </p>
      ${share === null ? nothing : html`<wa-progress-bar label="Storage used" value=${Math.min(100, Math.max(0.5, share)).toFixed(1)}></wa-progress-bar>`}
      ${
        persisted === true
          ? html`<p class="small"><span class="chip good"><wa-icon name="check"></wa-icon>Kept</span> The browser keeps this library until you delete it.</p>`
          : html`<p class="small">
              <span class="chip amber">${persisted === false ? 'Not promised' : 'Unknown'}</span> The browser may clear this library when the
              disk runs full. Keep the originals until it promises not to.
            </p>
            <wa-button size="s" appearance="outlined" variant="neutral" @click=${this.#ask}>Ask the browser to keep it</wa-button>`
      }
      <p class="small quiet" role="status">
        ${this.refused && persisted !== true ? 'The browser said no for now. Adding a bookmark or installing the page often changes its mind.' : ''}
      </p>
    `;
  }

  readonly #ask = async (): Promise<void> => {
    this.refused = (await this.requestPersistence?.()) === false;
  };

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
      }

      wa-progress-bar {
        width: 100%;
        --track-height: 0.5rem;
      }

      .big {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
      }

      [role='status']:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-storage-meter': StorageMeterPart;
  }
}
