/** A track whose packets a reader has listed with place and time: what AVI and FLV have in common. */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { PcmFormat } from '../pcm.ts';
import type { BlobReader } from './blob-reader.ts';
import type { SourcePacket, SourceTrackReader } from './source.ts';

export interface ListedPacket {
  readonly offset: number;
  readonly size: number;
  /** Presentation time, or decode time where `timesOf` gives presentation times. */
  readonly at: Seconds;
  readonly duration: Seconds;
  readonly key: boolean;
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

export const listedTrack = (reader: BlobReader, track: ListedTrack): SourceTrackReader => {
  const { codec, tick, configuration, pcm, packets } = track;
  const packet = (index: number): SourcePacket => {
    const { offset, size, at, duration } = packets[index] ?? { offset: 0, size: 0, at: 0, duration: 0 };
    return {
      ...{ at, duration, bytes: size, shown: true, first: index === 0, configuration: 0 },
      load: () => {
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
