/** A track whose packets a reader has listed with place and time: what AVI, FLV and ASF have in common. */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { PcmFormat } from '../pcm.ts';
import type { BlobReader, Stretch } from './blob-reader.ts';
import type { SourcePacket, SourceTrackReader } from './source.ts';

export interface ListedPacket {
  readonly offset: number;
  readonly size: number;
  /** Presentation time, or decode time where `timesOf` gives presentation times. */
  readonly at: Seconds;
  readonly duration: Seconds;
  readonly key: boolean;
  /** Where the rest of it lies, when it is not in one piece. */
  readonly further?: readonly Stretch[];
}

export interface ListedTrack {
  readonly codec: string | null;
  readonly tick: Seconds;
  readonly configuration: Uint8Array | null;
  readonly pcm: PcmFormat | null;
  /** In decode order. */
  readonly packets: readonly ListedPacket[];
}

/** How much before a moment is read along, so that what does not belong is recognised, and as pictures are reordered. */
const BEFORE: Seconds = 1;

const NO_PACKET: ListedPacket = { offset: 0, size: 0, at: 0, duration: 0, key: false };

const inPieces = async (reader: BlobReader, stretches: readonly Stretch[]): Promise<Uint8Array> => {
  const whole = new Uint8Array(stretches.reduce((sum, { size }) => sum + size, 0));
  let filled = 0;
  for (const { offset, size } of stretches) {
    whole.set(await reader.walking(offset, size), filled);
    filled += size;
  }
  return whole;
};

/** Each packet lasts until the next in time, the last as long as the one before it. */
export const withDurations = (packets: readonly ListedPacket[]): readonly ListedPacket[] => {
  const times = [...new Set(packets.map(({ at }) => at))].toSorted((a, b) => a - b);
  const next = new Map(times.map((at, index) => [at, (times[index + 1] ?? at + (at - (times[index - 1] ?? at))) - at]));
  return packets.map((packet) => ({ ...packet, duration: next.get(packet.at) ?? 0 }));
};

export const listedTrack = (reader: BlobReader, track: ListedTrack): SourceTrackReader => {
  const { codec, tick, configuration, pcm, packets } = track;
  const packet = (index: number): SourcePacket => {
    const { offset, size, at, duration, further = [] } = packets[index] ?? NO_PACKET;
    const bytes = further.reduce((sum, stretch) => sum + stretch.size, size);
    return {
      ...{ at, duration, bytes, shown: true, first: index === 0, configuration: 0 },
      load: () => {
        if (further.length > 0) return inPieces(reader, [{ offset, size }, ...further]);
        let next = index;
        return reader.run({ offset, size }, () => packets[(next += 1)] ?? null);
      },
    };
  };
  return {
    ...{ codec, tick, pcm, configurations: [configuration] },
    async *packets(from: Seconds): AsyncGenerator<SourcePacket> {
      let start = packets.findIndex(({ at, duration }) => at + duration >= from - BEFORE);
      if (start === -1) start = Math.max(0, packets.length - 1);
      while (start > 0 && packets[start]?.key === false) start -= 1;
      for (let index = start; index < packets.length; index += 1) yield packet(index);
    },
  };
};
