/** Sound by way of the ffmpeg core: the packets of what mediabunny cannot read, and AAC or Opus of what a clip cannot hold. */
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { readAdts, withoutLeadingFill } from './aac.ts';
import type { AudioCut, SoundPacket, SoundWindow } from './audio-cut.ts';
import { soundFormat } from './audio-format.ts';
import { readLatm } from './audio-latm.ts';
import { mountedPath, type FfmpegCore } from './ffmpeg-core.ts';
import { foreignKind } from './foreign.ts';
import { bytesOf } from './bytes-of.ts';

export interface CoreSound {
  readonly core: FfmpegCore;
  readonly source: Blob;
  /** FFmpeg's stream specifier of the track: `0:a:0`, `0:i:257`. */
  readonly stream: string;
}

export interface ListedSound {
  /** FFmpeg's name of the codec; `aac` also where it came as LATM. */
  readonly codec: string;
  readonly channels: number;
  readonly rate: number;
  readonly description: Uint8Array | null;
  /** In the order of the file, from a little before the window, on the timeline that ffprobe shows. */
  readonly packets: readonly SoundPacket[];
  /** Ticks a second; every time is a whole number of them. */
  readonly timescale: number;
}

/** Seconds read before the window: decoders that carry something over from packet to packet have settled by then. */
const LEAD_IN = 1;
const INPUT = mountedPath('recording');

/** A seek to before a file's first packet fails, and FFmpeg seeks a little before what it is asked for: windows this early are read from the start. */
const EARLY = LEAD_IN + 0.5;

/**
 * The file from a little before the window, on its own timeline. AVI from its start: behind a seek FFmpeg counts the sound's empty
 * chunks as time, from the start it does not, and that is what players play.
 */
const inputArguments = async ({ source }: CoreSound, { from }: SoundWindow): Promise<string[]> => {
  const isSeekable = from > EARLY && (await foreignKind(source)) !== 'AVI';
  return [
    '-copyts',
    // Not accurate: FFmpeg then drops what it decodes before this time plus the file's first timestamp. The filters cut instead.
    ...(isSeekable ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (from - LEAD_IN).toFixed(6)] : []),
    ...['-i', INPUT],
  ];
};

/** FFmpeg takes no end at or before 0, where a clock that runs over may have one: then it reads to the file's. */
const until = (end: number): string[] => (end > 0 ? ['-to', end.toFixed(6)] : []);

const inputs = ({ source }: CoreSound) => [{ name: 'recording', data: source }];

const nothing = (): void => undefined;

/**
 * The packets of the window as FFmpeg reads them, undecoded: a list of times and sizes, and all bytes in a row. Null when the
 * file has no such track. The picture is listed with them, so that a file without sound is no error.
 */
export const listSound = async (
  sound: CoreSound,
  window: SoundWindow,
): Promise<Result<ListedSound | null, TrimRefusal>> => {
  const run = await sound.core.run(
    {
      inputs: inputs(sound),
      args: [
        ...(await inputArguments(sound, window)),
        ...['-map', '0:v:0?', '-map', `${sound.stream}?`, '-c', 'copy', ...until(window.to + LEAD_IN)],
        ...['-f', 'tee', '[f=framecrc]list.txt|[f=data:select=a:onfail=ignore]sound.bin'],
      ],
      outputs: ['list.txt', 'sound.bin'],
    },
    nothing,
  );
  if (!run.ok) return run;
  const [list = new Uint8Array(), bytes = new Uint8Array()] = run.value;
  const listed = readList(new TextDecoder().decode(list), bytes);
  if (!listed) return ok(null);
  if (listed.codec === 'aac_latm') return ok(unwrapLatm(listed));
  const [first] = listed.packets;
  const needsDescription = ['flac', 'opus', 'vorbis'].includes(listed.codec);
  const bareAac = listed.codec === 'aac' && first !== undefined && !readAdts(first.data);
  return needsDescription || bareAac ? describe(sound, window, listed) : ok(listed);
};

const CHANNELS: Readonly<Record<string, number>> = { mono: 1, stereo: 2, '5.1': 6, '5.1(side)': 6, '7.1': 8, quad: 4 };

/** FFmpeg's framecrc format: `#key stream: value` lines, then `stream, dts, pts, duration, size, checksum`. */
const readList = (list: string, bytes: Uint8Array): ListedSound | null => {
  const audio = /^#media_type (\d+): audio$/m.exec(list)?.[1];
  if (audio === undefined) return null;
  const say = (key: string): string =>
    list
      .split('\n')
      .find((line) => line.startsWith(`#${key} ${audio}: `))
      ?.slice(`#${key} ${audio}: `.length) ?? '';
  const [numerator = 1, denominator = 1] = say('tb').split('/').map(Number);
  const packets: SoundPacket[] = [];
  let at = 0;
  for (const line of list.split('\n')) {
    if (line.startsWith('#')) continue;
    const [stream = '', , pts = '', duration = '', size = ''] = line.split(',').map((field) => field.trim());
    if (stream !== audio) continue;
    const seconds = (ticks: string): number => (Number(ticks) * numerator) / denominator;
    packets.push({ data: bytes.subarray(at, at + Number(size)), at: seconds(pts), duration: seconds(duration) });
    at += Number(size);
  }
  const layout = say('channel_layout_name');
  return {
    codec: say('codec_id'),
    channels: CHANNELS[layout] ?? Number(/^(\d+) channels/.exec(layout)?.[1] ?? 0),
    rate: Number(say('sample_rate')),
    description: null,
    packets,
    timescale: denominator,
  };
};

const unwrapLatm = (listed: ListedSound): ListedSound => {
  const latm = readLatm(listed.packets.map(({ data }) => data));
  if (!latm) return listed;
  const packets = listed.packets.flatMap((packet, index) => {
    const data = latm.payloads[index];
    return data ? [{ ...packet, data }] : [];
  });
  return { ...listed, codec: 'aac', description: latm.audioSpecificConfig, packets };
};

/** The decoder configuration, which a list of packets does not hold: that of a copy of one packet. */
const describe = async (
  sound: CoreSound,
  window: SoundWindow,
  listed: ListedSound,
): Promise<Result<ListedSound, TrimRefusal>> => {
  const run = await sound.core.run(
    {
      inputs: inputs(sound),
      args: [
        ...(await inputArguments(sound, window)),
        ...['-map', sound.stream, '-c', 'copy', '-frames:a', '1', '-f', 'matroska', 'one.mkv'],
      ],
      outputs: ['one.mkv'],
    },
    nothing,
  );
  if (!run.ok) return run;
  using input = new Input({ source: new BufferSource(run.value[0] ?? new Uint8Array()), formats: ALL_FORMATS });
  const track = (await input.canRead()) ? await input.getPrimaryAudioTrack() : null;
  const config = await track?.getDecoderConfig();
  return ok({
    ...listed,
    description: config?.description ? bytesOf(config.description).slice() : null,
    channels: config?.numberOfChannels ?? listed.channels,
  });
};

/** What AAC can be sampled at (ISO/IEC 14496-3 table 1.18), as FFmpeg's encoder takes it. */
const AAC_RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000];
const OPUS_RATE = 48_000;
const BITS_PER_CHANNEL = 80_000;

export interface Transcoding {
  readonly target: 'mp4' | 'webm';
  /** The source's, 0 when it is not known. */
  readonly rate: number;
  readonly channels: number;
}

/**
 * Decodes the track and codes exactly the samples of the window anew: AAC, or Opus for WebM. The encoder's priming packets lie before
 * the window and are dropped; the last packet's time ends with the window, what it codes behind that is silence.
 * Null when the track has no sound in the window.
 */
export const transcodeSound = async (
  sound: CoreSound,
  window: SoundWindow,
  { target, rate, channels }: Transcoding,
): Promise<Result<AudioCut | null, TrimRefusal>> => {
  const codedRate = target === 'webm' ? OPUS_RATE : (AAC_RATES.find((known) => known >= rate) ?? 48_000);
  const end = Math.min(window.to, window.shownUntil);
  // Never early, never late: the first sample at or after the beginning, the last that ends by the end.
  const first = Math.ceil(Math.max(window.shownFrom, window.from) * codedRate - 1e-3);
  const last = Math.floor(end * codedRate + 1e-3);
  // MP4 begins at 0: where a stream's clock lies below it, whole seconds are added meanwhile.
  const base = first < 0 ? codedRate * Math.ceil(1 - first / codedRate) : 0;
  const filters = [
    `aresample=${codedRate}:async=1:min_hard_comp=0.02`,
    'aformat=sample_fmts=fltp:channel_layouts=mono|stereo|5.1',
    `atrim=start_pts=${first}:end_pts=${last}`,
    ...(base > 0 ? [`asetpts=PTS+${base}`] : []),
  ];
  const encoder = target === 'webm' ? ['-c:a', 'opus', '-strict', '-2'] : ['-c:a', 'aac'];
  const bits = BITS_PER_CHANNEL * Math.min(6, Math.max(1, channels));
  const run = await sound.core.run(
    {
      inputs: inputs(sound),
      args: [
        ...(await inputArguments(sound, window)),
        ...['-map', sound.stream, '-vn', '-sn', '-dn', '-af', filters.join(',')],
        ...[...encoder, '-b:a', String(bits), '-flags:a', '+bitexact', '-fflags', '+bitexact', '-map_metadata', '-1'],
        ...['-movie_timescale', String(codedRate), '-f', 'mp4', 'sound.mp4'],
      ],
      outputs: ['sound.mp4'],
    },
    nothing,
  );
  if (!run.ok) {
    if (run.reason === 'core-unavailable') return run;
    return failure(
      'unsupported-audio',
      `The sound of this recording could not be decoded; cut it without sound. (${run.detail})`,
    );
  }
  return ok(await readTranscoded(run.value[0] ?? new Uint8Array(), codedRate, first, last, base));
};

const readTranscoded = async (
  bytes: Uint8Array,
  rate: number,
  first: number,
  last: number,
  base: number,
): Promise<AudioCut | null> => {
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.canRead()) ? await input.getPrimaryAudioTrack() : null;
  const config = await track?.getDecoderConfig();
  const codec = await track?.getCodec();
  if (!track || !config?.description || !codec) return null;
  const description = bytesOf(config.description);
  const { numberOfChannels: channels, sampleRate } = config;
  const kept: { readonly data: Uint8Array; readonly ticks: number }[] = [];
  let packet: Uint8Array = new Uint8Array();
  for await (const { data, timestamp, duration } of new EncodedPacketSink(track).packets()) {
    packet = data;
    const ticks = Math.round(timestamp * rate) - base;
    if (ticks >= first && ticks < last && duration > 0) kept.push({ data: withoutLeadingFill(data), ticks });
  }
  const format = soundFormat({ codec, channels, rate: sampleRate, description, packet });
  const start = kept[0]?.ticks;
  const final = kept.at(-1);
  if (!format || start === undefined || !final) return null;
  const full = Math.round((format.seconds(final.data) ?? 1024 / rate) * rate);
  return {
    timescale: rate,
    sampleEntry: format.sampleEntry ?? new Uint8Array(),
    webm: format.webm,
    samples: kept.map(({ data, ticks }) => ({ data, ticks: ticks - start, sync: true })),
    endTicks: Math.min(final.ticks + full, last) - start,
    startsAt: start / rate,
  };
};
