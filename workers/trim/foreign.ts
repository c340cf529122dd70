/** Containers that only ffmpeg.wasm reads: it copies a coarse range into a QuickTime file, from which the cut goes on as from any other. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import { mountedPath, type FfmpegCore } from './ffmpeg-core.ts';

export type ForeignKind = 'AVI' | 'FLV' | 'MPEG-PS' | 'MPEG-TS' | 'ASF' | 'DHAV';

/** How files of these kinds begin: text at places. MPEG-TS packets have 188 bytes, or 192 with a time code before each. */
const BEGINNINGS: readonly (readonly [ForeignKind, Readonly<Record<number, string>>])[] = [
  ['AVI', { 0: 'RIFF', 8: 'AVI ' }],
  ['FLV', { 0: 'FLV' }],
  ['MPEG-PS', { 0: '\0\0\u0001\u00ba' }],
  ['MPEG-TS', { 0: 'G', 188: 'G', 376: 'G' }],
  ['MPEG-TS', { 4: 'G', 196: 'G', 388: 'G' }],
  ['ASF', { 0: '\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011' }],
  ['DHAV', { 0: 'DHAV' }],
];

/** Null for anything else. */
export const foreignKind = async (source: Blob): Promise<ForeignKind | null> => {
  const head = new Uint8Array(await source.slice(0, 400).arrayBuffer());
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  const found = BEGINNINGS.find(([, places]) =>
    Object.entries(places).every(([at, expected]) => text.startsWith(expected, Number(at))),
  );
  return found?.[0] ?? null;
};

/** Containers without an index: a seek lands anywhere, so reading begins this many seconds before the window. */
const UNINDEXED_LEAD = 15;
/** Containers with one: FFmpeg goes by decoding times, which are a little before those at which pictures are shown. */
const INDEXED_LEAD = 2;
/** Packets are copied up to this long after the window, as some of its frames may follow later ones. */
const COPY_BEYOND = 2;

/** FFmpeg seeks up to 0.13 s before what it is asked for; before a file's first packet it fails, and has lost what it has looked at. */
const LEAST_SEEK = 0.5;

/** Where ffmpeg should begin to read so that a keyframe at or before `from` is among what it reads; 0 is the recording's start. */
const readingStart = (kind: ForeignKind, from: number): number => {
  const isUnindexed = kind === 'MPEG-PS' || kind === 'MPEG-TS' || kind === 'DHAV';
  const startAt = from - (isUnindexed ? UNINDEXED_LEAD : INDEXED_LEAD);
  return startAt < LEAST_SEEK ? 0 : startAt;
};

const COPY = 'coarse.mov';
const LIST = 'list.txt';

/** A range of a foreign recording's first video track. */
export interface CoarseCopy {
  /** A QuickTime file whose samples are the packets in the recording's order, with times on its own timeline. */
  readonly file: Blob;
  /** What the container itself says of each packet's times. */
  readonly stamps: readonly Stamp[];
  /** Seconds per tick of the stamps. */
  readonly tick: number;
  /** Where ffmpeg was asked to begin, in seconds; 0 is the recording's start. */
  readonly startAt: number;
}

export interface Stamp {
  readonly dts: number;
  /** Null where the container gives none; FFmpeg’s QuickTime file then says when the packet is decoded. */
  readonly pts: number | null;
}

/** AVI and ASF have decoding times only, for FFmpeg; program streams have some times: for what they leave out it would make up its own. */
export const keepsTimesUnsaid = (kind: ForeignKind): boolean => kind === 'AVI' || kind === 'ASF' || kind === 'MPEG-PS';

/** The packets from before the window to behind it; from the recording's start where FFmpeg finds no place nearer to begin. */
export const copyCoarsely = async (
  core: FfmpegCore,
  source: Blob,
  kind: ForeignKind,
  window: { readonly from: number; readonly to: number },
): Promise<Result<CoarseCopy, TrimRefusal>> => {
  const startAt = readingStart(kind, window.from);
  if (startAt > 0) {
    const near = await copyFrom(core, source, kind, startAt, window.to);
    // A seek that failed leaves FFmpeg somewhere behind the packets that it had looked at.
    const first = near.ok ? near.value.stamps[0] : undefined;
    if (near.ok && first && first.dts * near.value.tick <= window.from) return near;
  }
  return copyFrom(core, source, kind, 0, window.to);
};

const copyFrom = async (
  core: FfmpegCore,
  source: Blob,
  kind: ForeignKind,
  startAt: number,
  to: number,
): Promise<Result<CoarseCopy, TrimRefusal>> => {
  const packets = ['-map', '0:v:0', '-c', 'copy', '-to', (to + COPY_BEYOND).toFixed(6)];
  const run = await core.run(
    {
      inputs: [{ name: 'source', data: source }],
      args: [
        ...(startAt > 0 ? ['-seek_timestamp', '1', '-ss', startAt.toFixed(6), '-noaccurate_seek'] : []),
        ...(keepsTimesUnsaid(kind) ? [] : ['-fflags', '+genpts']),
        ...['-copyts', '-i', mountedPath('source')],
        // The movie's clock must hold the first packet's time, which becomes an empty edit, without rounding.
        ...[...packets, '-movie_timescale', '90000', '-f', 'mov', COPY],
        ...[...packets, '-f', 'framecrc', LIST],
      ],
      outputs: [COPY, LIST],
    },
    () => undefined,
  );
  if (run.ok) {
    const [copy = new Uint8Array(), list] = run.value;
    return ok({ file: new Blob([new Uint8Array(copy)]), startAt, ...readStamps(new TextDecoder().decode(list)) });
  }
  if (/matches no streams/.test(run.detail)) return failure('no-video-track', `This ${kind} file holds no video.`);
  if (/Invalid data|could not find codec parameters/i.test(run.detail)) {
    return failure('damaged', `This ${kind} file is damaged: nothing in it could be read.`);
  }
  return run;
};

/** How FFmpeg writes that there is no time (AV_NOPTS_VALUE). */
const NO_TIME = '-9223372036854775808';

/** FFmpeg's framecrc format: `#tb 0: 1/90000`, then a line for each packet: stream, dts, pts, duration, size, checksum. */
const readStamps = (list: string): Pick<CoarseCopy, 'stamps' | 'tick'> => {
  const [, numerator = 1, denominator = 1] = (/^#tb 0: (\d+)\/(\d+)$/m.exec(list) ?? []).map(Number);
  const stamps = list
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [, dts = '', pts = ''] = line.split(',').map((field) => field.trim());
      return { dts: Number(dts), pts: pts === NO_TIME ? null : Number(pts) };
    });
  return { stamps, tick: numerator / denominator };
};
