/** One recording in the library: thumbnail, time with its source and certainty, size, and what can be done with it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { recordingInterval, type Camera, type Recording } from '../../contracts/library.ts';
import { RecordingAction } from '../events.ts';
import { byteSize, clockTime, duration, zoneName } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { TIME_SOURCE } from '../words.ts';
import './lazy-thumbnail.ts';

@customElement('pl-recording-card')
export class RecordingCard extends LitElement {
  @property({ attribute: false }) recording: Recording | null = null;
  @property({ attribute: false }) camera: Camera | null = null;
  @property({ attribute: false }) thumbnailOf: ((recordingId: string) => Promise<Blob | null>) | null = null;

  override render(): TemplateResult | typeof nothing {
    const { recording, camera } = this;
    if (!recording || !camera) return nothing;
    const interval = recordingInterval(recording, camera);
    const start = interval ? clockTime(interval.from, camera.zone, true) : 'Time unknown';
    return html`
      <article aria-label="${start}, ${recording.fileName}">
        <button class="picture" aria-label="Play ${recording.fileName}, ${duration(recording.durationMs)}" @click=${() => this.#act('play')}>
          <pl-lazy-thumbnail .recordingId=${recording.id} .source=${this.thumbnailOf}></pl-lazy-thumbnail>
          <span class="length figures">${duration(recording.durationMs)}</span>
        </button>
        <div class="text">
          <p class="start figures">
            ${start} ${interval ? html`<span class="zone">${zoneName(interval.from, camera.zone)}</span>` : nothing}
          </p>
          <p class="small quiet name">${recording.fileName}</p>
          <p class="small quiet figures">${recording.video.width} × ${recording.video.height} px · ${byteSize(recording.bytes)}${recording.audio ? ' · with sound' : ''}</p>
          ${this.#certainty(recording)}
          ${recording.unfinished ? html`<p class="small">The camera was still writing this when it was imported. Import it again when it has ended.</p>` : nothing}
          <div class="row actions">
            ${
              recording.time.confidence === 'unconfirmed'
                ? html`<wa-button size="s" variant="warning" @click=${() => this.#act('confirm-time')}>Confirm time</wa-button>`
                : html`<wa-button class="flush" size="s" appearance="plain" variant="neutral" @click=${() => this.#act('confirm-time')}>Correct time</wa-button>`
            }
            <wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.#act('delete')}>
              <wa-icon name="trash" label="Delete ${recording.fileName}"></wa-icon>
            </wa-button>
          </div>
        </div>
      </article>
    `;
  }

  #certainty(recording: Recording): TemplateResult {
    const source = recording.time.source === null ? 'no time found' : TIME_SOURCE[recording.time.source];
    if (recording.time.confidence === 'unconfirmed') {
      return html`<p><span class="chip amber"><wa-icon name="alert"></wa-icon>Not confirmed</span> <span class="small quiet">${source}</span></p>`;
    }
    const word = recording.time.confidence === 'confirmed' ? 'Confirmed by you' : 'Time certain';
    return html`<p><span class="chip good"><wa-icon name="check"></wa-icon>${word}</span> <span class="small quiet">${source}</span></p>`;
  }

  #act(action: RecordingAction['action']): void {
    if (this.recording) this.dispatchEvent(new RecordingAction(this.recording.id, action));
  }

  static override styles = [
    shared,
    css`
      article {
        display: grid;
        grid-template-columns: 7.5rem 1fr;
        gap: 0.9rem;
        padding-block: 0.9rem;
      }

      @media (min-width: 40rem) {
        article {
          grid-template-columns: 11rem 1fr;
        }
      }

      .picture {
        all: unset;
        cursor: pointer;
        position: relative;
        align-self: start;
        border-radius: 6px;
      }

      .picture:focus-visible {
        outline: 3px solid var(--wa-color-focus);
        outline-offset: 2px;
      }

      .length {
        position: absolute;
        inset: auto 0.3rem 0.3rem auto;
        padding: 0 0.4rem;
        border-radius: 4px;
        background: rgb(8 12 24 / 0.8);
        color: #fff;
        font-size: 0.8125rem;
      }

      .text {
        display: grid;
        gap: 0.2rem;
        min-width: 0;
        justify-items: start;
      }

      .start {
        font-size: 1.35rem;
        font-weight: 600;
        line-height: 1.15;
      }

      .zone {
        font-size: 0.875rem;
        font-weight: 400;
        color: var(--pl-quiet);
      }

      .name {
        overflow-wrap: anywhere;
      }

      .actions {
        gap: 0.2rem;
      }

      /* Its words, not its invisible edge, begin where the lines above do. */
      .flush {
        margin-inline-start: -0.75rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-recording-card': RecordingCard;
  }
}
