/** Reads one track of an MP4 clip: its headers, its edit list, its samples (ISO/IEC 14496-12 §8.3–8.7). */
import { type Box, type BoxWalker, showType } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ClipTrack } from './clip-file.ts';
import { notAClip } from './findings.ts';
import { bytesPerFrame } from './pcm.ts';
import { readSampleEntry } from './sample-entries.ts';
import { readSamples } from './sample-tables.ts';

export interface Mp4Track extends ClipTrack {
  /** How long the edit list waits before the track begins, in movie ticks. */
  readonly delayTicks: number;
  /** Delay and shown stretch together, in movie ticks. */
  readonly shownTicks: number;
}

interface Edits {
  readonly delayTicks: number;
  readonly shownTicks: number;
}

/** Handler names that writers use for want of a better one; any other could be a device's. */
const STANDARD_NAMES = ['', 'VideoHandler', 'SoundHandler', 'VideoHandle', 'SoundHandle'];
/** ISO 639-2/T `und` in five-bit letters. */
const UNDETERMINED = 0x55c4;

const readTrackHeader = (walker: BoxWalker, box: Box): { id: number; duration: number } => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0, 1);
  walker.expect(box, 'flags', flags, 1, 3, 7);
  const wide = version === 1;
  for (const field of ['creation', 'modification']) {
    const time = wide ? reader.u64() : reader.u32();
    if (time !== 0) walker.findings.add('creation-time', `${box.path} carries a ${field} time.`);
  }
  const id = reader.u32();
  walker.zeros(box, reader, 4);
  const duration = wide ? reader.u64() : reader.u32();
  walker.zeros(box, reader, 8);
  walker.expect(box, 'layer', reader.u16(), 0);
  walker.expect(box, 'alternate group', reader.u16(), 0, 1);
  walker.expect(box, 'volume', reader.u16(), 0, 0x100);
  walker.zeros(box, reader, 2);
  // The matrix rotates or mirrors the picture; its right column is fixed.
  reader.take(8);
  walker.expect(box, 'matrix', reader.u32(), 0);
  reader.take(8);
  walker.expect(box, 'matrix', reader.u32(), 0);
  reader.take(8);
  walker.expect(box, 'matrix', reader.u32(), 0x4000_0000);
  reader.take(8);
  walker.finish(box, reader);
  return { id, duration };
};

/** At most one empty edit and then one that shows the media from its very beginning at normal speed. */
const readEdits = (walker: BoxWalker, box: Box): Edits => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0, 1);
  walker.expect(box, 'flags', flags, 0);
  const wide = version === 1;
  const count = reader.u32();
  if (count === 0 || count > 2) notAClip(`${box.path} has ${count} edits; clips have one, or a delay and one.`);
  let delayTicks = 0;
  let shownTicks = 0;
  for (let index = 0; index < count; index += 1) {
    const duration = wide ? reader.u64() : reader.u32();
    // Only −1 (an empty edit) and 0 are expected, so the high half of a 64-bit time is read as a number of its own.
    const high = wide ? reader.i32() : 0;
    const low = reader.i32();
    const empty = low === -1 && (!wide || high === -1);
    walker.expect(box, 'rate', reader.u32(), 0x1_0000);
    shownTicks += duration;
    if (empty && index === 0 && count === 2) delayTicks = duration;
    else if (empty || low !== 0 || high !== 0) {
      walker.findings.add(
        'not-a-clip',
        `${box.path} starts its media at ${high * 0x1_0000_0000 + low} and so hides samples that are in the file.`,
      );
    }
  }
  walker.finish(box, reader);
  return { delayTicks, shownTicks };
};

/** How `mvhd` and `mdhd` begin: times of making and changing, which must be zero, then the time unit and the duration. */
export const readTimes = (walker: BoxWalker, box: Box): { reader: ByteReader; timescale: number; duration: number } => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0, 1);
  walker.expect(box, 'flags', flags, 0);
  const wide = version === 1;
  for (const field of ['creation', 'modification']) {
    const time = wide ? reader.u64() : reader.u32();
    if (time !== 0) walker.findings.add('creation-time', `${box.path} carries a ${field} time.`);
  }
  const timescale = reader.u32();
  const duration = wide ? reader.u64() : reader.u32();
  return { reader, timescale, duration };
};

const readMediaHeader = (walker: BoxWalker, box: Box): { timescale: number; duration: number } => {
  const { reader, timescale, duration } = readTimes(walker, box);
  walker.expect(box, 'language', reader.u16(), UNDETERMINED);
  walker.zeros(box, reader, 2);
  walker.finish(box, reader);
  if (timescale === 0) notAClip(`${box.path} has a time unit of zero.`);
  return { timescale, duration };
};

const readHandler = (walker: BoxWalker, box: Box): string => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  walker.zeros(box, reader, 4);
  const type = reader.fourcc();
  walker.zeros(box, reader, 12);
  const name = String.fromCharCode(...reader.take(Math.min(reader.left, 64)));
  if (!name.endsWith('\0') || !STANDARD_NAMES.includes(name.slice(0, -1))) {
    walker.findings.add('encoder-string', `${box.path} carries the name ${JSON.stringify(name.replaceAll('\0', ''))}.`);
  }
  walker.finish(box, reader);
  return type;
};

/** The header of the media's kind and the reference that says the media is in this very file. */
const checkMediaInformation = (
  walker: BoxWalker,
  minf: readonly Box[],
  kind: 'video' | 'audio',
  path: string,
): void => {
  const header = walker.one(minf, kind === 'video' ? 'vmhd' : 'smhd', path);
  const { reader, version, flags } = walker.full(header);
  walker.expect(header, 'version', version, 0);
  walker.expect(header, 'flags', flags, kind === 'video' ? 1 : 0);
  walker.zeros(header, reader, kind === 'video' ? 8 : 4);
  walker.finish(header, reader);
  const dinf = walker.one(minf, 'dinf', path);
  const dref = walker.one(walker.split(dinf.start, dinf.end, dinf.path, ['dref']), 'dref', dinf.path);
  const reference = walker.full(dref);
  walker.expect(dref, 'version', reference.version, 0);
  walker.expect(dref, 'flags', reference.flags, 0);
  walker.expect(dref, 'entry count', reference.reader.u32(), 1);
  const url = walker.one(walker.split(reference.reader.at, dref.end, dref.path, ['url ']), 'url ', dref.path);
  const location = walker.full(url);
  walker.expect(url, 'version', location.version, 0);
  walker.expect(url, 'flags', location.flags, 1);
  walker.finish(url, location.reader);
};

const checkDurations = (
  walker: BoxWalker,
  path: string,
  track: Mp4Track,
  mediaTicks: number,
  headerTicks: number,
  movieTimescale: number,
): void => {
  const total = track.samples.reduce((sum, sample) => sum + sample.duration, 0);
  // Uncompressed sound has no frames: its length is exact.
  const whole = track.coding.kind === 'audio' && track.coding.pcm !== null;
  const frame = whole ? 1 : Math.max(...track.samples.slice(-32).map((sample) => sample.duration));
  if (Math.abs(mediaTicks - total) > frame)
    walker.findings.add('unaccounted-bytes', `${path}/mdia/mdhd says ${mediaTicks} ticks; the samples last ${total}.`);
  if (Math.abs(headerTicks - track.shownTicks) > 1)
    walker.findings.add(
      'unaccounted-bytes',
      `${path}/tkhd says ${headerTicks} ticks; the edit list shows ${track.shownTicks}.`,
    );
  const shownSeconds = (track.shownTicks - track.delayTicks) / movieTimescale;
  // The shown stretch may be a frame longer than the sum of durations, as composition shifts can make it.
  if (Math.abs(shownSeconds - total / track.timescale) > frame / track.timescale + 2 / movieTimescale) {
    walker.findings.add(
      'unaccounted-bytes',
      `${path} shows ${shownSeconds.toFixed(3)} s of ${(total / track.timescale).toFixed(3)} s of samples.`,
    );
  }
};

/** Reads a `trak`; null, with a finding, when it is neither picture nor sound. Throws `Unreadable` when it cannot be read. */
export const readTrack = (walker: BoxWalker, trak: Box, movieTimescale: number): Mp4Track | null => {
  const parts = walker.split(trak.start, trak.end, trak.path, ['tkhd', 'edts', 'mdia']);
  const header = readTrackHeader(walker, walker.one(parts, 'tkhd', trak.path));
  const mdia = walker.one(parts, 'mdia', trak.path);
  const media = walker.split(mdia.start, mdia.end, mdia.path, ['mdhd', 'hdlr', 'minf']);
  const { timescale, duration } = readMediaHeader(walker, walker.one(media, 'mdhd', mdia.path));
  const handler = readHandler(walker, walker.one(media, 'hdlr', mdia.path));
  if (handler !== 'vide' && handler !== 'soun') {
    walker.findings.add(
      'extra-track',
      `The clip has a track of kind ${showType(handler)}, which is neither picture nor sound.`,
    );
    return null;
  }
  const kind = handler === 'vide' ? 'video' : 'audio';
  const minf = walker.one(media, 'minf', mdia.path);
  const information = walker.split(minf.start, minf.end, minf.path, [
    kind === 'video' ? 'vmhd' : 'smhd',
    'dinf',
    'stbl',
  ]);
  checkMediaInformation(walker, information, kind, minf.path);
  const stbl = walker.one(information, 'stbl', minf.path);
  const tables = walker.split(stbl.start, stbl.end, stbl.path, [
    'stsd',
    'stts',
    'ctts',
    'stss',
    'stsc',
    'stsz',
    'stco',
    'co64',
  ]);
  const coding = readSampleEntry(walker, walker.one(tables, 'stsd', stbl.path));
  if (coding.kind !== kind) notAClip(`${trak.path} calls itself ${kind} and is coded as ${coding.kind}.`);
  const pcm = coding.kind === 'audio' ? coding.pcm : null;
  const samples = readSamples(walker, tables, stbl.path, pcm === null ? null : bytesPerFrame(pcm));
  const edts = walker.optional(parts, 'edts', trak.path);
  const edits: Edits =
    edts === null
      ? { delayTicks: 0, shownTicks: header.duration }
      : readEdits(walker, walker.one(walker.split(edts.start, edts.end, edts.path, ['elst']), 'elst', edts.path));
  const track: Mp4Track = {
    ...{ kind, id: header.id, timescale, coding, samples },
    ...{ ...edits, delay: edits.delayTicks / movieTimescale },
  };
  checkDurations(walker, trak.path, track, duration, header.duration, movieTimescale);
  return track;
};
