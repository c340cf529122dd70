/** Redaction boxes from the viewer's pixels to coded pixels: rotation, mirroring and pixel aspect undone. */
import type { RedactionBox } from '../../src/contracts/trim-api.ts';

export interface Geometry {
  readonly codedWidth: number;
  readonly codedHeight: number;
  readonly pixelAspect: { readonly num: number; readonly den: number };
  /** The track header's nine words; only the signs of the upper left 2×2 matter. */
  readonly matrix: readonly number[];
}

/** A box that covers at least what the viewer's box covers, clamped to the picture. Null when it lies outside. */
export const toCodedPixels = (box: RedactionBox, geometry: Geometry): RedactionBox | null => {
  const [a = 1, b = 0, , c = 0, d = 1] = geometry.matrix.map(Math.sign);
  const width = (geometry.codedWidth * geometry.pixelAspect.num) / geometry.pixelAspect.den;
  const height = geometry.codedHeight;
  // A display matrix maps (x, y) to (a·x + c·y, b·x + d·y); the picture is then moved so that it begins at 0, 0.
  const originX = Math.min(0, a * width) + Math.min(0, c * height);
  const originY = Math.min(0, b * width) + Math.min(0, d * height);
  const corners = [
    [box.x, box.y],
    [box.x + box.width, box.y + box.height],
  ].map(([x = 0, y = 0]) => {
    const shownX = x + originX;
    const shownY = y + originY;
    // The matrix is orthogonal with entries −1, 0, 1: its inverse is its transpose.
    return { x: a * shownX + b * shownY, y: c * shownX + d * shownY };
  });
  const scale = geometry.codedWidth / width;
  const clampX = (x: number): number => Math.min(geometry.codedWidth, Math.max(0, x));
  const clampY = (y: number): number => Math.min(geometry.codedHeight, Math.max(0, y));
  const left = clampX(Math.floor(Math.min(...corners.map((corner) => corner.x * scale))));
  const right = clampX(Math.ceil(Math.max(...corners.map((corner) => corner.x * scale))));
  const top = clampY(Math.floor(Math.min(...corners.map((corner) => corner.y))));
  const bottom = clampY(Math.ceil(Math.max(...corners.map((corner) => corner.y))));
  return right > left && bottom > top ? { ...box, x: left, y: top, width: right - left, height: bottom - top } : null;
};
