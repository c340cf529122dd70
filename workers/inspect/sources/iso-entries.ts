/** Reads a recording's sample descriptions: which codec, and the configuration its decoder gets (ISO/IEC 14496-12 §8.5.2, QuickTime). */
import { pcmOfFourcc, type PcmFormat } from '../pcm.ts';
import { boxesIn, descend, holds, type IsoBox } from './iso-view.ts';

export interface SourceEntry {
  readonly type: string;
  /** Our name of the codec; null when it is one that clips never hold as it is. */
  readonly codec: string | null;
  readonly configuration: Uint8Array | null;
  readonly pcm: PcmFormat | null;
}

const VIDEO: Readonly<Record<string, { readonly codec: string; readonly box: string | null }>> = {
  avc1: { codec: 'avc', box: 'avcC' },
  avc2: { codec: 'avc', box: 'avcC' },
  avc3: { codec: 'avc', box: 'avcC' },
  avc4: { codec: 'avc', box: 'avcC' },
  hvc1: { codec: 'hevc', box: 'hvcC' },
  hev1: { codec: 'hevc', box: 'hvcC' },
  dvh1: { codec: 'hevc', box: 'hvcC' },
  dvhe: { codec: 'hevc', box: 'hvcC' },
  vp08: { codec: 'vp8', box: null },
  vp09: { codec: 'vp9', box: 'vpcC' },
  av01: { codec: 'av1', box: 'av1C' },
  jpeg: { codec: 'mjpeg', box: null },
  mjpa: { codec: 'mjpeg', box: null },
  mjpg: { codec: 'mjpeg', box: null },
  MJPG: { codec: 'mjpeg', box: null },
  AVDJ: { codec: 'mjpeg', box: null },
};

const AUDIO: Readonly<Record<string, { readonly codec: string; readonly box: string | null }>> = {
  Opus: { codec: 'opus', box: 'dOps' },
  'ac-3': { codec: 'ac3', box: 'dac3' },
  'ec-3': { codec: 'eac3', box: 'dec3' },
  fLaC: { codec: 'flac', box: 'dfLa' },
  samr: { codec: 'amr-nb', box: 'damr' },
  sawb: { codec: 'amr-wb', box: 'damr' },
  '.mp3': { codec: 'mp3', box: null },
  'ms\0U': { codec: 'mp3', box: null },
};

/** Object types of MPEG-4 descriptors (ISO/IEC 14496-1 §7.2.6.6 and the MP4 registration authority). */
const OBJECT_TYPES: Readonly<Record<number, string>> = {
  0x40: 'aac',
  0x66: 'aac',
  0x67: 'aac',
  0x68: 'aac',
  0x69: 'mp3',
  0x6b: 'mp3',
  0x6c: 'mjpeg',
  0xa5: 'ac3',
  0xa6: 'eac3',
};

/** The object type and DecoderSpecificInfo of an `esds`; null when it cannot be found. */
const readDescriptors = (
  view: DataView,
  { start, end }: IsoBox,
): { readonly objectType: number; readonly specific: Uint8Array | null } | null => {
  let at = start + 4;
  const header = (): { readonly tag: number; readonly size: number } | null => {
    if (at >= end) return null;
    const tag = view.getUint8(at);
    at += 1;
    let size = 0;
    for (let index = 0; index < 4 && at < end; index += 1) {
      const byte = view.getUint8(at);
      at += 1;
      size = size * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
    }
    return { tag, size };
  };
  let found = header();
  if (found?.tag === 3) {
    if (at + 3 > end) return null;
    const flags = view.getUint8(at + 2);
    at += 3 + ((flags & 0x80) === 0 ? 0 : 2);
    if ((flags & 0x40) !== 0 && at < end) at += 1 + view.getUint8(at);
    if ((flags & 0x20) !== 0) at += 2;
    found = header();
  }
  if (found?.tag !== 4 || at + 13 > end) return null;
  const objectType = view.getUint8(at);
  at += 13;
  const inner = header();
  const specific =
    inner?.tag === 5 && at + inner.size <= end ? new Uint8Array(view.buffer, view.byteOffset + at, inner.size) : null;
  return { objectType, specific };
};

const payload = (view: DataView, box: IsoBox | null): Uint8Array | null =>
  box === null ? null : new Uint8Array(view.buffer, view.byteOffset + box.start, box.end - box.start);

const ofDescriptors = (view: DataView, type: string, esds: IsoBox | null): SourceEntry => {
  const found = esds === null ? null : readDescriptors(view, esds);
  const codec = found === null ? null : (OBJECT_TYPES[found.objectType] ?? null);
  return { type, codec, configuration: codec === 'aac' ? (found?.specific ?? null) : null, pcm: null };
};

const readVideo = (view: DataView, entry: IsoBox): SourceEntry => {
  const { type, start, end } = entry;
  const children = holds(entry, 78) ? boxesIn(view, start + 78, end) : [];
  const child = (wanted: string): IsoBox | null => children.find((box) => box.type === wanted) ?? null;
  if (type === 'mp4v') return ofDescriptors(view, type, child('esds'));
  const known = VIDEO[type];
  if (known === undefined) return { type, codec: null, configuration: null, pcm: null };
  return {
    type,
    codec: known.codec,
    configuration: known.box === null ? null : payload(view, child(known.box)),
    pcm: null,
  };
};

/** QuickTime's second sound description (version 2), which `lpcm` needs: rate, channels, bits and flags at fixed places. */
const readLinear = (view: DataView, { start }: IsoBox): PcmFormat => {
  const flags = view.getUint32(start + 52);
  return {
    kind: (flags & 1) === 1 ? 'float' : (flags & 4) === 4 ? 'signed' : 'unsigned',
    bits: view.getUint32(start + 48),
    bigEndian: (flags & 2) === 2,
    channels: view.getUint32(start + 40),
    sampleRate: view.getFloat64(start + 32),
  };
};

const readAudio = (view: DataView, entry: IsoBox, quickTime: boolean): SourceEntry => {
  const { type, start, end } = entry;
  if (!holds(entry, 28)) return { type, codec: null, configuration: null, pcm: null };
  const version = quickTime ? view.getUint16(start + 8) : 0;
  const childrenAt = start + (version === 1 ? 44 : version === 2 ? 64 : 28);
  if (childrenAt > end) return { type, codec: null, configuration: null, pcm: null };
  const children = boxesIn(view, childrenAt, end);
  const wave = children.find((box) => box.type === 'wave') ?? null;
  const child = (wanted: string): IsoBox | null =>
    children.find((box) => box.type === wanted) ?? (wave === null ? null : descend(view, wave, wanted));
  if (type === 'lpcm' && version === 2) {
    return { type, codec: 'pcm', configuration: null, pcm: readLinear(view, entry) };
  }
  const enda = child('enda');
  const littleEndian = enda !== null && holds(enda, 2) && view.getUint16(enda.start) === 1;
  const samples = pcmOfFourcc(type, view.getUint16(start + 18), littleEndian);
  if (samples !== null) {
    const channels = view.getUint16(start + 16);
    const sampleRate = version === 2 ? view.getFloat64(start + 32) : view.getUint32(start + 24) / 0x1_0000;
    return { type, codec: 'pcm', configuration: null, pcm: { ...samples, channels, sampleRate } };
  }
  if (type === 'mp4a') return ofDescriptors(view, type, child('esds'));
  const known = AUDIO[type];
  if (known === undefined) return { type, codec: null, configuration: null, pcm: null };
  return {
    type,
    codec: known.codec,
    configuration: known.box === null ? null : payload(view, child(known.box)),
    pcm: null,
  };
};

/** Every sample description of an `stsd`, in its order. */
export const readEntries = (
  view: DataView,
  stsd: IsoBox,
  kind: 'video' | 'audio',
  quickTime: boolean,
): readonly SourceEntry[] =>
  holds(stsd, 8)
    ? boxesIn(view, stsd.start + 8, stsd.end)
        // Some writers leave padding behind the entries that they announce.
        .slice(0, view.getUint32(stsd.start + 4))
        .map((entry) => (kind === 'video' ? readVideo(view, entry) : readAudio(view, entry, quickTime)))
    : [];
