/**
 * The kernel's twin in plain TypeScript: the same columns in, the same runs out, by a simpler way. It is what the kernel is tested against,
 * and what runs where WebAssembly with SIMD is missing.
 */
import { firstOver } from './bisect.ts';
import { isInside } from './inside.ts';
import { cover, RunBuffer, writeRun } from './sweep.ts';
import { type Joiner, type RecordingColumns, type RequestColumns, RUN_WORDS, type World } from './world.ts';

const FANOUT = 16;
const BOX = 6;
/** Requests are ordered along a curve through cells of about a hundred metres. */
const CELL_M = 100;

/** Boxes of one level, six numbers each: least x, y, z, greatest x, y, z. */
type Level = Float64Array;

interface Tree {
  /** Requests in the order of the lowest level. */
  readonly slots: Uint32Array;
  /** Lowest first. */
  readonly levels: readonly Level[];
}

/** The lower ten bits, each with two zeros after it. */
const spread = (value: number): number => {
  let bits = value & 0x3ff;
  bits = (bits | (bits << 16)) & 0x30000ff;
  bits = (bits | (bits << 8)) & 0x300f00f;
  bits = (bits | (bits << 4)) & 0x30c30c3;
  return (bits | (bits << 2)) & 0x9249249;
};

/** Position along a Morton curve, in up to 51 bits: whole cells of 1,024, then cells within. */
const curve = (xyz: Float64Array, at: number): number => {
  const cell = (axis: number): number => Math.floor(((xyz[at + axis] ?? 0) + 6.4e6) / CELL_M);
  const [x, y, z] = [cell(0), cell(1), cell(2)];
  const coarse = spread(x >> 10) | (spread(y >> 10) << 1) | (spread(z >> 10) << 2);
  return coarse * 2 ** 30 + (spread(x) | (spread(y) << 1) | (spread(z) << 2));
};

const liveSlots = ({ count, outer }: RequestColumns): Uint32Array => {
  const live: number[] = [];
  for (let slot = 0; slot < count; slot += 1) if ((outer[slot] ?? -1) >= 0) live.push(slot);
  return Uint32Array.from(live);
};

const leavesOf = ({ xyz, outer }: RequestColumns, slots: Uint32Array): Level => {
  const level = new Float64Array(slots.length * BOX);
  for (let i = 0; i < slots.length; i += 1) {
    const slot = slots[i] ?? 0;
    const reach = Math.sqrt(outer[slot] ?? 0);
    for (let axis = 0; axis < 3; axis += 1) {
      const middle = xyz[3 * slot + axis] ?? 0;
      level[i * BOX + axis] = middle - reach;
      level[i * BOX + axis + 3] = middle + reach;
    }
  }
  return level;
};

const levelAbove = (below: Level): Level => {
  const boxes = below.length / BOX;
  const level = new Float64Array(Math.ceil(boxes / FANOUT) * BOX);
  for (let at = 0; at < level.length; at += BOX) {
    for (let axis = 0; axis < 3; axis += 1) {
      level[at + axis] = Infinity;
      level[at + axis + 3] = -Infinity;
    }
  }
  for (let i = 0; i < boxes; i += 1) {
    const at = Math.floor(i / FANOUT) * BOX;
    for (let axis = 0; axis < 3; axis += 1) {
      level[at + axis] = Math.min(level[at + axis] ?? 0, below[i * BOX + axis] ?? 0);
      level[at + axis + 3] = Math.max(level[at + axis + 3] ?? 0, below[i * BOX + axis + 3] ?? 0);
    }
  }
  return level;
};

const buildTree = (requests: RequestColumns): Tree => {
  const slots = liveSlots(requests);
  const keys = new Float64Array(requests.count);
  for (const slot of slots) keys[slot] = curve(requests.xyz, 3 * slot);
  slots.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  const levels = [leavesOf(requests, slots)];
  for (let top = levels[0]; top && top.length > FANOUT * BOX; top = levels.at(-1)) levels.push(levelAbove(top));
  return { slots, levels };
};

const holds = (level: Level, at: number, x: number, y: number, z: number): boolean =>
  x >= (level[at] ?? 0) &&
  x <= (level[at + 3] ?? 0) &&
  y >= (level[at + 1] ?? 0) &&
  y <= (level[at + 4] ?? 0) &&
  z >= (level[at + 2] ?? 0) &&
  z <= (level[at + 5] ?? 0);

/** Order of the windows' starts, by slot; equal ones by slot. */
const ranksOf = ({ count, window }: RequestColumns): { readonly rank: Uint32Array; readonly slot: Uint32Array } => {
  const slot = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (window[2 * a] ?? 0) - (window[2 * b] ?? 0) || a - b,
  );
  const rank = new Uint32Array(count);
  slot.forEach((at, i) => (rank[at] = i));
  return { rank, slot };
};

/** Ranks of the requests around one camera, in order. */
const requestsAround = (
  { cameras, requests }: World,
  { slots, levels }: Tree,
  rank: Uint32Array,
  camera: number,
  found: Uint32Array,
): number => {
  const [x, y, z] = [cameras.xyz[3 * camera] ?? 0, cameras.xyz[3 * camera + 1] ?? 0, cameras.xyz[3 * camera + 2] ?? 0];
  let count = 0;
  const descend = (depth: number, first: number, end: number): void => {
    const level = levels[depth];
    if (!level) return;
    for (let i = first; i < end; i += 1) {
      if (!holds(level, i * BOX, x, y, z)) continue;
      if (depth > 0) {
        const below = (levels[depth - 1]?.length ?? 0) / BOX;
        descend(depth - 1, i * FANOUT, Math.min((i + 1) * FANOUT, below));
        continue;
      }
      const slot = slots[i] ?? 0;
      if (isInside(cameras, camera, requests, slot)) {
        found[count] = rank[slot] ?? 0;
        count += 1;
      }
    }
  };
  descend(levels.length - 1, 0, (levels.at(-1)?.length ?? 0) / BOX);
  found.subarray(0, count).sort();
  return count;
};

/** Calls `around` with each camera's requests: the first `count` of `ranks`, which `slot` turns into slots. */
const forEachCamera = (
  world: World,
  around: (camera: number, columns: RecordingColumns, slot: Uint32Array, ranks: Uint32Array, count: number) => void,
): void => {
  const { cameras, recordings, requests } = world;
  const tree = buildTree(requests);
  const { rank, slot } = ranksOf(requests);
  const found = new Uint32Array(requests.count);
  for (let camera = 0; camera < cameras.count; camera += 1) {
    const columns = recordings[camera];
    if (columns) around(camera, columns, slot, found, requestsAround(world, tree, rank, camera, found));
  }
};

export const reference: Joiner = {
  name: 'reference',
  survey: (world, { uncounted, around, add }) => {
    const { window } = world.requests;
    forEachCamera(world, (camera, columns, slot, ranks, count) => {
      const slots = Uint32Array.from({ length: count }, (_, i) => slot[ranks[i] ?? 0] ?? 0);
      around(camera, slots, 0, count);
      if (uncounted.has(camera)) return;
      let low = 0;
      for (const request of slots) {
        const start = window[2 * request] ?? 0;
        low = firstOver(columns.reach, start, low, columns.reach.length);
        const { recordings, overlapMs } = cover(columns, low, start, window[2 * request + 1] ?? 0);
        add(request, 1, recordings, overlapMs);
      }
    });
  },
  join: (world) => {
    const begin = new Uint32Array(world.cameras.count);
    const length = new Uint32Array(world.cameras.count);
    const runs = new RunBuffer();
    forEachCamera(world, (camera, columns, slot, ranks, count) => {
      begin[camera] = runs.count;
      length[camera] = count;
      let low = 0;
      for (let i = 0; i < count; i += 1) {
        const at = runs.next();
        low = writeRun(runs.rows, at, world.requests, slot[ranks[i] ?? 0] ?? 0, columns, low);
      }
    });
    return { begin, length, rows: runs.rows.subarray(0, runs.count * RUN_WORDS) };
  },
};
