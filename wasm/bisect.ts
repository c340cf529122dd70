/** Bisection in columns that never fall. */

/** First index in `low … high` whose value is over `bound`; `high` when there is none. */
export const firstOver = (column: Float64Array, bound: number, low: number, high: number): number => {
  let [a, b] = [low, high];
  while (a < b) {
    const middle = (a + b) >>> 1;
    if ((column[middle] ?? Infinity) > bound) b = middle;
    else a = middle + 1;
  }
  return a;
};

/** First index in `low … high` whose value is not under `bound`; `high` when there is none. */
export const firstNotUnder = (column: Float64Array, bound: number, low: number, high: number): number => {
  let [a, b] = [low, high];
  while (a < b) {
    const middle = (a + b) >>> 1;
    if ((column[middle] ?? Infinity) >= bound) b = middle;
    else a = middle + 1;
  }
  return a;
};
