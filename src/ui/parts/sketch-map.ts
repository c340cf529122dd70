/** A map drawn by this page alone: area, cameras, scale bar, north and distances. No tiles, so no server learns where you live. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { areaContains } from '../../core/area.ts';
import { geodesicDistance } from '../../core/geodesy.ts';
import type { Area } from '../../contracts/request.ts';
import type { Position } from '../../contracts/units.ts';
import { WidthController } from '../controllers/width-controller.ts';
import { PlacePicked } from '../events.ts';
import { distance } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { sketchStyles } from '../styles/sketch.ts';
import type { SketchCamera } from './sketch-labels.ts';
import { areaShape, cameraMarks, chosenMark, distanceLines, furniture, grid, incidentMark } from './sketch-layers.ts';
import { compassPoint, fitSketch, outline, type Sketch } from './sketch-projection.ts';

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
          ${grid(sketch)} ${areaShape(sketch, this.area)} ${distanceLines(sketch, this.incident, near)} ${incidentMark(sketch, this.incident)}
          ${cameraMarks(sketch, near, this)} ${chosenMark(sketch, this.chosen)} ${furniture(sketch)}
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

  static override styles = [shared, sketchStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-sketch-map': SketchMap;
  }
}
