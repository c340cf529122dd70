/** The layers of the map that is drawn on: those of the sketch map, and grips, the policy's reach and the keyboard's cross. */
import { svg, type TemplateResult } from 'lit';
import type { Metres, Position } from '../../contracts/units.ts';
import { closedRings, type Rings } from '../corner-text.ts';
import { circleThrough, edgeMiddle, rimOf, type DrawnCircle } from './area-drawing.ts';
import { areaShape, furniture, grid, incidentMark } from './sketch-layers.ts';
import type { Point, Sketch } from './sketch-projection.ts';

export interface Drawn {
  readonly incident: Position | null;
  readonly reachM: Metres | null;
  readonly circle: DrawnCircle | null;
  readonly rings: Rings;
  readonly cross: Point | null;
  /** The centre of a circle whose rim is not set yet. */
  readonly centre: Position | null;
}

const NOTHING = svg``;

const round = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

const gripAt = (kind: 'grip' | 'middle', { x, y }: Point): TemplateResult =>
  svg`<circle class=${kind} cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${kind === 'grip' ? 6 : 3.5} />`;

/** How far the policy lets the area reach. */
const limit = (sketch: Sketch, { incident, reachM }: Drawn): TemplateResult => {
  if (!incident || reachM === null) return NOTHING;
  const { x, y } = sketch.toPoint(incident);
  const radius = reachM / sketch.metresPerPixel;
  const labelY = y - radius - 6;
  return svg`<circle class="limit" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${radius.toFixed(1)} />
    ${labelY > 12 ? svg`<text class="far" x=${x.toFixed(1)} y=${labelY.toFixed(1)} text-anchor="middle">half a mile</text>` : NOTHING}`;
};

const circleLayers = (sketch: Sketch, circle: DrawnCircle | null): TemplateResult => {
  if (!circle) return NOTHING;
  const area = { type: 'Circle' as const, center: [...circle.center] as [number, number], radiusM: circle.radiusM };
  return svg`${areaShape(sketch, area)} ${gripAt('grip', sketch.toPoint(rimOf(circle)))} ${gripAt('middle', sketch.toPoint(circle.center))}`;
};

const ringLayers = (sketch: Sketch, rings: Rings): TemplateResult => {
  const whole = rings.filter((ring) => ring.length > 2);
  const begun = rings
    .filter((ring) => ring.length === 2)
    .map((ring) => `M${ring.map((corner) => round(sketch.toPoint(corner))).join('L')}`);
  return svg`
    ${whole.length > 0 ? areaShape(sketch, { type: 'Polygon', coordinates: closedRings(whole) }) : NOTHING}
    <path class="unfinished" d=${begun.join('')} />
    ${rings.map((ring) =>
      ring.map((_, index) => {
        const middle = edgeMiddle(ring, index, sketch);
        return middle ? gripAt('middle', middle) : NOTHING;
      }),
    )}
    ${rings.map((ring) => ring.map((corner) => gripAt('grip', sketch.toPoint(corner))))}`;
};

const crossMark = (sketch: Sketch, { cross, centre }: Drawn): TemplateResult => {
  if (!cross) return NOTHING;
  const pending = centre && circleThrough(centre, sketch.toPosition(cross));
  return svg`
    ${
      pending
        ? svg`<circle class="unfinished" cx=${sketch.toPoint(pending.center).x.toFixed(1)} cy=${sketch.toPoint(pending.center).y.toFixed(1)}
            r=${(pending.radiusM / sketch.metresPerPixel).toFixed(1)} />`
        : NOTHING
    }
    <g class="cross" transform="translate(${round(cross)})"><path d="M0 -14V-4M0 4V14M-14 0H-4M4 0H14" /></g>`;
};

/** Bottom to top. */
export const drawnLayers = (sketch: Sketch, drawn: Drawn): TemplateResult =>
  svg`${grid(sketch)} ${limit(sketch, drawn)} ${circleLayers(sketch, drawn.circle)} ${ringLayers(sketch, drawn.rings)}
    ${incidentMark(sketch, drawn.incident)} ${crossMark(sketch, drawn)} ${furniture(sketch)}`;
