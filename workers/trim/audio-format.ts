/** How a kind of sound goes into a clip: its sample entry, what is taken off or blanked in its packets, how long they last. */
import { readAdts, withoutLeadingFill } from './aac.ts';
import {
  amrFrames,
  flacSamples,
  opusSamples,
  readAc3Header,
  readEac3Frames,
  readMpegAudioHeader,
} from './audio-headers.ts';
import type { Bytes } from './mp4-boxes.ts';
import { withoutLameNote } from './audio-mp3.ts';
import {
  aacSampleEntry,
  ac3SampleEntry,
  amrSampleEntry,
  eac3SampleEntry,
  flacSampleEntry,
  g711SampleEntry,
  mp3SampleEntry,
  opusHeadWithoutPreSkip,
  opusSampleEntry,
  pcmSampleEntry,
  type PcmLayout,
} from './sample-entries-audio.ts';
import { vorbisPrivateWithoutComments } from './audio-vorbis.ts';

/** What a WebM file says of the track; its CodecDelay is 0. */
export interface WebmSound {
  readonly codecId: 'A_OPUS' | 'A_VORBIS';
  readonly codecPrivate: Bytes;
  readonly channels: number;
  readonly sampleRate: number;
  /** Nanoseconds a decoder should be fed before a point it seeks to. */
  readonly seekPreRoll: number;
}

export interface SoundFormat {
  /** Null where MP4 has no place for it. */
  readonly sampleEntry: Bytes | null;
  /** Null where WebM has no place for it. */
  readonly webm: WebmSound | null;
  /** Plain samples and G.711 are cut between any two of their frames (one sample of each channel). */
  readonly pcm: { readonly frameBytes: number; readonly rate: number } | null;
  /** Seconds of sound in a packet by its own bytes, null when they do not say. */
  seconds(packet: Uint8Array): number | null;
  /** The packet as it goes into the clip; null when it does not belong to the stream that the sample entry describes. */
  clean(packet: Uint8Array): Uint8Array | null;
}

export interface SoundDescription {
  /** mediabunny's or FFmpeg's name of the codec. */
  readonly codec: string;
  readonly channels: number;
  readonly rate: number;
  /** Decoder configuration: AudioSpecificConfig, OpusHead, FLAC or Vorbis headers. */
  readonly description: Uint8Array | null;
  /** A packet of the stream near the window. */
  readonly packet: Uint8Array;
}

const asIs = (packet: Uint8Array): Uint8Array => packet;

/** Null when this sound cannot be kept as it is, or is not what its name says. */
export const soundFormat = (sound: SoundDescription): SoundFormat | null => {
  const layout = pcmLayout(sound.codec);
  if (layout) return pcmFormat(sound, layout.bits / 8, pcmSampleEntry(layout, sound.channels, sound.rate));
  switch (sound.codec) {
    case 'alaw':
    case 'pcm_alaw':
      return pcmFormat(sound, 1, g711SampleEntry('alaw', sound.channels, sound.rate));
    case 'ulaw':
    case 'pcm_mulaw':
      return pcmFormat(sound, 1, g711SampleEntry('ulaw', sound.channels, sound.rate));
    case 'aac':
      return aacFormat(sound);
    case 'mp3':
      return mp3Format(sound);
    case 'ac3':
      return ac3Format(sound);
    case 'eac3':
      return eac3Format(sound);
    case 'opus':
      return opusFormat(sound);
    case 'flac':
      return flacFormat(sound);
    case 'vorbis':
      return vorbisFormat(sound);
    case 'samr':
    case 'amr_nb':
      return amrFormat(sound, 'amr-nb');
    case 'sawb':
    case 'amr_wb':
      return amrFormat(sound, 'amr-wb');
    default:
      return null;
  }
};

const PCM_NAME = /^pcm[-_]([suf])(8|16|24|32|64)(le|be)?$/;
const PCM_KINDS = { s: 'signed', u: 'unsigned', f: 'float' } as const;

/** mediabunny writes `pcm-s16` and `pcm-s16be`, FFmpeg `pcm_s16le` and `pcm_s16be`. */
export const pcmLayout = (codec: string): PcmLayout | null => {
  const [, kind, bits, order] = PCM_NAME.exec(codec) ?? [];
  if (kind === undefined || bits === undefined) return null;
  return {
    kind: PCM_KINDS[kind as keyof typeof PCM_KINDS],
    bits: Number(bits) as PcmLayout['bits'],
    littleEndian: order !== 'be',
  };
};

const pcmFormat = ({ channels, rate }: SoundDescription, bytes: number, sampleEntry: Bytes): SoundFormat | null => {
  const frameBytes = channels * bytes;
  if (frameBytes === 0 || !(rate > 0)) return null;
  return {
    sampleEntry,
    webm: null,
    pcm: { frameBytes, rate },
    seconds: (packet) => Math.floor(packet.length / frameBytes) / rate,
    clean: asIs,
  };
};

const AAC_SAMPLES = 1024;

const aacFormat = ({ channels, rate, description, packet }: SoundDescription): SoundFormat | null => {
  const framing = description ? null : readAdts(packet);
  const specific = description ?? framing?.audioSpecificConfig;
  if (!specific) return null;
  const frequency = framing?.sampleRate ?? rate;
  return {
    sampleEntry: aacSampleEntry(framing?.channels ?? channels, frequency, specific),
    webm: null,
    pcm: null,
    seconds: () => (framing ? AAC_SAMPLES / framing.sampleRate : null),
    clean: (data) => {
      if (!framing) return withoutLeadingFill(data);
      const own = readAdts(data);
      const same = own?.audioSpecificConfig.every((byte, index) => byte === specific[index]);
      return own && same ? withoutLeadingFill(data.subarray(own.bytes)) : null;
    },
  };
};

const mp3Format = ({ packet }: SoundDescription): SoundFormat | null => {
  const header = readMpegAudioHeader(packet);
  if (header?.layer !== 3) return null;
  return {
    sampleEntry: mp3SampleEntry(header.channels, header.sampleRate),
    webm: null,
    pcm: null,
    seconds: () => header.samples / header.sampleRate,
    clean: withoutLameNote,
  };
};

const ac3Format = ({ packet }: SoundDescription): SoundFormat | null => {
  const header = readAc3Header(packet);
  const sampleEntry = ac3SampleEntry(packet);
  if (!header || !sampleEntry) return null;
  return { sampleEntry, webm: null, pcm: null, seconds: () => header.samples / header.sampleRate, clean: asIs };
};

const eac3Format = ({ packet }: SoundDescription): SoundFormat | null => {
  const [first] = readEac3Frames(packet);
  const sampleEntry = eac3SampleEntry(packet);
  if (!first || !sampleEntry) return null;
  return { sampleEntry, webm: null, pcm: null, seconds: () => first.samples / first.sampleRate, clean: asIs };
};

/** What RFC 7845 §4.6 recommends to decode before the first sample that counts. */
const OPUS_PRE_ROLL_NS = 80_000_000;

const opusFormat = ({ description }: SoundDescription): SoundFormat | null => {
  const head = description && opusHeadWithoutPreSkip(description);
  if (!head) return null;
  return {
    sampleEntry: opusSampleEntry(head),
    webm: {
      codecId: 'A_OPUS',
      codecPrivate: head.header,
      channels: head.channels,
      sampleRate: 48_000,
      seekPreRoll: OPUS_PRE_ROLL_NS,
    },
    pcm: null,
    seconds: (packet) => {
      const samples = opusSamples(packet);
      return samples === null ? null : samples / 48_000;
    },
    clean: asIs,
  };
};

const flacFormat = ({ description, rate }: SoundDescription): SoundFormat | null => {
  const sampleEntry = description && flacSampleEntry(description);
  if (!sampleEntry) return null;
  return {
    sampleEntry,
    webm: null,
    pcm: null,
    seconds: (packet) => {
      const samples = flacSamples(packet);
      return samples === null ? null : samples / rate;
    },
    clean: asIs,
  };
};

const vorbisFormat = ({ description, channels, rate }: SoundDescription): SoundFormat | null => {
  const codecPrivate = description && vorbisPrivateWithoutComments(description);
  if (!codecPrivate) return null;
  return {
    sampleEntry: null,
    webm: { codecId: 'A_VORBIS', codecPrivate, channels, sampleRate: rate, seekPreRoll: 0 },
    pcm: null,
    seconds: () => null,
    clean: asIs,
  };
};

const AMR_FRAME_SECONDS = 0.02;

const amrFormat = ({ packet }: SoundDescription, kind: 'amr-nb' | 'amr-wb'): SoundFormat => ({
  sampleEntry: amrSampleEntry(kind, Math.min(15, Math.max(1, amrFrames(packet, kind)))),
  webm: null,
  pcm: null,
  seconds: (data) => amrFrames(data, kind) * AMR_FRAME_SECONDS,
  clean: asIs,
});
