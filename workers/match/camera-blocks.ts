/** The camera nearest to a place: cameras in blocks of neighbours, most of which a look at their boxes rules out. */
import type { CameraColumns } from '../../wasm/world.ts';

const BLOCK = 16;

type Axis = 0 | 1 | 2;

/** The two axes along which the cameras lie farthest apart. */
const widestAxes = ({ count, xyz }: CameraColumns): readonly [Axis, Axis] => {
  const width = (axis: Axis): number => {
    let [least, most] = [Infinity, -Infinity];
    for (let i = axis; i < 3 * count; i += 3) {
      least = Math.min(least, xyz[i] ?? 0);
      most = Math.max(most, xyz[i] ?? 0);
    }
    return most - least;
  };
  const [first = 0, second = 1] = ([0, 1, 2] as const).toSorted((a, b) => width(b) - width(a));
  return [first, second];
};

/** In strips, and within each in blocks (sort-tile-recursive: Leutenegger, Lopez, Edgington 1997). */
const tiled = (cameras: CameraColumns): Uint32Array => {
  const { count, xyz } = cameras;
  const [first, second] = widestAxes(cameras);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => (xyz[3 * a + first] ?? 0) - (xyz[3 * b + first] ?? 0));
  const strip = BLOCK * Math.ceil(Math.sqrt(count / BLOCK));
  for (let begin = 0; begin < count; begin += strip) {
    order.subarray(begin, begin + strip).sort((a, b) => (xyz[3 * a + second] ?? 0) - (xyz[3 * b + second] ?? 0));
  }
  return order;
};

type Nearest = (x: number, y: number, z: number) => number;

/** A home's cameras are looked at one by one before blocks are made of them. */
const FEW = 4 * BLOCK;

interface Best {
  squared: number;
  index: number;
}

/** Looks at the points `from`…`to` − 1, of three numbers each, and notes the nearest so far. */
const look = (points: Float64Array, from: number, to: number, x: number, y: number, z: number, best: Best): void => {
  for (let i = from; i < to; i += 1) {
    const dx = (points[3 * i] ?? 0) - x;
    const dy = (points[3 * i + 1] ?? 0) - y;
    const dz = (points[3 * i + 2] ?? 0) - z;
    const squared = dx * dx + dy * dy + dz * dz;
    if (squared >= best.squared) continue;
    best.squared = squared;
    best.index = i;
  }
};

const oneByOne =
  ({ count, xyz }: CameraColumns): Nearest =>
  (x, y, z) => {
    const best: Best = { squared: Infinity, index: 0 };
    look(xyz, 0, count, x, y, z, best);
    return best.index;
  };

/** Gives the number of the camera nearest to a place in earth-centred metres; without cameras it must not be asked. */
export const nearestCamera = (cameras: CameraColumns): Nearest =>
  cameras.count <= FEW ? oneByOne(cameras) : byBlocks(cameras);

const byBlocks = (cameras: CameraColumns): Nearest => {
  const order = tiled(cameras);
  const points = new Float64Array(3 * cameras.count);
  const blocks = Math.ceil(cameras.count / BLOCK);
  const boxes = new Float64Array(6 * blocks);
  for (let block = 0; block < blocks; block += 1) {
    boxes.fill(Infinity, 6 * block, 6 * block + 3).fill(-Infinity, 6 * block + 3, 6 * block + 6);
  }
  for (const [i, camera] of order.entries()) {
    const box = 6 * Math.floor(i / BLOCK);
    for (let axis = 0; axis < 3; axis += 1) {
      const at = cameras.xyz[3 * camera + axis] ?? 0;
      points[3 * i + axis] = at;
      boxes[box + axis] = Math.min(boxes[box + axis] ?? 0, at);
      boxes[box + axis + 3] = Math.max(boxes[box + axis + 3] ?? 0, at);
    }
  }
  const bounds = new Float64Array(blocks);

  return (x, y, z) => {
    const best: Best = { squared: Infinity, index: 0 };
    const lookAt = (block: number): void =>
      look(points, BLOCK * block, Math.min(BLOCK * (block + 1), cameras.count), x, y, z, best);
    let first = 0;
    for (let block = 0; block < blocks; block += 1) {
      const at = 6 * block;
      const dx = Math.max((boxes[at] ?? 0) - x, 0, x - (boxes[at + 3] ?? 0));
      const dy = Math.max((boxes[at + 1] ?? 0) - y, 0, y - (boxes[at + 4] ?? 0));
      const dz = Math.max((boxes[at + 2] ?? 0) - z, 0, z - (boxes[at + 5] ?? 0));
      bounds[block] = dx * dx + dy * dy + dz * dz;
      if ((bounds[block] ?? 0) < (bounds[first] ?? 0)) first = block;
    }
    lookAt(first);
    for (let block = 0; block < blocks; block += 1) {
      if (block !== first && (bounds[block] ?? 0) < best.squared) lookAt(block);
    }
    return order[best.index] ?? 0;
  };
};
