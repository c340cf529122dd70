/** What a stroke of the pointer on the area map does, from the press to the release: decided here, drawn elsewhere. */
import type { Position } from '../../contracts/units.ts';
import type { Rings } from '../corner-text.ts';
import {
  circleGrip,
  circleThrough,
  insertedCorner,
  movedCorner,
  ringsGrip,
  withCorner,
  type DrawnCircle,
  type Grip,
} from './area-drawing.ts';
import type { Point, Sketch } from './sketch-projection.ts';

export type DrawTool = 'incident' | 'area' | 'move';

export type AreaChange =
  | { readonly kind: 'incident'; readonly position: Position }
  | { readonly kind: 'circle'; readonly circle: DrawnCircle }
  | { readonly kind: 'rings'; readonly rings: Rings };

/** What is on the map when a stroke goes on. */
export interface Drawing {
  readonly tool: DrawTool;
  readonly shape: 'circle' | 'polygon';
  readonly circle: DrawnCircle | null;
  readonly rings: Rings;
}

/** What a stroke moves: the incident, the ground, a grip, or the rim of a new circle around the place of the press. */
export type Stroke = 'incident' | 'view' | Grip | { readonly on: 'new-circle'; readonly center: Position };

const rings = (changed: Rings): AreaChange => ({ kind: 'rings', rings: changed });
const circle = (changed: DrawnCircle): AreaChange => ({ kind: 'circle', circle: changed });

/** The press: what the stroke will move, and what it changes at once. */
export const beginStroke = (
  drawing: Drawing,
  sketch: Sketch,
  at: Point,
): { readonly stroke: Stroke; readonly change: AreaChange | null } => {
  const position = sketch.toPosition(at);
  if (drawing.tool === 'move') return { stroke: 'view', change: null };
  if (drawing.tool === 'incident') return { stroke: 'incident', change: { kind: 'incident', position } };
  if (drawing.shape === 'circle') {
    const grip = drawing.circle && circleGrip(drawing.circle, sketch, at);
    return { stroke: grip ?? { on: 'new-circle', center: position }, change: null };
  }
  const grip = ringsGrip(drawing.rings, sketch, at);
  if (grip?.on === 'edge') {
    const inserted = insertedCorner(drawing.rings, grip.ring, grip.index, position);
    return { stroke: { ...grip, on: 'corner' }, change: rings(inserted) };
  }
  if (grip) return { stroke: grip, change: null };
  const longer = withCorner(drawing.rings, position);
  const index = (longer.at(-1)?.length ?? 1) - 1;
  return { stroke: { on: 'corner', ring: longer.length - 1, index }, change: rings(longer) };
};

/** The stroke goes on to `position`. The ground is the map's own business: null. */
export const pullStroke = (drawing: Drawing, stroke: Stroke, position: Position): AreaChange | null => {
  if (stroke === 'view') return null;
  if (stroke === 'incident') return { kind: 'incident', position };
  switch (stroke.on) {
    case 'new-circle':
      return circle(circleThrough(stroke.center, position));
    case 'rim':
      return drawing.circle && circle(circleThrough(drawing.circle.center, position));
    case 'centre':
      return drawing.circle && circle({ ...drawing.circle, center: position });
    case 'corner':
    case 'edge':
      return rings(movedCorner(drawing.rings, stroke.ring, stroke.index, position));
  }
};

/** A press without a stroke moves the circle there and leaves its size. */
export const pressOnly = (drawing: Drawing, stroke: Stroke): AreaChange | null =>
  typeof stroke === 'object' && stroke.on === 'new-circle' && drawing.circle
    ? circle({ ...drawing.circle, center: stroke.center })
    : null;
