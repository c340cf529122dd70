/**
 * Presentation times of fragments that do not say when they are decoded (no `tfdt`), as some live recorders leave them: FFmpeg and the
 * players built on it go on where the fragment before ended in decoding order; mediabunny goes on where it ended in presentation.
 */
import type { PacketTimes } from './packet-times.ts';
import { boxes, read, viewOf } from './iso-boxes.ts';
import type { SourceFacts, TrackFacts } from './source-facts.ts';

/** Index of a fragment: more would be none. */
const LARGEST_MOOF = 64 * 1024 * 1024;

/**
 * Times in seconds, edit list applied, for every packet of `track` that is in a fragment, by mediabunny's number of it: the fragment's
 * place in the file plus the packet's in the fragment. Null where the fragments say their times themselves.
 */
export const fragmentTimes = async (
  source: Blob,
  { fragments, hasMovieClock, movieTimescale, earliestOffsets }: SourceFacts,
  track: TrackFacts,
): Promise<PacketTimes | null> => {
  const times = new Map<number, number>();
  let decodeTicks = track.indexedTicks;
  let isUnsaid = false;
  const offset = (earliestOffsets.get(track.id) ?? 0) + (hasMovieClock ? editOffset(track, movieTimescale) : 0);
  for (const { offset: moofAt, size } of fragments) {
    if (size > LARGEST_MOOF) return null;
    const moof = new Uint8Array(await source.slice(moofAt + 8, moofAt + size).arrayBuffer());
    let sample = 0;
    for (const traf of boxes(moof)) {
      if (traf.type !== 'traf') continue;
      const parts = [...boxes(traf.body)];
      const header = parts.find(({ type }) => type === 'tfhd')?.body;
      if (!header || read(viewOf(header), 4) !== track.id) continue;
      if (parts.some(({ type }) => type === 'tfdt')) {
        if (!isUnsaid) return null;
        decodeTicks = decodeTime(parts.find(({ type }) => type === 'tfdt')?.body ?? new Uint8Array());
      }
      isUnsaid = true;
      const usual = usualDuration(viewOf(header)) ?? track.fragmentDuration;
      for (const { type, body } of parts) {
        if (type !== 'trun') continue;
        for (const { duration, shift } of samplesOf(viewOf(body), usual)) {
          times.set(moofAt + sample++, (decodeTicks + shift - offset) / track.timescale);
          decodeTicks += duration;
        }
      }
    }
  }
  return isUnsaid ? times : null;
};

/** How far the edit list moves the track to the front, in its ticks: where the first edit begins, less what is empty before it. */
const editOffset = ({ edits, timescale }: TrackFacts, movieTimescale: number): number => {
  const media = edits.findIndex(({ mediaTime }) => mediaTime >= 0);
  const empty = (media < 0 ? edits : edits.slice(0, media)).reduce((sum, { duration }) => sum + duration, 0);
  return (edits[media]?.mediaTime ?? 0) - Math.round((empty * timescale) / movieTimescale);
};

/** `tfdt`, §8.8.12. */
const decodeTime = (body: Uint8Array): number => {
  const view = viewOf(body);
  return body[0] === 1 && body.length >= 12 ? Number(view.getBigUint64(4)) : read(view, 4);
};

/** default_sample_duration of `tfhd` (§8.8.7); null when it has none. */
const usualDuration = (tfhd: DataView): number | null => {
  const flags = read(tfhd, 0) & 0xffffff;
  if ((flags & 8) === 0) return null;
  return read(tfhd, 8 + ((flags & 1) === 0 ? 0 : 8) + ((flags & 2) === 0 ? 0 : 4));
};

/** `trun`, §8.8.8. */
function* samplesOf(trun: DataView, usual: number): Generator<{ readonly duration: number; readonly shift: number }> {
  const flags = read(trun, 0) & 0xffffff;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  let at = 8 + (has(1) ? 4 : 0) + (has(4) ? 4 : 0);
  const stride = [0x100, 0x200, 0x400, 0x800].filter(has).length * 4;
  for (let sample = 0; sample < read(trun, 4) && at + stride <= trun.byteLength; sample++) {
    yield { duration: has(0x100) ? read(trun, at) : usual, shift: has(0x800) ? read(trun, at + stride - 4) | 0 : 0 };
    at += stride;
    // Samples that nothing is said of one by one could be any number.
    if (stride === 0 && sample > MOST_UNSAID) return;
  }
}

const MOST_UNSAID = 1_000_000;
