/** Finds where a source's own edit list ends a track: frames behind it are in the file and shown by nobody. */
import type { Seconds } from '../../src/contracts/units.ts';
import { boxesIn, topBoxes, type SourceBox } from './source-boxes.ts';

/** An index larger than this is taken to have no edit lists. */
const LARGEST_INDEX = 64 << 20;

const child = (view: DataView, { start, end }: SourceBox, type: string): SourceBox | null =>
  boxesIn(view, start, end).find((box) => box.type === type) ?? null;

const descend = (view: DataView, box: SourceBox, ...types: readonly string[]): SourceBox | null =>
  types.reduce<SourceBox | null>((at, type) => (at === null ? null : child(view, at, type)), box);

/** Ticks per second in `mvhd`, and the track number in `tkhd` (ISO/IEC 14496-12 §8.2.2, §8.3.2): both follow two times. */
const afterTimes = (view: DataView, { start, end }: SourceBox): number => {
  const at = start + (view.getUint8(start) === 1 ? 20 : 12);
  return at + 4 <= end ? view.getUint32(at) : 0;
};

/** Sum of the edits up to the end of the first that shows media, in movie ticks; null without one or when it has no end (0). */
const shownTicks = (view: DataView, { start, end }: SourceBox): number | null => {
  const wide = view.getUint8(start) === 1;
  const entry = wide ? 20 : 12;
  let total = 0;
  for (let at = start + 8, left = view.getUint32(start + 4); left > 0 && at + entry <= end; left -= 1, at += entry) {
    const duration = wide ? view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4) : view.getUint32(at);
    const empty = wide ? view.getInt32(at + 8) < 0 : view.getInt32(at + 4) < 0;
    total += duration;
    if (!empty) return duration === 0 ? null : total;
  }
  return null;
};

/**
 * Presentation time at which the edit list of track `id` ends it; Infinity for files that are not ISO media, tracks without edit
 * list, and fragmented files whose edits have no end.
 */
export const shownUntil = async (source: Blob, id: number): Promise<Seconds> => {
  const moov = (await topBoxes(source)).boxes.find(({ type }) => type === 'moov');
  if (moov === undefined || moov.end - moov.start > LARGEST_INDEX) return Infinity;
  const view = new DataView(await source.slice(moov.start, moov.end).arrayBuffer());
  const root = { type: 'moov', start: 0, end: view.byteLength };
  const mvhd = child(view, root, 'mvhd');
  const trak = boxesIn(view, 0, view.byteLength).find((box) => {
    const tkhd = box.type === 'trak' ? child(view, box, 'tkhd') : null;
    return tkhd !== null && tkhd.end - tkhd.start >= 24 && afterTimes(view, tkhd) === id;
  });
  const elst = trak === undefined ? null : descend(view, trak, 'edts', 'elst');
  if (mvhd === null || mvhd.end - mvhd.start < 24 || elst === null || elst.end - elst.start < 8) return Infinity;
  const ticks = shownTicks(view, elst);
  const timescale = afterTimes(view, mvhd);
  return ticks === null || timescale === 0 ? Infinity : ticks / timescale;
};
