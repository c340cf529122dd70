/** Reads a whole MP4 clip: ftyp, moov, mdat, and nothing else. Knows only the narrow MP4 that clips are, and writes down all the rest. */
import { type Box, BoxWalker } from './boxes.ts';
import type { ClipFile } from './clip-file.ts';
import { readTimes, readTrack, type Mp4Track } from './clip-track.ts';
import { notAClip, type Findings } from './findings.ts';

const BRANDS = ['isom', 'iso2', 'iso3', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'qt  '];

/** ISO/IEC 14496-12 §4.3: brands that players know, and no room for more than a few. */
const checkFileType = (walker: BoxWalker, box: Box): void => {
  const reader = walker.reader(box);
  if (box.end - box.offset > 40)
    walker.findings.add(
      'unaccounted-bytes',
      `ftyp has ${box.end - box.offset} bytes; 40 hold every brand a clip needs.`,
    );
  const brands = [reader.fourcc()];
  walker.expect(box, 'minor version', reader.u32(), 0, 1, 512);
  while (reader.left >= 4) brands.push(reader.fourcc());
  walker.finish(box, reader);
  for (const brand of brands) {
    if (!BRANDS.includes(brand))
      walker.findings.add(
        'unaccounted-bytes',
        `ftyp names the brand ${JSON.stringify(brand)}, which clips do not use.`,
      );
  }
};

const UNITY_MATRIX = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

const readMovieHeader = (walker: BoxWalker, box: Box): { timescale: number; duration: number; nextTrack: number } => {
  const { reader, timescale, duration } = readTimes(walker, box);
  walker.expect(box, 'rate', reader.u32(), 0x1_0000);
  walker.expect(box, 'volume', reader.u16(), 0x100);
  walker.zeros(box, reader, 10);
  for (const value of UNITY_MATRIX) walker.expect(box, 'matrix', reader.u32(), value);
  walker.zeros(box, reader, 24);
  const nextTrack = reader.u32();
  walker.finish(box, reader);
  if (timescale === 0) notAClip(`${box.path} has a time unit of zero.`);
  return { timescale, duration, nextTrack };
};

/** Every byte of mdat belongs to exactly one sample: no gap, no overlap, nothing before, nothing after. */
const checkCoverage = (walker: BoxWalker, mdat: Box, tracks: readonly Mp4Track[]): void => {
  const samples = tracks.flatMap((track) => track.samples.map((sample) => ({ ...sample, of: track.kind })));
  samples.sort((a, b) => a.offset - b.offset || a.size - b.size);
  let at = mdat.start;
  for (const { of, number, offset, size } of samples) {
    if (offset + size > mdat.end || offset < mdat.start) {
      notAClip(`${of} sample ${number} lies at bytes ${offset}–${offset + size}, outside the mdat box.`);
    }
    if (size === 0) walker.findings.add('unaccounted-bytes', `${of} sample ${number} is empty.`);
    if (offset > at)
      walker.findings.add('unaccounted-bytes', `${offset - at} bytes of mdat at byte ${at} belong to no sample.`);
    if (offset < at)
      walker.findings.add(
        'unaccounted-bytes',
        `${of} sample ${number} shares ${at - offset} bytes with another one, at byte ${offset}.`,
      );
    at = Math.max(at, offset + size);
  }
  if (at < mdat.end)
    walker.findings.add(
      'unaccounted-bytes',
      `The last ${mdat.end - at} bytes of mdat, at byte ${at}, belong to no sample.`,
    );
};

/** Parses the clip. Throws `Unreadable` when it cannot be read on; everything else out of order goes into `findings`. */
export const readMp4 = (bytes: Uint8Array, findings: Findings): ClipFile => {
  const walker = new BoxWalker(bytes, findings);
  const top = walker.split(0, bytes.length, '', ['ftyp', 'moov', 'mdat']);
  const [first] = top;
  if (first?.type !== 'ftyp') notAClip('The file does not begin with an ftyp box.');
  checkFileType(walker, walker.one(top, 'ftyp', 'The file'));
  const moov = walker.one(top, 'moov', 'The file');
  const mdat = walker.one(top, 'mdat', 'The file');
  const inside = walker.split(moov.start, moov.end, 'moov', ['mvhd', 'trak']);
  const header = readMovieHeader(walker, walker.one(inside, 'mvhd', 'moov'));
  const tracks = inside
    .filter((box) => box.type === 'trak')
    .flatMap((box) => readTrack(walker, box, header.timescale) ?? []);
  const [video, ...moreVideo] = tracks.filter((track) => track.kind === 'video');
  const [audio, ...moreAudio] = tracks.filter((track) => track.kind === 'audio');
  for (const { kind } of [...moreVideo, ...moreAudio])
    findings.add('extra-track', `The clip has a second ${kind} track.`);
  if (video === undefined) return notAClip('The clip has no picture track.');
  const longest = Math.max(...tracks.map((track) => track.shownTicks));
  // A tick of rounding; anything longer could be the length of the whole recording.
  if (Math.abs(header.duration - longest) > 1) {
    findings.add(
      'unaccounted-bytes',
      `moov/mvhd says the clip lasts ${header.duration} ticks; its tracks last ${longest}.`,
    );
  }
  const ids = tracks.map((track) => track.id);
  if (new Set(ids).size !== ids.length || ids.some((id) => id === 0 || id > 2))
    findings.add('unaccounted-bytes', `The tracks are numbered ${ids.join(', ')}.`);
  if (header.nextTrack > 3) findings.add('unaccounted-bytes', `moov/mvhd announces track number ${header.nextTrack}.`);
  checkCoverage(walker, mdat, tracks);
  return {
    container: 'mp4',
    bytes,
    video,
    audio: audio ?? null,
    media: { start: mdat.start, end: mdat.end },
    delayTick: 1 / header.timescale,
    boxes: walker.seen,
  };
};
