/** Splits sound that a container keeps in chunks of any length into its frames, as players do: MP3 (ISO/IEC 11172-3), AC-3 (ETSI TS 102 366), AAC in ADTS (14496-3). */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { SourcePacket, SourceTrackReader } from './source.ts';

interface Frame {
  readonly bytes: number;
  readonly seconds: Seconds;
}

const MP3_RATES = [44_100, 48_000, 32_000] as const;
const MP3_KILOBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const MP3_KILOBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
const AC3_KILOBITS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640] as const;
const AC3_RATES = [48_000, 44_100, 32_000] as const;

/** The layer III frame that begins here; null when none does. */
const mp3Frame = (bytes: Uint8Array, at: number): Frame | null => {
  const [sync = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const version = (second >> 3) & 3;
  if (sync !== 0xff || (second & 0xe0) !== 0xe0 || version === 1 || ((second >> 1) & 3) !== 1) return null;
  const baseRate = MP3_RATES[(third >> 2) & 3];
  const kilobits = (version === 3 ? MP3_KILOBITS_1 : MP3_KILOBITS_2)[third >> 4];
  if (baseRate === undefined || kilobits === undefined || kilobits === 0) return null;
  const rate = version === 3 ? baseRate : version === 2 ? baseRate / 2 : baseRate / 4;
  const samples = version === 3 ? 1152 : 576;
  return { bytes: Math.floor((samples * 125 * kilobits) / rate) + ((third >> 1) & 1), seconds: samples / rate };
};

const ac3Frame = (bytes: Uint8Array, at: number): Frame | null => {
  if (bytes[at] !== 0x0b || bytes[at + 1] !== 0x77 || at + 6 > bytes.length) return null;
  const code = bytes[at + 4] ?? 0;
  const rate = AC3_RATES[code >> 6];
  const kilobits = AC3_KILOBITS[(code & 0x3f) >> 1];
  if (rate === undefined || kilobits === undefined || (bytes[at + 5] ?? 0) >> 3 > 10) return null;
  const words = Math.floor((kilobits * 96_000) / rate) + (rate === 44_100 && (code & 1) === 1 ? 1 : 0);
  return { bytes: words * 2, seconds: 1536 / rate };
};

const AAC_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const;

const adtsFrame = (bytes: Uint8Array, at: number): Frame | null => {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(at, at + 6);
  const rate = AAC_RATES[(third >> 2) & 15];
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
  if (first !== 0xff || (second & 0xf6) !== 0xf0 || rate === undefined || length < 8) return null;
  return { bytes: length, seconds: 1024 / rate };
};

const FRAMES: Readonly<Record<string, (bytes: Uint8Array, at: number) => Frame | null>> = {
  mp3: mp3Frame,
  ac3: ac3Frame,
  aac: adtsFrame,
};

/** How far to look for the beginning of a frame in damaged or foreign bytes. */
const LONGEST_SEARCH = 1 << 20;

/** A frame takes the time of the chunk in which it begins, when it is the first to begin there; the others follow it. */
export const soundFramesOf = (track: SourceTrackReader): SourceTrackReader => ({
  ...track,
  // Frames are counted on from the chunk in which they begin, in whole ticks by some and in samples by others.
  tick: Math.max(track.tick, 0.001),
  async *packets(from): AsyncGenerator<SourcePacket> {
    const frameAt = FRAMES[track.codec ?? ''] ?? mp3Frame;
    let rest = new Uint8Array();
    let next: Seconds | null = null;
    let first = true;
    for await (const chunk of track.packets(from)) {
      const loaded = await chunk.load();
      const bytes = new Uint8Array(rest.length + loaded.length);
      bytes.set(rest);
      bytes.set(loaded, rest.length);
      let at = 0;
      let stamped = false;
      while (at + 7 < bytes.length) {
        const frame = frameAt(bytes, at);
        if (frame === null) {
          at += 1;
          continue;
        }
        if (at + frame.bytes > bytes.length) break;
        const startsHere = at >= rest.length;
        const time: Seconds = (startsHere && !stamped) || next === null ? chunk.at : next;
        if (startsHere) stamped = true;
        const data = bytes.slice(at, at + frame.bytes);
        yield {
          ...{
            at: time,
            duration: frame.seconds,
            bytes: data.length,
            shown: true,
            first: first && chunk.first,
            configuration: 0,
          },
          load: () => Promise.resolve(data),
        };
        first = false;
        next = time + frame.seconds;
        at += frame.bytes;
      }
      rest = bytes.slice(Math.max(at, bytes.length - LONGEST_SEARCH));
    }
  },
});
