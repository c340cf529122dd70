/** WAVEFORMATEX, by which AVI and some Matroska files say how sound is coded (Microsoft mmreg.h). */
import type { PcmFormat } from '../pcm.ts';

/** wFormatTag values. */
const FORMAT = { pcm: 1, float: 3, alaw: 6, mulaw: 7, mp3: 0x55, aac: 0xff, ac3: 0x2000, extensible: 0xfffe } as const;

/** Our name of the codec, null for those that clips never hold as they are; and how samples are written where it has plain ones. */
export const waveFormat = (format: DataView): { readonly codec: string | null; readonly pcm: PcmFormat | null } => {
  if (format.byteLength < 16) return { codec: null, pcm: null };
  const tagged = format.getUint16(0, true);
  // An extensible format names the coding in the first two bytes of its GUID.
  const tag = tagged === FORMAT.extensible && format.byteLength >= 26 ? format.getUint16(24, true) : tagged;
  const shape = { channels: format.getUint16(2, true), sampleRate: format.getUint32(4, true) };
  const bits = format.getUint16(14, true);
  if (tag === FORMAT.pcm) {
    return { codec: 'pcm', pcm: { kind: bits === 8 ? 'unsigned' : 'signed', bits, bigEndian: false, ...shape } };
  }
  if (tag === FORMAT.float) return { codec: 'pcm', pcm: { kind: 'float', bits, bigEndian: false, ...shape } };
  if (tag === FORMAT.alaw || tag === FORMAT.mulaw) {
    return { codec: 'pcm', pcm: { kind: tag === FORMAT.alaw ? 'alaw' : 'mulaw', bits: 8, bigEndian: true, ...shape } };
  }
  const names: Readonly<Record<number, string>> = { [FORMAT.mp3]: 'mp3', [FORMAT.aac]: 'aac', [FORMAT.ac3]: 'ac3' };
  return { codec: names[tag] ?? null, pcm: null };
};
