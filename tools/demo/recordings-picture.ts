/** A picture in yuv420p (full-size luma, then two quarter-size chroma planes) and the few strokes that the demo scenes are painted with. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Luma, then Cb, then Cr, as ffmpeg's `-pix_fmt yuv420p -f rawvideo` reads them. */
  readonly bytes: Uint8Array;
}

/** Y, Cb, Cr in video range (BT.601: 16…235, 16…240). */
export type Colour = readonly [y: number, cb: number, cr: number];

/** `#rrggbb` in BT.601 video range (ITU-R BT.601-7 §2.5). */
export const colour = (hex: string): Colour => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const luma = 0.299 * r + 0.587 * g + 0.114 * b;
  return [
    Math.round(16 + 219 * luma),
    Math.round(128 + (224 * (b - luma)) / 1.772),
    Math.round(128 + (224 * (r - luma)) / 1.402),
  ];
};

/** The colour between two, `share` 0…1 of the way. */
export const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** A black picture; width and height in pixels, both even. */
export const newPicture = (width: number, height: number): Picture => {
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
  bytes.fill(16, 0, width * height);
  return { width, height, bytes };
};

/** Fills the pixels `from ≤ x < to` of one row; outside the picture nothing happens. */
const fillRow = (
  { width, height, bytes }: Picture,
  row: number,
  from: number,
  to: number,
  [y, cb, cr]: Colour,
): void => {
  const left = Math.max(0, Math.round(from));
  const right = Math.min(width, Math.round(to));
  if (row < 0 || row >= height || left >= right) return;
  bytes.fill(y, row * width + left, row * width + right);
  if (row % 2 === 1) return;
  const luma = width * height;
  const at = luma + (row / 2) * (width / 2);
  bytes.fill(cb, at + (left >> 1), at + ((right + 1) >> 1));
  bytes.fill(cr, at + luma / 4 + (left >> 1), at + luma / 4 + ((right + 1) >> 1));
};

export const fillRect = (picture: Picture, x: number, y: number, width: number, height: number, fill: Colour): void => {
  const bottom = Math.round(y + height);
  for (let row = Math.round(y); row < bottom; row++) fillRow(picture, row, x, x + width, fill);
};

export const fillEllipse = (picture: Picture, cx: number, cy: number, rx: number, ry: number, fill: Colour): void => {
  for (let row = Math.ceil(cy - ry); row <= cy + ry; row++) {
    const half = rx * Math.sqrt(Math.max(0, 1 - ((row - cy) / ry) ** 2));
    fillRow(picture, row, cx - half, cx + half, fill);
  }
};

/** A slanted bar from one point to another, `thickness` pixels wide horizontally: legs, arms, poles. */
export const fillLimb = (
  picture: Picture,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  thickness: number,
  fill: Colour,
): void => {
  for (let row = Math.round(fromY); row <= toY; row++) {
    const middle = fromX + ((toX - fromX) * (row - fromY)) / Math.max(1, toY - fromY);
    fillRow(picture, row, middle - thickness / 2, middle + thickness / 2, fill);
  }
};

/** Rows `from ≤ row < to` run from one colour to another. */
export const fillGradient = (picture: Picture, from: number, to: number, top: Colour, bottom: Colour): void => {
  for (let row = from; row < to; row++) {
    fillRow(picture, row, 0, picture.width, mix(top, bottom, (row - from) / (to - from)));
  }
};

/** Light: raises luma around a point by up to `gain`, falling off to nothing at the ellipse's edge. */
export const addGlow = (picture: Picture, cx: number, cy: number, rx: number, ry: number, gain: number): void => {
  const { width, height, bytes } = picture;
  for (let row = Math.max(0, Math.ceil(cy - ry)); row <= Math.min(height - 1, cy + ry); row++) {
    const dy = ((row - cy) / ry) ** 2;
    const half = rx * Math.sqrt(Math.max(0, 1 - dy));
    for (let x = Math.max(0, Math.ceil(cx - half)); x <= Math.min(width - 1, cx + half); x++) {
      const at = row * width + x;
      const share = 1 - dy - ((x - cx) / rx) ** 2;
      bytes[at] = Math.min(235, (bytes[at] ?? 0) + gain * share);
    }
  }
};
