/** Takes MPEG program and transport streams apart into their elementary streams' packets (ISO/IEC 13818-1 §2.4.3, §2.5.3; 11172-1 for MPEG-1). */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { BlobReader } from './blob-reader.ts';

/** One packet of an elementary stream (PES). */
export interface PesPacket {
  /** The stream's id in a program stream, its PID in a transport stream. */
  readonly stream: number;
  readonly data: Uint8Array;
  readonly pts: Seconds | null;
}

export interface Demuxer {
  /** Packets from about a place in the file on, in the file's order. */
  packets(from: number): AsyncGenerator<PesPacket>;
  /** stream_type by stream where the file announces it (program stream map, program map table). */
  readonly types: ReadonlyMap<number, number>;
}

const PIECE = 1 << 18;
const CLOCK = 90_000;
const PRIVATE_STREAM = 0xbd;

/** The clock has 33 bits and runs over every 26.5 hours (ISO/IEC 13818-1 §2.4.3.7). */
const CLOCK_PERIOD: Seconds = 2 ** 33 / CLOCK;
/** How far behind the file's first time another may lie. */
const DISORDER: Seconds = 60;

/**
 * Puts times of a clock that runs over in one row, as FFmpeg does and so all players built on it: a file that begins within a minute of
 * the end begins below 0, any other goes on behind the end. The first time that is given counts as the file's first.
 */
const clockFrom = (): ((at: Seconds) => Seconds) => {
  let first: Seconds | null = null;
  return (at) => {
    first ??= at;
    if (first >= CLOCK_PERIOD - DISORDER) return at >= first - DISORDER ? at - CLOCK_PERIOD : at;
    return at < first - DISORDER ? at + CLOCK_PERIOD : at;
  };
};

/** 33 bits in five bytes. */
const timestamp = (bytes: Uint8Array, at: number): Seconds => {
  const byte = (index: number): number => bytes[at + index] ?? 0;
  const high = (byte(0) >> 1) & 7;
  const low = ((byte(1) << 7) | (byte(2) >> 1)) * 0x8000 + ((byte(3) << 7) | (byte(4) >> 1));
  return (high * 0x4000_0000 + low) / CLOCK;
};

/** A PES packet's time and where its payload begins; `bytes` begins with the start code. */
const pesHeader = (bytes: Uint8Array): { readonly pts: Seconds | null; readonly payload: number } => {
  let at = 6;
  if (((bytes[at] ?? 0) & 0xc0) === 0x80) {
    const pts = ((bytes[at + 1] ?? 0) & 0x80) === 0 ? null : timestamp(bytes, at + 3);
    return { pts, payload: at + 3 + (bytes[at + 2] ?? 0) };
  }
  // MPEG-1: stuffing, perhaps a buffer size, perhaps times.
  while (bytes[at] === 0xff) at += 1;
  if (((bytes[at] ?? 0) & 0xc0) === 0x40) at += 2;
  const kind = (bytes[at] ?? 0) >> 4;
  if (kind === 2) return { pts: timestamp(bytes, at), payload: at + 5 };
  if (kind === 3) return { pts: timestamp(bytes, at), payload: at + 10 };
  return { pts: null, payload: at + 1 };
};

const isPicture = (id: number): boolean => id >= 0xe0 && id <= 0xef;
const isSound = (id: number): boolean => id >= 0xc0 && id <= 0xdf;

/** A program stream; null when the file does not begin with a pack. */
export const programStream = async (reader: BlobReader): Promise<Demuxer | null> => {
  const head = await reader.upTo(0, 4);
  if (head[0] !== 0 || head[1] !== 0 || head[2] !== 1 || head[3] !== 0xba) return null;
  const types = new Map<number, number>();
  const clock = clockFrom();
  const learn = (map: Uint8Array): void => {
    const info = ((map[8] ?? 0) << 8) | (map[9] ?? 0);
    let at = 12 + info;
    while (at + 4 <= map.length - 4) {
      types.set(map[at + 1] ?? 0, map[at] ?? 0);
      at += 4 + (((map[at + 2] ?? 0) << 8) | (map[at + 3] ?? 0));
    }
  };
  return {
    types,
    async *packets(from) {
      let at = from;
      while (at + 6 <= reader.size) {
        const bytes = await reader.walking(at, Math.min(PIECE, reader.size - at), PIECE);
        let seen = 0;
        while (seen + 6 <= bytes.length) {
          if (
            !(bytes[seen] === 0 && bytes[seen + 1] === 0 && bytes[seen + 2] === 1 && (bytes[seen + 3] ?? 0) >= 0xb9)
          ) {
            seen += 1;
            continue;
          }
          const id = bytes[seen + 3] ?? 0;
          if (id === 0xba || id === 0xb9) {
            const isNew = ((bytes[seen + 4] ?? 0) & 0xc0) === 0x40;
            const length = id === 0xb9 ? 4 : isNew ? 14 + ((bytes[seen + 13] ?? 0) & 7) : 12;
            if (seen + 14 > bytes.length && at + bytes.length < reader.size) break;
            seen += length;
            continue;
          }
          const size = 6 + (((bytes[seen + 4] ?? 0) << 8) | (bytes[seen + 5] ?? 0));
          // Not whole in this piece: read on from here, unless the file itself ends inside.
          if (seen + size > bytes.length && seen > 0 && at + bytes.length < reader.size) break;
          const packet = bytes.subarray(seen, seen + size);
          seen += size;
          if (id === 0xbc) learn(packet);
          if (!isPicture(id) && !isSound(id) && id !== PRIVATE_STREAM) continue;
          const { pts: stamped, payload } = pesHeader(packet);
          const pts = stamped === null ? null : clock(stamped);
          const data = packet.subarray(payload);
          // DVDs keep AC-3 in a private stream, behind a number and three bytes that point to the first frame.
          if (id !== PRIVATE_STREAM) yield { stream: id, data, pts };
          else if (((data[0] ?? 0) & 0xf8) === 0x80)
            yield { stream: 0x8000 | (data[0] ?? 0), data: data.subarray(4), pts };
        }
        if (seen === 0) return;
        at += Math.min(seen, bytes.length);
      }
    },
  };
};

interface Layout {
  readonly size: number;
  /** Bytes before each packet's sync byte, as Blu-ray and AVCHD have. */
  readonly lead: number;
}

const layoutOf = (head: Uint8Array): Layout | null => {
  for (const layout of [
    { size: 188, lead: 0 },
    { size: 192, lead: 4 },
    { size: 204, lead: 0 },
  ]) {
    if ([0, 1, 2].every((index) => head[layout.lead + index * layout.size] === 0x47)) return layout;
  }
  return null;
};

/** A transport stream; null when the file has no sync bytes where one has them. */
export const transportStream = async (reader: BlobReader): Promise<Demuxer | null> => {
  const layout = layoutOf(await reader.upTo(0, 1024));
  if (layout === null) return null;
  const types = new Map<number, number>();
  const clock = clockFrom();
  const maps = new Set<number>();

  /** Program tables fit into one packet in all that cameras write. */
  const learn = (pid: number, section: Uint8Array): void => {
    const length = 3 + ((((section[1] ?? 0) & 15) << 8) | (section[2] ?? 0));
    if (pid === 0) {
      for (let at = 8; at + 4 <= Math.min(section.length, length - 4); at += 4)
        maps.add((((section[at + 2] ?? 0) & 31) << 8) | (section[at + 3] ?? 0));
      return;
    }
    let at = 12 + ((((section[10] ?? 0) & 15) << 8) | (section[11] ?? 0));
    while (at + 5 <= Math.min(section.length, length - 4)) {
      types.set((((section[at + 1] ?? 0) & 31) << 8) | (section[at + 2] ?? 0), section[at] ?? 0);
      at += 5 + ((((section[at + 3] ?? 0) & 15) << 8) | (section[at + 4] ?? 0));
    }
  };

  return {
    types,
    async *packets(from) {
      const open = new Map<number, Uint8Array[]>();
      const finish = (pid: number): PesPacket | null => {
        const parts = open.get(pid);
        if (parts === undefined) return null;
        const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
        let at = 0;
        for (const part of parts) {
          bytes.set(part, at);
          at += part.length;
        }
        if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 1) return null;
        const { pts, payload } = pesHeader(bytes);
        return { stream: pid, data: bytes.subarray(payload), pts: pts === null ? null : clock(pts) };
      };
      const step = Math.floor(PIECE / layout.size) * layout.size;
      for (let at = Math.floor(from / layout.size) * layout.size; at < reader.size; at += step) {
        const bytes = await reader.walking(at, Math.min(step, reader.size - at), step);
        for (let start = layout.lead; start + 188 <= bytes.length; start += layout.size) {
          if (bytes[start] !== 0x47) continue;
          const second = bytes[start + 1] ?? 0;
          const control = bytes[start + 3] ?? 0;
          const pid = ((second & 31) << 8) | (bytes[start + 2] ?? 0);
          const begins = (second & 0x40) !== 0;
          if ((control & 0x10) === 0) continue;
          const payload = start + 4 + ((control & 0x20) === 0 ? 0 : 1 + (bytes[start + 4] ?? 0));
          if (payload >= start + 188) continue;
          const data = bytes.subarray(payload, start + 188);
          if (pid === 0 || maps.has(pid)) {
            if (begins) learn(pid, data.subarray(1 + (data[0] ?? 0)));
            continue;
          }
          if (!types.has(pid)) continue;
          if (begins) {
            const packet = finish(pid);
            open.set(pid, []);
            if (packet !== null) yield packet;
          }
          // A copy: the piece it lies in will be read over.
          open.get(pid)?.push(data.slice());
        }
      }
      for (const pid of open.keys()) {
        const packet = finish(pid);
        if (packet !== null) yield packet;
      }
    },
  };
};
