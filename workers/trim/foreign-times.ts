/** Presentation times of a foreign recording's packets where its container leaves them to the pictures' own order. */
import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { bytesOf } from './bytes-of.ts';
import { keepsTimesUnsaid, type CoarseCopy, type ForeignKind } from './foreign.ts';
import { outputOrderReader, statedDepth } from './output-order.ts';
import type { PacketTimes } from './packet-times.ts';
import { timesBetweenGiven, timesFromDecoding, type StampedPicture } from './presentation-times.ts';

/**
 * Times for the packets of `track`, the video track of `copy`; null where the copy has the right ones itself. Refused as
 * `unsupported-structure` when the order of the pictures cannot be told.
 */
export const foreignTimes = async (
  kind: ForeignKind,
  track: InputVideoTrack,
  copy: CoarseCopy,
): Promise<Result<PacketTimes | null, TrimRefusal>> => {
  const codec = await track.getCodec();
  if (!keepsTimesUnsaid(kind) || (codec !== 'avc' && codec !== 'hevc')) return ok(null);
  const config = await track.getDecoderConfig();
  const description = config?.description ? bytesOf(config.description) : null;
  const read = outputOrderReader(codec, description);
  const pictures: StampedPicture[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const order = read?.(packet.data) ?? null;
    const stamp = copy.stamps[packet.sequenceNumber];
    if (!stamp || packet.sequenceNumber !== pictures.length) return unknownOrder(kind);
    // A damaged packet takes a place behind the one before it.
    const place = order ?? { order: pictures.at(-1)?.order ?? 0, restarts: false };
    pictures.push({ ...stamp, ...place });
    if (!read || (order === null && pictures.length === 1)) return unknownOrder(kind);
  }
  const ticks =
    kind === 'MPEG-PS' ? timesBetweenGiven(pictures) : timesFromDecoding(pictures, statedDepth(codec, description));
  return ok(new Map(ticks.map((at, index) => [index, at * copy.tick])));
};

const unknownOrder = (kind: ForeignKind): Result<never, TrimRefusal> =>
  failure(
    'unsupported-structure',
    `This ${kind} file does not say when its pictures are shown, nor can it be told from them; it cannot be cut to the frame.`,
  );
