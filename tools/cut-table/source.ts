/** A recording as native ffmpeg sees it: the measure by which its clips are judged. */
import { decode, type Decoded } from './pictures.ts';
import { ask, complaintKinds } from './native.ts';
import { displayedSize, mainStream, probe, type Packet, type Probe, type Stream } from './probe.ts';

export interface Source {
  readonly file: string;
  readonly probe: Probe;
  readonly video: Stream;
  readonly displayed: { readonly width: number; readonly height: number };
  readonly decoded: Decoded;
  /** Shown keyframes in whole microseconds, ascending. */
  readonly keys: readonly number[];
  readonly sound: { readonly stream: Stream; readonly packets: readonly Packet[] } | null;
  /** Texts that this recording carries about its owner, place, device and making. */
  readonly words: readonly string[];
  /** Complaints when the whole of it is played, sound included. Played when first asked for. */
  readonly complaints: () => Promise<readonly string[]>;
}

/** Tags that every file has, or whose values are words anybody's file may contain. */
const PLAIN_TAGS =
  /^(major_brand|minor_version|compatible_brands|language|vendor_id|rotate|timecode|variant_bitrate|BPS|DURATION|NUMBER_OF_.*|_STATISTICS_.*|service_name|alpha_mode)(-\w+)?$/i;
const SHORTEST_WORD = 5;

/** Null when native ffmpeg shows no picture of it: then it is no recording that can be cut. */
export const readSource = async (file: string): Promise<Source | null> => {
  const probed = await probe(file, 'honouring');
  const video = probed && mainStream(probed, 'video');
  if (!probed || !video) return null;
  const decoded = await decode(file, video.index, 'honouring');
  if (decoded.pictures.length === 0) return null;
  const audio = mainStream(probed, 'audio');
  let played: Promise<readonly string[]> | undefined;
  return {
    ...{ file, probe: probed, video, decoded, displayed: displayedSize(video) },
    keys: probed.packets
      .filter(
        ({ stream, isKey, isDiscarded, from }) =>
          stream === video.index && isKey && !isDiscarded && !Number.isNaN(from),
      )
      .map(({ from }) => Math.round(from * 1e6))
      .sort((a, b) => a - b),
    sound: audio && { stream: audio, packets: await soundPackets(file, probed, audio) },
    words: [
      ...new Set(
        probed.tags
          .filter(({ name, value }) => !PLAIN_TAGS.test(name) && value.length >= SHORTEST_WORD)
          .map(({ value }) => value),
      ),
    ],
    complaints: () => (played ??= playThrough(file, decoded.complaints)),
  };
};

const playThrough = async (file: string, known: readonly string[]): Promise<readonly string[]> => {
  const { stderr } = await ask('ffmpeg', ['-nostdin', '-v', 'warning', '-i', file, '-f', 'null', '-']);
  return [...new Set([...complaintKinds(stderr), ...known])];
};

/** In MPEG-TS, and in AVI now and then, each AAC packet begins with a transport header that no clip keeps: there ffmpeg takes it off first. */
const soundPackets = async (file: string, probed: Probe, stream: Stream): Promise<readonly Packet[]> => {
  const packets = probed.packets.filter((packet) => packet.stream === stream.index);
  if (stream.codec_name !== 'aac' || !/^(mpegts|avi)$/.test(probed.format)) return packets;
  const { stdout } = await ask('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-copyts', '-i', file, '-map', `0:${stream.index}`, '-c', 'copy'],
    ...['-bsf:a', 'aac_adtstoasc', '-f', 'framemd5', '-'],
  ]);
  const bare = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()));
  return packets.flatMap((packet, index) => {
    const fields = bare[index];
    return fields ? [{ ...packet, bytes: Number(fields[4]), hash: `MD5:${fields[5] ?? ''}` }] : [];
  });
};
