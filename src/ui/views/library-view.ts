/** The library: cameras and their recordings by day, and everything that comes in. Dialogs live in library-dialogs.ts. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DemoProgress, Journey, LibraryState } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import type { FilesChosen, RecordingAction } from '../events.ts';
import { count } from '../format.ts';
import '../parts/camera-list.ts';
import '../parts/clock-questions.ts';
import type { CameraAction } from '../parts/camera-list.ts';
import { fieldValue } from '../parts/field-value.ts';
import '../parts/import-drop.ts';
import '../parts/day-calendar.ts';
import type { DayChosen } from '../parts/day-calendar.ts';
import '../parts/day-ruler.ts';
import '../parts/import-list.ts';
import '../parts/unfinished-imports.ts';
import '../parts/recording-card.ts';
import { libraryDays, type LibraryDay } from '../parts/recording-days.ts';
import '../parts/storage-meter.ts';
import { libraryStyles } from '../styles/library.ts';
import { shared } from '../styles/shared.ts';
import './library-dialogs.ts';
import type { LibraryTask } from './library-dialogs.ts';

/** So many recordings are drawn before the person asks for more. */
const PAGE = 60;

@customElement('pl-library-view')
export class LibraryView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @state() private shown = '';
  @state() private importInto = '';
  @state() private limit = PAGE;
  /** The day that is shown alone, `2026-11-22`; empty for all. */
  @state() private day = '';
  @state() private task: LibraryTask | null = null;
  @state() private demo: DemoProgress | null = null;
  @state() private demoProblem = '';

  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);
  readonly #imports = new ReadableController(this, () => this.journey?.imports ?? null);

  override render(): TemplateResult | typeof nothing {
    const { journey } = this;
    const library = this.#library.value;
    if (!journey || !library) return nothing;
    return html`
      <h1 tabindex="-1">Library</h1>
      ${library.problem ? this.#broken(library.problem) : library.loaded ? this.#content(journey, library) : this.#loading()}
      <pl-library-dialogs
        .journey=${journey}
        .library=${library}
        .task=${this.task}
        @pl-dismissed=${() => (this.task = null)}
      ></pl-library-dialogs>
    `;
  }

  #loading(): TemplateResult {
    return html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Opening your library…</p>`;
  }

  #broken(problem: string): TemplateResult {
    return html`<div class="notice bad" role="alert">
      <wa-icon name="alert"></wa-icon>
      <div class="stack-s">
        <p><strong>Your library cannot be opened</strong></p>
        <p>${problem}</p>
        <p>Nothing was deleted. Close other tabs of this page, leave private browsing, or free disk space, then load the page again.</p>
      </div>
    </div>`;
  }

  #content(journey: Journey, library: LibraryState): TemplateResult {
    const none = library.cameras.length === 0;
    return html`
      <div class=${none ? 'layout none' : 'layout'}>
        <section class="cameras stack-s" aria-labelledby="cameras" @pl-camera-action=${this.#onCamera}>
          <h2 id="cameras">Cameras</h2>
          ${none ? this.#firstCamera() : nothing}
          <pl-camera-list .library=${library} .shown=${this.shown}></pl-camera-list>
          ${journey.demo ? this.#demoOffer() : nothing}
        </section>
        <div class="main stack">
          ${none ? nothing : this.#import(library.cameras)}
          <pl-unfinished-imports
            .imports=${this.#imports.value?.unfinished ?? []}
            .resume=${journey.resumeImport}
            .forget=${journey.forgetImport}
          ></pl-unfinished-imports>
          <pl-import-list
            .imports=${this.#imports.value ?? { running: false, done: 0, lines: [], unfinished: [] }}
            @pl-import-cancel=${() => journey.cancelImport()}
            @pl-import-clear=${() => journey.clearImportLines()}
          ></pl-import-list>
          <pl-clock-questions
            .library=${library}
            .askEach=${journey.askEach}
            @pl-recording-action=${this.#onRecording}
          ></pl-clock-questions>
          ${none ? nothing : this.#recordings(journey, library)}
        </div>
        <section class="storage sheet stack-s" aria-labelledby="storage">
          <h2 id="storage">Storage</h2>
          <pl-storage-meter .meter=${library.meter} .requestPersistence=${() => journey.requestPersistence()}></pl-storage-meter>
        </section>
      </div>
    `;
  }

  #firstCamera(): TemplateResult {
    return html`<div class="empty stack-s">
      <wa-icon name="camera"></wa-icon>
      <p><strong>No cameras yet</strong></p>
      <p>Add your first camera and say where it hangs. Then its recordings can be imported and compared with requests, here in this browser.</p>
    </div>`;
  }

  #demoOffer(): TemplateResult {
    return html`<div class="demo stack-s">
      <p class="small">This page runs a demo town. Its recordings come with cameras that already have places.</p>
      <wa-button appearance="outlined" variant="neutral" ?loading=${this.demo !== null} ?disabled=${this.demo !== null} @click=${this.#loadDemo}>
        Load demo recordings
      </wa-button>
      <p class="small quiet figures" role="status">${this.demo ? `${this.demo.done} of ${count(this.demo.total, 'recording')} fetched` : ''}</p>
      <p class="small problem" role="alert">${this.demoProblem}</p>
    </div>`;
  }

  #target(cameras: readonly Camera[]): Camera | null {
    return cameras.find(({ id }) => id === (this.importInto || this.shown)) ?? cameras[0] ?? null;
  }

  #import(cameras: readonly Camera[]): TemplateResult {
    const target = this.#target(cameras);
    return html`<section class="stack-s" aria-labelledby="import">
      <h2 id="import">Bring in recordings</h2>
      ${
        cameras.length > 1
          ? html`<div class="field inline">
            <label for="into">They were made by</label>
            <select id="into" @change=${(event: Event) => (this.importInto = fieldValue(event))}>
              ${cameras.map(({ id, name }) => html`<option value=${id} ?selected=${id === target?.id}>${name}</option>`)}
            </select>
          </div>`
          : nothing
      }
      <pl-import-drop .cameraName=${target?.name ?? ''} @pl-files-chosen=${this.#onFiles}></pl-import-drop>
    </section>`;
  }

  #recordings(journey: Journey, library: LibraryState): TemplateResult {
    const chosen = library.recordings.filter((recording) => this.shown === '' || recording.cameraId === this.shown);
    if (chosen.length === 0) {
      return html`<section class="stack-s">
        <h2>Recordings</h2>
        <p class="empty quiet">No recordings yet. Drop some above.</p>
      </section>`;
    }
    let left = this.limit;
    const all = libraryDays(chosen, library.cameras);
    const counts = new Map(all.flatMap(({ key, rows }) => (key === '' ? [] : [[key, rows.length] as const])));
    const only = counts.has(this.day) ? this.day : '';
    const ruled = all.find(({ key }) => key !== '' && (only === '' || key === only)) ?? null;
    const total = counts.get(only) ?? chosen.length;
    const days = (only === '' ? all : all.filter(({ key }) => key === only)).flatMap((day) => {
      const rows = day.rows.slice(0, Math.max(0, left));
      left -= rows.length;
      return rows.length > 0 ? [{ ...day, rows, all: day.rows.length }] : [];
    });
    const severalCameras = this.shown === '' && library.cameras.length > 1;
    return html`<section @pl-recording-action=${this.#onRecording}>
      <h2>Recordings <span class="quiet figures">${chosen.length}</span></h2>
      <div class="overview">
        <pl-day-calendar .counts=${counts} .chosen=${only} @pl-day-chosen=${this.#onDay}></pl-day-calendar>
        ${ruled ? this.#ruler(ruled, chosen, library.cameras) : nothing}
      </div>
      ${days.map(
        (day) => html`<section class="day" aria-label=${day.name}>
          <h3>${day.name} <span class="quiet figures">${count(day.all, 'recording')}</span></h3>
          <ul>
            ${repeat(
              day.rows,
              ({ recording }) => recording.id,
              ({ recording, camera }) => html`<li>
                ${severalCameras ? html`<p class="camera small">${camera.name}</p>` : nothing}
                <pl-recording-card .recording=${recording} .camera=${camera} .thumbnailOf=${journey.thumbnailOf}></pl-recording-card>
              </li>`,
            )}
          </ul>
        </section>`,
      )}
      ${
        total > this.limit
          ? html`<wa-button appearance="outlined" variant="neutral" @click=${() => (this.limit += PAGE)}>
            Show ${Math.min(PAGE, total - this.limit)} more of ${total - this.limit}
          </wa-button>`
          : nothing
      }
    </section>`;
  }

  /** The chosen day, or the newest one. */
  #ruler({ key, name }: LibraryDay, recordings: readonly Recording[], cameras: readonly Camera[]): TemplateResult {
    return html`<section class="ruler" aria-labelledby="ruler">
      <h3 id="ruler">${name}, hour by hour</h3>
      <pl-day-ruler .day=${key} .recordings=${recordings} .cameras=${cameras}></pl-day-ruler>
    </section>`;
  }

  readonly #onCamera = ({ action, camera }: CameraAction): void => {
    if (action === 'edit') this.task = { kind: 'camera', camera };
    else if (action === 'delete' && camera) this.task = { kind: 'delete-camera', camera };
    else {
      this.shown = camera?.id ?? '';
      this.importInto = '';
      this.limit = PAGE;
    }
  };

  readonly #onRecording = ({ action, recordingId }: RecordingAction): void => {
    const library = this.#library.value;
    const recording = library?.recordings.find(({ id }) => id === recordingId);
    const camera = library?.cameras.find(({ id }) => id === recording?.cameraId);
    if (!recording || !camera) return;
    this.task =
      action === 'play' || action === 'delete'
        ? { kind: action, recording, camera }
        : { kind: 'confirm-time', recording, camera, forRule: action === 'confirm-rule' };
  };

  readonly #onDay = ({ key }: DayChosen): void => {
    this.day = key;
    this.limit = PAGE;
  };

  readonly #onFiles = ({ files, directory }: FilesChosen): void => {
    const target = this.#target(this.#library.value?.cameras ?? []);
    if (target) void this.journey?.importFiles(files, target.id, directory);
  };

  readonly #loadDemo = async (): Promise<void> => {
    if (!this.journey) return;
    this.demo = { done: 0, total: 0 };
    this.demoProblem = '';
    const result = await this.journey.loadDemo((progress) => (this.demo = progress));
    this.demo = null;
    if (!result.ok) this.demoProblem = `The demo recordings could not be loaded. ${result.detail}`;
  };

  static override styles = [shared, libraryStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-library-view': LibraryView;
  }
}
