/** A recording's thumbnail, read from the library only when it comes into view. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-lazy-thumbnail')
export class LazyThumbnail extends LitElement {
  @property() recordingId = '';
  @property({ attribute: false }) source: ((recordingId: string) => Promise<Blob | null>) | null = null;
  /** Empty when the text beside it says the same. */
  @property() label = '';
  @state() private blob: Blob | null = null;

  readonly #url = new ObjectUrlController(this);
  #observer: IntersectionObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#observer?.disconnect();
        void this.#load();
      },
      { rootMargin: '200px' },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.get('recordingId')) void this.#load();
  }

  async #load(): Promise<void> {
    const wanted = this.recordingId;
    const blob = (await this.source?.(wanted)) ?? null;
    if (wanted === this.recordingId) this.blob = blob;
  }

  override render(): TemplateResult {
    const url = this.#url.of(this.blob);
    return url === null
      ? html`<div class="frame"><wa-icon name="camera"></wa-icon></div>`
      : html`<div class="frame"><img src=${url} alt=${this.label} /></div>`;
  }

  static override styles = [
    shared,
    css`
      .frame {
        aspect-ratio: 16 / 9;
        background: var(--pl-night);
        color: var(--pl-on-night-quiet);
        border-radius: 6px;
        overflow: hidden;
        display: grid;
        place-items: center;
        font-size: 1.5rem;
      }

      img {
        width: 100%;
        height: 100%;
        object-fit: cover;
        display: block;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-lazy-thumbnail': LazyThumbnail;
  }
}
