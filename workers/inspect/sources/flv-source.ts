/** Recordings in FLV: tags one after another, with times in milliseconds (Adobe Flash Video File Format Specification 10.1, annex E). */
import type { PcmFormat } from '../pcm.ts';
import { BlobReader } from './blob-reader.ts';
import { listedTrack, withDurations, type ListedPacket } from './indexed-track.ts';
import { SourceDamaged, type SourceFile } from './source.ts';

const TAG = { audio: 8, video: 9, script: 18 } as const;
/** CodecID 7 is H.264; 12 is what some cameras write for HEVC. */
const PICTURES: Readonly<Record<number, string>> = { 7: 'avc', 12: 'hevc' };
/** Four characters that enhanced FLV writes instead. */
const ENHANCED: Readonly<Record<string, string>> = { avc1: 'avc', hvc1: 'hevc', vp08: 'vp8', vp09: 'vp9', av01: 'av1' };
const SOUND_RATES = [5_512.5, 11_025, 22_050, 44_100] as const;
const SOUNDS: Readonly<Record<number, string>> = { 2: 'mp3', 10: 'aac', 14: 'mp3' };

interface Listed {
  codec: string | null;
  configuration: Uint8Array | null;
  pcm: PcmFormat | null;
  readonly packets: ListedPacket[];
}

/** What lies before the coded picture in a video tag's payload; null when the tag holds no picture. */
interface PictureHead {
  readonly codec: string | null;
  readonly key: boolean;
  readonly configuration: boolean;
  readonly bytes: number;
  /** Composition offset in milliseconds. */
  readonly shift: number;
}

const signed24 = (bytes: Uint8Array, at: number): number =>
  ((((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) << 8) >> 8;

const pictureHead = (payload: Uint8Array): PictureHead | null => {
  const [first = 0, second = 0] = payload;
  const key = ((first >> 4) & 7) === 1;
  if ((first & 0x80) !== 0) {
    const codec = ENHANCED[String.fromCharCode(...payload.subarray(1, 5))] ?? null;
    const type = first & 15;
    // 0: configuration; 1: pictures with a composition offset where the codec reorders; 3: pictures without one.
    if (type !== 0 && type !== 1 && type !== 3) return null;
    const shifted = type === 1 && (codec === 'avc' || codec === 'hevc');
    return { codec, key, configuration: type === 0, bytes: shifted ? 8 : 5, shift: shifted ? signed24(payload, 5) : 0 };
  }
  const codec = PICTURES[first & 15] ?? null;
  if (codec === null) return { codec, key, configuration: false, bytes: 1, shift: 0 };
  return second === 2 ? null : { codec, key, configuration: second === 0, bytes: 5, shift: signed24(payload, 2) };
};

const soundFormat = (first: number): { readonly codec: string | null; readonly pcm: PcmFormat | null } => {
  const format = first >> 4;
  const channels = (first & 1) + 1;
  const sampleRate = SOUND_RATES[(first >> 2) & 3] ?? 44_100;
  const bits = (first & 2) === 0 ? 8 : 16;
  if (format === 0 || format === 3)
    return {
      codec: 'pcm',
      pcm: { kind: bits === 8 ? 'unsigned' : 'signed', bits, bigEndian: false, channels, sampleRate },
    };
  if (format === 7 || format === 8)
    return {
      codec: 'pcm',
      pcm: { kind: format === 7 ? 'alaw' : 'mulaw', bits: 8, bigEndian: true, channels, sampleRate: 8_000 },
    };
  return { codec: SOUNDS[format] ?? null, pcm: null };
};

/** Opens an FLV file; null when it is none. Throws `SourceDamaged` when it is one and holds no picture. */
export const openFlv = async (blob: Blob): Promise<SourceFile | null> => {
  const reader = new BlobReader(blob);
  const head = await reader.upTo(0, 9);
  if (String.fromCharCode(...head.subarray(0, 3)) !== 'FLV' || head.length < 9) return null;
  const video: Listed = { codec: null, configuration: null, pcm: null, packets: [] };
  const audio: Listed = { codec: null, configuration: null, pcm: null, packets: [] };
  const metadata = new Set<string>();
  let at = new DataView(head.buffer, head.byteOffset).getUint32(5) + 4;
  while (at + 11 <= reader.size) {
    const tag = await reader.walking(at, Math.min(32, reader.size - at));
    const kind = (tag[0] ?? 0) & 31;
    const size = ((tag[1] ?? 0) << 16) | ((tag[2] ?? 0) << 8) | (tag[3] ?? 0);
    const time = ((tag[7] ?? 0) << 24) | ((tag[4] ?? 0) << 16) | ((tag[5] ?? 0) << 8) | (tag[6] ?? 0);
    const start = at + 11;
    const end = start + size;
    if (end > reader.size) break;
    const payload = tag.subarray(11, Math.min(tag.length, 11 + size));
    at = end + 4;
    if (kind === TAG.script) metadata.add('tags (onMetaData)');
    if (kind === TAG.video) {
      const found = size === 0 ? null : pictureHead(payload);
      if (found === null) continue;
      video.codec = found.codec;
      const body = { offset: start + found.bytes, size: end - start - found.bytes };
      if (body.size <= 0) continue;
      if (found.configuration) video.configuration ??= (await reader.exactly(body.offset, body.size)).slice();
      else video.packets.push({ ...body, at: (time + found.shift) / 1_000, duration: 0, key: found.key });
    } else if (kind === TAG.audio && size > 1) {
      const first = payload[0] ?? 0;
      const format = soundFormat(first);
      const isAac = format.codec === 'aac';
      audio.codec = format.codec;
      audio.pcm = format.pcm;
      const body = { offset: start + (isAac ? 2 : 1), size: size - (isAac ? 2 : 1) };
      if (body.size <= 0) continue;
      if (isAac && payload[1] === 0) audio.configuration ??= (await reader.exactly(body.offset, body.size)).slice();
      else audio.packets.push({ ...body, at: time / 1_000, duration: 0, key: true });
    }
  }
  if (video.packets.length === 0) throw new SourceDamaged('It has no pictures.');
  const track = (listed: Listed) =>
    listedTrack(reader, { ...listed, tick: 0.001, packets: withDurations(listed.packets) });
  return {
    video: track(video),
    audio: audio.packets.length === 0 ? null : track(audio),
    metadata: [...metadata],
    bytesRead: () => reader.bytesRead,
    close: () => undefined,
  };
};
