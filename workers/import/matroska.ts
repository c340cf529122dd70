/** Reads from a Matroska or WebM file's segment when it was made, and whether it was ended (RFC 8794, RFC 9559). */
import type { EpochMs } from '../../src/contracts/units.ts';
import type { ByteSource } from './byte-source.ts';

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const DATE = 0x4461;
const CLUSTER = 0x1f43b675;

interface Element {
  readonly id: number;
  readonly body: number;
  readonly end: number;
  /** Its size was not written: it goes on to the end. */
  readonly unknown: boolean;
}

/** EBML's variable-length number (RFC 8794 §4); null where it makes no sense. A size of all ones is unknown: to the end. */
const elementAt = async (file: ByteSource, at: number, end: number): Promise<Element | null> => {
  const header = await file.read(at, Math.min(at + 12, end));
  if (header.byteLength < 2) return null;
  const idLength = Math.clz32(header.getUint8(0)) - 23;
  if (idLength > 4 || header.byteLength < idLength + 1) return null;
  let id = 0;
  for (let i = 0; i < idLength; i += 1) id = id * 256 + header.getUint8(i);
  const first = header.getUint8(idLength);
  const sizeLength = Math.clz32(first) - 23;
  if (sizeLength > 8 || header.byteLength < idLength + sizeLength) return null;
  let size = first & (0xff >> sizeLength);
  let unknown = size === 0xff >> sizeLength;
  for (let i = 1; i < sizeLength; i += 1) {
    const byte = header.getUint8(idLength + i);
    size = size * 256 + byte;
    unknown &&= byte === 0xff;
  }
  const body = at + idLength + sizeLength;
  return { id, body, end: unknown ? end : Math.min(body + size, end), unknown };
};

const MOST_ELEMENTS = 1_000;

const find = async (file: ByteSource, id: number, from: number, to: number): Promise<Element | null> => {
  let at = from;
  for (let seen = 0; at < to && seen < MOST_ELEMENTS; seen += 1) {
    const element = await elementAt(file, at, to);
    if (!element || element.id === CLUSTER) return null;
    if (element.id === id) return element;
    at = element.end;
  }
  return null;
};

/** Whether the segment's size is still unknown, as it is while it is being written. Throws only when the file cannot be read. */
export const segmentIsOpen = async (file: ByteSource): Promise<boolean> =>
  (await find(file, SEGMENT, 0, file.size))?.unknown ?? false;

/** `DateUTC` (RFC 9559 §5.1.2.12), nanoseconds since 2001-01-01 UTC. Null when there is none. Throws only when the file cannot be read. */
export const readMatroskaDate = async (file: ByteSource): Promise<EpochMs | null> => {
  const segment = await find(file, SEGMENT, 0, file.size);
  const info = segment && (await find(file, INFO, segment.body, segment.end));
  const date = info && (await find(file, DATE, info.body, info.end));
  if (!date || date.end - date.body !== 8) return null;
  const bytes = await file.read(date.body, date.end);
  return bytes.byteLength === 8 ? Date.UTC(2001, 0, 1) + Number(bytes.getBigInt64(0)) / 1e6 : null;
};
