/** The library's dialogs: camera form, player, confirming a time, and the two questions before something is deleted. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey, LibraryState } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import type { Result } from '../../contracts/result.ts';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { Dismissed, type CameraSaved, type TimeConfirmed } from '../events.ts';
import { count } from '../format.ts';
import '../parts/camera-form.ts';
import '../parts/confirm-dialog.ts';
import '../parts/confirm-time-form.ts';
import { shared } from '../styles/shared.ts';

export type LibraryTask =
  | { readonly kind: 'camera'; readonly camera: Camera | null }
  | { readonly kind: 'delete-camera'; readonly camera: Camera }
  | { readonly kind: 'play' | 'delete'; readonly recording: Recording; readonly camera: Camera }
  | {
      readonly kind: 'confirm-time';
      readonly recording: Recording;
      readonly camera: Camera;
      /** Asked for all recordings whose time was read in the same way. */
      readonly forRule: boolean;
    };

/** Sends `pl-dismissed` when the task is over. */
@customElement('pl-library-dialogs')
export class LibraryDialogs extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property({ attribute: false }) library: LibraryState | null = null;
  @property({ attribute: false }) task: LibraryTask | null = null;
  /** The task last shown: a dialog keeps its contents while it closes. */
  @state() private last: LibraryTask | null = null;
  @state() private video: Blob | null = null;
  @state() private thumbnail: Blob | null = null;
  @state() private unplayable = false;
  @state() private problem = '';

  readonly #url = new ObjectUrlController(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('task') || !this.task) return;
    this.last = this.task;
    this.problem = '';
    this.video = null;
    this.thumbnail = null;
    this.unplayable = false;
    if (this.task.kind === 'play' || this.task.kind === 'confirm-time') void this.#load(this.task.recording.id);
  }

  async #load(id: string): Promise<void> {
    const thumbnail = (await this.journey?.thumbnailOf(id)) ?? null;
    const video = (await this.journey?.videoOf(id)) ?? null;
    if (!this.last || !('recording' in this.last) || this.last.recording.id !== id) return;
    this.thumbnail = thumbnail;
    this.video = video;
    this.unplayable = video === null;
  }

  override render(): TemplateResult {
    const { last } = this;
    const open = (kind: LibraryTask['kind']): boolean => this.task?.kind === kind;
    return html`
      <wa-dialog label=${last?.kind === 'camera' && last.camera ? `Edit ${last.camera.name}` : 'Add a camera'} ?open=${open('camera')} @wa-hide=${this.#onHide}>
        ${this.#problem()} ${last?.kind === 'camera' ? this.#cameraForm(last.camera) : nothing}
      </wa-dialog>
      <wa-dialog class="wide" label=${last?.kind === 'play' ? last.recording.fileName : 'Recording'} ?open=${open('play')} @wa-hide=${this.#onHide}>
        ${last?.kind === 'play' && open('play') ? this.#player(last.recording) : nothing}
      </wa-dialog>
      <wa-dialog
        label="When did this recording begin?"
        ?open=${open('confirm-time')}
        @wa-hide=${this.#onHide}
      >
        ${this.#problem()} ${last?.kind === 'confirm-time' ? html`<p class="small quiet name">${last.recording.fileName}</p>` : nothing}
        ${last?.kind === 'confirm-time' ? this.#timeForm(last) : nothing}
      </wa-dialog>
      <pl-confirm-dialog heading="Delete this recording?" .open=${open('delete')} @pl-confirmed=${this.#deleteRecording}>
        ${this.#problem()}
        ${
          last?.kind === 'delete'
            ? html`<p><strong>${last.recording.fileName}</strong> is removed from this browser. Copies elsewhere are not touched.</p>`
            : nothing
        }
      </pl-confirm-dialog>
      <pl-confirm-dialog heading="Delete this camera?" action="Delete camera and recordings" .open=${open('delete-camera')} @pl-confirmed=${this.#deleteCamera}>
        ${this.#problem()}
        ${
          last?.kind === 'delete-camera'
            ? html`<p>
              <strong>${last.camera.name}</strong> and its
              ${count(this.library?.recordings.filter(({ cameraId }) => cameraId === last.camera.id).length ?? 0, 'recording')} are removed from this
              browser. Copies elsewhere are not touched.
            </p>`
            : nothing
        }
      </pl-confirm-dialog>
    `;
  }

  #problem(): TemplateResult | typeof nothing {
    return this.problem
      ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>`
      : nothing;
  }

  #cameraForm(camera: Camera | null): TemplateResult {
    const others = (this.library?.cameras ?? []).flatMap(({ id, name, place }) =>
      place && id !== camera?.id ? [{ id, name, place }] : [],
    );
    return html`<pl-camera-form .camera=${camera} .others=${others} @pl-camera-saved=${this.#saveCamera}></pl-camera-form>`;
  }

  #player(recording: Recording): TemplateResult {
    const url = this.unplayable ? null : this.#url.of(this.video);
    if (url !== null) {
      return html`<video src=${url} controls autoplay playsinline aria-label=${recording.fileName} @error=${() => (this.unplayable = true)}></video>`;
    }
    return this.unplayable
      ? html`<p class="empty">This browser cannot play ${recording.video.codec}. The recording is kept all the same.</p>`
      : html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Opening…</p>`;
  }

  #timeForm({ recording, camera, forRule }: LibraryTask & { readonly kind: 'confirm-time' }): TemplateResult {
    const alike = (this.library?.recordings ?? []).filter(
      ({ cameraId, time }) =>
        cameraId === camera.id && time.confidence === 'unconfirmed' && time.source === recording.time.source,
    ).length;
    return html`<pl-confirm-time-form
      .recording=${recording}
      .camera=${camera}
      .video=${this.video}
      .thumbnail=${this.thumbnail}
      .sameRule=${recording.time.confidence === 'unconfirmed' ? alike : 1}
      .forRule=${forRule}
      @pl-time-confirmed=${this.#confirmTime}
    ></pl-confirm-time-form>`;
  }

  #finish(result: Result<void, string> | undefined): void {
    if (result && !result.ok) this.problem = result.detail;
    else this.dispatchEvent(new Dismissed());
  }

  readonly #onHide = (event: Event): void => {
    if (event.target === event.currentTarget && this.task) this.dispatchEvent(new Dismissed());
  };

  readonly #saveCamera = async (event: CameraSaved): Promise<void> => {
    event.stopPropagation();
    this.#finish(await this.journey?.saveCamera(event.camera));
  };

  readonly #confirmTime = async (event: TimeConfirmed): Promise<void> => {
    event.stopPropagation();
    const camera = this.task && 'recording' in this.task ? this.task.camera : null;
    if (camera && camera.clockOffsetMs !== event.clockOffsetMs) {
      const saved = await this.journey?.saveCamera({ ...camera, clockOffsetMs: event.clockOffsetMs });
      if (saved && !saved.ok) return this.#finish(saved);
    }
    this.#finish(await this.journey?.confirmTime(event.recordingId, event.startMs, event.applyToRule));
  };

  readonly #deleteRecording = async (): Promise<void> => {
    if (this.task?.kind === 'delete') this.#finish(await this.journey?.deleteRecording(this.task.recording.id));
  };

  readonly #deleteCamera = async (): Promise<void> => {
    if (this.task?.kind === 'delete-camera') this.#finish(await this.journey?.deleteCamera(this.task.camera.id));
  };

  static override styles = [
    shared,
    css`
      wa-dialog {
        --width: 36rem;
      }

      wa-dialog::part(title) {
        overflow-wrap: anywhere;
      }

      .name {
        overflow-wrap: anywhere;
        margin-block-end: 0.6rem;
      }

      wa-dialog.wide {
        --width: 60rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-library-dialogs': LibraryDialogs;
  }
}
