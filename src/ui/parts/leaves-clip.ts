/** One clip of what leaves: its frames by origin, its first and last picture, its boxes, and what it no longer carries. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { damagedStretches } from '../../core/clip-damage.ts';
import type { VerifiedClip } from '../../contracts/share.ts';
import type { ZoneId } from '../../contracts/units.ts';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { count, exactBytes, timeRange } from '../format.ts';
import { shared } from '../styles/shared.ts';
import './box-tree.ts';
import './damage-notice.ts';
import './frame-strip.ts';

@customElement('pl-leaves-clip')
export class LeavesClip extends LitElement {
  @property({ attribute: false }) clip: VerifiedClip | null = null;
  @property() heading = '';
  /** The clip's name inside the package. */
  @property() file = '';
  @property() zone: ZoneId = 'UTC';

  readonly #url = new ObjectUrlController(this);
  #blob: Blob | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clip')) this.#blob = this.clip ? new Blob([this.clip.bytes], { type: 'video/mp4' }) : null;
  }

  override render(): TemplateResult | typeof nothing {
    const { clip } = this;
    if (!clip) return nothing;
    const url = this.#url.of(this.#blob) ?? '';
    const gone = clip.report.sourceMetadata;
    const damaged = damagedStretches(clip);
    return html`
      <section class="sheet stack" aria-labelledby="title">
        <header class="stack-s">
          <h3 id="title">${this.heading}</h3>
          <p class="small figures">
            <code>${this.file}</code> · ${exactBytes(clip.bytes.byteLength)} · ${timeRange(clip.window, this.zone, true)}
          </p>
          <p class="small">SHA-256 <code>${clip.report.sha256}</code></p>
        </header>
        <pl-damage-notice .stretches=${damaged} .zone=${this.zone}></pl-damage-notice>
        <div class="pictures">
          <figure>
            <video src=${url} preload="auto" muted playsinline aria-label="First frame" @loadedmetadata=${this.#toFirst}></video>
            <figcaption class="small quiet">First frame</figcaption>
          </figure>
          <figure>
            <video src=${url} preload="auto" muted playsinline aria-label="Last frame" @loadedmetadata=${this.#toLast}></video>
            <figcaption class="small quiet">Last frame</figcaption>
          </figure>
        </div>
        <pl-frame-strip
          .frames=${clip.report.frames}
          .from=${clip.job.from}
          .to=${clip.job.to}
          .startMs=${clip.recordingStartMs}
          .zone=${this.zone}
          .damaged=${damaged}
        ></pl-frame-strip>
        <p class="small">
          ${
            clip.report.audio
              ? html`Sound: ${count(clip.report.audio.packets, 'packet')}, within the same window.`
              : html`No sound leaves.`
          }
        </p>
        <div>
          <h4>What the recording carried and this clip does not</h4>
          ${
            gone.length === 0
              ? html`<p class="small quiet">The recording carried no further metadata.</p>`
              : html`<ul class="gone small">${gone.map((name) => html`<li><wa-icon name="check"></wa-icon><span>${name}: gone</span></li>`)}</ul>`
          }
        </div>
        <details>
          <summary>Checks that held (${clip.report.checked.length})</summary>
          <ul class="gone small">${clip.report.checked.map((line) => html`<li><wa-icon name="check"></wa-icon><span>${line}</span></li>`)}</ul>
        </details>
        <details>
          <summary>Every part of the file</summary>
          <pl-box-tree .boxes=${clip.report.boxes} .bytes=${clip.report.bytes}></pl-box-tree>
        </details>
      </section>
    `;
  }

  readonly #toFirst = (event: Event): void => {
    if (event.target instanceof HTMLVideoElement) event.target.currentTime = 0;
  };

  readonly #toLast = (event: Event): void => {
    // Slightly before the end: at the very end some browsers show nothing.
    if (event.target instanceof HTMLVideoElement) event.target.currentTime = Math.max(0, event.target.duration - 0.02);
  };

  static override styles = [
    shared,
    css`
      .pictures {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.75rem;
      }

      figcaption {
        margin-block-start: 0.2rem;
      }

      h4 {
        font-size: 0.95rem;
      }

      .gone li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.5rem;
        padding-block: 0.2rem;
        overflow-wrap: anywhere;
      }

      .gone wa-icon {
        color: var(--pl-good);
        margin-block-start: 0.25em;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-leaves-clip': LeavesClip;
  }
}
