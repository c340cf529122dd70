/** Finds out which source sample each sample of the clip is, from bytes and spacing alone: no edit list, no word of the trimmer's. */
import type { Seconds } from '../../src/contracts/units.ts';

/** A sample on its own timeline, edit lists ignored. */
export interface Placed {
  readonly at: Seconds;
  readonly hash: string;
}

export interface Match {
  /** Index into the source's samples; null when nothing there fits. */
  readonly index: number | null;
  /** `time`: within the tolerance of it; `bytes`: its very bytes, but at another time. */
  readonly by: 'time' | 'bytes' | null;
}

export interface Alignment {
  /** Add to a clip's media time to get the source's. */
  readonly offset: Seconds;
  readonly matches: readonly Match[];
}

/** How many samples, and how many equal source samples of each, propose an offset. Silence makes thousands of equal packets. */
const PROPOSERS = 16;
const PROPOSALS_EACH = 48;

/** Index of the source sample nearest to a time. `source` is sorted and not empty. */
export const nearest = (source: readonly Placed[], at: Seconds): number => {
  let low = 0;
  let high = source.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((source[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = low > 0 ? Math.abs((source[low - 1]?.at ?? 0) - at) : Infinity;
  return before <= Math.abs((source[low]?.at ?? 0) - at) ? low - 1 : low;
};

/** Source indices by hash, in presentation order. */
const byHash = (source: readonly Placed[]): ReadonlyMap<string, readonly number[]> => {
  const map = new Map<string, number[]>();
  source.forEach(({ hash }, index) => {
    if (hash === '') return;
    const list = map.get(hash);
    if (list === undefined) map.set(hash, [index]);
    else list.push(index);
  });
  return map;
};

/**
 * Tries the expected offset and those that equal bytes propose, and takes the one under which most samples find their own bytes at their
 * own time; the expected one wins ties. Both lists are in presentation order.
 */
export const align = (
  clip: readonly Placed[],
  source: readonly Placed[],
  expected: Seconds,
  tolerance: Seconds,
): Alignment => {
  if (source.length === 0) return { offset: expected, matches: clip.map(() => ({ index: null, by: null })) };
  const known = byHash(source);
  const anchored = clip.filter(({ hash }) => known.has(hash));
  const score = (offset: Seconds): number =>
    anchored.filter(({ at, hash }) => {
      const found = source[nearest(source, at + offset)];
      return found !== undefined && found.hash === hash && Math.abs(found.at - at - offset) <= tolerance;
    }).length;

  let offset = expected;
  let best = score(expected);
  const stride = Math.max(1, Math.floor(anchored.length / PROPOSERS));
  const tried = new Set<number>();
  for (let index = 0; index < anchored.length && best < anchored.length; index += stride) {
    const sample = anchored[index];
    for (const candidate of (known.get(sample?.hash ?? '') ?? []).slice(0, PROPOSALS_EACH)) {
      const proposal = (source[candidate]?.at ?? 0) - (sample?.at ?? 0);
      const rounded = Math.round(proposal * 1e5);
      if (tried.has(rounded)) continue;
      tried.add(rounded);
      const votes = score(proposal);
      if (votes > best) {
        best = votes;
        offset = proposal;
      }
    }
  }

  const matches = clip.map(({ at, hash }): Match => {
    const index = nearest(source, at + offset);
    if (Math.abs((source[index]?.at ?? Infinity) - at - offset) <= tolerance) return { index, by: 'time' };
    const same = known.get(hash);
    if (same === undefined) return { index: null, by: null };
    const closest = same.reduce((a, b) =>
      Math.abs((source[b]?.at ?? 0) - at - offset) < Math.abs((source[a]?.at ?? 0) - at - offset) ? b : a,
    );
    return { index: closest, by: 'bytes' };
  });
  return { offset, matches };
};

/** One tick of the coarser clock; where a tick is long, half of one, so that neighbours cannot be confused. */
export const toleranceOf = (clipTick: Seconds, sourceTick: Seconds): Seconds => {
  const tick = Math.max(clipTick, sourceTick);
  return (tick > 0.002 ? tick / 2 : tick) + 1e-6;
};
