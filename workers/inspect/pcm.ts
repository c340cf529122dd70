/** Uncompressed and companded sound: how samples are written, so that runs of them can be compared byte for byte. */

export interface PcmFormat {
  /** `alaw` and `mulaw` are G.711; the others are written as numbers. */
  readonly kind: 'signed' | 'unsigned' | 'float' | 'alaw' | 'mulaw';
  readonly bits: number;
  readonly bigEndian: boolean;
  readonly channels: number;
  readonly sampleRate: number;
}

/** Bytes of one sample of all channels. */
export const bytesPerFrame = ({ bits, channels }: PcmFormat): number => Math.ceil(bits / 8) * channels;

/** Whether two formats give the same bytes the same meaning. One byte has no order. */
export const samePcm = (a: PcmFormat, b: PcmFormat): boolean =>
  a.kind === b.kind &&
  a.bits === b.bits &&
  (a.bits <= 8 || a.bigEndian === b.bigEndian) &&
  a.channels === b.channels &&
  a.sampleRate === b.sampleRate;

/** In words, for messages. */
export const showPcm = ({ kind, bits, bigEndian, channels, sampleRate }: PcmFormat): string =>
  `${kind} ${bits} bit${bits > 8 ? (bigEndian ? ', high byte first' : ', low byte first') : ''}, ${channels} channels at ${sampleRate} Hz`;

/** QuickTime's codings by their four characters (QuickTime File Format, sound sample descriptions); null for others. `bits` is the entry's own. */
export const pcmOfFourcc = (
  type: string,
  bits: number,
  littleEndian: boolean,
): Pick<PcmFormat, 'kind' | 'bits' | 'bigEndian'> | null => {
  switch (type) {
    case 'sowt':
      return { kind: 'signed', bits: bits === 8 ? 8 : 16, bigEndian: false };
    case 'twos':
      return { kind: 'signed', bits: bits === 8 ? 8 : 16, bigEndian: true };
    case 'raw ':
    case 'NONE':
      return bits === 16
        ? { kind: 'signed', bits: 16, bigEndian: true }
        : { kind: 'unsigned', bits: 8, bigEndian: true };
    case 'in24':
      return { kind: 'signed', bits: 24, bigEndian: !littleEndian };
    case 'in32':
      return { kind: 'signed', bits: 32, bigEndian: !littleEndian };
    case 'fl32':
      return { kind: 'float', bits: 32, bigEndian: !littleEndian };
    case 'fl64':
      return { kind: 'float', bits: 64, bigEndian: !littleEndian };
    case 'alaw':
      return { kind: 'alaw', bits: 8, bigEndian: true };
    case 'ulaw':
      return { kind: 'mulaw', bits: 8, bigEndian: true };
    default:
      return null;
  }
};

/** Whether QuickTime's entries, and so MP4 clips, have a coding for it. */
export const pcmFits = ({ kind, bits }: PcmFormat): boolean => {
  if (kind === 'alaw' || kind === 'mulaw') return true;
  return kind === 'float' ? bits === 32 || bits === 64 : [8, 16, 24, 32].includes(bits);
};
