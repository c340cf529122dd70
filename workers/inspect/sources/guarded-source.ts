/** A mediabunny source that cannot be asked for the same few bytes for ever. */
import { BlobSource } from 'mediabunny';
import { SourceDamaged } from './source.ts';

/** No reader has a reason to ask for one stretch so often in a row. */
const MOST_REPEATS = 2_000;

type Read = (start: number, end: number, ...bounds: readonly number[]) => unknown;

/**
 * Slices rather than streams, which read ahead. mediabunny 1.61 looks for the next element of a damaged Matroska file in a loop that
 * stands still once eight bytes are left (`resync` in its matroska/ebml.ts), without ever letting go of the thread: asking for the same
 * stretch again and again is taken for damage here. `_read` is what its readers call; the types leave it out.
 */
export const guardedSource = (blob: Blob): BlobSource => {
  const source = new BlobSource(blob, { useStreamReader: false });
  const internal = source as unknown as { _read: Read };
  const read = internal._read.bind(source);
  let last = '';
  let repeats = 0;
  internal._read = (start, end, ...bounds) => {
    const asked = `${start}-${end}`;
    repeats = asked === last ? repeats + 1 : 0;
    last = asked;
    if (repeats > MOST_REPEATS) throw new SourceDamaged(`Nothing can be found in it behind byte ${start}.`);
    return read(start, end, ...bounds);
  };
  return source;
};
