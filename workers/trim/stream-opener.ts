/** Chooses the reader for a track's codec, or none when its pictures cannot be copied into a clip. */
import type { EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import { openAv1Stream } from './av1-stream.ts';
import { openAvcStream } from './avc-stream.ts';
import { bytesOf } from './bytes-of.ts';
import { parseAvcC } from './h264.ts';
import { parseHvcC } from './hevc.ts';
import { openHevcStream } from './hevc-stream.ts';
import { looksLikeJpeg, openMjpegStream } from './mjpeg-stream.ts';
import type { VideoStream } from './video-stream.ts';
import { openVp8Stream, openVp9Stream } from './vpx-stream.ts';

/** Opens the stream at a packet; null when the packet lacks what decoding takes to begin. */
export type OpenStream = (packet: Uint8Array) => VideoStream | null;

export const streamOpener = async (track: InputVideoTrack, sink: EncodedPacketSink): Promise<OpenStream | null> => {
  const codec = await track.getCodec();
  const config = await track.getDecoderConfig();
  const description = config?.description ? bytesOf(config.description) : null;
  const name = config?.codec ?? '';
  switch (codec) {
    case 'avc': {
      const configuration = description && parseAvcC(description);
      return description && !configuration ? null : (packet) => openAvcStream(configuration, packet);
    }
    case 'hevc': {
      const configuration = description && parseHvcC(description);
      return description && !configuration ? null : (packet) => openHevcStream(configuration, packet);
    }
    case 'vp8':
      return openVp8Stream;
    case 'vp9':
      return () => openVp9Stream(name);
    case 'av1':
      return (packet) => openAv1Stream(name, packet);
    case 'prores':
      return null;
    case null: {
      const first = await sink.getFirstPacket();
      return first && looksLikeJpeg(first.data) ? openMjpegStream : null;
    }
  }
};
