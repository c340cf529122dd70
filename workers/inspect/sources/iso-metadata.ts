/** Says in plain words what an ISO file carries that a clip never does: places, dates, names, further tracks, leftovers. */
import type { BlobReader } from './blob-reader.ts';
import { boxesIn, fourcc, holds, u64, type IsoBox } from './iso-view.ts';

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta', 'edts']);
/** Seconds between 1904-01-01, the epoch of ISO media times, and 1970-01-01. */
const EPOCH_1904 = 2_082_844_800;
/** Later than any recording: what lies above is no time. */
const LATEST_TIME = EPOCH_1904 * 4;

const TRACK_KINDS: Readonly<Record<string, string>> = {
  meta: 'a telemetry or metadata track',
  tmcd: 'a time-code track',
  text: 'a text or chapter track',
  sbtl: 'a subtitle track',
  subt: 'a subtitle track',
  clcp: 'a caption track',
  hint: 'a streaming hint track',
};

const headerTime = (view: DataView, box: IsoBox): number => {
  if (!holds(box, 12)) return 0;
  return view.getUint8(box.start) === 1 ? u64(view, box.start + 4) : view.getUint32(box.start + 4);
};

/** A box whose content a clip never has; empty ones hold nothing. */
const leftover = (type: string, bytes: number): string | null => {
  if (bytes <= 0) return null;
  if (type === 'meta') return 'a metadata box (meta)';
  if (type === 'uuid') return 'a vendor’s private box (uuid)';
  return type === 'free' || type === 'skip' ? `${bytes} bytes of unused space (${type})` : null;
};

/** Keys of QuickTime metadata (`keys` in a `meta` box): who and what made the recording, and where. */
const keyNames = (view: DataView, { start, end }: IsoBox): readonly string[] =>
  boxesIn(view, start + 8, end).map((key) =>
    String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + key.start, Math.min(64, key.end - key.start))),
  );

/** ISO files begin `meta` with four bytes of version and flags, QuickTime files at once with the handler that comes first in both. */
const metaChildren = (view: DataView, box: IsoBox): readonly IsoBox[] => {
  const quickTime = holds(box, 8) && fourcc(view, box.start + 4) === 'hdlr';
  return boxesIn(view, quickTime ? box.start : Math.min(box.end, box.start + 4), box.end);
};

/** Names of tags in `ilst`; where there are `keys`, its items have their numbers instead. */
const itemNames = (view: DataView, { start, end }: IsoBox): readonly string[] =>
  boxesIn(view, start, end).flatMap(({ type }) => (/^[\x20-\x7e\xa9]{4}$/.test(type) ? [type] : []));

/** Walks an index and calls `note` for everything that a clip does not carry over. */
const walkIndex = (view: DataView, boxes: readonly IsoBox[], depth: number, note: (line: string) => void): void => {
  for (const box of boxes) {
    const { type, start, end } = box;
    const left = leftover(type, end - start);
    if (type === 'mvhd' || type === 'tkhd' || type === 'mdhd') {
      const time = headerTime(view, box);
      if (time > EPOCH_1904 && time < LATEST_TIME)
        note(`creation time ${new Date((time - EPOCH_1904) * 1_000).toISOString()}`);
    } else if (type === 'hdlr' && end - start >= 12) {
      const kind = TRACK_KINDS[fourcc(view, start + 8)];
      if (kind !== undefined && depth === 3) note(kind);
    } else if (type === '\xa9xyz' || type === 'loci') note(`location (${type === 'loci' ? 'loci' : '©xyz'})`);
    else if (left !== null) note(left);
    else if (type === 'udta') note('user data (udta)');
    else if (type.startsWith('\xa9')) note(`the tag ©${type.slice(1)}`);
    else if (type === 'gps ') note('location (gps)');
    if (type === 'meta') {
      for (const child of metaChildren(view, box)) {
        const names =
          child.type === 'keys' ? keyNames(view, child) : child.type === 'ilst' ? itemNames(view, child) : [];
        for (const name of names) note(/location|gps/i.test(name) ? `location (${name})` : `the tag ${name}`);
      }
    }
    if (CONTAINERS.has(type) && depth < 8) walkIndex(view, boxesIn(view, start, end), depth + 1, note);
  }
};

/** A file's top boxes as `iso-source.ts` lists them. */
export interface TopLevel {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Lines such as `location (©xyz)` or `a telemetry or metadata track`, each once, in the order found. `moov` is the index's payload. */
export const isoMetadata = (
  reader: BlobReader,
  top: readonly TopLevel[],
  moov: DataView,
  tracks: { readonly pictures: number; readonly sounds: number },
): readonly string[] => {
  const lines = new Set<string>();
  const note = (line: string): void => void lines.add(line);
  for (const { type, start, end } of top) {
    const left = leftover(type, end - start);
    if (type === 'moov') walkIndex(moov, boxesIn(moov, 0, moov.byteLength), 1, note);
    else if (left !== null) note(left);
  }
  const trailing = reader.size - (top.at(-1)?.end ?? 0);
  if (trailing > 0) note(`${trailing} bytes after the last box`);
  const { pictures, sounds } = tracks;
  if (pictures > 1) note(`${pictures - 1} further picture ${pictures === 2 ? 'track' : 'tracks'}`);
  if (sounds > 1) note(`${sounds - 1} further sound ${sounds === 2 ? 'track' : 'tracks'}`);
  return [...lines];
};
