/** Keeps mediabunny from searching damaged Matroska for ever. */

/** No reader has a reason to ask for one stretch so often in a row. */
const MOST_REPEATS = 2_000;

type Read = (start: number, end: number, ...bounds: readonly number[]) => unknown;

/**
 * A mediabunny `Source`, made to throw an Error where nothing can be found any more. mediabunny 1.61 looks for the next element of a damaged
 * Matroska file in a loop that stands still once eight bytes are left (`resync` in its matroska/ebml.ts), without ever letting go of the
 * thread: asking for the same stretch again and again is taken for damage here. `_read` is what its readers call; the types leave it out.
 */
export const guarded = <Kind extends object>(source: Kind): Kind => {
  const internal = source as unknown as { _read: Read };
  const read = internal._read.bind(source);
  let last = '';
  let repeats = 0;
  internal._read = (start, end, ...bounds) => {
    const asked = `${start}-${end}`;
    repeats = asked === last ? repeats + 1 : 0;
    last = asked;
    if (repeats > MOST_REPEATS) throw new Error(`Nothing can be found in it behind byte ${start}.`);
    return read(start, end, ...bounds);
  };
  return source;
};
