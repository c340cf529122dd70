/** A map drawn by this page alone: area, cameras, scale bar, north and distances. No tiles, so no server learns where you live. */
import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { areaContains } from '../../core/area.ts';
import { geodesicDistance } from '../../core/geodesy.ts';
import type { Area } from '../../contracts/request.ts';
import type { Position } from '../../contracts/units.ts';
import { WidthController } from '../controllers/width-controller.ts';
import { PlacePicked } from '../events.ts';
import { distance } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { placeLabels, type PlacedLabel, type SketchCamera } from './sketch-labels.ts';
import { compassPoint, fitSketch, outline, scaleBarMetres, type Sketch } from './sketch-projection.ts';

@customElement('pl-sketch-map')
export class SketchMap extends LitElement {
  @property({ attribute: false }) area: Area | null = null;
  @property({ attribute: false }) incident: Position | null = null;
  @property({ attribute: false }) cameras: readonly SketchCamera[] = [];
  /** A place being chosen, drawn as a target. */
  @property({ attribute: false }) chosen: Position | null = null;
  /** With `pickable`, a click sends `pl-place-picked`. The same can always be typed as numbers beside the map. */
  @property({ type: Boolean }) pickable = false;

  readonly #size = new WidthController(this);
  #sketch: Sketch | null = null;

  /** In a fitting sketch, a camera farther away than this many times the area's own size is left to words. */
  #nearby(): readonly SketchCamera[] {
    const centre = this.incident;
    const { area } = this;
    if (!centre || !area) return this.cameras;
    const reach = outline(area).reduce((most, corner) => Math.max(most, geodesicDistance(centre, corner)), 0);
    return this.cameras.filter((camera) => geodesicDistance(centre, camera.place) < reach * 3);
  }

  override render(): TemplateResult {
    const width = this.#size.width;
    const height = Math.round(Math.min(420, Math.max(230, width * 0.66)));
    const near = this.#nearby();
    const positions = [
      ...(this.incident ? [this.incident] : []),
      ...(this.area ? outline(this.area) : []),
      ...near.map((camera) => camera.place),
      ...(this.chosen ? [this.chosen] : []),
    ];
    const sketch = fitSketch(positions, { width, height, padding: 38, leastMetres: 240 });
    this.#sketch = sketch;
    if (!sketch) return html`<p class="empty quiet">No place is known yet, so there is nothing to draw.</p>`;
    const description = this.#describe();
    const far = this.cameras.filter((camera) => !near.includes(camera));
    return html`
      <figure>
        <svg
          viewBox="0 0 ${width} ${height}"
          width=${width}
          height=${height}
          role="img"
          aria-label=${description}
          class=${this.pickable ? 'pickable' : ''}
          @click=${this.pickable ? this.#pick : nothing}
        >
          ${this.#grid(sketch)} ${this.#areaShape(sketch)} ${this.#distanceLines(sketch, near)} ${this.#incidentMark(sketch)}
          ${this.#labelled(sketch, near).map((label) => this.#cameraMark(label))} ${this.#chosenMark(sketch)} ${this.#furniture(sketch)}
        </svg>
        ${
          far.length > 0
            ? html`<figcaption class="small quiet figures">Too far away to draw: ${far.map((camera) => this.#whereabouts(camera)).join('; ')}.</figcaption>`
            : nothing
        }
      </figure>
    `;
  }

  #describe(): string {
    const parts: string[] = ['Sketch map.'];
    if (this.area?.type === 'Circle') parts.push(`The area is a circle of ${distance(this.area.radiusM)} radius.`);
    else if (this.area) parts.push('The area is a polygon.');
    for (const camera of this.cameras) {
      const inside = this.area
        ? areaContains(this.area, camera.place)
          ? ', inside the area'
          : ', outside the area'
        : '';
      parts.push(`${this.#whereabouts(camera)}${inside}.`);
    }
    return parts.join(' ');
  }

  #whereabouts({ name, place }: SketchCamera): string {
    const { incident } = this;
    return incident
      ? `${name}, ${distance(geodesicDistance(incident, place))} ${compassPoint(incident, place)} of the incident`
      : name;
  }

  readonly #pick = (event: MouseEvent): void => {
    const target = event.currentTarget;
    if (!(target instanceof SVGElement) || !this.#sketch) return;
    const box = target.getBoundingClientRect();
    const point = {
      x: ((event.clientX - box.left) / box.width) * this.#sketch.width,
      y: ((event.clientY - box.top) / box.height) * this.#sketch.height,
    };
    this.dispatchEvent(new PlacePicked(this.#sketch.toPosition(point)));
  };

  #grid(sketch: Sketch): TemplateResult {
    const step = scaleBarMetres(sketch.metresPerPixel, 90) / sketch.metresPerPixel;
    const across = Math.ceil(sketch.width / step / 2);
    const up = Math.ceil(sketch.height / step / 2);
    const lines: string[] = [];
    for (let i = -across; i <= across; i++)
      lines.push(`M${(sketch.width / 2 + i * step).toFixed(1)} 0V${sketch.height}`);
    for (let i = -up; i <= up; i++) lines.push(`M0 ${(sketch.height / 2 + i * step).toFixed(1)}H${sketch.width}`);
    return svg`<path class="grid" d=${lines.join('')} />`;
  }

  #areaShape(sketch: Sketch): TemplateResult {
    const { area } = this;
    if (!area) return svg``;
    if (area.type === 'Circle') {
      const { x, y } = sketch.toPoint(area.center);
      return svg`<circle class="area" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${(area.radiusM / sketch.metresPerPixel).toFixed(1)} />`;
    }
    const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
    const path = polygons
      .flat()
      .map((ring) => `M${ring.map((position) => this.#at(sketch, position)).join('L')}Z`)
      .join('');
    return svg`<path class="area" fill-rule="evenodd" d=${path} />`;
  }

  #at(sketch: Sketch, position: Position): string {
    const { x, y } = sketch.toPoint(position);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  #distanceLines(sketch: Sketch, cameras: readonly SketchCamera[]): TemplateResult {
    const { incident } = this;
    if (!incident) return svg``;
    const lines = cameras.map((camera) => `M${this.#at(sketch, incident)}L${this.#at(sketch, camera.place)}`).join('');
    return svg`<path class="reach" d=${lines} />`;
  }

  #incidentMark(sketch: Sketch): TemplateResult {
    if (!this.incident) return svg``;
    const { x, y } = sketch.toPoint(this.incident);
    return svg`<g class="incident" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
      <path d="M-6 -6L6 6M-6 6L6 -6" /></g>`;
  }

  #labelled(sketch: Sketch, cameras: readonly SketchCamera[]): readonly PlacedLabel[] {
    return placeLabels(
      cameras.map((camera) => ({ camera, at: sketch.toPoint(camera.place) })),
      sketch.width,
      sketch.height,
    );
  }

  #cameraMark({ camera, at, labelY, toRight }: PlacedLabel): TemplateResult {
    const inside = this.area ? areaContains(this.area, camera.place) : true;
    const far = this.incident ? distance(geodesicDistance(this.incident, camera.place)) : '';
    const name = camera.name.length > 22 ? `${camera.name.slice(0, 21)}…` : camera.name;
    const side = toRight ? 1 : -1;
    const labelX = at.x + side * 22;
    return svg`<g class=${inside ? 'camera inside' : 'camera'}>
      <path class="leader" d="M${at.x.toFixed(1)} ${at.y.toFixed(1)}L${(labelX - side * 4).toFixed(1)} ${(labelY - 4).toFixed(1)}" />
      <circle class="glow" cx=${at.x.toFixed(1)} cy=${at.y.toFixed(1)} r="11" />
      <circle class="dot" cx=${at.x.toFixed(1)} cy=${at.y.toFixed(1)} r="5.5" />
      <text x=${labelX.toFixed(1)} y=${labelY.toFixed(1)} text-anchor=${toRight ? 'start' : 'end'}
        >${name}<tspan class="far" dx="6">${far}</tspan></text>
    </g>`;
  }

  #chosenMark(sketch: Sketch): TemplateResult {
    if (!this.chosen) return svg``;
    const { x, y } = sketch.toPoint(this.chosen);
    return svg`<g class="chosen" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
      <circle r="9" /><path d="M0 -15V-5M0 5V15M-15 0H-5M5 0H15" /></g>`;
  }

  #furniture(sketch: Sketch): TemplateResult {
    const metres = scaleBarMetres(sketch.metresPerPixel, sketch.width / 3);
    const length = metres / sketch.metresPerPixel;
    return svg`<g class="furniture">
      <path d="M14 ${sketch.height - 20}v6h${length.toFixed(1)}v-6" />
      <text x=${14 + length / 2} y=${sketch.height - 20} text-anchor="middle">${distance(metres)}</text>
      <g transform="translate(${sketch.width - 20} 24)"><path d="M0 14V-8M-5 -2L0 -9L5 -2" />
        <text y="27" text-anchor="middle">N</text></g>
    </g>`;
  }

  static override styles = [
    shared,
    css`
      figure {
        border: 1px solid var(--pl-rule);
        border-radius: var(--pl-radius);
        overflow: hidden;
        background: var(--pl-sheet);
      }

      figcaption {
        padding: 0.4rem 0.8rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      svg {
        display: block;
        width: 100%;
        height: auto;
        font: 600 12px var(--pl-font);
        fill: none;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      .pickable {
        cursor: crosshair;
      }

      .grid {
        stroke: var(--pl-rule);
        stroke-width: 1;
        opacity: 0.55;
      }

      .area {
        fill: var(--pl-blue);
        fill-opacity: 0.12;
        stroke: var(--pl-blue);
        stroke-width: 1.75;
      }

      .reach {
        stroke: var(--pl-quiet);
        stroke-width: 1;
        stroke-dasharray: 2 4;
      }

      .leader {
        stroke: var(--pl-quiet);
        stroke-width: 1;
      }

      .incident path {
        stroke: var(--pl-ink);
        stroke-width: 2.5;
      }

      .camera .dot {
        fill: var(--pl-quiet);
        stroke: var(--pl-sheet);
        stroke-width: 2;
      }

      .camera.inside .dot {
        fill: var(--pl-amber);
        stroke: var(--pl-on-amber);
        stroke-width: 1.25;
      }

      .camera.inside .glow {
        fill: var(--pl-amber);
        fill-opacity: 0.35;
      }

      text {
        fill: var(--pl-ink);
        stroke: var(--pl-sheet);
        stroke-width: 3.5;
        paint-order: stroke;
      }

      .far,
      .furniture text {
        font-weight: 400;
        font-size: 11.5px;
        fill: var(--pl-quiet);
      }

      .chosen circle,
      .chosen path {
        stroke: var(--pl-amber-text);
        stroke-width: 2;
      }

      .furniture path {
        stroke: var(--pl-quiet);
        stroke-width: 1.5;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-sketch-map': SketchMap;
  }
}
