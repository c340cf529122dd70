/**
 * The presentation timeline of a track after its edit list, as FFmpeg 5.1 and the players built on it apply one (`mov_fix_index` in
 * libavformat/mov.c): an edit that begins inside a frame moves the timeline so that the next frame begins the edit.
 */
import type { SampleTable } from './iso-table.ts';

export interface Edit {
  /** In the track's ticks. */
  readonly duration: number;
  /** −1: an empty edit. */
  readonly mediaTime: number;
}

/** Samples in the order in which they are decoded; one that several edits show occurs several times. */
export interface Timeline {
  readonly count: number;
  /** Index into the sample table. */
  readonly samples: Uint32Array;
  /** Presentation time in the track's ticks. */
  readonly ticks: Float64Array;
  readonly shown: Uint8Array;
}

/** Without an edit list: every sample once, at decode time plus offset. */
export const plainTimeline = (table: SampleTable, shiftBy = 0): Timeline => {
  const samples = new Uint32Array(table.count);
  const ticks = new Float64Array(table.count);
  for (let index = 0; index < table.count; index += 1) {
    samples[index] = index;
    ticks[index] = (table.decodeTicks[index] ?? 0) + (table.shifts[index] ?? 0) + shiftBy;
  }
  return { count: table.count, samples, ticks, shown: new Uint8Array(table.count).fill(1) };
};

/** Where an edit's samples begin in decode order: the last key sample at or before it, else the last sample, else the first. */
const startOf = (
  table: SampleTable,
  wanted: number,
  reordered: boolean,
  decodeAt: (index: number) => number,
): number => {
  const search = (keysOnly: boolean): number => {
    let low = -1;
    let high = table.count;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (decodeAt(middle) > wanted) high = middle;
      else low = middle;
    }
    let index = low;
    while (keysOnly && index >= 0 && table.keys[index] === 0) index -= 1;
    for (let back = index; back > 0 && decodeAt(back) === decodeAt(back - 1); back -= 1) {
      if (!keysOnly || table.keys[back - 1] === 1) index = back - 1;
    }
    if (reordered) {
      while (index >= 0 && !(table.keys[index] === 1 && decodeAt(index) + (table.shifts[index] ?? 0) <= wanted))
        index -= 1;
    }
    return index;
  };
  const key = search(true);
  return key >= 0 ? key : Math.max(0, search(false));
};

/** The timeline under an edit list. `shift` is how far the most negative composition offset reaches, as FFmpeg measures it. */
export const editedTimeline = (
  table: SampleTable,
  edits: readonly Edit[],
  kind: 'video' | 'audio',
  timescale: number,
  shift: number,
): Timeline => {
  const samples: number[] = [];
  const ticks: number[] = [];
  const shown: number[] = [];
  const reordered = table.shifts.some((value) => value !== 0);
  const decodeAt = (index: number): number => (table.decodeTicks[index] ?? 0) - shift;
  let entryEnd = -shift;
  let empty = 0;
  let foundMedia = false;
  let audioEdits = 0;
  let least = Infinity;
  for (const { duration, mediaTime } of edits) {
    let counter = entryEnd;
    entryEnd += duration;
    if (!foundMedia && mediaTime === -1) {
      empty += duration;
      continue;
    }
    foundMedia = true;
    if (kind === 'audio') audioEdits += 1;
    const wanted = kind === 'audio' ? Math.max(mediaTime - timescale, decodeAt(0)) : mediaTime;
    let index = startOf(table, wanted - Math.max(0, shift), reordered, decodeAt);
    let started = false;
    let keyAfter = false;
    let hidden: number[] = [];
    const begin = (): void => {
      started = true;
      // What was decoded before the edit begins gets the times before it, backwards.
      let at = counter;
      hidden.toReversed().forEach((length, back) => {
        at -= length;
        const place = ticks.length - 1 - back;
        const sample = samples[place] ?? 0;
        ticks[place] = at + shift + (table.shifts[sample] ?? 0);
      });
      hidden = [];
    };
    for (; index < table.count; index += 1) {
      const next = index + 1 < table.count ? decodeAt(index + 1) : null;
      const length = next === null ? duration : next - decodeAt(index);
      const offset = table.shifts[index] ?? 0;
      const at = decodeAt(index) + shift + offset;
      let visible = true;
      if (at < mediaTime || at >= mediaTime + duration) {
        if (kind === 'audio' && at < mediaTime && at + length > mediaTime && audioEdits === 1) {
          counter -= mediaTime - at;
          if (!started) begin();
        } else {
          visible = false;
          if (!started) hidden.push(length);
        }
      } else {
        least = Math.min(least, counter + offset + shift);
        if (!started) begin();
      }
      samples.push(index);
      ticks.push(counter + shift + offset);
      shown.push(visible ? 1 : 0);
      if (started) counter += length;
      if (at + length >= mediaTime + duration && (kind === 'audio' || table.keys[index] === 1)) {
        if (reordered && kind === 'video' && !keyAfter) keyAfter = true;
        else break;
      }
    }
  }
  const late = kind === 'video' && Number.isFinite(least) && least - empty > 0 ? least - empty : 0;
  return {
    count: samples.length,
    samples: Uint32Array.from(samples),
    ticks: Float64Array.from(ticks, (at) => at - late),
    shown: Uint8Array.from(shown),
  };
};
