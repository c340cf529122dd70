/** The ways in which films for the cut's proof are made: native ffmpeg's encoders, and bytes changed afterwards. */
import { readFile, writeFile } from 'node:fs/promises';
import { ask } from '../native.ts';
import { movieTimescale, trackTimescale, withEdits, type Edit } from './patch-mp4.ts';

export type Make = (path: string) => Promise<void>;

export const SECONDS = 5;
export const RATE = 25;
/** A keyframe every second. */
export const KEYS = ['-g', `${RATE}`, '-keyint_min', `${RATE}`, '-sc_threshold', '0', '-pix_fmt', 'yuv420p'] as const;
export const AAC = ['-c:a', 'aac', '-b:a', '64k'] as const;

export const ffmpeg = async (...args: readonly string[]): Promise<void> => {
  const { status, stderr } = await ask('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}\n${stderr}`);
};

/** A moving picture as ffmpeg's input. */
export const picture = (size = '320x180'): readonly string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${RATE}:duration=${SECONDS}`],
];

/** A tone as ffmpeg's input. */
export const tone = (rate = 48_000): readonly string[] => [
  ...['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=${rate}:duration=${SECONDS}`],
];

/** Settings of x264 and x265; `parameters` as they write them, parted by colons. */
export const x264 = (parameters = ''): readonly string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', `bframes=2:${parameters}`],
];
export const x265 = (parameters: string): readonly string[] => {
  const keys = `log-level=none:keyint=${RATE}:min-keyint=${RATE}:scenecut=0`;
  return ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `${keys}:${parameters}`, '-tag:v', 'hvc1'];
};

/** The moving picture encoded so, with the tone if told how. */
export const encoded =
  (video: readonly string[], audio: readonly string[] = [], more: readonly string[] = []): Make =>
  (path) =>
    ffmpeg(...picture(), ...(audio.length > 0 ? tone() : []), ...KEYS, ...video, ...audio, ...more, path);

/** H.264 with this sound. */
export const sounding = (...audio: readonly string[]): Make => encoded(x264(), audio);

/** Made so, its bytes then changed. */
export const changed =
  (make: Make, change: (file: Buffer) => Buffer): Make =>
  async (path) => {
    await make(path);
    await writeFile(path, change(await readFile(path)));
  };

/** Made so in one container (by its ending), then copied into the film's own. */
export const copied =
  (make: Make, ending: string, ...args: readonly string[]): Make =>
  async (path) => {
    await make(`${path}.${ending}`);
    await ffmpeg('-i', `${path}.${ending}`, '-c', 'copy', ...args, path);
  };

/** H.264 with reordered pictures under these edits: pairs of seconds shown and where in the film; −1: nothing is shown. */
export const edited = (...edits: readonly (readonly [duration: number, from: number])[]): Make =>
  changed(encoded(x264()), (file) => {
    const [movie, track] = [movieTimescale(file), trackTimescale(file)];
    const list = edits.map(([duration, from]): Edit => ({
      duration: Math.round(duration * movie),
      mediaTime: from < 0 ? -1 : Math.round(from * track),
    }));
    return withEdits(file, list);
  });

interface Part {
  readonly size?: string;
  /** Of x264. */
  readonly parameters?: string;
}

/**
 * Two encodings without reordering, one behind the other in one stream. `together`: the sets of both stand before the
 * first picture, and so in the container's description.
 */
export const joined =
  (first: Part, second: Part, together = false, ...further: readonly Part[]): Make =>
  async (path) => {
    const parts: Buffer[] = [];
    for (const [index, { size, parameters = 'ref=3' }] of [first, second, ...further].entries()) {
      const part = `${path}.${index}.h264`;
      const settings = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-x264-params', parameters];
      await ffmpeg(...picture(size), ...KEYS, ...settings, '-t', '2.4', part);
      parts.push(await readFile(part));
    }
    const raw = `${path}.h264`;
    await writeFile(raw, Buffer.concat([...(together ? parts.slice(1).map(setsOf) : []), ...parts]));
    // Of MPEG-TS's clock, and of the one that ffmpeg chooses for MP4.
    const ticks = path.endsWith('.ts') ? 3600 : 512;
    await ffmpeg('-r', `${RATE}`, '-i', raw, '-c', 'copy', '-bsf:v', `setts=ts=N*${ticks}`, path);
  };

/** Everything before an H.264 stream's first picture or message: its parameter sets. */
const setsOf = (stream: Buffer): Buffer => {
  const starts = ['\0\0\u0001\u0065', '\0\0\u0001\u0006'].map((start) => stream.indexOf(start, 0, 'latin1'));
  return stream.subarray(0, Math.min(...starts.filter((at) => at > 0)));
};
