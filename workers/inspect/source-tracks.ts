/** Reads the source again, independently of the trimmer: every frame and sound packet of the window and of its surroundings. */
import {
  EncodedPacketSink,
  type EncodedPacket,
  type InputAudioTrack,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny';
import type { Seconds, Sha256Hex } from '../../src/contracts/units.ts';
import { soundOf } from './aac.ts';
import type { Digest } from './digest.ts';
import { videoRules } from './codecs.ts';

/** One frame or sound packet of the source. */
export interface SourceSample {
  readonly at: Seconds;
  readonly duration: Seconds;
  /** Of the coded picture or sound; empty when the codec is not one whose samples can be compared. */
  readonly hash: Sha256Hex;
  /** Of units beside the picture, such as parameter sets within the stream. */
  readonly companions: readonly Sha256Hex[];
  /** Position in decode order. */
  readonly decodeIndex: number;
  readonly cleanStart: boolean;
}

export interface SourceTrack {
  readonly codec: string | null;
  /** Seconds per tick of the source's clock. */
  readonly tick: Seconds;
  /** In presentation order: the window and what lies around it. */
  readonly samples: readonly SourceSample[];
  /** Where the source's own edit list ends the track; Infinity when it does not. */
  readonly shownUntil: Seconds;
  /** Frames around the window that carry embedded messages (SEI) of the kind that clips must not have. */
  readonly withMessages: number;
  /** Parameter sets of the decoder configuration, or for sound the one configuration. */
  readonly configuration: readonly Sha256Hex[];
}

/** Packets read beyond the window's end to be sure that no frame of it comes later in decode order, and to recognise what was cut badly. */
const BEYOND = 300;
/** How much sound around the window is read to recognise it in a clip. */
const SOUND_AROUND: Seconds = 3;

const bytesOf = (description: AllowSharedBufferSource | undefined): Uint8Array | null => {
  if (description === undefined) return null;
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
};

const tickOf = async (track: InputTrack): Promise<Seconds> => 1 / (await track.getTimeResolution());

/** The packets of the window and around it, data left out, in decode order. */
const tableAround = async (sink: EncodedPacketSink, from: Seconds, to: Seconds): Promise<readonly EncodedPacket[]> => {
  const metadataOnly = { metadataOnly: true };
  const atStart = await sink.getKeyPacket(from, metadataOnly);
  // One keyframe earlier still: a frame of the window may precede its keyframe in decode order when the source is odd.
  const before = atStart === null ? null : await sink.getKeyPacket(atStart.timestamp - 1e-6, metadataOnly);
  const start = before ?? (await sink.getFirstPacket(metadataOnly));
  if (start === null) return [];
  const table: EncodedPacket[] = [];
  let beyond = 0;
  for await (const packet of sink.packets(start, undefined, metadataOnly)) {
    table.push(packet);
    if (packet.timestamp >= to) beyond += 1;
    if (beyond > BEYOND) break;
  }
  return table;
};

/** Frames of the window and its surroundings. Throws whatever mediabunny throws for a damaged source. */
export const readSourceVideo = async (
  track: InputVideoTrack,
  shownUntil: Seconds,
  from: Seconds,
  to: Seconds,
  digest: Digest,
): Promise<SourceTrack> => {
  const codec = await track.getCodec();
  const rules = videoRules(codec);
  const config = await track.getDecoderConfig();
  const { framing, parameterSets } = rules?.configuration(bytesOf(config?.description)) ?? {
    framing: null,
    parameterSets: [],
  };
  const sink = new EncodedPacketSink(track);
  const table = await tableAround(sink, from, to);
  // Long groups of pictures: what lies far before the window is counted but not read.
  const firstInside = table.findIndex((packet) => packet.timestamp >= from && packet.timestamp < to);
  const skipped = Math.max(0, (firstInside === -1 ? table.length : firstInside) - BEYOND);
  const samples: SourceSample[] = table.map((packet, decodeIndex) => ({
    at: packet.timestamp,
    duration: packet.duration,
    hash: '',
    companions: [],
    cleanStart: false,
    decodeIndex,
  }));
  let withMessages = 0;
  const positions = new Map(table.map((packet, index) => [packet.sequenceNumber, index]));
  const firstRead = table[skipped];
  const start = firstRead === undefined ? null : await sink.getPacket(firstRead.timestamp);
  if (start !== null) {
    for await (const packet of sink.packets(start)) {
      const index = positions.get(packet.sequenceNumber);
      const parts = rules?.split(packet.data, framing) ?? null;
      const sample = samples[index ?? -1];
      if (index === undefined || sample === undefined) break;
      if (parts === null) continue;
      if (parts.findings.some(({ rule }) => rule === 'sei-user-data')) withMessages += 1;
      const companions = parts.companions.map((unit) => digest.of([unit]));
      samples[index] = { ...sample, hash: digest.of(parts.picture), companions, cleanStart: parts.cleanStart };
    }
  }
  return {
    codec,
    tick: await tickOf(track),
    samples: samples.toSorted((a, b) => a.at - b.at),
    shownUntil,
    withMessages,
    configuration: parameterSets.map((set) => digest.of([set])),
  };
};

/** Sound packets of the window and its surroundings. Throws whatever mediabunny throws for a damaged source. */
export const readSourceAudio = async (
  track: InputAudioTrack,
  from: Seconds,
  to: Seconds,
  digest: Digest,
): Promise<SourceTrack> => {
  const codec = await track.getCodec();
  const description = bytesOf((await track.getDecoderConfig())?.description);
  const sink = new EncodedPacketSink(track);
  const start = (await sink.getPacket(from - SOUND_AROUND)) ?? (await sink.getFirstPacket());
  const samples: SourceSample[] = [];
  if (start !== null) {
    for await (const packet of sink.packets(start)) {
      if (packet.timestamp >= to + SOUND_AROUND) break;
      const sound = codec === 'aac' ? soundOf(packet.data, description === null) : packet.data;
      samples.push({
        at: packet.timestamp,
        duration: packet.duration,
        hash: digest.of([sound]),
        companions: [],
        decodeIndex: samples.length,
        cleanStart: true,
      });
    }
  }
  return {
    codec,
    tick: await tickOf(track),
    samples: samples.toSorted((a, b) => a.at - b.at),
    shownUntil: Infinity,
    withMessages: 0,
    configuration: description === null ? [] : [digest.of([description])],
  };
};
