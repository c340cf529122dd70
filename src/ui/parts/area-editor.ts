/** Where: the incident and the area, drawn on the map or typed as numbers; both are the same thing and change together. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DraftCheck } from '../../contracts/roles-api.ts';
import type { RequestForm } from '../../contracts/request-form.ts';
import type { Position } from '../../contracts/units.ts';
import { degreesText, readCorners, writeCorners, type Rings } from '../corner-text.ts';
import { readForm } from '../request-form.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { withHole, withoutLastCorner, type DrawnCircle } from './area-drawing.ts';
import './area-sketch.ts';
import type { AreaDrawn, AreaSketch } from './area-sketch.ts';
import type { DrawTool } from './area-strokes.ts';
import { fieldValue } from './field-value.ts';
import { FormChanged } from './form-changed.ts';

const HALF_A_MILE_M = 804.672;
const MILE_M = 1609.344;

const figure = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `0.194 square miles, 0.503 km²`, in words that a reader hears. */
export const areaWords = ({ squareMiles, squareKilometres }: DraftCheck): string =>
  squareMiles === null || squareKilometres === null
    ? 'No area yet'
    : `${figure(squareMiles, 3)} square miles, ${figure(squareKilometres, 3)} km²`;

/** Sends `pl-form-changed`. */
@customElement('pl-area-editor')
export class AreaEditor extends LitElement {
  @property({ attribute: false }) form: RequestForm | null = null;
  @property({ attribute: false }) check: DraftCheck | null = null;
  /** Where the map looks before anything is typed. */
  @property({ attribute: false }) start: Position | null = null;
  @state() private tool: DrawTool | null = null;
  @state() private problem = '';
  /** The last rings that could be read: the map keeps them while a line is half typed. */
  #rings: Rings = [];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('form') || !this.form) return;
    const read = readCorners(this.form.corners);
    if (read.ok) this.#rings = read.value;
  }

  override render(): TemplateResult | typeof nothing {
    const typed = this.form;
    if (!typed) return nothing;
    const { draft } = readForm(typed);
    const { incident, area } = draft;
    const circle: DrawnCircle | null = area?.type === 'Circle' ? area : null;
    const tool = this.tool ?? (incident === null ? 'incident' : 'area');
    return html`
      <div class="pair">
        ${this.#field('latitude', 'Latitude of the incident (degrees)', '40.87000')} ${this.#field('longitude', 'Longitude of the incident (degrees)', '-119.05000')}
      </div>
      <wa-button class="locate" size="s" appearance="plain" variant="neutral" @click=${this.#locate}>
        <wa-icon slot="start" name="target"></wa-icon>Use this device’s location
      </wa-button>
      <p class="problem small" role="alert">${this.problem}</p>
      <wa-radio-group
        class="shape"
        label="The area is"
        orientation="horizontal"
        .value=${typed.shape}
        @change=${(event: Event) => this.#send({ shape: fieldValue(event) === 'polygon' ? 'polygon' : 'circle' })}
      >
        <wa-radio value="circle">a circle</wa-radio>
        <wa-radio value="polygon">a polygon</wa-radio>
      </wa-radio-group>
      <div class="tools row" role="group" aria-label="Drawing">
        ${this.#toolButton('incident', tool, 'target', 'Place the incident')}
        ${this.#toolButton('area', tool, 'edit', typed.shape === 'circle' ? 'Draw the circle' : 'Draw corners')}
        ${this.#toolButton('move', tool, 'place', 'Move the map')}
        <span class="view">
        ${this.#mapButton('plus', 'Look closer', (sketch) => sketch.zoom(1 / 1.5))} ${this.#mapButton('minus', 'Look wider', (sketch) => sketch.zoom(1.5))}
        ${this.#mapButton('eye', 'Show everything', (sketch) => sketch.fit())}
      </span>
      </div>
      <pl-area-sketch
        .incident=${incident}
        .shape=${typed.shape}
        .circle=${circle}
        .rings=${this.#rings}
        .tool=${tool}
        .reachM=${typed.policy === 'npss' ? HALF_A_MILE_M : null}
        .start=${this.start}
        @pl-area-drawn=${this.#onDrawn}
      ></pl-area-sketch>
      <p class="small quiet">${this.#hint(tool, typed)} No map is fetched: nobody learns where you look.</p>
      ${this.check ? this.#size(this.check) : nothing} ${typed.shape === 'circle' ? this.#circleFields(circle) : this.#polygonFields(typed)}
    `;
  }

  #size(check: DraftCheck): TemplateResult {
    const { squareMiles, squareKilometres } = check;
    return html`<p class="size figures" aria-label="Size of the area">
      ${
        squareMiles === null || squareKilometres === null
          ? html`<span class="quiet">No area yet</span>`
          : html`<strong>${figure(squareMiles, 3)}</strong> square miles <span class="quiet">·</span> <strong>${figure(squareKilometres, 3)}</strong> km²`
      }
    </p>`;
  }

  #hint(tool: DrawTool, { shape }: RequestForm): string {
    if (tool === 'incident') return 'Press on the map where it happened.';
    if (tool === 'move') return 'Drag the ground.';
    return shape === 'circle'
      ? 'Drag from the middle to the rim, or pull the grip on the rim. A press moves the circle.'
      : 'Press to set corners one after the other; drag a corner to move it, or the middle of an edge to add one.';
  }

  #circleFields(circle: DrawnCircle | null): TemplateResult {
    return html`${this.#field('radius', 'Radius (metres)', '400', circle ? `${figure(circle.radiusM / MILE_M, 3)} miles` : '')}
      <div class="pair">
      ${this.#field('centreLatitude', 'Latitude of the centre', 'the incident', 'Empty: around the incident.')}
      ${this.#field('centreLongitude', 'Longitude of the centre', 'the incident')}
    </div>`;
  }

  #polygonFields({ corners }: RequestForm): TemplateResult {
    const rings = this.#rings;
    const last = rings.at(-1) ?? [];
    const drawingHole = rings.length > 1;
    return html`<div class="row">
        <wa-button size="s" appearance="outlined" variant="neutral" ?disabled=${last.length < 3} @click=${() => this.#draw(withHole(rings))}>Begin a hole</wa-button>
        <wa-button size="s" appearance="outlined" variant="neutral" ?disabled=${rings.flat().length === 0} @click=${() => this.#draw(withoutLastCorner(rings))}>
          Take back the last corner
        </wa-button>
        <wa-button size="s" appearance="plain" variant="neutral" ?disabled=${rings.flat().length === 0} @click=${() => this.#draw([])}>Start again</wa-button>
        <span class="small quiet" role="status">${drawingHole ? `Drawing hole ${rings.length - 1}: ${last.length} corners` : `${last.length} corners`}</span>
      </div>
      <div class="field">
        <label for="corners">Corners as numbers</label>
        <textarea
          id="corners"
          class="code"
          rows="6"
          spellcheck="false"
          aria-describedby="corners-hint"
          .value=${corners}
          @input=${(event: Event) => this.#send({ corners: fieldValue(event) })}
        ></textarea>
        <p class="hint" id="corners-hint">A corner a line: latitude, longitude. After an empty line a hole begins.</p>
      </div>`;
  }

  #field(
    name: 'latitude' | 'longitude' | 'radius' | 'centreLatitude' | 'centreLongitude',
    label: string,
    placeholder: string,
    hint = '',
  ): TemplateResult {
    return html`<wa-input
      label=${label}
      hint=${hint}
      inputmode="decimal"
      autocomplete="off"
      placeholder=${placeholder}
      .value=${this.form?.[name] ?? ''}
      @input=${(event: Event) => this.#send({ [name]: fieldValue(event) })}
    ></wa-input>`;
  }

  #toolButton(tool: DrawTool, chosen: DrawTool, icon: string, name: string): TemplateResult {
    return html`<button type="button" class="tool" aria-pressed=${tool === chosen ? 'true' : 'false'} @click=${() => (this.tool = tool)}>
      <wa-icon name=${icon}></wa-icon>${name}
    </button>`;
  }

  #mapButton(icon: string, name: string, act: (sketch: AreaSketch) => void): TemplateResult {
    return html`<button
      type="button"
      class="tool"
      @click=${() => {
        const sketch = this.renderRoot.querySelector('pl-area-sketch');
        if (sketch) act(sketch);
      }}
    >
      <wa-icon name=${icon} label=${name}></wa-icon>
    </button>`;
  }

  #send(change: Partial<RequestForm>): void {
    this.dispatchEvent(new FormChanged(change));
  }

  #draw(rings: Rings): void {
    this.#send({ corners: writeCorners(rings) });
  }

  readonly #onDrawn = ({ change }: AreaDrawn): void => {
    if (change.kind === 'rings') this.#draw(change.rings);
    else if (change.kind === 'circle') {
      const { center, radiusM } = change.circle;
      this.#send({
        centreLatitude: degreesText(center[1]),
        centreLongitude: degreesText(center[0]),
        radius: String(radiusM),
      });
    } else this.#incident(change.position);
  };

  #incident([longitude, latitude]: Position): void {
    this.#send({ latitude: degreesText(latitude), longitude: degreesText(longitude) });
  }

  readonly #locate = (): void => {
    this.problem = '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#incident([coords.longitude, coords.latitude]),
      () => (this.problem = 'This device did not give its location. Type the coordinates instead.'),
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };

  static override styles = [
    shared,
    form,
    css`
      :host {
        display: grid;
        gap: 0.8rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
        gap: 0.8rem 1rem;
        align-items: start;
      }

      .locate {
        justify-self: start;
      }

      .tools {
        gap: 0.35rem;
      }

      .view {
        display: flex;
        gap: 0.35rem;
        margin-inline-start: auto;
      }

      .tool {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 2.2rem;
        padding: 0.2rem 0.7rem;
        font: inherit;
        font-size: 0.9rem;
        color: inherit;
        cursor: pointer;
        border: 1px solid var(--pl-edge);
        border-radius: var(--wa-border-radius-m);
        background: var(--pl-sheet);
      }

      .tool[aria-pressed='true'] {
        background: var(--pl-amber-quiet);
        border-color: var(--pl-amber-edge);
        color: var(--pl-amber-text);
        font-weight: 600;
      }

      .size strong {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-area-editor': AreaEditor;
  }
}
