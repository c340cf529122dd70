/** Recordings with every kind of sound, made by native ffmpeg, and what native ffmpeg finds in the sound of a clip. Runs in Node. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nativeTool } from '../../tools/find-native.ts';
import { audioPacketsOf, wordsFoundIn } from './oracle.ts';
import { run } from './run.ts';

const CACHE = resolve(import.meta.dirname, '../../.cache/test-sounds');
export const SOUND_SECONDS = 8;

/** How a recording's sound is made: rate and channels of the signal, ffmpeg's arguments for coding it, the file's ending. */
export interface SoundKind {
  readonly ending: string;
  readonly audio: readonly string[];
  readonly rate?: number;
  readonly channels?: number;
  /** Arguments of the picture; H.264 with a keyframe every 2 s unless said. */
  readonly video?: readonly string[];
  /** A file whose sound is copied instead of a tone being coded: a path, or frames of AMR for which ffmpeg has no encoder. */
  readonly from?: 'amr-nb' | 'amr-wb';
}

/** A tone whose height rises, so that no two stretches sound alike. */
const signal = (rate: number): string =>
  `aevalsrc=0.3*sin(2*PI*t*(200+t*60))+0.2*sin(2*PI*t*t*90):s=${rate}:d=${SOUND_SECONDS}`;

/** AMR in storage format (RFC 4867 §5): each 20 ms a header byte and bits, any bits. */
const amrFile = (kind: 'amr-nb' | 'amr-wb'): Buffer => {
  const [magic, header, bytes] =
    kind === 'amr-nb' ? (['#!AMR\n', 0x3c, 31] as const) : (['#!AMR-WB\n', 0x14, 32] as const);
  const frames = Array.from({ length: SOUND_SECONDS * 50 }, (_, index) =>
    Buffer.from([
      header,
      ...Array.from({ length: bytes }, (_unused, at) => (index * 37 + at * 101 + ((index * at) >> 3)) & 0xff),
    ]),
  );
  return Buffer.concat([Buffer.from(magic), ...frames]);
};

/** Makes a recording once and gives its path; `name` is the name of the kind. */
export const soundRecording = async (name: string, kind: SoundKind): Promise<string> => {
  const { ending, audio, rate = 48_000, channels = 2, from } = kind;
  const path = join(CACHE, `2-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.${ending}`);
  if (existsSync(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const making = join(CACHE, `${process.pid}-${Date.now()}.${ending}`);
  const amr = `${making}.amr`;
  if (from) await writeFile(amr, amrFile(from));
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=10:duration=${SOUND_SECONDS}`],
    ...(from ? ['-i', amr] : ['-f', 'lavfi', '-i', signal(rate)]),
    ...(kind.video ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-pix_fmt', 'yuv420p']),
    ...(from ? ['-c:a', 'copy'] : ['-ac', String(channels), ...audio]),
    making,
  ]);
  if (from) await rm(amr);
  await rename(making, path);
  return path;
};

export interface ClipToJudge {
  readonly source: string;
  readonly clip: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where the clip's sound begins on the source's timeline. */
  readonly startsAt: number;
}

export interface SoundVerdict {
  readonly source: SoundStream;
  readonly clip: SoundStream;
  /** What ffmpeg says while it decodes the clip, from warnings up. */
  readonly complaints: string;
  /** Names of encoders in the clip's bytes. */
  readonly names: readonly string[];
  readonly packets: {
    readonly inClip: number;
    /** Whole packets of the source in the window. */
    readonly inWindow: number;
    /** Packets of the clip that are one of those, of the same length at the same time (Matroska counts milliseconds, and rounds twice). */
    readonly inPlace: number;
    /** Of these, how many have the very bytes. */
    readonly identical: number;
  };
  /** Ends of the clip's sound on the source's timeline. */
  readonly begins: number;
  readonly ends: number;
}

interface SoundStream {
  readonly codec_name: string;
  readonly sample_rate: string;
  readonly channels: number;
}

const streamOf = async (file: string): Promise<SoundStream> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...[
      '-v',
      'error',
      '-select_streams',
      'a:0',
      '-show_entries',
      'stream=codec_name,sample_rate,channels',
      '-of',
      'json',
    ],
    file,
  ]);
  const { streams } = JSON.parse(stdout) as { readonly streams: readonly SoundStream[] };
  const [stream] = streams;
  if (!stream) throw new Error(`no sound in ${file}`);
  const { codec_name, sample_rate, channels } = stream;
  return { codec_name, sample_rate, channels };
};

const inFile = async <T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-sound-'));
  const path = join(folder, 'clip.mp4');
  await writeFile(path, bytes);
  try {
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const judgeSound = ({ source, clip, from, to, startsAt }: ClipToJudge): Promise<SoundVerdict> =>
  inFile(clip, async (path) => {
    const { stderr } = await run(nativeTool('ffmpeg'), ['-v', 'warning', '-i', path, '-f', 'null', '-']);
    const around = (await audioPacketsOf(source, 'honouring')).filter((packet) => !Number.isNaN(packet.to));
    const micro = (seconds: number): number => Math.round(seconds * 1e6);
    const window = around.filter((packet) => micro(packet.from) >= micro(from) && micro(packet.to) <= micro(to));
    const found = (await audioPacketsOf(path, 'ignoring')).map((packet) => ({
      ...packet,
      from: packet.from + startsAt,
      to: packet.to + startsAt,
    }));
    const pairs = found.flatMap((packet) => {
      const own = window.find(({ from: at }) => Math.abs(at - packet.from) < 0.0016);
      return own && own.bytes <= packet.bytes + 16 ? [{ packet, own }] : [];
    });
    return {
      source: await streamOf(source),
      clip: await streamOf(path),
      complaints: stderr.trim(),
      names: await wordsFoundIn(path, ['Lavc', 'Lavf', 'LAME', 'libopus', 'Xiph', 'libFLAC', 'FFMP']),
      packets: {
        inClip: found.length,
        inWindow: window.length,
        inPlace: pairs.length,
        identical: pairs.filter(({ packet, own }) => packet.hash === own.hash).length,
      },
      begins: found[0]?.from ?? NaN,
      ends: found.at(-1)?.to ?? NaN,
    };
  });

/** All of a file's sound as ffmpeg decodes it, in the given raw format. */
const decoded = async (file: string, format: string): Promise<Buffer> => {
  const out = join(await mkdtemp(join(tmpdir(), 'porchlight-pcm-')), 'sound.raw');
  await run(nativeTool('ffmpeg'), [
    '-v',
    'fatal',
    '-i',
    file,
    '-map',
    '0:a:0',
    '-c:a',
    `pcm_${format}`,
    '-f',
    format,
    out,
  ]);
  const bytes = await readFile(out);
  await rm(resolve(out, '..'), { recursive: true, force: true });
  return bytes;
};

/** When the first sound is heard, as ffprobe tells. */
const firstSoundAt = async (file: string): Promise<number> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', '-select_streams', 'a:0', '-read_intervals', '%+#8', '-show_entries', 'frame=pts_time'],
    ...['-of', 'csv=p=0', file],
  ]);
  return Number.parseFloat(stdout);
};

/**
 * Whether the clip's decoded samples are the source's: every one of the stretch `[from, to)`, no other, from `settled` seconds into
 * the clip on (decoders of packets that refer back need a few). `format` is ffmpeg's raw format that loses nothing.
 */
export const sameSamples = (
  { source, clip, startsAt }: ClipToJudge,
  format: string,
  settled: number,
): Promise<{ readonly same: boolean; readonly frames: number }> =>
  inFile(clip, async (path) => {
    const { sample_rate, channels } = await streamOf(path);
    const frameBytes = (Number(/\d+/.exec(format)?.[0] ?? 8) / 8) * channels;
    const [whole, part] = [await decoded(source, format), await decoded(path, format)];
    const offset = Math.round((startsAt - (await firstSoundAt(source))) * Number(sample_rate)) * frameBytes;
    const skipped = Math.round(settled * Number(sample_rate)) * frameBytes;
    const same = whole.subarray(offset + skipped, offset + part.length).equals(part.subarray(skipped));
    return { same: same && part.length > skipped, frames: part.length / frameBytes };
  });

/**
 * How the clip's sound lies against the source's: the shift (in samples at 16 kHz, positive when the clip is late) at which a second of
 * both, half a second into the clip, is most alike, and how alike (1: the same up to loudness).
 */
export const soundShift = ({
  source,
  clip,
  startsAt,
}: ClipToJudge): Promise<{ readonly shift: number; readonly likeness: number }> =>
  inFile(clip, async (path) => {
    const RATE = 16_000;
    const mono = async (file: string): Promise<Float32Array> => {
      const out = join(await mkdtemp(join(tmpdir(), 'porchlight-mono-')), 'sound.raw');
      await run(nativeTool('ffmpeg'), [
        ...[
          '-v',
          'fatal',
          '-i',
          file,
          '-map',
          '0:a:0',
          '-ac',
          '1',
          '-ar',
          `${RATE}`,
          '-c:a',
          'pcm_f32le',
          '-f',
          'f32le',
          out,
        ],
      ]);
      const bytes = await readFile(out);
      await rm(resolve(out, '..'), { recursive: true, force: true });
      return new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    };
    const [whole, part] = [await mono(source), await mono(path)];
    const offset = Math.round((startsAt - (await firstSoundAt(source))) * RATE) + RATE / 2;
    const piece = part.subarray(RATE / 2, RATE * 1.5);
    let best = { shift: 0, likeness: -1 };
    for (let shift = -1600; shift <= 1600; shift++) {
      const other = whole.subarray(offset - shift, offset - shift + piece.length);
      let [product, own, theirs] = [0, 0, 0];
      for (let index = 0; index < piece.length; index++) {
        const [a = 0, b = 0] = [piece[index], other[index]];
        product += a * b;
        own += a * a;
        theirs += b * b;
      }
      const likeness = product / Math.sqrt(own * theirs);
      if (likeness > best.likeness) best = { shift, likeness };
    }
    return best;
  });
