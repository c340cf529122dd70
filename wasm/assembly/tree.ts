/** A packed tree over the boxes of all requests, three levels of sixteen; what a block of cameras meets becomes bits in a map. */
import {
  BOX_MARGIN,
  BRANCHES,
  BY_FROM,
  KEYS,
  LEAF_RANK,
  LEAVES,
  MARKS,
  NEAR,
  ORDER,
  OUTER,
  REQUEST_XYZ,
  TRUNKS,
  WINDOWS,
  at,
  padded,
} from './layout';
import { orderByPlace, radixSort, sortableBits } from './order';

/** Boxes are six columns of f32: least x, y, z, greatest x, y, z; `column` is a column's length in bytes. */
function storeEmptyBox(box: usize, column: usize): void {
  for (let side: usize = 0; side < 3; side++) {
    store<f32>(box + side * column, Infinity);
    store<f32>(box + (side + 3) * column, -Infinity);
  }
}

/** Every sixteen boxes of one level become one of the next; what pads that level is empty and never met. */
function buildLevel(below: usize, belowCount: u32, above: usize): u32 {
  const count = belowCount >> 4;
  const column = (<usize>padded(count)) << 2;
  const belowColumn = (<usize>belowCount) << 2;
  for (let i: u32 = 0; i < padded(count); i++) {
    const box = above + ((<usize>i) << 2);
    if (i >= count) {
      storeEmptyBox(box, column);
      continue;
    }
    for (let side: usize = 0; side < 3; side++) {
      const low = below + side * belowColumn + ((<usize>i) << 6);
      const high = below + (side + 3) * belowColumn + ((<usize>i) << 6);
      const least = f32x4.min(
        f32x4.min(v128.load(low), v128.load(low, 16)),
        f32x4.min(v128.load(low, 32), v128.load(low, 48)),
      );
      const most = f32x4.max(
        f32x4.max(v128.load(high), v128.load(high, 16)),
        f32x4.max(v128.load(high, 32), v128.load(high, 48)),
      );
      store<f32>(
        box + side * column,
        min(
          min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
          min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
        ),
      );
      store<f32>(
        box + (side + 3) * column,
        max(
          max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
          max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
        ),
      );
    }
  }
  return padded(count);
}

/** Ranks by window start, then the tree over all boxes in Morton order. Returns how many boxes are on its highest level. */
export function buildTree(n: u32): u32 {
  const keys = at(KEYS);
  const order = at(ORDER);
  const byFrom = at(BY_FROM);
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(keys + ((<usize>i) << 3), sortableBits(load<f64>(at(WINDOWS) + ((<usize>i) << 4))));
    store<u32>(order + ((<usize>i) << 2), i);
  }
  radixSort(n);
  memory.copy(byFrom, order, (<usize>n) << 2);
  const rankOf = at(NEAR);
  for (let rank: u32 = 0; rank < n; rank++) {
    store<u32>(rankOf + ((<usize>load<u32>(byFrom + ((<usize>rank) << 2))) << 2), rank);
  }

  orderByPlace(n, at(REQUEST_XYZ));
  const leaves = at(LEAVES);
  const count = padded(n);
  const column = (<usize>count) << 2;
  for (let i: u32 = 0; i < count; i++) {
    const box = leaves + ((<usize>i) << 2);
    const request = i < n ? load<u32>(order + ((<usize>i) << 2)) : 0;
    const outer = load<f64>(at(OUTER) + ((<usize>request) << 3));
    if (i >= n || outer < 0) {
      storeEmptyBox(box, column);
      continue;
    }
    const reach = Math.sqrt(outer) + BOX_MARGIN;
    const xyz = at(REQUEST_XYZ) + <usize>request * 24;
    for (let side: usize = 0; side < 3; side++) {
      const middle = load<f64>(xyz + (side << 3));
      store<f32>(box + side * column, <f32>(middle - reach));
      store<f32>(box + (side + 3) * column, <f32>(middle + reach));
    }
    store<u32>(at(LEAF_RANK) + ((<usize>i) << 2), load<u32>(rankOf + ((<usize>request) << 2)));
  }
  return buildLevel(at(BRANCHES), buildLevel(leaves, count, at(BRANCHES)), at(TRUNKS));
}

/** Which of four boxes meet the box whose sides are given, as bits. */
function meeting(
  boxes: usize,
  column: usize,
  minX: v128,
  minY: v128,
  minZ: v128,
  maxX: v128,
  maxY: v128,
  maxZ: v128,
): i32 {
  const x = v128.and(f32x4.le(v128.load(boxes), maxX), f32x4.ge(v128.load(boxes + column * 3), minX));
  const y = v128.and(f32x4.le(v128.load(boxes + column), maxY), f32x4.ge(v128.load(boxes + column * 4), minY));
  const z = v128.and(f32x4.le(v128.load(boxes + column * 2), maxZ), f32x4.ge(v128.load(boxes + column * 5), minZ));
  return i32x4.bitmask(v128.and(v128.and(x, y), z));
}

/** Sets the bit of every rank whose box meets the given one. */
export function markMeeting(n: u32, trunks: u32, box: usize): void {
  const minX = f32x4.splat(<f32>(load<f64>(box) - BOX_MARGIN));
  const minY = f32x4.splat(<f32>(load<f64>(box, 8) - BOX_MARGIN));
  const minZ = f32x4.splat(<f32>(load<f64>(box, 16) - BOX_MARGIN));
  const maxX = f32x4.splat(<f32>(load<f64>(box, 24) + BOX_MARGIN));
  const maxY = f32x4.splat(<f32>(load<f64>(box, 32) + BOX_MARGIN));
  const maxZ = f32x4.splat(<f32>(load<f64>(box, 40) + BOX_MARGIN));
  const leafColumn = (<usize>padded(n)) << 2;
  const branchColumn = (<usize>padded(padded(n) >> 4)) << 2;
  const trunkColumn = (<usize>trunks) << 2;
  const leaves = at(LEAVES);
  const branches = at(BRANCHES);
  const ranks = at(LEAF_RANK);
  const marks = at(MARKS);
  for (let a: usize = 0; a < trunkColumn; a += 16) {
    let inTrunks = meeting(at(TRUNKS) + a, trunkColumn, minX, minY, minZ, maxX, maxY, maxZ);
    for (; inTrunks; inTrunks &= inTrunks - 1) {
      const b0 = ((a >> 2) + <usize>ctz(inTrunks)) << 6;
      for (let b = b0; b < b0 + 64; b += 16) {
        let inBranches = meeting(branches + b, branchColumn, minX, minY, minZ, maxX, maxY, maxZ);
        for (; inBranches; inBranches &= inBranches - 1) {
          const c0 = ((b >> 2) + <usize>ctz(inBranches)) << 6;
          for (let c = c0; c < c0 + 64; c += 16) {
            let inLeaves = meeting(leaves + c, leafColumn, minX, minY, minZ, maxX, maxY, maxZ);
            for (; inLeaves; inLeaves &= inLeaves - 1) {
              const rank = load<u32>(ranks + c + ((<usize>ctz(inLeaves)) << 2));
              const word = marks + ((<usize>rank >> 6) << 3);
              store<u64>(word, load<u64>(word) | ((<u64>1) << (rank & 63)));
            }
          }
        }
      }
    }
  }
}
