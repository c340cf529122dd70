/** Splits a WebM clip into EBML elements (RFC 8794) and writes down each one, so that every byte has an owner. */
import type { AuditedBox } from '../../src/contracts/inspect-api.ts';
import { ByteReader } from './byte-reader.ts';
import { notAClip, type Findings } from './findings.ts';

export interface Element {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly offset: number;
  /** Where the payload begins and ends, absolute in the file. */
  readonly start: number;
  readonly end: number;
}

/** What a clip may consist of (RFC 9559, §5.1), and what each is for in plain words. */
const ELEMENTS: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  0x1a45dfa3: ['EBML', 'says that this is a WebM file'],
  0x4286: ['EBMLVersion', 'says that this is a WebM file'],
  0x42f7: ['EBMLReadVersion', 'says that this is a WebM file'],
  0x42f2: ['EBMLMaxIDLength', 'says that this is a WebM file'],
  0x42f3: ['EBMLMaxSizeLength', 'says that this is a WebM file'],
  0x4282: ['DocType', 'says that this is a WebM file'],
  0x4287: ['DocTypeVersion', 'says that this is a WebM file'],
  0x4285: ['DocTypeReadVersion', 'says that this is a WebM file'],
  0x18538067: ['Segment', 'everything else in the file'],
  0x1549a966: ['Info', 'length and time unit of the whole clip'],
  0x2ad7b1: ['TimestampScale', 'the time unit'],
  0x4489: ['Duration', 'the length'],
  0x4d80: ['MuxingApp', 'empty: the name of a program is not wanted here'],
  0x5741: ['WritingApp', 'empty: the name of a program is not wanted here'],
  0x1654ae6b: ['Tracks', 'which tracks there are'],
  0xae: ['TrackEntry', 'one track: picture or sound'],
  0xd7: ['TrackNumber', 'the number of the track'],
  0x73c5: ['TrackUID', 'the number of the track once more'],
  0x83: ['TrackType', 'whether the track is picture or sound'],
  0x9c: ['FlagLacing', 'that no blocks are joined'],
  0x22b59c: ['Language', 'und: no language'],
  0x86: ['CodecID', 'how the track is coded'],
  0x63a2: ['CodecPrivate', 'decoder settings'],
  0x56aa: ['CodecDelay', 'how much sound a decoder drops at its beginning'],
  0x56bb: ['SeekPreRoll', 'how much sound a decoder needs before a seek'],
  0x23e383: ['DefaultDuration', 'how long a frame lasts'],
  0xe0: ['Video', 'about the picture'],
  0xb0: ['PixelWidth', 'picture size'],
  0xba: ['PixelHeight', 'picture size'],
  0x54b0: ['DisplayWidth', 'shape of a pixel'],
  0x54ba: ['DisplayHeight', 'shape of a pixel'],
  0x54b2: ['DisplayUnit', 'shape of a pixel'],
  0x9a: ['FlagInterlaced', 'whether the picture is interlaced'],
  0x55b0: ['Colour', 'colour description'],
  0x55b1: ['MatrixCoefficients', 'colour description'],
  0x55b9: ['Range', 'colour description'],
  0x55ba: ['TransferCharacteristics', 'colour description'],
  0x55bb: ['Primaries', 'colour description'],
  0xe1: ['Audio', 'about the sound'],
  0xb5: ['SamplingFrequency', 'samples a second'],
  0x9f: ['Channels', 'channels of the sound'],
  0x6264: ['BitDepth', 'bits of a sample'],
  0x1c53bb6b: ['Cues', 'where to look when seeking'],
  0xbb: ['CuePoint', 'one place to seek to'],
  0xb3: ['CueTime', 'the time of the place'],
  0xb7: ['CueTrackPositions', 'where the place is'],
  0xf7: ['CueTrack', 'the track of the place'],
  0xf1: ['CueClusterPosition', 'where the place is'],
  0xf0: ['CueRelativePosition', 'where the place is'],
  0x1f43b675: ['Cluster', 'a stretch of pictures and sounds'],
  0xe7: ['Timestamp', 'when the stretch begins'],
  0xa3: ['SimpleBlock', 'one frame or one packet of sound'],
};

/** Elements that other programs write and clips never have. */
const KNOWN_STOWAWAYS: Readonly<Record<number, string>> = {
  0xec: 'Void: unused space, which may hold anything',
  0xbf: 'CRC-32: a sum that clips do not need',
  0x114d9b74: 'SeekHead: an index that clips do not need',
  0x1254c367: 'Tags: names of devices, people and software',
  0x1941a469: 'Attachments: whole files',
  0x1043a770: 'Chapters',
  0x4461: 'DateUTC: when the file was made',
  0x7ba9: 'Title',
  0x73a4: 'SegmentUUID: a number that tells files apart',
  0x536e: 'Name: a name of the track',
  0xa0: 'BlockGroup: a block with further data',
};

/** Text as cameras and programs write a position (ISO 6709, or a tag's name). */
const LOCATION = /LOCATION|location|GPS|[+-]\d{2}\.\d{3,}[+-]\d{3}\.\d{3,}/;
const DATE_UTC = 0x4461;

export class EbmlWalker {
  readonly bytes: Uint8Array;
  readonly findings: Findings;
  readonly seen: AuditedBox[] = [];

  constructor(bytes: Uint8Array, findings: Findings) {
    this.bytes = bytes;
    this.findings = findings;
  }

  /** A variable-length number (RFC 8794 §4): `keepMarker` as ids are written. Stops the audit when it is none. */
  number(reader: ByteReader, keepMarker: boolean): number {
    const first = reader.u8();
    const length = Math.clz32(first) - 23;
    if (length > 8) notAClip(`${reader.what} has a number that does not begin as one, before byte ${reader.at}.`);
    let value = keepMarker ? first : first & ((1 << (8 - length)) - 1);
    let unknown = !keepMarker && value === (1 << (8 - length)) - 1;
    for (let index = 1; index < length; index += 1) {
      const byte = reader.u8();
      if (byte !== 0xff) unknown = false;
      value = value * 256 + byte;
    }
    if (unknown) notAClip(`${reader.what} has an element of unknown size, before byte ${reader.at}.`);
    if (!Number.isSafeInteger(value)) notAClip(`${reader.what} has a number above 2^53 before byte ${reader.at}.`);
    return value;
  }

  /**
   * The elements between two offsets, which they must fill exactly; stops the audit when a size is impossible.
   * Elements that are not in `allowed` are written down as findings and left out.
   */
  split(start: number, end: number, parent: string, allowed: readonly string[]): readonly Element[] {
    const reader = new ByteReader(this.bytes, start, end, parent === '' ? 'The file' : `The element ${parent}`);
    const elements: Element[] = [];
    while (reader.left > 0) {
      const offset = reader.at;
      if (reader.left < 2) {
        this.findings.add('unaccounted-bytes', `${reader.left} bytes at byte ${offset} belong to no element.`);
        return elements;
      }
      const id = this.number(reader, true);
      const size = this.number(reader, false);
      if (size > reader.left) {
        notAClip(`The element at byte ${offset} says it has ${size} bytes, of ${reader.left} that are there.`);
      }
      const [name, meaning] = ELEMENTS[id] ?? [`0x${id.toString(16)}`, ''];
      const path = parent === '' ? name : `${parent}/${name}`;
      const element: Element = { id, name, path, offset, start: reader.at, end: reader.at + size };
      reader.at = element.end;
      if (allowed.includes(name)) {
        this.seen.push({ path, offset, bytes: element.end - offset, meaning });
        elements.push(element);
      } else this.#stowaway(element);
    }
    return elements;
  }

  #stowaway({ id, path, offset, start, end }: Element): void {
    const text = new TextDecoder('windows-1252').decode(this.bytes.subarray(start, Math.min(end, start + 65_536)));
    const where = `The clip has the element ${path} at byte ${offset} (${end - offset} bytes)`;
    const what = KNOWN_STOWAWAYS[id] ?? 'an element that clips do not have';
    if (LOCATION.test(text)) this.findings.add('location', `${where}, which can tell where the camera is.`);
    else if (id === DATE_UTC) this.findings.add('creation-time', `${where}: ${what}.`);
    else this.findings.add('unknown-box', `${where}: ${what}.`);
  }

  /** The one element of a name; stops the audit when it is missing or there are two. */
  one(elements: readonly Element[], name: string, parent: string): Element {
    const found = elements.filter((element) => element.name === name);
    const [element] = found;
    if (element === undefined) return notAClip(`${parent} has no ${name} element.`);
    if (found.length > 1) notAClip(`${parent} has ${found.length} ${name} elements.`);
    return element;
  }

  optional(elements: readonly Element[], name: string, parent: string): Element | null {
    return elements.some((element) => element.name === name) ? this.one(elements, name, parent) : null;
  }

  reader({ start, end, path }: Element): ByteReader {
    return new ByteReader(this.bytes, start, end, `The element ${path}`);
  }

  /** An unsigned number in the whole of an element; 0 when it is empty, as the default says. */
  unsigned(element: Element): number {
    const reader = this.reader(element);
    if (reader.left > 8) notAClip(`${element.path} is a number of ${reader.left} bytes.`);
    let value = 0;
    while (reader.left > 0) value = value * 256 + reader.u8();
    if (!Number.isSafeInteger(value)) notAClip(`${element.path} is a number above 2^53.`);
    return value;
  }

  float(element: Element): number {
    const { start, end } = element;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + start, end - start);
    if (end - start === 4) return view.getFloat32(0);
    if (end - start === 8) return view.getFloat64(0);
    return notAClip(`${element.path} is a number of ${end - start} bytes; four or eight are one.`);
  }

  text(element: Element): string {
    return String.fromCharCode(...this.reader(element).take(Math.min(256, element.end - element.start)));
  }

  /** Notes an element that must have one of some values and has another. */
  expect(element: Element, value: number | string, ...allowed: readonly (number | string)[]): void {
    if (!allowed.includes(value))
      this.findings.add('unaccounted-bytes', `${element.path} is ${value} and must be ${allowed.join(' or ')}.`);
  }
}
