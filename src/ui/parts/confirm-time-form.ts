/** Confirms when a recording began: its first frame, what each rule found, and a field in the camera's own clock. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Camera, Recording } from '../../contracts/library.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { Dismissed, TimeConfirmed } from '../events.ts';
import { count, moment } from '../format.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fromFieldText, toFieldText } from '../wall-clock.ts';
import { TIME_SOURCE } from '../words.ts';
import { fieldChecked, fieldValue } from './field-value.ts';

@customElement('pl-confirm-time-form')
export class ConfirmTimeForm extends LitElement {
  @property({ attribute: false }) recording: Recording | null = null;
  @property({ attribute: false }) camera: Camera | null = null;
  @property({ attribute: false }) video: Blob | null = null;
  @property({ attribute: false }) thumbnail: Blob | null = null;
  /** How many unconfirmed recordings of this camera share the rule. */
  @property({ type: Number }) sameRule = 1;
  /** The answer is asked for all of them: so it begins. */
  @property({ type: Boolean }) forRule = false;

  @state() private text = '';
  @state() private reading: EpochMs | null = null;
  @state() private applyToRule = false;
  @state() private problem = '';
  @state() private undecodable = false;
  @state() private offsetSeconds = '0';

  readonly #videoUrl = new ObjectUrlController(this);
  readonly #thumbnailUrl = new ObjectUrlController(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('recording') || !this.recording || !this.camera) return;
    const start =
      this.recording.time.startMs ?? this.recording.time.candidates.flatMap((found) => found.startsMs)[0] ?? null;
    this.text = start === null ? '' : toFieldText(start, this.camera.zone);
    this.reading = start;
    this.applyToRule = this.forRule;
    this.problem = '';
    this.undecodable = false;
    this.offsetSeconds = String(this.camera.clockOffsetMs / 1_000);
  }

  override render(): TemplateResult | typeof nothing {
    const { recording, camera } = this;
    if (!recording || !camera) return nothing;
    const readings = fromFieldText(this.text, camera.zone);
    return html`
      <form class="stack" novalidate @submit=${this.#onSubmit}>
        ${this.#firstFrame()}
        <p>
          Most cameras draw a clock into the picture. If the first frame shows one, enter what it says.
        </p>
        <div class="field">
          <label for="start">Start by the camera's clock (${camera.zone})</label>
          <input id="start" type="datetime-local" step="1" class="figures" .value=${this.text} @input=${this.#onText} />
          ${readings.length === 1 && readings[0] !== undefined ? html`<p class="hint figures">${moment(readings[0], camera.zone, true)}</p>` : nothing}
        </div>
        <div class="field">
          <label for="offset">Clock offset of ${camera.name} (seconds)</label>
          <input id="offset" type="text" inputmode="decimal" class="figures" .value=${this.offsetSeconds} @input=${(event: Event) => (this.offsetSeconds = fieldValue(event))} />
          <p class="hint">Added to all its times. Positive when its clock runs behind; 0 when it is right.</p>
        </div>
        ${
          readings.length > 1
            ? html`<wa-radio-group
              label="The clocks changed in that hour, so this time came twice. Which one was it?"
              .value=${String(this.reading ?? readings[0] ?? '')}
              @change=${(event: Event) => (this.reading = Number(fieldValue(event)))}
            >
              ${readings.map((at) => html`<wa-radio value=${String(at)}>${moment(at, camera.zone, true)}</wa-radio>`)}
            </wa-radio-group>`
            : nothing
        }
        ${
          recording.time.candidates.length > 0
            ? html`<div>
              <p class="label">What was found</p>
              <ul class="found small">
                ${recording.time.candidates.map(
                  (found) => html`<li>
                    <strong>${TIME_SOURCE[found.source]}</strong> <code>${found.evidence}</code>
                    ${found.startsMs.map(
                      (at) => html`<span class="figures">${moment(at, camera.zone, true)}</span>
                        <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.#use(at)}>Use this time</wa-button>`,
                    )}
                  </li>`,
                )}
              </ul>
            </div>`
            : nothing
        }
        ${
          recording.time.confidence === 'unconfirmed' && recording.time.source !== null
            ? html`<wa-checkbox .checked=${this.applyToRule} @change=${(event: Event) => (this.applyToRule = fieldChecked(event))}>
              Do the same for ${
                this.sameRule > 1
                  ? html`the other ${count(this.sameRule - 1, 'recording')} of ${camera.name} read in the same way, and for those`
                  : html`recordings of ${camera.name} read in the same way`
              }
              that I import later
            </wa-checkbox>`
            : nothing
        }
        <p class="problem" role="alert">${this.problem}</p>
        <div class="row">
          <wa-button type="submit" variant="brand">Save time</wa-button>
          <wa-button appearance="plain" variant="neutral" @click=${() => this.dispatchEvent(new Dismissed())}>Cancel</wa-button>
        </div>
      </form>
    `;
  }

  #firstFrame(): TemplateResult | typeof nothing {
    const video = this.undecodable ? null : this.#videoUrl.of(this.video);
    if (video !== null) {
      return html`<video src=${video} preload="auto" muted playsinline aria-label="First frame" @error=${() => (this.undecodable = true)}></video>`;
    }
    const picture = this.#thumbnailUrl.of(this.thumbnail);
    return picture === null ? nothing : html`<img src=${picture} alt="An early frame of the recording" />`;
  }

  readonly #onText = (event: Event): void => {
    this.text = fieldValue(event);
    this.reading = this.camera ? (fromFieldText(this.text, this.camera.zone)[0] ?? null) : null;
  };

  #use(at: EpochMs): void {
    if (!this.camera) return;
    this.text = toFieldText(at, this.camera.zone);
    this.reading = at;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!this.recording) return;
    if (this.reading === null) {
      this.problem =
        this.text === ''
          ? 'Enter the date and time at which the recording begins.'
          : 'That time never came: the clocks were put forward over it. Enter another.';
      return;
    }
    const offset = Number(this.offsetSeconds.trim());
    if (this.offsetSeconds.trim() === '' || !Number.isFinite(offset) || Math.abs(offset) > 31_536_000) {
      this.problem = 'The clock offset is a number of seconds, such as 0, 12 or -3600.';
      return;
    }
    this.dispatchEvent(new TimeConfirmed(this.recording.id, this.reading, this.applyToRule, offset * 1_000));
  };

  static override styles = [
    shared,
    form,
    css`
      img {
        width: 100%;
        border-radius: var(--pl-radius);
      }

      .found li {
        display: grid;
        justify-items: start;
        gap: 0.25rem;
        padding-block: 0.5rem;
        border-block-start: 1px solid var(--pl-rule);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-confirm-time-form': ConfirmTimeForm;
  }
}
