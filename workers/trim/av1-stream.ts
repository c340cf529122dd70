/** AV1 as a stream of temporal units without metadata, and its sample entry (AV1 Bitstream §5.3–5.9, AV1-ISOBMFF §2.3). */
import { box, concat, u8, type Bytes } from './mp4-boxes.ts';
import { visualSampleEntry } from './sample-entries.ts';
import type { VideoStream } from './video-stream.ts';

/** obu_type values, §6.2.2. */
const OBU = { sequenceHeader: 1, frameHeader: 3, tileGroup: 4, frame: 6, redundantFrameHeader: 7 } as const;
const KEPT = new Set<number>(Object.values(OBU));

interface Obu {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** `codec` is the WebCodecs string (`av01.P.LLT.DD…`). Null when `firstPacket` carries no sequence header. */
export const openAv1Stream = (codec: string, firstPacket: Uint8Array): VideoStream | null => {
  const header = readObus(firstPacket)?.find(({ type }) => type === OBU.sequenceHeader);
  if (!header) return null;
  const av1C = concat([configurationOf(codec), writeObu(header)]);
  const depth = Number(codec.split('.')[3] ?? 8);
  return {
    codec: 'av1',
    container: 'mp4',
    size: null,
    interlaced: false,
    changesSize: false,
    bitDepth: depth,
    read: (packet) => {
      const obus = readObus(packet);
      const kept = obus?.filter(({ type }) => KEPT.has(type)) ?? [];
      if (!obus || !kept.some(({ type }) => type === OBU.frame || type === OBU.frameHeader)) return null;
      return {
        data: concat(kept.map(writeObu)),
        access: isKeyUnit(kept) ? 'clean' : 'none',
        // Temporal delimiters (2) are framing, not messages.
        messages: obus.filter(({ type }) => !KEPT.has(type) && type !== 2).length,
        field: null,
        hidden: kept.filter(({ type }) => type === OBU.frame || type === OBU.frameHeader).length > 1 ? 'some' : 'none',
        overwritten: false,
      };
    },
    decoderConfig: (container) => container,
    sourceEntry: (visual) => visualSampleEntry('av01', visual, box('av1C', av1C)),
    clipEntry: (visual) => visualSampleEntry('av01', visual, box('av1C', av1C)),
    inBandSets: () => null,
    sequenceEnd: null,
    freeSetIds: (count) => new Array<number>(count).fill(15),
  };
};

/** A shown keyframe behind a sequence header: show_existing_frame 0, frame_type 0, show_frame 1 (§5.9.2). */
const isKeyUnit = (obus: readonly Obu[]): boolean => {
  const header = obus.findIndex(({ type }) => type === OBU.sequenceHeader);
  const frame = obus.find(({ type }) => type === OBU.frame || type === OBU.frameHeader);
  return header >= 0 && ((frame?.payload[0] ?? 0xff) & 0xf0) === 0x10;
};

/** The OBUs of a temporal unit in low-overhead format; null when a size runs past the end or one without size is not the last. */
const readObus = (unit: Uint8Array): readonly Obu[] | null => {
  const obus: Obu[] = [];
  let at = 0;
  while (at < unit.length) {
    const header = unit[at++] ?? 0;
    if ((header & 4) !== 0) at++;
    let size = unit.length - at;
    if ((header & 2) !== 0) {
      size = 0;
      for (let index = 0; index < 8; index++) {
        const byte = unit[at++] ?? 0;
        size += (byte & 0x7f) * 2 ** (7 * index);
        if (byte < 0x80) break;
      }
    }
    if (size > unit.length - at) return null;
    obus.push({ type: (header >> 3) & 15, payload: unit.subarray(at, at + size) });
    at += size;
  }
  return obus;
};

/** With a size field and without extension: one spatial and temporal layer is what cameras write. */
const writeObu = ({ type, payload }: Obu): Bytes => {
  const size: number[] = [];
  for (let rest = payload.length; ; rest = Math.floor(rest / 128)) {
    size.push(rest < 128 ? rest : (rest % 128) | 0x80);
    if (rest < 128) break;
  }
  return concat([u8((type << 3) | 2, ...size), payload]);
};

/** The four fixed bytes of AV1CodecConfigurationRecord. */
const configurationOf = (codec: string): Bytes => {
  const [, profile = '0', level = '04M', depth = '08', monochrome = '0', chroma = '110'] = codec.split('.');
  const [x = 1, y = 1, position = 0] = [...chroma].map(Number);
  const bits = Number(depth);
  return u8(
    0x81,
    (Number(profile) << 5) | Number.parseInt(level, 10),
    (level.endsWith('H') ? 0x80 : 0) |
      (bits > 8 ? 0x40 : 0) |
      (bits > 10 ? 0x20 : 0) |
      (Number(monochrome) << 4) |
      (x << 3) |
      (y << 2) |
      position,
    0,
  );
};
