/** Black boxes on a decoded frame, in its own coded samples: nothing is converted, so everything outside a box stays as it was. */
import type { RedactionBox } from '../../src/contracts/trim-api.ts';

/** Where one plane's samples lie in a buffer, and how much coarser they are than luma. */
interface Plane {
  readonly offset: number;
  readonly stride: number;
  /** Luma samples for each sample of this plane, in both directions. */
  readonly coarseness: 1 | 2;
  /** Values that stand side by side for one sample: 2 in NV12's chroma plane. */
  readonly values: 1 | 2;
  readonly black: number;
}

const PLANES: Readonly<Record<string, readonly Pick<Plane, 'coarseness' | 'values'>[]>> = {
  I420: [
    { coarseness: 1, values: 1 },
    { coarseness: 2, values: 1 },
    { coarseness: 2, values: 1 },
  ],
  NV12: [
    { coarseness: 1, values: 1 },
    { coarseness: 2, values: 2 },
  ],
};

/**
 * A copy of the frame with the boxes filled, `frame` itself closed. Null, with the frame left open, for a pixel format other
 * than 8 bit 4:2:0. A chroma sample that a box touches is filled whole, so that no colour remains under its edge.
 */
export const withBlackBoxes = async (frame: VideoFrame, boxes: readonly RedactionBox[]): Promise<VideoFrame | null> => {
  const shapes = PLANES[frame.format ?? ''];
  const visible = frame.visibleRect;
  if (!shapes || !frame.format || !visible) return null;
  const bytes = new Uint8Array(frame.allocationSize());
  const layout = await frame.copyTo(bytes);
  const luma = frame.colorSpace.fullRange === true ? 0 : 16;
  shapes.forEach((shape, index) => {
    const { offset = 0, stride = 0 } = layout[index] ?? {};
    const plane = { ...shape, offset, stride, black: index === 0 ? luma : 128 };
    for (const box of boxes) fill(bytes, plane, box, visible);
  });
  const blackened = new VideoFrame(bytes, {
    format: frame.format,
    codedWidth: visible.width,
    codedHeight: visible.height,
    timestamp: frame.timestamp,
    layout,
    colorSpace: frame.colorSpace,
  });
  frame.close();
  return blackened;
};

const fill = (bytes: Uint8Array, plane: Plane, box: RedactionBox, { width, height }: DOMRectReadOnly): void => {
  const { offset, stride, coarseness, values, black } = plane;
  const left = Math.floor(Math.max(0, box.x) / coarseness) * values;
  const right = Math.ceil(Math.min(width, box.x + box.width) / coarseness) * values;
  const top = Math.floor(Math.max(0, box.y) / coarseness);
  const bottom = Math.ceil(Math.min(height, box.y + box.height) / coarseness);
  for (let row = top; row < bottom; row++) {
    const at = offset + row * stride;
    bytes.fill(black, at + left, at + Math.max(left, right));
  }
};
