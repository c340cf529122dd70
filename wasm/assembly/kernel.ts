/**
 * The match kernel: which recordings of which camera overlap which request, as runs. AssemblyScript, compiled by tools/kernel-plugin.ts.
 *
 * Memory is laid out by the host (wasm/kernel.ts), which writes addresses and counts into the parameter block; nothing here allocates,
 * but the output grows at the end of memory. Requests get a rank in the order of their window's start. A packed tree of their boxes, three
 * levels of sixteen, is asked once for sixteen neighbouring cameras; its answers are bits in a map over the ranks, which sorts them.
 * Each camera then compares itself with the survivors in single precision, four at once, with a margin on both sides, and in double
 * precision only between the margins. What is inside is merged with the camera's recordings, both being sorted by start.
 */

/** Places of the parameter block, in words; the same list as in wasm/kernel.ts. */
const REQUESTS = 0;
const CAMERAS = 1;
const REQUEST_XYZ = 2;
const INNER = 3;
const OUTER = 4;
const WINDOWS = 5;
const POLYGON = 6;
const RINGS = 7;
const CAMERA_XYZ = 8;
const CAMERA_LNG_LAT = 9;
const FIRST_RECORDING = 10;
const TIDY = 11;
const FROM = 12;
const TO = 13;
const REACH = 14;
const KEYS = 15;
const OTHER_KEYS = 16;
const ORDER = 17;
const OTHER_ORDER = 18;
const BY_FROM = 19;
const LEAVES = 20;
const LEAF_RANK = 21;
const BRANCHES = 22;
const TRUNKS = 23;
const MARKS = 24;
const NEAR = 25;
const NEAR_X = 26;
const NEAR_Y = 27;
const NEAR_Z = 28;
const NEAR_INNER = 29;
const NEAR_OUTER = 30;
const CAMERA_ORDER = 31;
const RUN_BEGIN = 32;
const RUN_LENGTH = 33;
const RUNS = 34;

const parameters: usize = memory.data(160, 16);
const histogram: usize = memory.data(8192, 16);

export function parameterBlock(): usize {
  return parameters;
}

/** Asked for what lies within the band where only the geodesic itself decides. */
declare function refine(camera: u32, request: u32): u32;

function at(place: i32): usize {
  return <usize>load<u32>(parameters + ((<usize>place) << 2));
}

function padded(count: u32): u32 {
  return (count + 15) & ~15;
}

/** Orders `order` by `keys`, both of `n`, least first, equal ones as they were: a byte at a time, bytes that are all alike left out. */
function radixSort(n: u32): void {
  let keys = at(KEYS);
  let otherKeys = at(OTHER_KEYS);
  let order = at(ORDER);
  let otherOrder = at(OTHER_ORDER);
  memory.fill(histogram, 0, 8192);
  for (let i: u32 = 0; i < n; i++) {
    let key = load<u64>(keys + ((<usize>i) << 3));
    for (let digit: usize = 0; digit < 8; digit++) {
      const slot = histogram + (digit << 10) + ((<usize>key & 255) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
      key >>= 8;
    }
  }
  for (let digit: usize = 0; digit < 8; digit++) {
    const counts = histogram + (digit << 10);
    const shift = (<u64>digit) << 3;
    if (load<u32>(counts + ((<usize>((load<u64>(keys) >> shift) & 255)) << 2)) == n) continue;
    let sum: u32 = 0;
    for (let value: usize = 0; value < 256; value++) {
      const count = load<u32>(counts + (value << 2));
      store<u32>(counts + (value << 2), sum);
      sum += count;
    }
    for (let i: u32 = 0; i < n; i++) {
      const key = load<u64>(keys + ((<usize>i) << 3));
      const slot = counts + ((<usize>((key >> shift) & 255)) << 2);
      const to = load<u32>(slot);
      store<u32>(slot, to + 1);
      store<u64>(otherKeys + ((<usize>to) << 3), key);
      store<u32>(otherOrder + ((<usize>to) << 2), load<u32>(order + ((<usize>i) << 2)));
    }
    let swap = keys;
    keys = otherKeys;
    otherKeys = swap;
    swap = order;
    order = otherOrder;
    otherOrder = swap;
  }
  if (order != at(ORDER)) memory.copy(at(ORDER), order, (<usize>n) << 2);
}

/** A key that orders like the number itself, negative ones too (IEEE 754: sign, exponent, fraction). */
function sortableBits(value: f64): u64 {
  const bits = reinterpret<u64>(value);
  return bits >> 63 ? ~bits : bits | 0x8000000000000000;
}

/** The lower 21 bits, each with two zeros after it. */
function spread(value: u64): u64 {
  value = (value | (value << 32)) & 0x1f00000000ffff;
  value = (value | (value << 16)) & 0x1f0000ff0000ff;
  value = (value | (value << 8)) & 0x100f00f00f00f00f;
  value = (value | (value << 4)) & 0x10c30c30c30c30c3;
  return (value | (value << 2)) & 0x1249249249249249;
}

/** Six metres a step over a cube around the earth, interleaved (Morton 1966): what is near in space is mostly near in this order. */
function mortonKey(xyz: usize): u64 {
  const x = <u64>((load<f64>(xyz) + 6.4e6) * 0.16);
  const y = <u64>((load<f64>(xyz, 8) + 6.4e6) * 0.16);
  const z = <u64>((load<f64>(xyz, 16) + 6.4e6) * 0.16);
  return spread(x) | (spread(y) << 1) | (spread(z) << 2);
}

function orderByPlace(n: u32, xyz: usize): void {
  const keys = at(KEYS);
  const order = at(ORDER);
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(keys + ((<usize>i) << 3), mortonKey(xyz + <usize>i * 24));
    store<u32>(order + ((<usize>i) << 2), i);
  }
  radixSort(n);
}

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

/** Single precision resolves half a metre at the earth's surface: boxes are this much larger all round. */
const BOX_MARGIN: f64 = 2;

/** Ranks by window start, then the tree over all boxes in Morton order. Returns how many boxes are on its highest level. */
function buildTree(n: u32): u32 {
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
function markMeeting(n: u32, trunks: u32, box: usize): void {
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

/**
 * Takes the marked ranks in order, unmarks them, and lays their centres, relative to the block's middle, and their thresholds side by side.
 * The thresholds leave room for single precision: coordinates up to `half + outer` are off by less than a millionth of that.
 */
function gatherMarked(n: u32, box: usize): u32 {
  const midX = (load<f64>(box) + load<f64>(box, 24)) * 0.5;
  const midY = (load<f64>(box, 8) + load<f64>(box, 32)) * 0.5;
  const midZ = (load<f64>(box, 16) + load<f64>(box, 40)) * 0.5;
  const half = max(load<f64>(box, 24) - midX, max(load<f64>(box, 32) - midY, load<f64>(box, 40) - midZ)) + BOX_MARGIN;
  const marks = at(MARKS);
  const byFrom = at(BY_FROM);
  const near = at(NEAR);
  let found: usize = 0;
  for (let word: u32 = 0; word < (n + 63) >> 6; word++) {
    let bits = load<u64>(marks + ((<usize>word) << 3));
    if (bits == 0) continue;
    store<u64>(marks + ((<usize>word) << 3), 0);
    for (; bits; bits &= bits - 1) {
      const request = load<u32>(byFrom + ((((<usize>word) << 6) + <usize>ctz(bits)) << 2));
      const xyz = at(REQUEST_XYZ) + <usize>request * 24;
      const outer = load<f64>(at(OUTER) + ((<usize>request) << 3));
      const inner = load<f64>(at(INNER) + ((<usize>request) << 3));
      const outerM = Math.sqrt(outer);
      const doubt = 1e-6 * (half * 2 + outerM) + 0.01;
      store<u32>(near + (found << 2), request);
      store<f32>(at(NEAR_X) + (found << 2), <f32>(load<f64>(xyz) - midX));
      store<f32>(at(NEAR_Y) + (found << 2), <f32>(load<f64>(xyz, 8) - midY));
      store<f32>(at(NEAR_Z) + (found << 2), <f32>(load<f64>(xyz, 16) - midZ));
      const wide = outerM + doubt;
      store<f32>(at(NEAR_OUTER) + (found << 2), <f32>(wide * wide * 1.000001));
      const narrow = inner < 0 ? -1 : Math.sqrt(inner) - doubt;
      store<f32>(at(NEAR_INNER) + (found << 2), narrow > 0 ? <f32>(narrow * narrow * 0.999999) : -1);
      found++;
    }
  }
  // The last four are compared together: what pads them is out of everybody's reach.
  for (let pad = found; pad < ((found + 3) & ~3); pad++) {
    store<f32>(at(NEAR_X) + (pad << 2), 0);
    store<f32>(at(NEAR_Y) + (pad << 2), 0);
    store<f32>(at(NEAR_Z) + (pad << 2), 0);
    store<f32>(at(NEAR_OUTER) + (pad << 2), -1);
    store<f32>(at(NEAR_INNER) + (pad << 2), -1);
  }
  return <u32>found;
}

/** Twice the signed area of a triangle, in the same order of operations as `turn` in src/core/area-rings.ts. */
function turn(aLng: f64, aLat: f64, bLng: f64, bLat: f64, lng: f64, lat: f64): f64 {
  return (bLng - aLng) * (lat - aLat) - (bLat - aLat) * (lng - aLng);
}

/** 0 outside, 1 inside, 2 on an edge: even-odd, as `ringSide` in src/core/area-rings.ts. `ring` is a count and then points. */
function ringSide(ring: usize, lng: f64, lat: f64): i32 {
  const points = <usize>load<f64>(ring);
  let inside = 0;
  let a = ring + 8 + ((points - 1) << 4);
  for (let i: usize = 0; i < points; i++) {
    const b = ring + 8 + (i << 4);
    const aLng = load<f64>(a);
    const aLat = load<f64>(a, 8);
    const bLng = load<f64>(b);
    const bLat = load<f64>(b, 8);
    const crosses = aLat > lat != bLat > lat;
    if (crosses || (lat >= min(aLat, bLat) && lat <= max(aLat, bLat))) {
      const side = turn(aLng, aLat, bLng, bLat, lng, lat);
      if (side == 0 && lng >= min(aLng, bLng) && lng <= max(aLng, bLng)) return 2;
      if (crosses && side > 0 == bLat > aLat) inside ^= 1;
    }
    a = b;
  }
  return inside;
}

/** Whether an area of polygons, laid out as wasm/packed-area.ts says, holds a place. */
function areaHolds(area: usize, lng: f64, lat: f64): bool {
  let polygon = area + 8;
  for (let left = <i32>load<f64>(area); left > 0; left--) {
    const anchor = load<f64>(polygon);
    const unwrapped = lng - anchor > 180 ? lng - 360 : lng - anchor < -180 ? lng + 360 : lng;
    const rings = <i32>load<f64>(polygon, 40);
    const after = polygon + ((<usize>load<f64>(polygon, 48)) << 3);
    if (
      unwrapped >= load<f64>(polygon, 8) &&
      lat >= load<f64>(polygon, 16) &&
      unwrapped <= load<f64>(polygon, 24) &&
      lat <= load<f64>(polygon, 32)
    ) {
      let ring = polygon + 56;
      let holds = ringSide(ring, unwrapped, lat) != 0;
      for (let hole = 1; hole < rings && holds; hole++) {
        ring += 8 + ((<usize>load<f64>(ring)) << 4);
        holds = ringSide(ring, unwrapped, lat) != 1;
      }
      if (holds) return true;
    }
    polygon = after;
  }
  return false;
}

/** Between the margins: double precision, then the polygon, or the geodesic where the chord alone cannot tell. */
function holdsExactly(camera: u32, request: u32): bool {
  const a = at(CAMERA_XYZ) + <usize>camera * 24;
  const b = at(REQUEST_XYZ) + <usize>request * 24;
  const dx = load<f64>(a) - load<f64>(b);
  const dy = load<f64>(a, 8) - load<f64>(b, 8);
  const dz = load<f64>(a, 16) - load<f64>(b, 16);
  const chord = dx * dx + dy * dy + dz * dz;
  if (chord > load<f64>(at(OUTER) + ((<usize>request) << 3))) return false;
  if (chord <= load<f64>(at(INNER) + ((<usize>request) << 3))) return true;
  const polygon = load<i32>(at(POLYGON) + ((<usize>request) << 2));
  if (polygon < 0) return refine(camera, request) != 0;
  const place = at(CAMERA_LNG_LAT) + ((<usize>camera) << 4);
  return areaHolds(at(RINGS) + ((<usize>polygon) << 3), load<f64>(place), load<f64>(place, 8));
}

/** First index from `low` on whose value is over `bound` (`over`) or not under it; `high` when there is none. Values never fall. */
function firstPast(column: usize, low: u32, high: u32, bound: f64, over: bool): u32 {
  let step: u32 = 1;
  let a = low;
  let b = low;
  while (b < high) {
    const value = load<f64>(column + ((<usize>b) << 3));
    if (over ? value > bound : value >= bound) break;
    a = b + 1;
    b = b + step;
    step <<= 1;
  }
  if (b > high) b = high;
  while (a < b) {
    const middle = (a + b) >> 1;
    const value = load<f64>(column + ((<usize>middle) << 3));
    if (over ? value > bound : value >= bound) b = middle;
    else a = middle + 1;
  }
  return a;
}

/** Of the recordings `low … high`, all of which begin before a window's end, how many end after its start. */
function countEndingAfter(to: usize, low: u32, high: u32, start: f64): u32 {
  let count: u32 = 0;
  for (let i = low; i < high; i++) count += <u32>(load<f64>(to + ((<usize>i) << 3)) > start);
  return count;
}

/** One camera against the survivors, which are in the order of their windows' starts: a run for each area it lies in. Returns the new end of the output. */
function sweep(camera: u32, survivors: u32, box: usize, out: usize): usize {
  const xyz = at(CAMERA_XYZ) + <usize>camera * 24;
  const x = f32x4.splat(<f32>(load<f64>(xyz) - (load<f64>(box) + load<f64>(box, 24)) * 0.5));
  const y = f32x4.splat(<f32>(load<f64>(xyz, 8) - (load<f64>(box, 8) + load<f64>(box, 32)) * 0.5));
  const z = f32x4.splat(<f32>(load<f64>(xyz, 16) - (load<f64>(box, 16) + load<f64>(box, 40)) * 0.5));
  const nearX = at(NEAR_X);
  const nearY = at(NEAR_Y);
  const nearZ = at(NEAR_Z);
  const nearInner = at(NEAR_INNER);
  const nearOuter = at(NEAR_OUTER);
  const near = at(NEAR);
  const windows = at(WINDOWS);
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>camera) << 2));
  const count = load<u32>(at(FIRST_RECORDING) + ((<usize>camera) << 2), 4) - begin;
  const from = at(FROM) + ((<usize>begin) << 3);
  const to = at(TO) + ((<usize>begin) << 3);
  const reach = at(REACH) + ((<usize>begin) << 3);
  const tidy = load<u8>(at(TIDY) + <usize>camera) != 0;
  let low: u32 = 0;
  for (let i: usize = 0; i < (<usize>survivors) << 2; i += 16) {
    const dx = f32x4.sub(v128.load(nearX + i), x);
    const dy = f32x4.sub(v128.load(nearY + i), y);
    const dz = f32x4.sub(v128.load(nearZ + i), z);
    const chord = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
    let within = i32x4.bitmask(f32x4.le(chord, v128.load(nearOuter + i)));
    if (within == 0) continue;
    const surely = i32x4.bitmask(f32x4.le(chord, v128.load(nearInner + i)));
    for (; within; within &= within - 1) {
      const lane = ctz(within);
      const request = load<u32>(near + i + ((<usize>lane) << 2));
      if (!((surely >> lane) & 1) && !holdsExactly(camera, request)) continue;
      const start = load<f64>(windows + ((<usize>request) << 4));
      const end = load<f64>(windows + ((<usize>request) << 4), 8);
      low = firstPast(reach, low, count, start, true);
      const high = firstPast(from, low, count, end, false);
      store<u32>(out, request);
      store<u32>(out, low, 4);
      store<u32>(out, high, 8);
      store<u32>(out, tidy ? high - low : countEndingAfter(to, low, high, start), 12);
      out += 16;
    }
  }
  return out;
}

const blockBox: usize = memory.data(48, 16);

function boxOfBlock(first: u32, end: u32): void {
  const order = at(CAMERA_ORDER);
  for (let side: usize = 0; side < 3; side++) {
    let least: f64 = Infinity;
    let most: f64 = -Infinity;
    for (let i = first; i < end; i++) {
      const camera = load<u32>(order + ((<usize>i) << 2));
      const value = load<f64>(at(CAMERA_XYZ) + <usize>camera * 24 + (side << 3));
      least = min(least, value);
      most = max(most, value);
    }
    store<f64>(blockBox + (side << 3), least);
    store<f64>(blockBox + (side << 3), most, 24);
  }
}

/** Makes room for `bytes` beyond `out`, with as much again so as not to be asked soon. False when there is no more memory. */
function roomFor(out: usize, bytes: usize): bool {
  const have = (<usize>memory.size()) << 16;
  if (out + bytes <= have) return true;
  const pages = <i32>((out + bytes - have + 65535) >> 16);
  return memory.grow(pages + (pages >> 1) + 16) >= 0 || memory.grow(pages) >= 0;
}

/** Everything: returns how many runs lie at RUNS, camera by camera, or −1 when memory ran out. */
export function join(): i32 {
  const n = at(REQUESTS) as u32;
  const cameras = at(CAMERAS) as u32;
  const trunks = n == 0 || cameras == 0 ? 0 : buildTree(n);
  memory.fill(at(MARKS), 0, (<usize>(n + 63) >> 6) << 3);
  orderByPlace(cameras, at(CAMERA_XYZ));
  memory.copy(at(CAMERA_ORDER), at(ORDER), (<usize>cameras) << 2);
  let out = at(RUNS);
  for (let first: u32 = 0; first < cameras; first += 16) {
    const end = min(first + 16, cameras);
    boxOfBlock(first, end);
    markMeeting(n, trunks, blockBox);
    const survivors = gatherMarked(n, blockBox);
    for (let i = first; i < end; i++) {
      const camera = load<u32>(at(CAMERA_ORDER) + ((<usize>i) << 2));
      if (!roomFor(out, (<usize>survivors) << 4)) return -1;
      const begin = out;
      out = sweep(camera, survivors, blockBox, out);
      store<u32>(at(RUN_BEGIN) + ((<usize>camera) << 2), <u32>((begin - at(RUNS)) >> 4));
      store<u32>(at(RUN_LENGTH) + ((<usize>camera) << 2), <u32>((out - begin) >> 4));
    }
  }
  return <i32>((out - at(RUNS)) >> 4);
}

/** Writes out the matches of `count` runs of one camera: request and recording numbers, overlap's start and end, in four columns. Returns how many. */
export function expand(
  camera: u32,
  runs: usize,
  count: u32,
  requests: usize,
  recordings: usize,
  starts: usize,
  ends: usize,
): u32 {
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>camera) << 2));
  const from = at(FROM);
  const to = at(TO);
  let written: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    const run = runs + ((<usize>i) << 4);
    const request = load<u32>(run);
    const start = load<f64>(at(WINDOWS) + ((<usize>request) << 4));
    const end = load<f64>(at(WINDOWS) + ((<usize>request) << 4), 8);
    for (let r = begin + load<u32>(run, 4); r < begin + load<u32>(run, 8); r++) {
      const ends_ = load<f64>(to + ((<usize>r) << 3));
      if (!(ends_ > start)) continue;
      store<u32>(requests + (written << 2), request);
      store<u32>(recordings + (written << 2), r);
      store<f64>(starts + (written << 3), max(load<f64>(from + ((<usize>r) << 3)), start));
      store<f64>(ends + (written << 3), min(ends_, end));
      written++;
    }
  }
  return <u32>written;
}
