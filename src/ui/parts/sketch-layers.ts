/** The sketch map's layers, bottom to top: grid, area, lines of distance, incident, cameras, the place being chosen, scale bar and north. */
import { svg, type TemplateResult } from 'lit';
import { areaContains } from '../../core/area.ts';
import { geodesicDistance } from '../../core/geodesy.ts';
import type { Area } from '../../contracts/request.ts';
import type { Position } from '../../contracts/units.ts';
import { distance } from '../format.ts';
import { placeLabels, type PlacedLabel, type SketchCamera } from './sketch-labels.ts';
import { scaleBarMetres, type Sketch } from './sketch-projection.ts';

/** What is inside the area, and how far from the incident, a camera's mark says. */
export interface SketchSubject {
  readonly area: Area | null;
  readonly incident: Position | null;
}

const NOTHING = svg``;

const at = (sketch: Sketch, position: Position): string => {
  const { x, y } = sketch.toPoint(position);
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
};

export const grid = (sketch: Sketch): TemplateResult => {
  const step = scaleBarMetres(sketch.metresPerPixel, 90) / sketch.metresPerPixel;
  const across = Math.ceil(sketch.width / step / 2);
  const up = Math.ceil(sketch.height / step / 2);
  const lines: string[] = [];
  for (let i = -across; i <= across; i++) lines.push(`M${(sketch.width / 2 + i * step).toFixed(1)} 0V${sketch.height}`);
  for (let i = -up; i <= up; i++) lines.push(`M0 ${(sketch.height / 2 + i * step).toFixed(1)}H${sketch.width}`);
  return svg`<path class="grid" d=${lines.join('')} />`;
};

export const areaShape = (sketch: Sketch, area: Area | null): TemplateResult => {
  if (!area) return NOTHING;
  if (area.type === 'Circle') {
    const { x, y } = sketch.toPoint(area.center);
    return svg`<circle class="area" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${(area.radiusM / sketch.metresPerPixel).toFixed(1)} />`;
  }
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  const path = polygons
    .flat()
    .map((ring) => `M${ring.map((position) => at(sketch, position)).join('L')}Z`)
    .join('');
  return svg`<path class="area" fill-rule="evenodd" d=${path} />`;
};

export const distanceLines = (
  sketch: Sketch,
  incident: Position | null,
  cameras: readonly SketchCamera[],
): TemplateResult => {
  if (!incident) return NOTHING;
  const lines = cameras.map((camera) => `M${at(sketch, incident)}L${at(sketch, camera.place)}`).join('');
  return svg`<path class="reach" d=${lines} />`;
};

export const incidentMark = (sketch: Sketch, incident: Position | null): TemplateResult =>
  incident
    ? svg`<g class="incident" transform="translate(${at(sketch, incident)})">
        <path d="M-6 -6L6 6M-6 6L6 -6" /></g>`
    : NOTHING;

/** Every camera with its name and distance, names moved apart. */
export const cameraMarks = (
  sketch: Sketch,
  cameras: readonly SketchCamera[],
  subject: SketchSubject,
): readonly TemplateResult[] => {
  const marks = cameras.map((camera) => ({ camera, at: sketch.toPoint(camera.place) }));
  return placeLabels(marks, sketch.width, sketch.height).map((label) => cameraMark(label, subject));
};

const cameraMark = (
  { camera, at: { x, y }, labelY, toRight }: PlacedLabel,
  { area, incident }: SketchSubject,
): TemplateResult => {
  const inside = area ? areaContains(area, camera.place) : true;
  const far = incident ? distance(geodesicDistance(incident, camera.place)) : '';
  const name = camera.name.length > 22 ? `${camera.name.slice(0, 21)}…` : camera.name;
  const side = toRight ? 1 : -1;
  const labelX = x + side * 22;
  return svg`<g class=${inside ? 'camera inside' : 'camera'}>
    <path class="leader" d="M${x.toFixed(1)} ${y.toFixed(1)}L${(labelX - side * 4).toFixed(1)} ${(labelY - 4).toFixed(1)}" />
    <circle class="glow" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="11" />
    <circle class="dot" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="5.5" />
    <text x=${labelX.toFixed(1)} y=${labelY.toFixed(1)} text-anchor=${toRight ? 'start' : 'end'}
      >${name}<tspan class="far" dx="6">${far}</tspan></text>
  </g>`;
};

export const chosenMark = (sketch: Sketch, chosen: Position | null): TemplateResult =>
  chosen
    ? svg`<g class="chosen" transform="translate(${at(sketch, chosen)})">
        <circle r="9" /><path d="M0 -15V-5M0 5V15M-15 0H-5M5 0H15" /></g>`
    : NOTHING;

export const furniture = (sketch: Sketch): TemplateResult => {
  const metres = scaleBarMetres(sketch.metresPerPixel, sketch.width / 3);
  const length = metres / sketch.metresPerPixel;
  return svg`<g class="furniture">
    <path d="M14 ${sketch.height - 20}v6h${length.toFixed(1)}v-6" />
    <text x=${14 + length / 2} y=${sketch.height - 20} text-anchor="middle">${distance(metres)}</text>
    <g transform="translate(${sketch.width - 20} 24)"><path d="M0 14V-8M-5 -2L0 -9L5 -2" />
      <text y="27" text-anchor="middle">N</text></g>
  </g>`;
};
