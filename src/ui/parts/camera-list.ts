/** The cameras of this household: which one is shown, what each lacks, and the way to change or remove it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LibraryState } from '../../contracts/journey-api.ts';
import type { Camera } from '../../contracts/library.ts';
import { coordinates, count, duration } from '../format.ts';
import { shared } from '../styles/shared.ts';

/** What the person asked for; `camera` is null for all cameras, or for a new one. */
export class CameraAction extends Event {
  readonly action: 'show' | 'edit' | 'delete';
  readonly camera: Camera | null;
  constructor(action: CameraAction['action'], camera: Camera | null) {
    super('pl-camera-action', { bubbles: true, composed: true });
    this.action = action;
    this.camera = camera;
  }
}

@customElement('pl-camera-list')
export class CameraList extends LitElement {
  @property({ attribute: false }) library: LibraryState | null = null;
  /** Id of the camera whose recordings are shown; empty for all. */
  @property() shown = '';

  override render(): TemplateResult | typeof nothing {
    const { library } = this;
    if (!library) return nothing;
    return html`
      ${
        library.cameras.length > 1
          ? html`<button class="all" aria-pressed=${this.shown === '' ? 'true' : 'false'} @click=${() => this.#send('show', null)}>
            <span>All cameras</span><span class="quiet figures">${library.recordings.length}</span>
          </button>`
          : nothing
      }
      <ul>
        ${repeat(
          library.cameras,
          (camera) => camera.id,
          (camera) => this.#camera(camera, library),
        )}
      </ul>
      <wa-button appearance="outlined" variant="neutral" @click=${() => this.#send('edit', null)}>
        <wa-icon slot="start" name="plus"></wa-icon>Add a camera
      </wa-button>
    `;
  }

  #camera(camera: Camera, library: LibraryState): TemplateResult {
    const kept = library.recordings.filter((recording) => recording.cameraId === camera.id).length;
    const shown = this.shown === camera.id || library.cameras.length === 1;
    return html`<li class=${shown ? 'shown' : ''}>
      <button class="name" aria-pressed=${shown ? 'true' : 'false'} @click=${() => this.#send('show', camera)}>
        <strong>${camera.name}</strong><span class="quiet figures">${count(kept, 'recording')}</span>
      </button>
      <div class="row below">
        <p class="small quiet figures where">
          ${camera.place ? coordinates(camera.place) : html`<span class="chip amber"><wa-icon name="place"></wa-icon>No place yet: matches nothing</span>`}
          <br />${camera.zone}${
            camera.clockOffsetMs === 0
              ? nothing
              : `, clock ${camera.clockOffsetMs > 0 ? 'behind' : 'ahead'} by ${duration(Math.abs(camera.clockOffsetMs))}`
          }
        </p>
        <span class="tools">
          <wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.#send('edit', camera)}>
            <wa-icon name="edit" label="Edit ${camera.name}"></wa-icon>
          </wa-button>
          <wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.#send('delete', camera)}>
            <wa-icon name="trash" label="Delete ${camera.name}"></wa-icon>
          </wa-button>
        </span>
      </div>
    </li>`;
  }

  #send(action: CameraAction['action'], camera: Camera | null): void {
    this.dispatchEvent(new CameraAction(action, camera));
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
        justify-items: start;
      }

      ul {
        width: 100%;
        display: grid;
        gap: 0.5rem;
      }

      li {
        border: 1px solid var(--pl-rule);
        border-radius: var(--pl-radius);
        background: var(--pl-sheet);
        padding: 0.5rem 0.5rem 0.5rem 0.9rem;
      }

      li.shown {
        box-shadow: inset 4px 0 0 var(--pl-blue);
      }

      button {
        all: unset;
        box-sizing: border-box;
        cursor: pointer;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 0.8rem;
        width: 100%;
        min-height: 1.75rem;
        padding-inline-end: 0.4rem;
      }

      button.all {
        padding: 0.4rem 0.9rem;
        border-radius: var(--pl-radius);
      }

      button.all[aria-pressed='true'] {
        background: var(--pl-sunk);
        font-weight: 600;
      }

      .name strong {
        overflow-wrap: anywhere;
      }

      .below {
        flex-wrap: nowrap;
        justify-content: space-between;
        align-items: end;
      }

      .where {
        min-width: 0;
      }

      .where .chip {
        white-space: normal;
      }

      .tools {
        white-space: nowrap;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-camera-list': CameraList;
  }
  interface HTMLElementEventMap {
    'pl-camera-action': CameraAction;
  }
}
