/** The demo town's moving scenes: what stands still, what happens when, and how each moment is painted. 640×360 pixels, times in seconds. */
import type { Seconds } from '../../src/contracts/units.ts';
import { drawCar, drawCart, drawParcel, drawPerson, drawTree, type PersonLook } from './recordings-figures.ts';
import { addGlow, colour, fillEllipse, fillGradient, fillRect, type Picture } from './recordings-picture.ts';
import type { Scene } from './town.ts';

export const SCENE_WIDTH = 640;
export const SCENE_HEIGHT = 360;

/** A stretch of the recording in seconds from its start. */
export type Span = readonly [from: Seconds, to: Seconds];

export interface MovingScene {
  /** What never moves; painted once. */
  readonly background: (picture: Picture) => void;
  /** What moves, painted over the background `t` seconds after the start. */
  readonly moment: (picture: Picture, t: Seconds) => void;
  readonly walks: readonly Span[];
  readonly cars: readonly Span[];
  /** Loudness of the place itself, 0…1. */
  readonly ambience: number;
}

/** How far through a span `t` is, 0…1; null outside it. */
const through = ([from, to]: Span, t: Seconds): number | null =>
  t < from || t >= to ? null : (t - from) / (to - from);

const each = (spans: readonly Span[], t: Seconds, paint: (share: number, index: number) => void): void => {
  for (const [index, span] of spans.entries()) {
    const share = through(span, t);
    if (share !== null) paint(share, index);
  }
};

const SKIN = colour('#c89878');
const CART_PUSHER: PersonLook = { coat: colour('#7a2f2a'), legs: colour('#26303e'), skin: SKIN };
const NEIGHBOUR: PersonLook = { coat: colour('#3e6b4a'), legs: colour('#4a4238'), skin: SKIN };
const NIGHT_WALKER: PersonLook = { coat: colour('#2b2f38'), legs: colour('#1a1c22'), skin: colour('#6a5648') };

const windows = (picture: Picture, y: number, places: readonly number[], lit: string): void => {
  for (const x of places) {
    fillRect(picture, x - 2, y - 2, 34, 44, colour('#e8e4da'));
    fillRect(picture, x, y, 30, 40, colour(lit));
    fillRect(picture, x + 14, y, 2, 40, colour('#e8e4da'));
  }
};

const porchDay: MovingScene = {
  walks: [
    [4, 22],
    [27, 44],
  ],
  cars: [
    [9, 14],
    [33, 37.5],
    [50, 55],
  ],
  ambience: 0.3,
  background(picture) {
    fillGradient(picture, 0, 170, colour('#8fc0ea'), colour('#dcebf2'));
    fillRect(picture, 60, 70, 190, 100, colour('#c9b79a'));
    fillRect(picture, 50, 56, 210, 18, colour('#6a4a40'));
    windows(picture, 96, [85, 190], '#54697c');
    fillRect(picture, 140, 104, 32, 66, colour('#4a5f52'));
    fillRect(picture, 400, 86, 180, 84, colour('#b7c2c0'));
    fillRect(picture, 390, 72, 200, 18, colour('#4f5a66'));
    windows(picture, 106, [425, 520], '#3d4c5a');
    fillGradient(picture, 170, 205, colour('#7da05a'), colour('#6a9250'));
    fillGradient(picture, 205, 250, colour('#6f7276'), colour('#5f6266'));
    for (let x = 10; x < SCENE_WIDTH; x += 70) fillRect(picture, x, 226, 34, 3, colour('#d8d4b8'));
    fillGradient(picture, 250, 360, colour('#86aa62'), colour('#577d40'));
    for (let row = 250; row < 360; row++)
      fillRect(picture, 300 - (row - 250) * 0.5, row, 60 + (row - 250), 1, colour('#bdb6a8'));
    fillRect(picture, 0, 340, SCENE_WIDTH, 20, colour('#8a6a4c'));
  },
  moment(picture, t) {
    drawTree(picture, 345, 180, 150, t, colour('#4d7d3a'));
    each(porchDay.cars, t, (share, index) => {
      const direction = index === 1 ? 1 : -1;
      const x = direction === 1 ? -80 + share * 800 : 720 - share * 800;
      drawCar(picture, x, 240, 130, direction, colour(['#a03028', '#d8dade', '#2f4f7f'][index] ?? '#888888'), 0);
    });
    const [coming, going] = porchDay.walks as readonly [Span, Span];
    if (t < going[0]) drawParcel(picture, 330, 338, 42);
    const arriving = through(coming, t);
    const leaving = through(going, t);
    const x = arriving !== null ? -40 + arriving * 330 : leaving !== null ? 290 + leaving * 400 : 290;
    const ground = 268 + Math.max(0, 1 - Math.abs(x - 290) / 130) * 68;
    if (t < coming[0] || t >= going[1]) return;
    drawPerson(picture, x, ground, ground * 0.4, t, CART_PUSHER, arriving === null && leaving === null);
    drawCart(picture, x + ground * 0.2, ground, ground * 0.17, colour('#2a5fb0'));
    if (leaving !== null) drawParcel(picture, x + ground * 0.14, ground - ground * 0.12, 34);
  },
};

const drivewayDusk: MovingScene = {
  walks: [[16, 28]],
  cars: [
    [3, 12],
    [32, 37],
  ],
  ambience: 0.2,
  background(picture) {
    fillGradient(picture, 0, 140, colour('#2c3a5e'), colour('#d98a5a'));
    fillRect(picture, 0, 110, 150, 70, colour('#2c2a33'));
    fillRect(picture, 420, 40, 220, 150, colour('#3a3d46'));
    fillRect(picture, 450, 86, 150, 104, colour('#555a64'));
    for (let row = 96; row < 190; row += 18) fillRect(picture, 450, row, 150, 2, colour('#3f434c'));
    fillGradient(picture, 140, 200, colour('#3b4a38'), colour('#2f3d2e'));
    fillGradient(picture, 200, 360, colour('#4a4b50'), colour('#5a5b60'));
    fillRect(picture, 606, 60, 10, 16, colour('#ffd890'));
    addGlow(picture, 611, 68, 90, 80, 70);
  },
  moment(picture, t) {
    drawTree(picture, 210, 200, 160, t, colour('#22331f'));
    const [arrival, passing] = drivewayDusk.cars as readonly [Span, Span];
    const share = through(arrival, t);
    const parked = t >= arrival[1];
    const eased = parked ? 1 : share === null ? 0 : 1 - (1 - share) ** 2;
    if (share !== null || parked)
      drawCar(picture, -120 + eased * 440, 300, 220, 1, colour('#5f7a8c'), t < arrival[1] + 2 ? 1 : 0);
    each([passing], t, (gone) => drawCar(picture, 700 - gone * 800, 206, 80, -1, colour('#3c2f2f'), 1));
    each(drivewayDusk.walks, t, (gone) =>
      drawPerson(picture, 330 + gone * 250, 306 - gone * 100, 120 - gone * 30, t, NEIGHBOUR),
    );
    if (t > 30) addGlow(picture, 525, 130, 120, 90, 30);
  },
};

const streetNight: MovingScene = {
  walks: [[12, 34]],
  cars: [
    [4, 8],
    [38, 43],
  ],
  ambience: 0.15,
  background(picture) {
    fillGradient(picture, 0, 170, colour('#05070c'), colour('#0d121c'));
    fillRect(picture, 30, 80, 170, 110, colour('#11151c'));
    fillRect(picture, 70, 110, 30, 36, colour('#c89a48'));
    fillRect(picture, 470, 70, 150, 120, colour('#10131a'));
    fillGradient(picture, 170, 230, colour('#12170f'), colour('#151a14'));
    fillGradient(picture, 230, 300, colour('#1c1e22'), colour('#202227'));
    fillGradient(picture, 300, 360, colour('#14180f'), colour('#191e14'));
    fillRect(picture, 318, 60, 5, 180, colour('#30343a'));
    fillRect(picture, 318, 60, 44, 4, colour('#30343a'));
    fillEllipse(picture, 358, 68, 10, 5, colour('#fff2c8'));
    for (let x = 0; x < SCENE_WIDTH; x += 26) fillRect(picture, x, 296, 5, 44, colour('#262a26'));
  },
  moment(picture, t) {
    const flicker = 0.9 + 0.1 * Math.sin(t * 9) * Math.sin(t * 2.3);
    addGlow(picture, 358, 150, 150, 130, 60 * flicker);
    drawTree(picture, 560, 240, 170, t, colour('#161d14'));
    each(streetNight.cars, t, (share, index) => {
      const direction = index === 0 ? 1 : -1;
      drawCar(
        picture,
        direction === 1 ? -90 + share * 820 : 730 - share * 820,
        282,
        140,
        direction,
        colour('#2a2d33'),
        1,
      );
    });
    each(streetNight.walks, t, (share) => {
      const x = 680 - share * 720;
      drawPerson(picture, x, 330, 110, t, NIGHT_WALKER);
      addGlow(picture, x - 62, 326, 56, 18, 70);
    });
  },
};

const shopFront: MovingScene = {
  walks: [
    [2, 11],
    [9, 19],
    [17, 28],
  ],
  cars: [
    [6, 10],
    [20, 24],
  ],
  ambience: 0.5,
  background(picture) {
    fillRect(picture, 0, 0, SCENE_WIDTH, 250, colour('#a8584a'));
    for (let row = 0; row < 250; row += 10) fillRect(picture, 0, row, SCENE_WIDTH, 1, colour('#8f493d'));
    fillRect(picture, 40, 70, 230, 150, colour('#33404a'));
    fillRect(picture, 380, 70, 220, 150, colour('#33404a'));
    fillRect(picture, 285, 80, 80, 170, colour('#e9dfc8'));
    fillRect(picture, 297, 92, 56, 158, colour('#56707c'));
    for (let x = 30; x < 610; x += 40) fillRect(picture, x, 44, 20, 24, colour('#f2ead8'));
    for (let x = 50; x < 610; x += 40) fillRect(picture, x, 44, 20, 24, colour('#2f7d6a'));
    for (const [x, fill] of [
      [70, '#d88a3a'],
      [120, '#c84a4a'],
      [180, '#5a8f4a'],
      [410, '#d8b84a'],
      [480, '#4a6fa8'],
      [540, '#b85a8a'],
    ] as const) {
      fillRect(picture, x, 160, 36, 60, colour(fill));
    }
    fillGradient(picture, 250, 310, colour('#b9b4aa'), colour('#a5a096'));
    fillGradient(picture, 310, 360, colour('#5a5c60'), colour('#4c4e52'));
  },
  moment(picture, t) {
    fillEllipse(picture, 620 + Math.sin(t * 1.7) * 4, 120, 26, 40, colour('#4d7d3a'));
    each(shopFront.walks, t, (share, index) => {
      const looks = [NEIGHBOUR, CART_PUSHER, { ...NEIGHBOUR, coat: colour('#d0a030') }];
      const x = index === 1 ? 690 - share * 740 : -50 + share * 740;
      drawPerson(picture, x, 296 + index * 4, 130, t + index, looks[index] ?? NEIGHBOUR);
    });
    each(shopFront.cars, t, (share, index) => {
      const direction = index === 0 ? -1 : 1;
      drawCar(
        picture,
        direction === 1 ? -120 + share * 880 : 760 - share * 880,
        352,
        200,
        direction,
        colour(index === 0 ? '#e2e2dc' : '#30588a'),
        0,
      );
    });
  },
};

export const SCENES: Readonly<Record<Scene, MovingScene>> = {
  'porch-day': porchDay,
  'driveway-dusk': drivewayDusk,
  'street-night': streetNight,
  'shop-front': shopFront,
};
