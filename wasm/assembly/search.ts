/** Searches in columns of f64 that never fall, from a place that is mostly near: eight values at once, then in growing steps. */

/** So many eights are looked through one after another before the steps grow. */
const EIGHTS = 4;

/** How many lanes hold in four comparisons of two: each gives −1 where it does. */
function lanes(a: v128, b: v128, c: v128, d: v128): u32 {
  const sum = i64x2.add(i64x2.add(a, b), i64x2.add(c, d));
  return -(<u32>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1)));
}

/** First index from `low` on whose value is over `bound` (`over`) or not under it, in steps that double; `high` when there is none. */
function gallop(column: usize, low: u32, high: u32, bound: f64, over: bool): u32 {
  let step: u32 = 8;
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

/** First index from `low` on whose value is over `bound`; `high` when there is none. */
export function firstOver(column: usize, low: u32, high: u32, bound: f64): u32 {
  const bounds = f64x2.splat(bound);
  for (let tries = 0; tries < EIGHTS && low + 8 <= high; tries++) {
    const values = column + ((<usize>low) << 3);
    const upTo = lanes(
      f64x2.le(v128.load(values), bounds),
      f64x2.le(v128.load(values, 16), bounds),
      f64x2.le(v128.load(values, 32), bounds),
      f64x2.le(v128.load(values, 48), bounds),
    );
    low += upTo;
    if (upTo < 8) return low;
  }
  return gallop(column, low, high, bound, true);
}

/** First index from `low` on whose value is not under `bound`; `high` when there is none. */
export function firstNotUnder(column: usize, low: u32, high: u32, bound: f64): u32 {
  const bounds = f64x2.splat(bound);
  for (let tries = 0; tries < EIGHTS && low + 8 <= high; tries++) {
    const values = column + ((<usize>low) << 3);
    const under = lanes(
      f64x2.lt(v128.load(values), bounds),
      f64x2.lt(v128.load(values, 16), bounds),
      f64x2.lt(v128.load(values, 32), bounds),
      f64x2.lt(v128.load(values, 48), bounds),
    );
    low += under;
    if (under < 8) return low;
  }
  return gallop(column, low, high, bound, false);
}
