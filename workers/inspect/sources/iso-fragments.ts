/** Adds the samples of movie fragments to a track's table (ISO/IEC 14496-12 §8.8). */
import { boxesIn, descend, holds, u64, type IsoBox } from './iso-view.ts';
import type { TableBuilder } from './iso-table.ts';

/** What `trex` presets for a track's fragments. */
export interface FragmentDefaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

export const NO_DEFAULTS: FragmentDefaults = { description: 1, duration: 0, size: 0, flags: 0 };

/** `sample_is_non_sync_sample` and `sample_depends_on` = 1. */
const NOT_A_KEY = 0x0101_0000;

export const readDefaults = (view: DataView, moov: IsoBox): ReadonlyMap<number, FragmentDefaults> => {
  const mvex = descend(view, moov, 'mvex');
  const defaults = new Map<number, FragmentDefaults>();
  if (mvex === null) return defaults;
  for (const box of boxesIn(view, mvex.start, mvex.end)) {
    if (box.type !== 'trex' || !holds(box, 24)) continue;
    const at = box.start;
    defaults.set(view.getUint32(at + 4), {
      description: view.getUint32(at + 8),
      duration: view.getUint32(at + 12),
      size: view.getUint32(at + 16),
      flags: view.getUint32(at + 20),
    });
  }
  return defaults;
};

interface FragmentHeader extends FragmentDefaults {
  readonly track: number;
  readonly base: number;
}

/** `tfhd`; `base` falls back to the start of the moof, or to where the last fragment of this moof ended. */
const readHeader = (
  view: DataView,
  box: IsoBox,
  preset: (track: number) => FragmentDefaults,
  moofAt: number,
  implicit: number,
): FragmentHeader | null => {
  if (!holds(box, 8)) return null;
  const flags = view.getUint32(box.start) & 0xff_ffff;
  const track = view.getUint32(box.start + 4);
  const defaults = preset(track);
  let at = box.start + 8;
  const optional = (bit: number, bytes: number, otherwise: number): number => {
    if ((flags & bit) === 0 || at + bytes > box.end) return otherwise;
    const value = bytes === 8 ? u64(view, at) : view.getUint32(at);
    at += bytes;
    return value;
  };
  const base = optional(1, 8, (flags & 0x2_0000) === 0 ? implicit : moofAt);
  return {
    track,
    base,
    description: optional(2, 4, defaults.description),
    duration: optional(8, 4, defaults.duration),
    size: optional(0x10, 4, defaults.size),
    flags: optional(0x20, 4, defaults.flags),
  };
};

/** Where a track's next fragment goes on when it does not say (`tfdt`). */
export interface FragmentTrack {
  readonly builder: TableBuilder;
  readonly sound: boolean;
}

/**
 * Reads one `moof`, whose payload `view` holds from 0 on and which began at `moofAt` in the file. Every track's samples go into its
 * builder. Returns, for each track that it has samples of, the most negative composition offset as a positive number.
 */
export const readFragment = (
  view: DataView,
  moofAt: number,
  fileBytes: number,
  tracks: ReadonlyMap<number, FragmentTrack>,
  defaults: ReadonlyMap<number, FragmentDefaults>,
): ReadonlyMap<number, number> => {
  const reach = new Map<number, number>();
  let implicit = moofAt;
  for (const traf of boxesIn(view, 0, view.byteLength)) {
    if (traf.type !== 'traf') continue;
    const parts = boxesIn(view, traf.start, traf.end);
    const tfhd = parts.find((box) => box.type === 'tfhd');
    const preset = (track: number): FragmentDefaults => defaults.get(track) ?? NO_DEFAULTS;
    const header = tfhd === undefined ? null : readHeader(view, tfhd, preset, moofAt, implicit);
    if (header === null) continue;
    const target = tracks.get(header.track);
    const tfdt = parts.find((box) => box.type === 'tfdt' && holds(box, 8));
    let ticks =
      tfdt === undefined
        ? (target?.builder.endTicks ?? 0)
        : view.getUint8(tfdt.start) === 1 && holds(tfdt, 12)
          ? u64(view, tfdt.start + 4)
          : view.getUint32(tfdt.start + 4);
    let offset = header.base;
    for (const run of parts) {
      if (run.type !== 'trun' || !holds(run, 8)) continue;
      const flags = view.getUint32(run.start) & 0xff_ffff;
      const count = view.getUint32(run.start + 4);
      let at = run.start + 8;
      const has = (bit: number): boolean => (flags & bit) !== 0;
      if (has(1) && at + 4 <= run.end) {
        offset = header.base + view.getInt32(at);
        at += 4;
      }
      const firstFlags = has(4) && at + 4 <= run.end ? view.getUint32(at) : null;
      if (has(4)) at += 4;
      const stride = [0x100, 0x200, 0x400, 0x800].filter(has).length * 4;
      for (let index = 0; index < count && at + stride <= run.end; index += 1) {
        const field = (bit: number, otherwise: number): number => {
          if (!has(bit)) return otherwise;
          const value = view.getUint32(at);
          at += 4;
          return value;
        };
        const duration = field(0x100, header.duration);
        const size = field(0x200, header.size);
        const own = field(0x400, index === 0 && firstFlags !== null ? firstFlags : header.flags);
        const shift = field(0x800, 0) | 0;
        const key = target?.sound === true || (own & NOT_A_KEY) === 0;
        target?.builder.add(offset, size, ticks, shift, key, header.description - 1, duration);
        reach.set(header.track, Math.max(reach.get(header.track) ?? 0, -shift));
        offset += size;
        ticks += duration;
        // Samples that are not described one by one could be any number: what is not in the file, or takes no room there, ends them.
        if (stride === 0 && (size === 0 || offset > fileBytes)) break;
      }
    }
    implicit = offset;
  }
  return reach;
};
