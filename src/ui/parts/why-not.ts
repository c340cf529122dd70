/** Why nothing can be shared, camera by camera: how far outside it hangs, or how narrowly its nearest recording misses the window. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey, LibraryState } from '../../contracts/journey-api.ts';
import { recordingInterval, type Camera, type Recording } from '../../contracts/library.ts';
import type { TimeWindow } from '../../contracts/units.ts';
import { shared } from '../styles/shared.ts';

/** More cameras than a household has; a whole street's would be a list that nobody reads. */
const MOST = 12;

/** How far a recording is from a window in time; unknown times last. */
const apart = (recording: Recording, camera: Camera, window: TimeWindow): number => {
  const interval = recordingInterval(recording, camera);
  return interval ? Math.max(0, window.from - interval.to, interval.from - window.to) : Infinity;
};

const nearest = ({ recordings }: LibraryState, camera: Camera, window: TimeWindow): Recording | null =>
  recordings
    .filter(({ cameraId }) => cameraId === camera.id)
    .reduce<Recording | null>(
      (best, next) => (best && apart(best, camera, window) <= apart(next, camera, window) ? best : next),
      null,
    );

@customElement('pl-why-not')
export class WhyNot extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property({ attribute: false }) library: LibraryState | null = null;
  @property({ attribute: false }) window: TimeWindow = { from: 0, to: 0 };
  @property() requestId = '';
  @state() private lines: readonly { readonly camera: string; readonly sentence: string }[] | null = null;

  override render(): TemplateResult {
    return html`<details @toggle=${this.#onToggle}>
      <summary>Why not?</summary>
      ${
        this.lines === null
          ? nothing
          : html`<dl>
            ${this.lines.map(({ camera, sentence }) => html`<dt>${camera}</dt><dd>${sentence}</dd>`)}
          </dl>`
      }
    </details>`;
  }

  readonly #onToggle = async (event: Event): Promise<void> => {
    const { journey, library } = this;
    if (!(event.target instanceof HTMLDetailsElement) || !event.target.open || !journey || !library) return;
    this.lines = await Promise.all(
      library.cameras.slice(0, MOST).map(async (camera) => {
        const recording = nearest(library, camera, this.window);
        if (!recording) return { camera: camera.name, sentence: 'It has no recordings here.' };
        const { sentence } = await journey.explain(this.requestId, recording.id);
        return { camera: camera.name, sentence };
      }),
    );
  };

  static override styles = [
    shared,
    css`
      summary {
        cursor: pointer;
        min-height: 1.75rem;
      }

      dl {
        display: grid;
        gap: 0.2rem;
        margin-block-start: 0.4rem;
      }

      dt {
        font-weight: 600;
      }

      dd {
        margin: 0 0 0.4rem;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-why-not': WhyNot;
  }
}
