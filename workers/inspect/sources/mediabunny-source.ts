/** Recordings in Matroska, WebM and MPEG-TS, read by mediabunny: the one thing that the audit and the trimmer both use. */
import {
  ALL_FORMATS,
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputTrack,
  type InputVideoTrack,
  type MetadataTags,
} from 'mediabunny';
import type { Seconds } from '../../../src/contracts/units.ts';
import type { PcmFormat } from '../pcm.ts';
import { guarded } from '../../../src/core/guarded-source.ts';
import { matroskaTrack } from './matroska-format.ts';
import { SourceDamaged, type SourceFile, type SourcePacket, type SourceTrackReader } from './source.ts';
import { waveFormat } from './wave-format.ts';

/** How much sound before a moment is read along, so that what does not belong is recognised. */
const SOUND_BEFORE: Seconds = 1;

/** What players play: the first track marked as default whose codec is known, else the first of a known codec, else the first. */
const mainTrack = async <Track extends InputTrack>(tracks: readonly Track[]): Promise<Track | null> => {
  const known: Track[] = [];
  for (const track of tracks) if ((await track.getCodec()) !== null) known.push(track);
  for (const track of known) if ((await track.getDisposition()).default) return track;
  return known[0] ?? tracks[0] ?? null;
};

const bytesOf = (description: AllowSharedBufferSource | undefined): Uint8Array | null => {
  if (description === undefined) return null;
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
};

/** mediabunny's names of uncompressed codings: `pcm-s16`, `pcm-s24be`, `pcm-f32`, `pcm-u8`, `alaw`, `ulaw`; null for all others. */
const pcmOf = (codec: string | null, channels: number, sampleRate: number): PcmFormat | null => {
  if (codec === 'alaw' || codec === 'ulaw')
    return { kind: codec === 'alaw' ? 'alaw' : 'mulaw', bits: 8, bigEndian: true, channels, sampleRate };
  const [, kind = '', bits = '', order] = /^pcm-([suf])(\d+)(be)?$/.exec(codec ?? '') ?? [];
  if (kind === '') return null;
  const kinds = { s: 'signed', u: 'unsigned', f: 'float' } as const;
  return {
    kind: kinds[kind as keyof typeof kinds],
    bits: Number(bits),
    bigEndian: order === 'be',
    channels,
    sampleRate,
  };
};

/** Codecs that clips hold as they are, by mediabunny's names. */
const KEPT = new Set(['avc', 'hevc', 'vp8', 'vp9', 'av1', 'aac', 'mp3', 'opus', 'ac3', 'eac3', 'flac', 'vorbis']);

class MediabunnyTrack implements SourceTrackReader {
  readonly codec: string | null;
  readonly tick: Seconds;
  readonly configurations: readonly (Uint8Array | null)[];
  readonly pcm: PcmFormat | null;
  readonly begins: Seconds;
  readonly #sink: EncodedPacketSink;
  readonly #isVideo: boolean;
  readonly #delay: Seconds;

  constructor(
    track: InputTrack,
    codec: string | null,
    tick: Seconds,
    configuration: Uint8Array | null,
    pcm: PcmFormat | null,
    delay: Seconds,
    begins: Seconds = 0,
  ) {
    this.codec = pcm !== null ? 'pcm' : codec !== null && KEPT.has(codec) ? codec : null;
    this.tick = tick;
    this.configurations = [configuration];
    this.pcm = pcm;
    this.begins = begins;
    this.#sink = new EncodedPacketSink(track);
    this.#isVideo = track.isVideoTrack();
    this.#delay = delay;
  }

  async *packets(from: Seconds): AsyncGenerator<SourcePacket> {
    const metadataOnly = { metadataOnly: true };
    const near = this.#isVideo
      ? await this.#sink.getKeyPacket(from, metadataOnly)
      : await this.#sink.getPacket(from - SOUND_BEFORE, metadataOnly);
    // A frame just before its keyframe in time may come behind it in decode order, and one at the very edge shows what a bad cut took.
    const before =
      this.#isVideo && near !== null && near.timestamp > from - 1
        ? await this.#sink.getKeyPacket(near.timestamp - 1e-6, metadataOnly)
        : null;
    const start = await (before === null && near === null
      ? this.#sink.getFirstPacket()
      : this.#sink.getPacket((before ?? near)?.timestamp ?? 0));
    if (start === null) return;
    const veryFirst = await this.#sink.getFirstPacket(metadataOnly);
    const packets = this.#sink.packets(start);
    for await (const { packet, duration } of this.#isVideo ? asTheyAre(packets) : lasting(packets)) {
      yield {
        at: packet.timestamp - this.#delay,
        duration,
        bytes: packet.byteLength,
        shown: true,
        first: packet.sequenceNumber === veryFirst?.sequenceNumber,
        configuration: 0,
        load: () => Promise.resolve(packet.data),
      };
    }
  }
}

interface Timed {
  readonly packet: EncodedPacket;
  readonly duration: Seconds;
}

async function* asTheyAre(packets: AsyncIterable<EncodedPacket>): AsyncGenerator<Timed> {
  for await (const packet of packets) yield { packet, duration: packet.duration };
}

/**
 * How long the last block of a Matroska cluster lasts mediabunny does not say (0): until the next one begins, but no longer than the one before
 * it, since there may be a gap.
 */
async function* lasting(packets: AsyncIterable<EncodedPacket>): AsyncGenerator<Timed> {
  let held: EncodedPacket | null = null;
  let usual: Seconds = Infinity;
  for await (const packet of packets) {
    if (held !== null)
      yield { packet: held, duration: held.duration || Math.min(packet.timestamp - held.timestamp, usual) };
    held = packet;
    usual = packet.duration || usual;
  }
  if (held !== null) yield { packet: held, duration: held.duration || (usual === Infinity ? 0 : usual) };
}

const openVideo = async (track: InputVideoTrack): Promise<SourceTrackReader> => {
  const config = await track.getDecoderConfig();
  return new MediabunnyTrack(
    track,
    await track.getCodec(),
    1 / (await track.getTimeResolution()),
    bytesOf(config?.description),
    null,
    0,
  );
};

/** mediabunny calls every layer of MPEG sound `mp3`; clips keep layer III only. */
const isLayer3 = async (track: InputAudioTrack): Promise<boolean> => {
  const first = await new EncodedPacketSink(track).getFirstPacket();
  return (((first?.data[1] ?? 0) >> 1) & 3) === 1;
};

const openAudio = async (track: InputAudioTrack, blob: Blob): Promise<SourceTrackReader> => {
  const named = await track.getCodec();
  const config = await track.getDecoderConfig();
  const tick = 1 / (await track.getTimeResolution());
  const described = await matroskaTrack(blob, track.id);
  // ffprobe subtracts whole ticks: blocks' own times are rounded to them.
  const delay = Math.round((described?.delay ?? 0) / tick) * tick;
  const begins = (await track.input.getFormat()).name === 'MPEG Transport Stream' ? -Infinity : 0;
  if (named === null && (await track.getInternalCodecId()) === 'A_MS/ACM') {
    const format = described?.settings ?? null;
    const found =
      format === null ? null : waveFormat(new DataView(format.buffer, format.byteOffset, format.byteLength));
    return new MediabunnyTrack(track, found?.codec ?? null, tick, null, found?.pcm ?? null, delay, begins);
  }
  const codec = named === 'mp3' && !(await isLayer3(track)) ? null : named;
  const pcm = pcmOf(codec, await track.getNumberOfChannels(), await track.getSampleRate());
  return new MediabunnyTrack(track, codec, tick, bytesOf(config?.description), pcm, delay, begins);
};

/** Tags as mediabunny reads them, whatever the container; raw values are named, not shown. */
const tagLines = (tags: MetadataTags): readonly string[] => {
  const named = (['title', 'description', 'artist', 'comment'] as const).filter((name) => tags[name] !== undefined);
  const raw = Object.keys(tags.raw ?? {}).map((name) =>
    /location|xyz|gps/i.test(name) ? `location (${name})` : `the tag ${name}`,
  );
  return [
    ...named.map((name) => `the tag ${name}`),
    ...(tags.date === undefined ? [] : [`date ${tags.date.toISOString()}`]),
    ...(tags.images === undefined ? [] : ['a cover picture']),
    ...raw,
  ];
};

const metadataOf = async (input: Input): Promise<readonly string[]> => {
  const tracks = await input.getTracks();
  const pictures = tracks.filter((track) => track.isVideoTrack()).length;
  const sounds = tracks.filter((track) => track.isAudioTrack()).length;
  return [
    ...new Set([
      ...tagLines(await input.getMetadataTags()),
      ...(pictures > 1 ? [`${pictures - 1} further picture ${pictures === 2 ? 'track' : 'tracks'}`] : []),
      ...(sounds > 1 ? [`${sounds - 1} further sound ${sounds === 2 ? 'track' : 'tracks'}`] : []),
      ...(tracks.length > pictures + sounds ? ['a subtitle or data track'] : []),
    ]),
  ];
};

/** Opens what mediabunny can read; null when it knows nothing of it. Throws whatever mediabunny throws for a damaged file. */
export const openMediabunny = async (blob: Blob): Promise<SourceFile | null> => {
  // Slices rather than streams, which read ahead.
  const source = guarded(new BlobSource(blob, { useStreamReader: false }));
  let bytesRead = 0;
  source.on('read', ({ start, end }) => {
    bytesRead += end - start;
  });
  const input = new Input({ formats: ALL_FORMATS, source });
  try {
    if (!(await input.canRead())) {
      input.dispose();
      return null;
    }
    const video = await mainTrack(await input.getVideoTracks());
    if (video === null) throw new SourceDamaged('It has no picture track.');
    const audio = await mainTrack(await input.getAudioTracks());
    return {
      video: await openVideo(video),
      audio: audio === null ? null : await openAudio(audio, blob),
      metadata: await metadataOf(input),
      bytesRead: () => bytesRead,
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    throw error;
  }
};
