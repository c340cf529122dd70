/** Splits the clip into boxes (ISO/IEC 14496-12 §4.2) and writes down each one, so that every byte has an owner. */
import type { AuditedBox } from '../../src/contracts/inspect-api.ts';
import { ByteReader } from './byte-reader.ts';
import { notAClip, type Findings } from './findings.ts';

export interface Box {
  readonly type: string;
  readonly path: string;
  readonly offset: number;
  /** Where the payload begins and ends, absolute in the file. */
  readonly start: number;
  readonly end: number;
}

/** What a clip may consist of, and what each is for in plain words. */
const MEANINGS: Readonly<Record<string, string>> = {
  ftyp: 'says that this is an MP4 file',
  moov: 'the index of everything in the file',
  mvhd: 'length and time unit of the whole clip',
  trak: 'one track: picture or sound',
  tkhd: 'picture size, rotation and length of the track',
  edts: 'when the track begins',
  elst: 'when the track begins: its one shown stretch',
  mdia: 'the track’s media',
  mdhd: 'time unit and length of the track',
  hdlr: 'whether the track is picture or sound',
  minf: 'how the media is stored',
  vmhd: 'marks a picture track',
  smhd: 'marks a sound track',
  dinf: 'where the media lies',
  dref: 'where the media lies: in this file',
  'url ': 'where the media lies: in this file',
  stbl: 'the tables of samples',
  stsd: 'how the samples are coded',
  avc1: 'H.264 picture and its size',
  avcC: 'H.264 decoder settings',
  hvc1: 'HEVC picture and its size',
  hvcC: 'HEVC decoder settings',
  vp09: 'VP9 picture and its size',
  vpcC: 'VP9 decoder settings',
  av01: 'AV1 picture and its size',
  av1C: 'AV1 decoder settings',
  mp4v: 'JPEG picture and its size',
  pasp: 'shape of a pixel',
  colr: 'colour description',
  mp4a: 'AAC or MP3 sound, channels and rate',
  esds: 'which coding it is, and its decoder settings',
  Opus: 'Opus sound, channels and rate',
  dOps: 'Opus decoder settings',
  'ac-3': 'AC-3 sound, channels and rate',
  dac3: 'AC-3 decoder settings',
  'ec-3': 'E-AC-3 sound, channels and rate',
  dec3: 'E-AC-3 decoder settings',
  fLaC: 'FLAC sound, channels and rate',
  dfLa: 'FLAC decoder settings',
  samr: 'AMR sound, channels and rate',
  sawb: 'AMR wideband sound, channels and rate',
  damr: 'AMR decoder settings',
  sowt: 'uncompressed sound, channels and rate',
  twos: 'uncompressed sound, channels and rate',
  'raw ': 'uncompressed sound, channels and rate',
  in24: 'uncompressed sound, channels and rate',
  in32: 'uncompressed sound, channels and rate',
  fl32: 'uncompressed sound, channels and rate',
  fl64: 'uncompressed sound, channels and rate',
  alaw: 'G.711 sound, channels and rate',
  ulaw: 'G.711 sound, channels and rate',
  lpcm: 'uncompressed sound, channels and rate',
  chan: 'which channel is which',
  wave: 'how uncompressed sound is written',
  frma: 'how uncompressed sound is written',
  enda: 'whether its low byte comes first',
  '\0\0\0\0': 'the end of how it is written',
  stts: 'how long each sample lasts',
  ctts: 'when each frame is shown after it is decoded',
  stss: 'frames that can be shown without others',
  stsc: 'how samples are grouped',
  stsz: 'how large each sample is',
  stco: 'where each group of samples lies',
  co64: 'where each group of samples lies',
  mdat: 'the pictures and sounds themselves',
};

/** Boxes that carry, or hold boxes that carry, a position on Earth. */
const LOCATION = /©xyz|\xa9xyz|loci|gps |GPS |GPS0|gps0|gpmd|mebx|ISO6709/;
/** Boxes with names and tags of devices, people and software. */
const KNOWN_STOWAWAYS: Readonly<Record<string, string>> = {
  free: 'unused space, which may hold anything',
  skip: 'unused space, which may hold anything',
  wide: 'unused space',
  udta: 'user data such as device name and place',
  meta: 'metadata',
  uuid: 'a vendor’s private data',
  iods: 'an object descriptor that clips do not need',
  sidx: 'a fragment index',
  moof: 'a movie fragment',
  tmcd: 'a time code',
};

/** A box type as text: printable Latin-1 as it is, anything else as hexadecimal. */
export const showType = (type: string): string =>
  /^[\x20-\x7e\xa9]{4}$/.test(type)
    ? type
    : `0x${Array.from(type, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`;

export class BoxWalker {
  readonly bytes: Uint8Array;
  readonly findings: Findings;
  readonly seen: AuditedBox[] = [];

  constructor(bytes: Uint8Array, findings: Findings) {
    this.bytes = bytes;
    this.findings = findings;
  }

  /**
   * The boxes between two offsets, which they must fill exactly; stops the audit when a size is impossible.
   * Boxes that are not in `allowed` are written down as findings and left out.
   */
  split(start: number, end: number, parent: string, allowed: readonly string[]): readonly Box[] {
    const reader = new ByteReader(this.bytes, start, end, parent === '' ? 'The file' : `The box ${parent}`);
    const boxes: Box[] = [];
    while (reader.left > 0) {
      const offset = reader.at;
      if (reader.left < 8) {
        this.findings.add('unaccounted-bytes', `${reader.left} bytes at byte ${offset} belong to no box.`);
        return boxes;
      }
      const short = reader.u32();
      const type = reader.fourcc();
      const size = short === 1 ? reader.u64() : short;
      const header = reader.at - offset;
      // Size 0 means “to the end of the file”: exact sizes are the point here.
      if (size < header || offset + size > end) {
        notAClip(
          `The box ${showType(type)} at byte ${offset} says it has ${size} bytes, of ${end - offset} that are there.`,
        );
      }
      const path = parent === '' ? showType(type) : `${parent}/${showType(type)}`;
      const box: Box = { type, path, offset, start: reader.at, end: offset + size };
      reader.at = box.end;
      if (allowed.includes(type)) {
        this.seen.push({ path, offset, bytes: size, meaning: MEANINGS[type] ?? '' });
        boxes.push(box);
      } else {
        this.#stowaway(box);
      }
    }
    return boxes;
  }

  #stowaway(box: Box): void {
    const text = Array.from(this.bytes.subarray(box.offset, Math.min(box.end, box.offset + 65_536)), (byte) =>
      String.fromCharCode(byte),
    ).join('');
    const what = KNOWN_STOWAWAYS[box.type] ?? 'a box that clips do not have';
    const where = `The clip has ${box.path} at byte ${box.offset} (${box.end - box.offset} bytes)`;
    if (LOCATION.test(text)) this.findings.add('location', `${where}, which can tell where the camera is.`);
    else this.findings.add('unknown-box', `${where}: ${what}.`);
  }

  /** The one box of a type; stops the audit when it is missing or there are two. */
  one(boxes: readonly Box[], type: string, parent: string): Box {
    const found = boxes.filter((box) => box.type === type);
    const [box] = found;
    if (box === undefined) return notAClip(`${parent} has no ${type} box.`);
    if (found.length > 1) notAClip(`${parent} has ${found.length} ${type} boxes.`);
    return box;
  }

  optional(boxes: readonly Box[], type: string, parent: string): Box | null {
    return boxes.some((box) => box.type === type) ? this.one(boxes, type, parent) : null;
  }

  reader(box: Box): ByteReader {
    return new ByteReader(this.bytes, box.start, box.end, `The box ${box.path}`);
  }

  /** A reader past version and flags (§4.2.2), which it returns too. */
  full(box: Box): { readonly reader: ByteReader; readonly version: number; readonly flags: number } {
    const reader = this.reader(box);
    const version = reader.u8();
    return { reader, version, flags: reader.u24() };
  }

  /** Notes a field that must have one value and has another. */
  expect(box: Box, field: string, value: number, ...allowed: readonly number[]): void {
    if (!allowed.includes(value)) {
      this.findings.add(
        'unaccounted-bytes',
        `The field ${field} of ${box.path} is ${value} and must be ${allowed.join(' or ')}.`,
      );
    }
  }

  /** Notes reserved bytes that are not zero: anything could be written there. */
  zeros(box: Box, reader: ByteReader, count: number): void {
    const at = reader.at;
    if (reader.take(count).some((byte) => byte !== 0)) {
      this.findings.add('unaccounted-bytes', `${count} reserved bytes of ${box.path} at byte ${at} are not all zero.`);
    }
  }

  /** Notes bytes that are left over at a box's end. */
  finish(box: Box, reader: ByteReader): void {
    if (reader.left > 0)
      this.findings.add(
        'unaccounted-bytes',
        `${box.path} has ${reader.left} bytes after its last field, at byte ${reader.at}.`,
      );
  }
}
