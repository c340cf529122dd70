/** Reads the packets a cut needs into a table: from a random access point before the window to the last frame of it. */
import type { EncodedPacket } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { createDoubt } from './doubt.ts';
import type { FieldFacts } from './h264.ts';
import { concat } from './mp4-boxes.ts';
import type { PlanPacket } from './plan.ts';
import type { VideoSource } from './source.ts';
import type { OpenStream } from './stream-opener.ts';
import type { CodedPicture, VideoStream } from './video-stream.ts';

export interface VideoPacket extends PlanPacket {
  readonly durationTicks: number;
  /** Coded picture data and nothing else, as `VideoStream.read` gives it. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** It is damaged, or may refer to what is. */
  readonly doubtful: boolean;
}

export interface VideoTable {
  readonly packets: readonly VideoPacket[];
  readonly stream: VideoStream;
  /** Embedded messages and comments that were left out. */
  readonly messages: number;
  /** Presentation times in seconds of packets of the window that are damaged and left out. */
  readonly damagedAt: readonly number[];
}

/**
 * A frame is presented at most 16 frames later than it is decoded (H.264 §A.3.1 bounds max_num_reorder_frames by
 * MaxDpbFrames, 16), 32 where each field is a packet: behind this many packets past the window nothing of it follows.
 */
const LONGEST_REORDERING = 32;
const LONGEST_SEARCH = 64;

/** Half-open window test in whole microseconds, so that a time printed with six digits means the frame it was printed for. */
export const windowTest = (from: number, to: number): ((seconds: number) => 'before' | 'inside' | 'after') => {
  const first = Math.round(from * 1e6);
  const end = Math.round(to * 1e6);
  return (seconds) => {
    const at = Math.round(seconds * 1e6);
    return at < first ? 'before' : at < end ? 'inside' : 'after';
  };
};

/**
 * `lead`: how many access points earlier than needed the table begins, for recordings whose access points do not keep their promise.
 * `onPacket` is awaited after each packet with its presentation time, for progress and for what is read in step.
 */
export const readVideoTable = async (
  video: VideoSource & { readonly openStream: OpenStream },
  from: number,
  to: number,
  lead: number,
  onPacket: (timestamp: number) => Promise<void> | void,
): Promise<Result<VideoTable, TrimRefusal>> => {
  const { sink, timescale } = video;
  const { shift } = video;
  const place = windowTest(from, to);
  const start = await findStart(video, from + shift, lead);
  if (!start) return failure('nothing-in-window', 'This recording holds no frames.');
  const packets: VideoPacket[] = [];
  const damagedAt: number[] = [];
  const doubt = createDoubt();
  let stream: VideoStream | null = null;
  let messages = 0;
  let behind = 0;
  let openField: FieldFacts | null = null;
  for await (const packet of sink.packets(start)) {
    // On the track's own clock: an edit list counts on a coarser one, and players round what it makes of a frame's time.
    const ticks = Math.round((video.times?.get(packet.sequenceNumber) ?? packet.timestamp - shift) * timescale);
    const at = ticks / timescale;
    const where = place(at);
    // A recording may begin in the middle of a group of pictures: what no decoder can show is not there.
    stream ??= video.openStream(packet.data);
    const picture = stream?.read(packet.data);
    if (!picture || (packets.length === 0 && picture.access === 'none')) {
      if (where === 'inside') damagedAt.push(at);
      if (packets.length > 0) doubt.lose();
      continue;
    }
    messages += picture.messages;
    const doubtful = doubt.of({ ...picture, ticks });
    if (picture.field && openField && isSecondField(openField, picture.field)) {
      joinField(packets, picture, Math.max(1, Math.round(packet.duration * timescale)), doubtful);
      openField = null;
      continue;
    }
    openField = picture.field;
    if (where === 'after' && picture.access === 'clean') break;
    const mediaTicks = Math.round(packet.timestamp * timescale);
    packets.push({
      ticks,
      durationTicks: Math.max(1, Math.round(packet.duration * timescale)),
      belongs:
        where === 'inside' &&
        picture.hidden !== 'only' &&
        (mediaTicks >= 0 || video.showsBeforeZero) &&
        mediaTicks < video.endTicks,
      access: picture.access,
      hidden: picture.hidden,
      data: picture.data,
      doubtful,
    });
    if (where === 'after' && ++behind > LONGEST_REORDERING) break;
    await onPacket(at);
  }
  return stream
    ? ok({ packets, stream, messages, damagedAt })
    : failure('damaged', 'This recording nowhere says how its video is coded.');
};

/** Two fields of one frame follow each other, of opposite parity and with the same frame number (H.264 §7.4.1.2.4). */
const isSecondField = (first: FieldFacts, second: FieldFacts): boolean =>
  first.frameNumber === second.frameNumber && first.parity !== second.parity;

/** A clip's sample is a whole frame; the second field's own time is half a frame later and goes. */
const joinField = (packets: VideoPacket[], field: CodedPicture, durationTicks: number, doubtful: boolean): void => {
  const first = packets.pop();
  if (!first) return;
  const data = concat([first.data, field.data]);
  packets.push({
    ...first,
    data,
    durationTicks: first.durationTicks + durationTicks,
    doubtful: first.doubtful || doubtful,
  });
};

/** The last packet at or before `from` where a decoder may really start, or `lead` such packets earlier; else the first packet. */
const findStart = async (
  { sink, timescale, openStream, times }: VideoSource & { readonly openStream: OpenStream },
  from: number,
  lead: number,
): Promise<EncodedPacket | null> => {
  let at = from;
  let earlier = lead;
  for (let step = 0; step < LONGEST_SEARCH; step++) {
    const candidate = await sink.getKeyPacket(at);
    if (!candidate) break;
    const picture = openStream(candidate.data)?.read(candidate.data);
    const isEarlyEnough = (times?.get(candidate.sequenceNumber) ?? -Infinity) <= from;
    if (picture && picture.access !== 'none' && isEarlyEnough && earlier-- === 0) return candidate;
    at = candidate.timestamp - 1 / timescale;
  }
  return sink.getFirstPacket();
};
