/** Says in plain words what the source file carries that a clip never does: tags, places, dates, further tracks, leftovers. */
import type { Input, MetadataTags } from 'mediabunny';
import { boxesIn, fourcc, topBoxes, type SourceBox } from './source-boxes.ts';

/** An index larger than this is not walked; the clip has none of it either way. */
const LARGEST_INDEX = 64 << 20;
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta', 'edts']);
/** Seconds between 1904-01-01, the epoch of ISO media times, and 1970-01-01. */
const EPOCH_1904 = 2_082_844_800;

const TRACK_KINDS: Readonly<Record<string, string>> = {
  meta: 'a telemetry or metadata track',
  tmcd: 'a time-code track',
  text: 'a text or chapter track',
  sbtl: 'a subtitle track',
  subt: 'a subtitle track',
  clcp: 'a caption track',
  hint: 'a streaming hint track',
};

const headerTime = (view: DataView, { start, end }: SourceBox): number => {
  if (end - start < 12) return 0;
  return view.getUint8(start) === 1
    ? view.getUint32(start + 4) * 0x1_0000_0000 + view.getUint32(start + 8)
    : view.getUint32(start + 4);
};

/** Walks an index and calls `note` for everything that a clip does not carry over. */
const walkIndex = (view: DataView, boxes: readonly SourceBox[], depth: number, note: (line: string) => void): void => {
  for (const box of boxes) {
    const { type, start, end } = box;
    if (type === 'mvhd' || type === 'tkhd' || type === 'mdhd') {
      const time = headerTime(view, box);
      if (time > EPOCH_1904) note(`creation time ${new Date((time - EPOCH_1904) * 1_000).toISOString()}`);
    } else if (type === 'hdlr' && end - start >= 12) {
      const kind = TRACK_KINDS[fourcc(view, start + 8)];
      if (kind !== undefined && depth === 3) note(kind);
    } else if (type === '\xa9xyz' || type === 'loci') note(`location (${type === 'loci' ? 'loci' : '©xyz'})`);
    else if (isLeftover(box)) note(leftover(box));
    else if (type === 'udta') note('user data (udta)');
    else if (type.startsWith('\xa9')) note(`the tag ©${type.slice(1)}`);
    else if (type === 'gps ') note('location (gps)');
    if (CONTAINERS.has(type) && depth < 8) walkIndex(view, boxesIn(view, start, end), depth + 1, note);
  }
};

/** A box whose content a clip never has; empty ones hold nothing. */
const isLeftover = ({ type, start, end }: SourceBox): boolean =>
  ['meta', 'uuid', 'free', 'skip'].includes(type) && end > start;

const leftover = ({ type, start, end }: SourceBox): string => {
  if (type === 'meta') return 'a metadata box (meta)';
  if (type === 'uuid') return 'a vendor’s private box (uuid)';
  return `${end - start} bytes of unused space (${type})`;
};

/** Tags as mediabunny reads them, whatever the container; raw values are named, not shown. */
const tagLines = (tags: MetadataTags): readonly string[] => {
  const named = (['title', 'description', 'artist', 'comment'] as const).filter((name) => tags[name] !== undefined);
  const raw = Object.keys(tags.raw ?? {}).map((name) =>
    /location|xyz|gps/i.test(name) ? `location (${name})` : `the tag ${name}`,
  );
  return [
    ...named.map((name) => `the tag ${name}`),
    ...(tags.date === undefined ? [] : [`date ${tags.date.toISOString()}`]),
    ...(tags.images === undefined ? [] : ['a cover picture']),
    ...raw,
  ];
};

/**
 * Lines such as `location (©xyz)` or `a telemetry or metadata track`, each once, in the order found.
 * Throws what mediabunny throws for a source it cannot read.
 */
export const sourceMetadata = async (source: Blob, input: Input): Promise<readonly string[]> => {
  const lines = new Set<string>();
  const note = (line: string): void => void lines.add(line);
  const { boxes, trailing } = await topBoxes(source);
  const isoMedia = boxes.some(({ type }) => type === 'moov');
  if (isoMedia) {
    for (const box of boxes) {
      const { type, start, end } = box;
      if (type === 'moov' && end - start <= LARGEST_INDEX) {
        const view = new DataView(await source.slice(start, end).arrayBuffer());
        walkIndex(view, boxesIn(view, 0, view.byteLength), 1, note);
      } else if (isLeftover(box)) note(leftover(box));
    }
    if (trailing > 0) note(`${trailing} bytes after the last box`);
  }
  for (const line of tagLines(await input.getMetadataTags())) note(line);
  const tracks = await input.getTracks();
  const pictures = tracks.filter((track) => track.isVideoTrack()).length;
  const sounds = tracks.filter((track) => track.isAudioTrack()).length;
  if (pictures > 1) note(`${pictures - 1} further picture ${pictures === 2 ? 'track' : 'tracks'}`);
  if (sounds > 1) note(`${sounds - 1} further sound ${sounds === 2 ? 'track' : 'tracks'}`);
  return [...lines];
};
