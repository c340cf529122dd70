/** Which kind of file this is, by its first bytes: whom to ask what is in it, and what to tell a person of those that are not taken. */
import { type ByteSource, bytesOf, latin } from './byte-source.ts';
import { isProgramStream } from './mpeg-ps.ts';
import { packetGrid } from './mpeg-ts.ts';

export type FileKind =
  | { readonly kind: 'iso' | 'matroska' | 'avi' | 'flv' | 'mpeg-ts' | 'mpeg-ps' | 'unknown' }
  | { readonly kind: 'foreign'; readonly sentence: string };

const HEAD_BYTES = 2_000;

/** Formats that are recognised and not read, with what is said of them. */
const FOREIGN: readonly (readonly [at: number, text: string, name: string])[] = [
  [0, '\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011', 'This is a Windows Media file. Export the recording as MP4.'],
  [0, 'DHAV', "This is a .dav file in a Dahua recorder's own format. Export the recording as MP4."],
  [0, 'DHII', "This is a .dav file in a Dahua recorder's own format. Export the recording as MP4."],
  [0, '.RMF', 'This is a RealMedia file. Export the recording as MP4.'],
  [0, 'OggS', 'This is an Ogg file. Export the recording as MP4.'],
  [0, 'GIF8', 'This is a GIF picture, not a video.'],
  [0, '\u00ff\u00d8\u00ff', 'This is a JPEG picture, not a video.'],
  [0, '\u0089PNG', 'This is a PNG picture, not a video.'],
  [8, 'WAVE', 'This is a sound file: there is no picture in it.'],
  [0, 'ID3', 'This is a sound file: there is no picture in it.'],
  [0, 'PK\u0003\u0004', 'This is a ZIP archive: unpack it first.'],
  [0, 'Rar!', 'This is a RAR archive: unpack it first.'],
  [0, '%PDF', 'This is a PDF document, not a video.'],
];

const plain = (kind: Exclude<FileKind['kind'], 'foreign'>): FileKind => ({ kind });

export const kindOf = async (file: ByteSource): Promise<FileKind> => {
  const view = await file.read(0, HEAD_BYTES);
  const text = (at: number, length: number): string => latin(view, at, length);
  const head = bytesOf(view);
  // Before the others: text may contain any of their marks, but not at the same place and with a size that fits.
  if (/^(ftyp|moov|mdat|wide|free|skip|pnot|styp|moof|sidx|uuid)$/.test(text(4, 4)) && beginsWithBox(view, file.size)) {
    return plain('iso');
  }
  if (text(0, 4) === '\u001a\u0045\u00df\u00a3') return plain('matroska');
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'AVI ') return plain('avi');
  if (text(0, 3) === 'FLV' && head[3] === 1) return plain('flv');
  if (isProgramStream(head)) return plain('mpeg-ps');
  const foreign = FOREIGN.find(([at, mark]) => text(at, mark.length) === mark);
  if (foreign) return { kind: 'foreign', sentence: foreign[2] };
  return plain(packetGrid(head) ? 'mpeg-ts' : 'unknown');
};

/** Whether the file begins with an ISO base media box that fits into it: text that happens to contain `ftyp` does not. */
export const beginsWithBox = (head: DataView, size: number): boolean => {
  if (head.byteLength < 8) return false;
  const length = head.getUint32(0);
  return length <= size && (length === 0 || length === 1 || length >= 8);
};
