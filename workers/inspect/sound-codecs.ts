/** What the audit must know of the sound codecs that clips keep packet for packet: what is compared, and whether settings agree. */
import { soundOf } from './codecs/aac.ts';
import { withoutName } from './codecs/mp3.ts';
import { Bits } from './codecs/nal-units.ts';
import { saysNothing, vorbisHeaders } from './codecs/vorbis.ts';

/** The bytes of a packet that are its sound. `framed`: the packet may still have its transport header (ADTS). */
export const comparable = (codec: string, packet: Uint8Array, framed: boolean): Uint8Array => {
  if (codec === 'aac') return soundOf(packet, framed);
  return codec === 'mp3' ? withoutName(packet) : packet;
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

interface OpusSettings {
  readonly channels: number;
  readonly preSkip: number;
  /** Gain and channel mapping. The original's sample rate is only a note. */
  readonly rest: readonly number[];
}

/** An OpusHead (RFC 7845 §5.1, low byte first) or a dOps box (high byte first); null when it is neither. */
const opusSettings = (bytes: Uint8Array): OpusSettings | null => {
  const isHead = String.fromCharCode(...bytes.subarray(0, 8)) === 'OpusHead';
  const at = isHead ? 9 : 1;
  if (bytes.length < at + 10) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    channels: view.getUint8(at),
    preSkip: view.getUint16(at + 1, isHead),
    rest: [view.getInt16(at + 7, isHead), ...bytes.subarray(at + 9)],
  };
};

/** STREAMINFO's rate, channels and bits per sample, out of a dfLa box or a native header; null when there is none. */
const flacFormat = (bytes: Uint8Array): string | null => {
  const at = 8;
  if (bytes.length < at + 34) return null;
  const bits = new Bits(bytes.subarray(at + 10, at + 14));
  return [bits.take(20), bits.take(3), bits.take(5)].join();
};

/** The fields that dac3 and dec3 repeat from the first packet (ETSI TS 102 366 §4.3, §E.1.2); null when it is no such packet. */
const dolbyHeader = (codec: string, packet: Uint8Array): readonly number[] | null => {
  const bits = new Bits(packet.subarray(0, 12));
  if (bits.take(16) !== 0x0b77) return null;
  if (codec === 'ac3') {
    bits.take(16);
    const rate = bits.take(2);
    const size = bits.take(6);
    const version = bits.take(5);
    const mode = bits.take(3);
    const layout = bits.take(3);
    if ((layout & 1) === 1 && layout !== 1) bits.take(2);
    if ((layout & 4) === 4) bits.take(2);
    if (layout === 2) bits.take(2);
    return [rate, version, mode, layout, bits.bit(), size >> 1];
  }
  bits.take(16);
  const rate = bits.take(2);
  bits.take(2);
  const layout = bits.take(3);
  const low = bits.bit();
  return [rate, bits.take(5), layout, low];
};

const dolbyBox = (codec: string, box: Uint8Array): readonly number[] => {
  const bits = new Bits(box);
  if (codec === 'ac3') return [bits.take(2), bits.take(5), bits.take(3), bits.take(3), bits.bit(), bits.take(5)];
  bits.take(16);
  const rate = bits.take(2);
  const version = bits.take(5);
  bits.take(5);
  return [rate, version, bits.take(3), bits.bit()];
};

const sameVorbis = (source: Uint8Array, clip: Uint8Array): boolean => {
  const [theirs, own] = [vorbisHeaders(source), vorbisHeaders(clip)];
  if (theirs === null || own === null) return false;
  return sameBytes(theirs.identification, own.identification) && saysNothing(own) && sameBytes(theirs.setup, own.setup);
};

/** 3GPP TS 26.244 §6.7: modes and their changes may be left open, frames of a packet may not. */
const sameAmr = (source: Uint8Array, clip: Uint8Array): boolean =>
  clip.length === 9 &&
  clip.subarray(5, 8).every((byte, index) => byte === 0 || byte === source[index + 5]) &&
  (clip[8] === source[8] || source.length < 9);

/**
 * Whether a clip's decoder settings are what its source's are, or, where the source has none apart from its packets, what the first
 * packet says. A sentence when they are not; null when they are.
 */
export const settingsProblem = (
  codec: string,
  clip: Uint8Array | null,
  sources: readonly (Uint8Array | null)[],
  firstPacket: Uint8Array,
): string | null => {
  const problem = `The clip’s ${codec.toUpperCase()} settings are not the source’s.`;
  const known = sources.filter((each) => each !== null);
  if (codec === 'mp3') return clip === null ? null : problem;
  if (codec === 'ac3' || codec === 'eac3') {
    const header = dolbyHeader(codec, firstPacket);
    return clip !== null && header !== null && header.join() === dolbyBox(codec, clip).join() ? null : problem;
  }
  if (clip === null) return problem;
  if (known.length === 0) return null;
  if (codec === 'opus') {
    const own = opusSettings(clip);
    return known.some((each) => {
      const theirs = opusSettings(each);
      if (own === null || theirs === null) return false;
      const skip = own.preSkip === theirs.preSkip || own.preSkip === 0;
      return skip && own.channels === theirs.channels && own.rest.join() === theirs.rest.join();
    })
      ? null
      : problem;
  }
  if (codec === 'flac') return known.some((each) => flacFormat(each) === flacFormat(clip)) ? null : problem;
  if (codec === 'vorbis') return known.some((each) => sameVorbis(each, clip)) ? null : problem;
  if (codec.startsWith('amr')) return known.some((each) => sameAmr(each, clip)) ? null : problem;
  return known.some((each) => sameBytes(each, clip)) ? null : problem;
};
