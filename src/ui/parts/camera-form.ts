/** One camera's name, place, zone and clock offset. The place can be typed, taken from this device, or clicked on the sketch. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Camera } from '../../contracts/library.ts';
import type { Area } from '../../contracts/request.ts';
import type { Position } from '../../contracts/units.ts';
import { CameraSaved, Dismissed, type PlacePicked } from '../events.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';
import './sketch-map.ts';
import type { SketchCamera } from './sketch-labels.ts';

const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

const number = (text: string, least: number, most: number): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most ? value : null;
};

@customElement('pl-camera-form')
export class CameraForm extends LitElement {
  @property({ attribute: false }) camera: Camera | null = null;
  /** Places already known, to click between on the sketch. */
  @property({ attribute: false }) others: readonly SketchCamera[] = [];
  /** The area of a request nearby, when there is one, for orientation. */
  @property({ attribute: false }) area: Area | null = null;

  @state() private name = '';
  @state() private latitude = '';
  @state() private longitude = '';
  @state() private zone = '';
  @state() private offsetSeconds = '0';
  @state() private problem = '';
  @state() private locating = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('camera') && this.zone !== '') return;
    const { camera } = this;
    this.name = camera?.name ?? '';
    this.latitude = camera?.place ? String(camera.place[1]) : '';
    this.longitude = camera?.place ? String(camera.place[0]) : '';
    this.zone = camera?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.offsetSeconds = String((camera?.clockOffsetMs ?? 0) / 1000);
    this.problem = '';
  }

  #place(): Position | null {
    const lat = number(this.latitude, -90, 90);
    const lng = number(this.longitude, -180, 180);
    return lat === null || lng === null ? null : [lng, lat];
  }

  override render(): TemplateResult {
    const place = this.#place();
    const drawable = this.others.length > 0 || this.area !== null || place !== null;
    return html`
      <form class="stack" novalidate @submit=${this.#onSubmit}>
        <wa-input
          label="Name"
          hint="What you call it: Front door, Driveway."
          maxlength="80"
          required
          .value=${this.name}
          @input=${(event: Event) => (this.name = fieldValue(event))}
        ></wa-input>
        <fieldset class="stack-s">
          <legend>Where it hangs</legend>
          <p class="small quiet">
            A camera without a place matches nothing. The place stays in this browser; it is only told to an agency inside a package that
            you send yourself.
          </p>
          <div class="pair">
            <wa-input
              label="Latitude (degrees)"
              inputmode="decimal"
              placeholder="40.87000"
              .value=${this.latitude}
              @input=${(event: Event) => (this.latitude = fieldValue(event))}
            ></wa-input>
            <wa-input
              label="Longitude (degrees)"
              inputmode="decimal"
              placeholder="-119.05000"
              .value=${this.longitude}
              @input=${(event: Event) => (this.longitude = fieldValue(event))}
            ></wa-input>
          </div>
          <wa-button size="s" appearance="outlined" variant="neutral" ?loading=${this.locating} @click=${this.#locate}>
            <wa-icon slot="start" name="target"></wa-icon>Use this device's location
          </wa-button>
          ${
            drawable
              ? html`<p class="small quiet" id="pick">Or click on the sketch where the camera hangs.</p>
                <pl-sketch-map pickable .area=${this.area} .cameras=${this.others} .chosen=${place} @pl-place-picked=${this.#onPicked}></pl-sketch-map>`
              : nothing
          }
        </fieldset>
        <div class="pair">
          <div class="field">
            <label for="zone">Time zone of its clock</label>
            <select id="zone" @change=${(event: Event) => (this.zone = fieldValue(event))}>
              ${[...new Set([this.zone, ...ZONES])].map((zone) => html`<option value=${zone} ?selected=${zone === this.zone}>${zone}</option>`)}
            </select>
            <p class="hint">Many cameras write local time into file names.</p>
          </div>
          <wa-input
            label="Clock offset (seconds)"
            hint="Added to the camera's times. Positive when its clock runs behind."
            inputmode="decimal"
            .value=${this.offsetSeconds}
            @input=${(event: Event) => (this.offsetSeconds = fieldValue(event))}
          ></wa-input>
        </div>
        <p class="problem" role="alert">${this.problem}</p>
        <div class="row">
          <wa-button type="submit" variant="brand">Save camera</wa-button>
          <wa-button appearance="plain" variant="neutral" @click=${() => this.dispatchEvent(new Dismissed())}>Cancel</wa-button>
        </div>
      </form>
    `;
  }

  readonly #onPicked = (event: PlacePicked): void => {
    event.stopPropagation();
    this.longitude = event.position[0].toFixed(6);
    this.latitude = event.position[1].toFixed(6);
  };

  readonly #locate = (): void => {
    this.locating = true;
    this.problem = '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.locating = false;
        this.latitude = coords.latitude.toFixed(6);
        this.longitude = coords.longitude.toFixed(6);
      },
      () => {
        this.locating = false;
        this.problem =
          'This device did not give its location. Type the coordinates instead; map apps show them on a long press.';
      },
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    const name = this.name.trim();
    const offset = number(this.offsetSeconds, -31_536_000, 31_536_000);
    const typedPlace = this.latitude.trim() !== '' || this.longitude.trim() !== '';
    const place = this.#place();
    if (name === '') this.problem = 'Give the camera a name, so that you recognise it.';
    else if (typedPlace && !place)
      this.problem = 'The place needs a latitude between −90 and 90 and a longitude between −180 and 180, in degrees.';
    else if (offset === null) this.problem = 'The clock offset is a number of seconds, such as 0, 12 or -3600.';
    else {
      this.problem = '';
      this.dispatchEvent(
        new CameraSaved({
          id: this.camera?.id ?? crypto.randomUUID(),
          name,
          place,
          zone: this.zone,
          clockOffsetMs: offset * 1000,
          createdAt: this.camera?.createdAt ?? Date.now(),
        }),
      );
    }
  };

  static override styles = [
    shared,
    form,
    css`
      fieldset {
        border: 0;
        padding: 0;
        margin-inline: 0;
        min-width: 0;
      }

      legend {
        font-weight: 600;
        padding: 0;
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr));
        gap: 1rem;
        align-items: start;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-camera-form': CameraForm;
  }
}
