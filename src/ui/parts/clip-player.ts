/** Plays the very bytes of a finished clip: what is seen here is what would leave. */
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-clip-player')
export class ClipPlayer extends LitElement {
  @property({ attribute: false }) bytes: Uint8Array<ArrayBuffer> | null = null;
  @property() label = 'Clip';
  @state() private unplayable = false;

  readonly #url = new ObjectUrlController(this);
  #blob: Blob | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('bytes')) return;
    this.#blob = this.bytes ? new Blob([this.bytes], { type: 'video/mp4' }) : null;
    this.unplayable = false;
  }

  override render(): TemplateResult {
    if (this.unplayable) {
      return html`<p class="empty quiet">This browser cannot play the clip. You can still save it and look at it elsewhere.</p>`;
    }
    return html`<video
      src=${this.#url.of(this.#blob) ?? ''}
      controls
      playsinline
      preload="auto"
      aria-label=${this.label}
      @error=${() => (this.unplayable = true)}
    ></video>`;
  }

  static override styles = [shared];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-clip-player': ClipPlayer;
  }
}
