/**
 * Presentation times where a container keeps decode times only, as AVI does: FFmpeg shows the pictures in their own order, each at the
 * decode time of the packet that pushes it out, so the first comes as late as pictures are reordered.
 */
import { H264Headers, type SliceFacts } from '../codecs/h264-headers.ts';
import { HevcOrder } from '../codecs/hevc-order.ts';
import { unitsOf } from '../codecs/nal-units.ts';
import { videoRules } from '../codecs/rules.ts';
import type { BlobReader } from './blob-reader.ts';
import { listedTrack, type ListedTrack } from './indexed-track.ts';
import { mpeg4Delay } from './mpeg4-delay.ts';
import type { SourcePacket, SourceTrackReader } from './source.ts';

/** Reads the output order of one picture after another; restarts at random access points. */
export interface OrderReader {
  /** A number by which pictures of one sequence sort, and whether a new sequence begins here; null when it cannot be told. */
  read(packet: Uint8Array): { readonly order: number; readonly restarts: boolean } | null;
  /** How far the stream itself says that pictures are reordered; 0 where it does not say. */
  readonly reordered: number;
}

/** picture order count of type 0 (ITU-T H.264 §8.2.1.1); other types keep decode order. */
class H264Order implements OrderReader {
  readonly #headers = new H264Headers();
  readonly #framing: ReturnType<NonNullable<ReturnType<typeof videoRules>>['configuration']>['framing'];
  #high = 0;
  #low = 0;
  #count = 0;
  reordered = 0;

  constructor(configuration: Uint8Array | null) {
    const { framing, parameterSets } = videoRules('avc')?.configuration(configuration) ?? {
      framing: null,
      parameterSets: [],
    };
    this.#framing = framing;
    for (const set of parameterSets) this.#headers.learn(set);
  }

  read(packet: Uint8Array): { readonly order: number; readonly restarts: boolean } | null {
    const found = unitsOf(packet, this.#framing);
    let facts: SliceFacts | null = null;
    for (const unit of found?.units ?? []) {
      const type = (unit[0] ?? 0) & 0x1f;
      if (type === 7 || type === 8) this.#headers.learn(unit);
      else if (type === 1 || type === 2 || type === 5) facts ??= this.#headers.slice(unit);
    }
    if (facts === null) return null;
    this.#count += 1;
    if (facts.idr) {
      this.#high = 0;
      this.#low = 0;
    }
    const { order, reference, idr, sequence } = facts;
    this.reordered = Math.max(this.reordered, sequence.reordered);
    if (sequence.orderType !== 0) return { order: this.#count, restarts: idr };
    const range = 2 ** sequence.orderBits;
    let high = this.#high;
    if (order < this.#low && this.#low - order >= range / 2) high += range;
    else if (order > this.#low && order - this.#low > range / 2) high -= range;
    if (reference) {
      this.#high = high;
      this.#low = order;
    }
    return { order: high + order, restarts: idr };
  }
}

/** Null for codecs whose pictures are shown in decode order, or are encoded anew. */
export const orderReader = (codec: string | null, configuration: Uint8Array | null): OrderReader | null => {
  if (codec === 'avc') return new H264Order(configuration);
  return codec === 'hevc' ? new HevcOrder(configuration) : null;
};

/** How many pictures at a track's beginning tell how far pictures are reordered. */
const PROBED = 64;
/** No sequence of pictures between random access points is held that is longer. */
const LONGEST_SEQUENCE = 20_000;

interface Ordered {
  readonly packet: SourcePacket;
  readonly order: number;
}

/** Ranks of a sequence's pictures in presentation order. */
const ranksOf = (sequence: readonly Ordered[]): readonly number[] => {
  const ranks = new Array<number>(sequence.length).fill(0);
  sequence
    .map(({ order }, index) => ({ order, index }))
    .toSorted((a, b) => a.order - b.order || a.index - b.index)
    .forEach(({ index }, rank) => {
      ranks[index] = rank;
    });
  return ranks;
};

/** The track with presentation times. `fourcc` tells MPEG-4 part 2, whose header says whether it reorders. */
export const decodeOrderTimes = async (
  reader: BlobReader,
  track: ListedTrack,
  fourcc: string,
): Promise<SourceTrackReader> => {
  const listed = listedTrack(reader, track);
  const { packets } = track;
  const timeOf = (place: number): number => {
    const last = packets.length - 1;
    return place <= last ? (packets[place]?.at ?? 0) : (packets[last]?.at ?? 0) + (place - last) * track.tick;
  };
  const indexAt = new Map(packets.map(({ at }, index) => [at, index]));

  const sequences = async function* (from: number, orders: OrderReader | null): AsyncGenerator<readonly Ordered[]> {
    let held: Ordered[] = [];
    for await (const packet of listed.packets(from)) {
      const bytes = orders === null ? null : await packet.load();
      const found = bytes === null ? null : orders?.read(bytes);
      const order = found?.order ?? held.at(-1)?.order ?? 0;
      if ((found?.restarts === true || held.length >= LONGEST_SEQUENCE) && held.length > 0) {
        yield held;
        held = [];
      }
      held.push({ packet: bytes === null ? packet : { ...packet, load: () => Promise.resolve(bytes) }, order });
    }
    if (held.length > 0) yield held;
  };

  let delay = 0;
  const probe = orderReader(track.codec, track.configuration);
  if (probe === null) delay = track.codec === null ? await mpeg4Delay(fourcc, listed) : 0;
  else {
    let probed = 0;
    for await (const sequence of sequences(-Infinity, probe)) {
      ranksOf(sequence).forEach((rank, index) => {
        delay = Math.max(delay, index - rank);
      });
      probed += sequence.length;
      if (probed >= PROBED) break;
    }
    delay = Math.max(delay, probe.reordered);
  }
  if (delay === 0) return listed;

  // No packet pushes the last pictures out: FFmpeg shows them without a time, and players as they like.
  const placed = (packet: SourcePacket, place: number): SourcePacket => ({
    ...packet,
    at: timeOf(place),
    timeless: place >= packets.length,
  });
  return {
    ...listed,
    async *packets(from) {
      if (orderReader(track.codec, track.configuration) === null) {
        // The order of pictures that are all encoded anew plays no part: the set of their times is that of the decode times, moved.
        for await (const packet of listed.packets(from - (delay + 1) * track.tick)) {
          yield placed(packet, (indexAt.get(packet.at) ?? 0) + delay);
        }
        return;
      }
      for await (const sequence of sequences(
        from - (delay + 1) * track.tick,
        orderReader(track.codec, track.configuration),
      )) {
        const base = indexAt.get(sequence[0]?.packet.at ?? 0) ?? 0;
        const ranks = ranksOf(sequence);
        for (const [index, { packet }] of sequence.entries())
          yield { ...packet, at: timeOf(base + (ranks[index] ?? 0) + delay) };
      }
    },
  };
};
