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

/** For each place, in the order in which they were asked: the number of the nearest camera, and the squared distance to it. */
export interface NearestCameras {
  readonly camera: Uint32Array;
  readonly squared: Float64Array;
}

/** A home's cameras are looked at one by one before blocks are made of them. */
const FEW = 4 * BLOCK;

/**
 * The cameras nearest to places in earth-centred metres, of three numbers each, of which `asked` names some. Without cameras all are
 * infinitely far. One loop over all: at a cold start that is compiled long before a function called for each would be.
 */
export const nearestCameras = (cameras: CameraColumns, places: Float64Array, asked: Uint32Array): NearestCameras => {
  const found = { camera: new Uint32Array(asked.length), squared: new Float64Array(asked.length) };
  if (cameras.count <= FEW) oneByOne(cameras, places, asked, found);
  else byBlocks(cameras, places, asked, found);
  return found;
};

type Search = (cameras: CameraColumns, places: Float64Array, asked: Uint32Array, found: NearestCameras) => void;

const oneByOne: Search = ({ count, xyz }, places, asked, { camera, squared }) => {
  for (let n = 0; n < asked.length; n += 1) {
    const place = 3 * (asked[n] ?? 0);
    let least = Infinity;
    for (let i = 0; i < count; i += 1) {
      const dx = (xyz[3 * i] ?? 0) - (places[place] ?? 0);
      const dy = (xyz[3 * i + 1] ?? 0) - (places[place + 1] ?? 0);
      const dz = (xyz[3 * i + 2] ?? 0) - (places[place + 2] ?? 0);
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance >= least) continue;
      least = distance;
      camera[n] = i;
    }
    squared[n] = least;
  }
};

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

interface Blocks {
  /** The cameras' numbers, block by block, and where they are. */
  readonly order: Uint32Array;
  readonly points: Float64Array;
  /** Of each block: least x, y, z, then greatest. */
  readonly boxes: Float64Array;
}

const blocksOf = (cameras: CameraColumns): Blocks => {
  const order = tiled(cameras);
  const points = new Float64Array(3 * cameras.count);
  const count = Math.ceil(cameras.count / BLOCK);
  const boxes = new Float64Array(6 * count);
  for (let block = 0; block < count; block += 1) {
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
  return { order, points, boxes };
};

const byBlocks: Search = (cameras, places, asked, found) => {
  const { order, points, boxes } = blocksOf(cameras);
  const bounds = new Float64Array(boxes.length / 6);
  for (let n = 0; n < asked.length; n += 1) {
    const place = 3 * (asked[n] ?? 0);
    const x = places[place] ?? 0;
    const y = places[place + 1] ?? 0;
    const z = places[place + 2] ?? 0;
    const best: Best = { squared: Infinity, index: 0 };
    let first = 0;
    for (let block = 0; block < bounds.length; block += 1) {
      const at = 6 * block;
      const dx = Math.max((boxes[at] ?? 0) - x, 0, x - (boxes[at + 3] ?? 0));
      const dy = Math.max((boxes[at + 1] ?? 0) - y, 0, y - (boxes[at + 4] ?? 0));
      const dz = Math.max((boxes[at + 2] ?? 0) - z, 0, z - (boxes[at + 5] ?? 0));
      bounds[block] = dx * dx + dy * dy + dz * dz;
      if ((bounds[block] ?? 0) < (bounds[first] ?? 0)) first = block;
    }
    for (let turn = 0; turn <= bounds.length; turn += 1) {
      // The likeliest block first; then the others that could still hold a nearer one.
      const block = turn === 0 ? first : turn - 1;
      if (turn > 0 && (block === first || (bounds[block] ?? 0) >= best.squared)) continue;
      look(points, BLOCK * block, Math.min(BLOCK * (block + 1), cameras.count), x, y, z, best);
    }
    found.camera[n] = order[best.index] ?? 0;
    found.squared[n] = best.squared;
  }
};
