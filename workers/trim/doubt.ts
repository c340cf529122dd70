/** Which pictures of a damaged stream may show something else than the camera saw: those that are damaged, and those that refer to them. */
import type { Span } from './picture.ts';
import type { RandomAccess } from './plan.ts';

export interface Doubt {
  /** A packet that cannot be taken apart: the pictures behind it go without the one in it. */
  lose(): void;
  /** Whether the next picture, in decode order, is doubtful. `ticks` is when it is presented. */
  of(picture: { readonly ticks: number; readonly access: RandomAccess; readonly overwritten: boolean }): boolean;
}

/**
 * Doubt lasts until an access point; of the pictures behind that, those presented before it may still refer to what was damaged. Which
 * ones really do is not looked into: the stretch may be told a little longer than it is.
 */
export const createDoubt = (): Doubt => {
  let isSpoilt = false;
  let sureFrom = -Infinity;
  return {
    lose: () => {
      isSpoilt = true;
    },
    of: ({ ticks, access, overwritten }) => {
      if (isSpoilt && access !== 'none') {
        isSpoilt = false;
        sureFrom = ticks;
      }
      isSpoilt ||= overwritten;
      return isSpoilt || ticks < sureFrom;
    },
  };
};

/** Stretches of neighbouring doubtful pictures. `pictures` are in the order in which they are presented, times in seconds. */
export const doubtfulSpans = (
  pictures: readonly { readonly at: number; readonly doubtful: boolean }[],
): readonly Span[] => {
  const spans: { first: number; last: number }[] = [];
  let open: { first: number; last: number } | null = null;
  for (const { at, doubtful } of pictures) {
    if (!doubtful) open = null;
    else if (open) open.last = at;
    else spans.push((open = { first: at, last: at }));
  }
  return spans;
};
