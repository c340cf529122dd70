/** The map that an agency draws on: the incident, a circle or a polygon with holes, by pointer or by keys. Only this page draws it. */
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { geodesicDistance } from '../../core/geodesy.ts';
import type { Metres, Position } from '../../contracts/units.ts';
import { WidthController } from '../controllers/width-controller.ts';
import type { Rings } from '../corner-text.ts';
import { coordinates, distance } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { areaStyles } from '../styles/area.ts';
import { sketchStyles } from '../styles/sketch.ts';
import {
  apart,
  circleThrough,
  sketchOf,
  viewOf,
  withCorner,
  withoutLastCorner,
  zoomed,
  type DrawnCircle,
  type MapView,
} from './area-drawing.ts';
import { drawnLayers } from './area-layers.ts';
import { beginStroke, pressOnly, pullStroke, type AreaChange, type DrawTool, type Stroke } from './area-strokes.ts';
import { compassPoint, outline, type Point, type Sketch } from './sketch-projection.ts';

export class AreaDrawn extends Event {
  readonly change: AreaChange;
  constructor(change: AreaChange) {
    super('pl-area-drawn', { bubbles: true, composed: true });
    this.change = change;
  }
}

/** Drawing units that a press may wander. */
const STILL = 3;
/** Drawing units that an arrow key moves the cross; with Shift. */
const STEP = 12;
const FINE_STEP = 1;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

@customElement('pl-area-sketch')
export class AreaSketch extends LitElement {
  @property({ attribute: false }) incident: Position | null = null;
  @property() shape: 'circle' | 'polygon' = 'circle';
  @property({ attribute: false }) circle: DrawnCircle | null = null;
  @property({ attribute: false }) rings: Rings = [];
  @property() tool: DrawTool = 'incident';
  /** How far from the incident the policy lets the area reach; null where it does not say. */
  @property({ attribute: false }) reachM: Metres | null = null;
  /** Where to look while there is nothing to see yet. */
  @property({ attribute: false }) start: Position | null = null;
  @state() private view: MapView | null = null;
  /** The cross that the arrow keys move; null until one is pressed. */
  @state() private cross: Point | null = null;
  /** The centre of a circle that is being drawn by keys. */
  @state() private centre: Position | null = null;
  @state() private said = '';

  readonly #size = new WidthController(this);
  #sketch: Sketch | null = null;
  #drag: { readonly pointer: number; readonly from: Point; readonly stroke: Stroke; readonly moved: boolean } | null =
    null;
  #drawn = false;

  get #height(): number {
    return Math.round(Math.min(460, Math.max(260, this.#size.width * 0.7)));
  }

  #positions(): readonly Position[] {
    const { incident, circle } = this;
    const area =
      this.shape === 'circle'
        ? circle
          ? outline({ type: 'Circle', center: [...circle.center], radiusM: circle.radiusM })
          : []
        : this.rings.flat();
    return [...(incident ? [incident] : []), ...area];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const typed = changed.has('incident') || changed.has('circle') || changed.has('rings');
    if (typed && !this.#drawn && this.#outOfSight()) this.view = null;
    this.#drawn = false;
    if (changed.has('tool') || changed.has('shape')) this.centre = null;
    const { width } = this.#size;
    this.view ??=
      viewOf(this.#worthSeeing(), width, this.#height) ?? (this.start && viewOf([this.start], width, this.#height));
    this.#sketch = this.view && sketchOf(this.view, width, this.#height);
  }

  /** With the policy's reach around the incident, so that its bound is in sight. */
  #worthSeeing(): readonly Position[] {
    const { incident, reachM } = this;
    const reach =
      incident && reachM !== null ? outline({ type: 'Circle', center: [...incident], radiusM: reachM }) : [];
    return [...this.#positions(), ...reach];
  }

  /** Whether something that was typed lies outside the map. */
  #outOfSight(): boolean {
    const sketch = this.#sketch;
    return (
      sketch === null ||
      this.#positions().some((position) => {
        const { x, y } = sketch.toPoint(position);
        return x < 0 || y < 0 || x > sketch.width || y > sketch.height;
      })
    );
  }

  /** Shows all that is drawn. */
  fit(): void {
    this.view = viewOf(this.#worthSeeing(), this.#size.width, this.#height) ?? this.view;
  }

  /** Below 1: closer. */
  zoom(factor: number): void {
    if (this.view) this.view = zoomed(this.view, factor);
  }

  override render(): TemplateResult {
    const sketch = this.#sketch;
    if (!sketch) {
      return html`<p class="empty quiet">Type the latitude and longitude of the incident first: the map is drawn around it. No map is fetched.</p>`;
    }
    const { incident, shape, circle, rings, reachM, cross, centre, tool } = this;
    const drawn = {
      incident,
      reachM,
      cross,
      centre,
      circle: shape === 'circle' ? circle : null,
      rings: shape === 'polygon' ? rings : [],
    };
    return html`<figure>
        <svg
          viewBox="0 0 ${sketch.width} ${sketch.height}"
          width=${sketch.width}
          height=${sketch.height}
          tabindex="0"
          role="application"
          aria-label="Map to draw on"
          aria-describedby="keys"
          class="with-${tool}"
          @pointerdown=${this.#onDown}
          @pointermove=${this.#onMove}
          @pointerup=${this.#onUp}
          @pointercancel=${this.#onUp}
          @keydown=${this.#onKey}
        >
          ${drawnLayers(sketch, drawn)}
        </svg>
      </figure>
      <p id="keys" class="hidden-visually">
        Arrow keys move a cross, with Shift by little steps. Enter sets the incident, the centre and then the rim of the circle, or a corner. Backspace takes back the
        last corner. Plus and minus look closer and wider. Everything can be typed as numbers below.
      </p>
      <p class="hidden-visually" role="status">${this.said}</p>`;
  }

  #point(event: PointerEvent): Point {
    const target = event.currentTarget;
    const box = target instanceof Element ? target.getBoundingClientRect() : new DOMRect(0, 0, 1, 1);
    const { width = 1, height = 1 } = this.#sketch ?? {};
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  }

  readonly #onDown = (event: PointerEvent): void => {
    const sketch = this.#sketch;
    if (!sketch || event.button !== 0 || this.#drag) return;
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    const from = this.#point(event);
    this.cross = null;
    const { stroke, change } = beginStroke(this, sketch, from);
    this.#drag = { pointer: event.pointerId, from, stroke, moved: false };
    if (change) this.#tell(change);
  };

  readonly #onMove = (event: PointerEvent): void => {
    const [sketch, drag] = [this.#sketch, this.#drag];
    if (!sketch || drag?.pointer !== event.pointerId) return;
    const at = this.#point(event);
    // A finger trembles.
    if (!drag.moved && apart(at, drag.from) < STILL) return;
    this.#drag = { ...drag, moved: true };
    if (drag.stroke === 'view') {
      const middle = { x: sketch.width / 2 - at.x + drag.from.x, y: sketch.height / 2 - at.y + drag.from.y };
      if (this.view) this.view = { ...this.view, centre: sketch.toPosition(middle) };
      this.#drag = { ...drag, moved: true, from: at };
      return;
    }
    const change = pullStroke(this, drag.stroke, sketch.toPosition(at));
    if (change) this.#tell(change);
  };

  readonly #onUp = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    this.#drag = null;
    const change = drag.moved ? null : pressOnly(this, drag.stroke);
    if (change) this.#tell(change);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const sketch = this.#sketch;
    if (!sketch || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#moveCross(sketch, arrow, event.shiftKey ? FINE_STEP : STEP);
    else if (event.key === 'Enter' || event.key === ' ') this.#place(sketch);
    else if (event.key === '+' || event.key === '=') this.zoom(1 / 1.5);
    else if (event.key === '-') this.zoom(1.5);
    else if (event.key === 'Escape' && this.centre) this.centre = null;
    else if ((event.key === 'Backspace' || event.key === 'Delete') && this.shape === 'polygon') {
      this.#tell({ kind: 'rings', rings: withoutLastCorner(this.rings) });
      this.said = 'The last corner is taken back.';
    } else return;
    event.preventDefault();
  };

  #moveCross(sketch: Sketch, [right, down]: readonly [number, number], step: number): void {
    const cross = this.cross ?? { x: sketch.width / 2, y: sketch.height / 2 };
    const next = { x: cross.x + right * step, y: cross.y + down * step };
    const inside = next.x >= 0 && next.y >= 0 && next.x <= sketch.width && next.y <= sketch.height;
    if (inside && this.tool !== 'move') this.cross = next;
    else if (this.view) {
      // At the edge, and with the moving tool, the ground moves instead.
      const middle = { x: sketch.width / 2 + right * step, y: sketch.height / 2 + down * step };
      this.view = { ...this.view, centre: sketch.toPosition(middle) };
      this.cross = this.tool === 'move' ? null : cross;
    }
    this.said = this.#whereabouts(sketch.toPosition(inside ? next : cross));
  }

  #place(sketch: Sketch): void {
    const position = sketch.toPosition(this.cross ?? { x: sketch.width / 2, y: sketch.height / 2 });
    if (this.tool === 'move') return;
    if (this.tool === 'incident') {
      this.#tell({ kind: 'incident', position });
      this.said = `Incident set, ${coordinates(position)}.`;
    } else if (this.shape === 'polygon') {
      const rings = withCorner(this.rings, position);
      this.#tell({ kind: 'rings', rings });
      this.said = `Corner ${rings.at(-1)?.length ?? 1} set, ${this.#whereabouts(position)}.`;
    } else if (this.centre === null) {
      this.centre = position;
      this.said = 'Centre set. Move the cross to the rim and press Enter.';
    } else {
      const circle = circleThrough(this.centre, position);
      this.centre = null;
      this.#tell({ kind: 'circle', circle });
      this.said = `Circle of ${distance(circle.radiusM)} radius set.`;
    }
  }

  #whereabouts(position: Position): string {
    const { incident } = this;
    return incident
      ? `${distance(geodesicDistance(incident, position))} ${compassPoint(incident, position)} of the incident`
      : coordinates(position);
  }

  #tell(change: AreaChange): void {
    this.#drawn = true;
    this.dispatchEvent(new AreaDrawn(change));
  }

  static override styles = [shared, sketchStyles, areaStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-area-sketch': AreaSketch;
  }
  interface HTMLElementEventMap {
    'pl-area-drawn': AreaDrawn;
  }
}
