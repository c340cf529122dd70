/** The first step of a share: every recording that overlaps, all preselected that may be shared, each with its overlap. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LibraryState } from '../../contracts/journey-api.ts';
import type { ZoneId } from '../../contracts/units.ts';
import type { CameraClips, SelectableClip } from '../../core/clip-selection.ts';
import { count, duration, timeRange } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { fieldChecked } from './field-value.ts';
import './lazy-thumbnail.ts';

/** A recording was taken in or left out. */
export class SelectionChanged extends Event {
  readonly recordingId: string;
  readonly chosen: boolean;
  constructor(recordingId: string, chosen: boolean) {
    super('pl-selection-changed', { bubbles: true, composed: true });
    this.recordingId = recordingId;
    this.chosen = chosen;
  }
}

@customElement('pl-share-choose')
export class ShareChoose extends LitElement {
  @property({ attribute: false }) cameras: readonly CameraClips[] = [];
  @property({ attribute: false }) library: LibraryState | null = null;
  @property({ attribute: false }) chosen: ReadonlySet<string> = new Set();
  @property() zone: ZoneId = 'UTC';
  @property({ attribute: false }) thumbnailOf: ((recordingId: string) => Promise<Blob | null>) | null = null;

  override render(): TemplateResult {
    return html`${this.cameras.map((camera) => this.#camera(camera))}`;
  }

  #camera({ cameraId, clips, covered, coveredMs }: CameraClips): TemplateResult {
    const name = this.library?.cameras.find(({ id }) => id === cameraId)?.name ?? 'Camera';
    const alone = clips.length === 1;
    return html`<section aria-label=${name}>
      ${
        alone
          ? nothing
          : html`<h3 class="figures">${name} <span class="quiet">${count(clips.length, 'recording')}, together ${duration(coveredMs)}${covered.length > 1 ? ` in ${covered.length} stretches` : ''}</span></h3>`
      }
      <ul>
        ${clips.map((clip) => this.#match(clip))}
      </ul>
    </section>`;
  }

  #shared(match: SelectableClip): TemplateResult | typeof nothing {
    if (match.shared === null) return nothing;
    return html`<p class="small"><span class="chip">${
      match.shared === 'sent' ? 'Already shared with this request' : 'In a package that is not sent yet'
    }</span></p>`;
  }

  #match(match: SelectableClip): TemplateResult | typeof nothing {
    const camera = this.library?.cameras.find(({ id }) => id === match.cameraId);
    const recording = this.library?.recordings.find(({ id }) => id === match.recordingId);
    if (!camera || !recording) return nothing;
    return html`<li class="sheet">
      <pl-lazy-thumbnail .recordingId=${recording.id} .source=${this.thumbnailOf}></pl-lazy-thumbnail>
      <div class="stack-s">
        ${
          match.timeConfirmed
            ? html`<wa-checkbox
              .checked=${this.chosen.has(recording.id)}
              @change=${(event: Event) => this.dispatchEvent(new SelectionChanged(recording.id, fieldChecked(event)))}
              ><strong>${camera.name}</strong>, ${timeRange(match.overlap, this.zone, true)}</wa-checkbox
            >`
            : html`<p><strong>${camera.name}</strong>, ${timeRange(match.overlap, this.zone, true)}</p>`
        }
        <p class="overlap figures">${duration(match.overlapMs)} <span>of its ${duration(recording.durationMs)} lie inside the window</span></p>
        <p class="small quiet name">${recording.fileName}</p>
        ${this.#shared(match)}
        ${
          match.timeConfirmed
            ? nothing
            : html`<p class="small"><span class="chip amber"><wa-icon name="alert"></wa-icon>Time not confirmed</span> <a href="/library">Confirm it in the Library</a> before sharing.</p>`
        }
      </div>
    </li>`;
  }

  static override styles = [
    shared,
    css`
      ul {
        display: grid;
        gap: 0.8rem;
      }

      :host {
        display: grid;
        gap: 1.2rem;
      }

      h3 {
        font: 600 1rem/1.3 var(--pl-font);
        margin-block-end: 0.6rem;
      }

      h3 .quiet {
        font-weight: 400;
      }

      li {
        display: grid;
        grid-template-columns: clamp(4.5rem, 22%, 10rem) minmax(0, 1fr);
        gap: 1rem;
        align-items: start;
      }

      .overlap {
        font-size: 1.35rem;
        font-weight: 600;
        color: var(--pl-amber-text);
        line-height: 1.2;
      }

      .overlap span {
        font-size: 0.95rem;
        font-weight: 400;
        color: var(--pl-quiet);
      }

      .name {
        overflow-wrap: anywhere;
      }

      wa-checkbox,
      p {
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-share-choose': ShareChoose;
  }
  interface HTMLElementEventMap {
    'pl-selection-changed': SelectionChanged;
  }
}
