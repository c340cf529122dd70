/** Searches in columns that never fall, from a guess outwards: near it they take a few steps, anywhere no more than bisection twice over. */

const STEP = 4;

const isPast = (value: number, bound: number, equal: boolean): boolean => (equal ? value >= bound : value > bound);

const first = (
  column: Float64Array,
  bound: number,
  low: number,
  high: number,
  guess: number,
  equal: boolean,
): number => {
  if (low >= high) return high;
  let [a, b] = [low, high];
  let step = STEP;
  const from = guess > low ? Math.min(guess, high - 1) : low;
  if (isPast(column[from] ?? Infinity, bound, equal)) {
    b = from;
    while (b - step >= low && isPast(column[b - step] ?? Infinity, bound, equal)) {
      b -= step;
      step *= 2;
    }
    a = Math.max(low, b - step);
  } else {
    a = from + 1;
    while (a + step < high && !isPast(column[a + step] ?? Infinity, bound, equal)) {
      a += step + 1;
      step *= 2;
    }
    b = Math.min(high, a + step);
  }
  while (a < b) {
    const middle = (a + b) >>> 1;
    if (isPast(column[middle] ?? Infinity, bound, equal)) b = middle;
    else a = middle + 1;
  }
  return a;
};

/** First index in `low … high` whose value is over `bound`; `high` when there is none. */
export const firstOver = (column: Float64Array, bound: number, low: number, high: number, guess = low): number =>
  first(column, bound, low, high, guess, false);

/** First index in `low … high` whose value is not under `bound`; `high` when there is none. */
export const firstNotUnder = (column: Float64Array, bound: number, low: number, high: number, guess = low): number =>
  first(column, bound, low, high, guess, true);

/** Where `value` would lie if the column rose evenly: a guess. */
export const evenlyAt = (column: Float64Array, value: number): number => {
  const least = column[0] ?? 0;
  const share = (value - least) / ((column[column.length - 1] ?? 0) - least);
  // Neither where all are the same nor at infinity is there a share.
  return share > 0 && share < 1 ? Math.floor(share * column.length) : 0;
};
