/** Asks before something is deleted: says what goes, offers a way back, and returns the focus where it was. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Confirmed, Dismissed } from '../events.ts';
import { shared } from '../styles/shared.ts';

/** Sends `pl-confirmed` or `pl-dismissed`. What is said goes into the default slot. */
@customElement('pl-confirm-dialog')
export class ConfirmDialog extends LitElement {
  @property() heading = '';
  @property() action = 'Delete';
  @property({ type: Boolean, reflect: true }) open = false;

  override render(): TemplateResult {
    return html`
      <wa-dialog label=${this.heading} ?open=${this.open} @wa-hide=${this.#onHide}>
        <slot></slot>
        <div slot="footer" class="row">
          <wa-button appearance="outlined" variant="neutral" data-dialog="close" autofocus>Keep it</wa-button>
          <wa-button variant="danger" @click=${this.#onConfirm}>${this.action}</wa-button>
        </div>
      </wa-dialog>
    `;
  }

  readonly #onHide = (event: Event): void => {
    if (event.target !== event.currentTarget) return;
    if (this.open) this.dispatchEvent(new Dismissed());
  };

  readonly #onConfirm = (): void => {
    this.dispatchEvent(new Confirmed());
  };

  static override styles = [
    shared,
    css`
      wa-dialog {
        --width: 28rem;
      }

      wa-dialog::part(title) {
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-confirm-dialog': ConfirmDialog;
  }
}
