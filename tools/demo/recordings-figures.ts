/** What moves in the demo scenes: a walking person, a passing car, a swaying tree. Sizes in pixels, times in seconds. */
import {
  addGlow,
  colour,
  fillEllipse,
  fillLimb,
  fillRect,
  mix,
  type Colour,
  type Picture,
} from './recordings-picture.ts';

export interface PersonLook {
  readonly coat: Colour;
  readonly legs: Colour;
  readonly skin: Colour;
}

const STEPS_PER_SECOND = 1.8;

/** A person whose feet stand at (x, ground), `height` tall, in mid-stride at time `t`; `still` stops the legs. */
export const drawPerson = (
  picture: Picture,
  x: number,
  ground: number,
  height: number,
  t: number,
  look: PersonLook,
  still = false,
): void => {
  const swing = still ? 0 : Math.sin(t * Math.PI * STEPS_PER_SECOND) * height * 0.16;
  const bob = still ? 0 : Math.abs(swing) * 0.15;
  const hip = ground - height * 0.46 + bob;
  const shoulder = ground - height * 0.82 + bob;
  const limb = height * 0.1;
  fillLimb(picture, [x, hip], [x - swing, ground], limb, look.legs);
  fillLimb(picture, [x, hip], [x + swing, ground], limb, mix(look.legs, colour('#000000'), 0.3));
  fillLimb(
    picture,
    [x, shoulder],
    [x + swing * 0.9, hip + height * 0.04],
    limb * 0.8,
    mix(look.coat, colour('#000000'), 0.25),
  );
  fillEllipse(picture, x, (shoulder + hip) / 2, height * 0.12, height * 0.2, look.coat);
  fillEllipse(picture, x, ground - height * 0.91 + bob, height * 0.07, height * 0.085, look.skin);
};

/** A two-wheeled hand cart whose handle reaches the person pushing it. */
export const drawCart = (picture: Picture, x: number, ground: number, size: number, body: Colour): void => {
  fillRect(picture, x - size * 0.5, ground - size * 0.75, size, size * 0.5, body);
  fillEllipse(picture, x - size * 0.25, ground - size * 0.15, size * 0.15, size * 0.15, colour('#202020'));
  fillEllipse(picture, x + size * 0.25, ground - size * 0.15, size * 0.15, size * 0.15, colour('#202020'));
};

export const drawParcel = (picture: Picture, x: number, ground: number, size: number): void => {
  fillRect(picture, x, ground - size * 0.7, size, size * 0.7, colour('#b08a58'));
  fillRect(picture, x + size * 0.42, ground - size * 0.7, size * 0.16, size * 0.7, colour('#d8c49a'));
};

/** A car seen from the side, its wheels on `ground`; `direction` 1 drives to the right. `lamps` 0…1 is how bright they shine. */
export const drawCar = (
  picture: Picture,
  x: number,
  ground: number,
  length: number,
  direction: 1 | -1,
  body: Colour,
  lamps: number,
): void => {
  const wheel = length * 0.085;
  const sill = ground - wheel;
  fillEllipse(picture, x, sill - length * 0.17, length * 0.28, length * 0.15, mix(body, colour('#000000'), 0.15));
  fillEllipse(picture, x, sill - length * 0.18, length * 0.22, length * 0.11, colour('#2a3640'));
  fillRect(picture, x - length / 2, sill - length * 0.17, length, length * 0.17, body);
  for (const side of [-0.3, 0.3]) {
    fillEllipse(picture, x + side * length, sill, wheel, wheel, colour('#141414'));
    fillEllipse(picture, x + side * length, sill, wheel * 0.5, wheel * 0.5, colour('#7c8084'));
  }
  if (lamps <= 0) return;
  const nose = x + (direction * length) / 2;
  addGlow(picture, nose + direction * length * 0.55, ground - wheel, length * 0.6, length * 0.2, 110 * lamps);
  fillEllipse(picture, nose, sill - length * 0.1, length * 0.03, length * 0.03, colour('#fff6d8'));
  fillEllipse(
    picture,
    x - (direction * length) / 2,
    sill - length * 0.1,
    length * 0.02,
    length * 0.03,
    colour('#d02018'),
  );
};

/** A tree that sways a little all the time. */
export const drawTree = (
  picture: Picture,
  x: number,
  ground: number,
  height: number,
  t: number,
  leaves: Colour,
): void => {
  fillLimb(picture, [x, ground - height * 0.55], [x, ground], height * 0.07, mix(colour('#4a3626'), leaves, 0.2));
  for (const [index, [dx, dy, size]] of [
    [-0.16, 0.62, 0.2],
    [0.15, 0.6, 0.19],
    [0, 0.8, 0.22],
    [0.02, 0.62, 0.21],
  ].entries()) {
    const sway = Math.sin(t * 1.3 + index) * height * 0.015;
    const shade = mix(leaves, colour('#000000'), index * 0.07);
    fillEllipse(
      picture,
      x + (dx ?? 0) * height + sway,
      ground - (dy ?? 0) * height,
      (size ?? 0) * height,
      (size ?? 0) * height * 0.8,
      shade,
    );
  }
};
