/** Sources made by native ffmpeg and clips cut from them by hand, for the audit's tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, type EncodedPacket } from 'mediabunny';
import { nativeTool } from '../../../../tools/find-native.ts';
import {
  avc1,
  bytes,
  mp4a,
  u16,
  writeClip,
  type Additions,
  type WrittenSample,
  type WrittenTrack,
} from '../../../support/clip-writer.ts';
import { run } from '../../../support/run.ts';

export interface Source {
  readonly path: string;
  readonly blob: Blob;
  /** In decode order. */
  readonly video: readonly EncodedPacket[];
  readonly audio: readonly EncodedPacket[];
  readonly avcC: Uint8Array;
  readonly audioConfig: Uint8Array;
  readonly videoTimescale: number;
  readonly audioTimescale: number;
}

const blobOf = async (path: string): Promise<Blob> => new Blob([await readFile(path)]);

const packetsOf = async (sink: EncodedPacketSink): Promise<readonly EncodedPacket[]> => {
  const packets: EncodedPacket[] = [];
  for await (const packet of sink.packets()) packets.push(packet);
  return packets;
};

const viewOf = (description: AllowSharedBufferSource | undefined): Uint8Array => {
  if (description === undefined) return new Uint8Array();
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
};

export const readWhole = async (path: string): Promise<Source> => {
  const blob = await blobOf(path);
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (video === null) throw new Error('no video');
  return {
    path,
    blob,
    video: await packetsOf(new EncodedPacketSink(video)),
    audio: audio === null ? [] : await packetsOf(new EncodedPacketSink(audio)),
    avcC: viewOf((await video.getDecoderConfig())?.description),
    audioConfig: viewOf((await audio?.getDecoderConfig())?.description),
    videoTimescale: await video.getTimeResolution(),
    audioTimescale: (await audio?.getTimeResolution()) ?? 0,
  };
};

/** Twelve seconds of 160×120 at 15 frames a second, a keyframe every two seconds, and a tone. */
export const makeSource = async (folder: string, name: string, extra: readonly string[]): Promise<Source> => {
  const path = join(folder, name);
  await run(nativeTool('ffmpeg'), [
    ...[
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x120:rate=15',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:sample_rate=48000',
    ],
    ...[
      '-t',
      '12',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '30',
      '-keyint_min',
      '30',
      '-sc_threshold',
      '0',
    ],
    ...['-c:a', 'aac', '-flags:a', '+bitexact', ...extra, path],
  ]);
  return readWhole(path);
};

/** A frame's units but messages (6) and delimiters (9): what the trimmer keeps. */
export const withoutMessages = (frame: Uint8Array): Uint8Array => {
  const kept: Uint8Array[] = [];
  for (let at = 0; at + 4 <= frame.length;) {
    const end = at + 4 + new DataView(frame.buffer, frame.byteOffset).getUint32(at);
    const type = (frame[at + 4] ?? 0) & 31;
    if (type !== 6 && type !== 9) kept.push(frame.subarray(at, end));
    at = end;
  }
  return bytes(...kept);
};

export const isIdr = (frame: Uint8Array): boolean => {
  for (let at = 0; at + 4 <= frame.length; at += 4 + new DataView(frame.buffer, frame.byteOffset).getUint32(at)) {
    if (((frame[at + 4] ?? 0) & 31) === 5) return true;
  }
  return false;
};

/** The avcC of `source` with the parameter sets of `other` added. */
export const mergedConfig = (source: Uint8Array, other: Uint8Array): Uint8Array => {
  const setsOf = (config: Uint8Array): { sps: Uint8Array; pps: Uint8Array } => {
    const view = new DataView(config.buffer, config.byteOffset);
    const spsEnd = 8 + view.getUint16(6);
    return {
      sps: config.subarray(6, spsEnd),
      pps: config.subarray(spsEnd + 1, spsEnd + 3 + view.getUint16(spsEnd + 1)),
    };
  };
  const [a, b] = [setsOf(source), setsOf(other)];
  return bytes(source.subarray(0, 5), [0xe2], a.sps, b.sps, [2], a.pps, b.pps);
};

export interface Cut {
  readonly video: WrittenTrack;
  readonly audio: WrittenTrack;
}

/** Cuts whole packets out of a source, as the trimmer would where no encoding is needed. */
export const cut = (source: Source, from: number, to: number): Cut => {
  const frames = source.video.filter(({ timestamp }) => timestamp >= from && timestamp < to);
  const sounds = source.audio.filter(
    ({ timestamp, duration }) => timestamp >= from && Math.round((timestamp + duration) * 1e6) <= Math.round(to * 1e6),
  );
  const firstFrame = Math.min(...frames.map(({ timestamp }) => timestamp));
  const firstSound = sounds[0]?.timestamp ?? 0;
  const samples: WrittenSample[] = frames.map(({ data, timestamp }) => ({
    data: withoutMessages(data),
    pts: Math.round((timestamp - firstFrame) * source.videoTimescale),
    sync: isIdr(data),
  }));
  return {
    video: {
      handler: 'vide',
      timescale: source.videoTimescale,
      entry: avc1(160, 120, source.avcC),
      samples,
      lastDuration: Math.round(source.videoTimescale / 15),
    },
    audio: {
      handler: 'soun',
      timescale: source.audioTimescale,
      entry: mp4a(1, 48_000, source.audioConfig),
      samples: sounds.map(({ data, timestamp }) => ({
        data,
        pts: Math.round((timestamp - firstSound) * source.audioTimescale),
      })),
      lastDuration: 1024,
      delay: Math.round((firstSound - firstFrame) * source.videoTimescale),
    },
  };
};

export const clipOf = ({ video, audio }: Cut, additions: Additions = {}): Uint8Array<ArrayBuffer> =>
  writeClip([video, audio], additions);

/** An SEI unit of user data (type 5) with its four bytes of length. */
export const userData = (): Uint8Array => {
  const payload = bytes(new Uint8Array(16).fill(7), 'porch');
  const unit = bytes([6, 5, payload.length], payload, [0x80]);
  return bytes([0, 0], u16(unit.length), unit);
};
