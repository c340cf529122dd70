/** A box drawn by the viewer covers the same place in coded pixels, whatever the display matrix. */
import { describe, expect, it } from 'vitest';
import { toCodedPixels, type Geometry } from '../../../../workers/trim/redaction.ts';

const ONE = 0x10000;
const geometry = (a: number, b: number, c: number, d: number, aspect = 1): Geometry => ({
  codedWidth: 640,
  codedHeight: 360,
  pixelAspect: { num: aspect, den: 1 },
  matrix: [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 0x40000000],
});
const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height, from: 0, to: 1 });

describe('toCodedPixels', () => {
  it.each([
    ['no rotation', geometry(1, 0, 0, 1), box(10, 20, 30, 40), { x: 10, y: 20, width: 30, height: 40 }],
    // Shown 360 wide, 640 high: the top left corner shown is the bottom left corner coded.
    ['90° clockwise', geometry(0, 1, -1, 0), box(0, 0, 30, 40), { x: 0, y: 330, width: 40, height: 30 }],
    ['180°', geometry(-1, 0, 0, -1), box(0, 0, 30, 40), { x: 610, y: 320, width: 30, height: 40 }],
    ['270° clockwise', geometry(0, -1, 1, 0), box(0, 0, 30, 40), { x: 600, y: 0, width: 40, height: 30 }],
    ['mirrored', geometry(-1, 0, 0, 1), box(0, 0, 30, 40), { x: 610, y: 0, width: 30, height: 40 }],
    ['wide pixels', geometry(1, 0, 0, 1, 2), box(20, 0, 40, 40), { x: 10, y: 0, width: 20, height: 40 }],
  ])('%s', (_, shown, drawn, coded) => {
    expect(toCodedPixels(drawn, shown)).toMatchObject(coded);
  });

  it('is clamped to the picture, and null outside it', () => {
    expect(toCodedPixels(box(600, 300, 500, 500), geometry(1, 0, 0, 1))).toMatchObject({
      x: 600,
      y: 300,
      width: 40,
      height: 60,
    });
    expect(toCodedPixels(box(700, 0, 50, 50), geometry(1, 0, 0, 1))).toBeNull();
  });
});
