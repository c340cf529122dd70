/** Where the cameras' names go on the sketch map, so that those of neighbouring cameras do not lie over each other. */
import type { Position } from '../../contracts/units.ts';
import type { Point } from './sketch-projection.ts';

export interface SketchCamera {
  readonly id: string;
  readonly name: string;
  readonly place: Position;
}

export interface PlacedLabel {
  readonly camera: SketchCamera;
  readonly at: Point;
  /** Baseline of the name, pixels. */
  readonly labelY: number;
  readonly toRight: boolean;
}

const LINE = 17;

/** Names stand on the side with more room, each at its camera's height or pushed down to the next free line, then up again from the bottom edge. */
export const placeLabels = (
  marks: readonly { readonly camera: SketchCamera; readonly at: Point }[],
  width: number,
  height: number,
): readonly PlacedLabel[] =>
  [true, false].flatMap((toRight) => {
    const side = marks.filter(({ at }) => at.x < width * 0.58 === toRight).toSorted((a, b) => a.at.y - b.at.y);
    const lines: number[] = [];
    for (const { at } of side) lines.push(Math.max(at.y + 4, (lines.at(-1) ?? 0) + LINE));
    let lowest = height - 30;
    for (let i = lines.length - 1; i >= 0; i--) {
      lines[i] = Math.min(lines[i] ?? 0, lowest);
      lowest = (lines[i] ?? 0) - LINE;
    }
    return side.map(({ camera, at }, index) => ({ camera, at, labelY: lines[index] ?? at.y, toRight }));
  });
