/** When pictures are shown, where a container says only when they are decoded (AVI) or says it of some (MPEG program streams). */
import type { OutputOrder } from './output-order.ts';

export interface StampedPicture extends OutputOrder {
  /** Decoding time in ticks, ascending. */
  readonly dts: number;
  /** Presentation time in ticks; null where the container gives none. */
  readonly pts: number | null;
}

/**
 * Presentation times in ticks for packets in decode order that have decoding times only, as FFmpeg shows them: a decoder holds back as
 * many pictures as they are reordered, and each is shown at the decoding time of the packet that pushes it out. Those that no packet
 * pushes out are counted on. `stated`: by how many pictures the stream says that it is reordered; null where it does not say.
 */
export const timesFromDecoding = (packets: readonly StampedPicture[], stated: number | null): readonly number[] => {
  const places = outputPlaces(packets);
  const observed = places.reduce((most, place, index) => Math.max(most, index - place), 0);
  const delay = stated ?? observed;
  const last = packets.length - 1;
  const step = (packets[last]?.dts ?? 0) - (packets[last - 1]?.dts ?? 0);
  return places.map(
    (place) => packets[place + delay]?.dts ?? (packets[last]?.dts ?? 0) + (place + delay - last) * step,
  );
};

/**
 * Presentation times in ticks where some packets have one: the others lie evenly between their neighbours in the order in which pictures
 * are shown, or as far on as the nearest two are apart.
 */
export const timesBetweenGiven = (packets: readonly StampedPicture[]): readonly number[] => {
  const places = outputPlaces(packets);
  const given: (number | null)[] = packets.map(() => null);
  places.forEach((place, index) => (given[place] = packets[index]?.pts ?? null));
  const anchors = given.flatMap((pts, place) => (pts === null ? [] : [{ pts, place }]));
  let behind = 0;
  const shown = given.map((_, place) => {
    while ((anchors[behind]?.place ?? Infinity) <= place) behind++;
    const first = Math.max(0, Math.min(behind - 1, anchors.length - 2));
    const [from, to] = [anchors[first], anchors[first + 1]];
    if (!from) return packets[place]?.dts ?? 0;
    const step = to ? (to.pts - from.pts) / (to.place - from.place) : 0;
    return Math.round(from.pts + (place - from.place) * step);
  });
  return places.map((place) => shown[place] ?? 0);
};

/** For each packet its place among all in the order in which they are shown: sequence by sequence, by their counts. */
const outputPlaces = (packets: readonly OutputOrder[]): readonly number[] => {
  const places = new Array<number>(packets.length).fill(0);
  for (let begin = 0; begin < packets.length;) {
    let end = begin + 1;
    while (end < packets.length && packets[end]?.restarts !== true) end++;
    const base = begin;
    packets
      .slice(begin, end)
      .map(({ order }, index) => ({ order, index }))
      .sort((a, b) => a.order - b.order || a.index - b.index)
      .forEach(({ index }, rank) => (places[base + index] = base + rank));
    begin = end;
  }
  return places;
};
