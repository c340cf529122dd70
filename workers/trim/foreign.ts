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
/** Packets are copied up to this long after the window, as some of its frames may follow later ones. */
const COPY_BEYOND = 2;

/** Where ffmpeg should begin to read so that a keyframe at or before `from` is among what it reads. */
export const readingStart = (kind: ForeignKind | null, from: number): number =>
  kind === 'MPEG-PS' || kind === 'MPEG-TS' || kind === 'DHAV' ? Math.max(0, from - UNINDEXED_LEAD) : Math.max(0, from);

const OUTPUT = 'coarse.mov';

/** The first video track's packets around the window, on the source's own timeline, as a QuickTime file. */
export const copyCoarsely = async (
  core: FfmpegCore,
  source: Blob,
  kind: ForeignKind,
  window: { readonly from: number; readonly to: number },
): Promise<Result<Blob, TrimRefusal>> => {
  const startAt = readingStart(kind, window.from);
  const run = await core.run(
    {
      inputs: [{ name: 'source', data: source }],
      args: [
        ...(startAt > 0 ? ['-seek_timestamp', '1', '-ss', startAt.toFixed(6), '-noaccurate_seek'] : []),
        // AVI has decoding times only: FFmpeg would make up presentation times one frame late.
        ...(kind === 'AVI' ? [] : ['-fflags', '+genpts']),
        ...['-copyts', '-i', mountedPath('source')],
        // The movie's clock must hold the first packet's time, which becomes an empty edit, without rounding.
        ...[
          '-map',
          '0:v:0',
          '-c',
          'copy',
          '-an',
          '-movie_timescale',
          '90000',
          '-to',
          (window.to + COPY_BEYOND).toFixed(6),
        ],
        ...['-f', 'mov', OUTPUT],
      ],
      outputs: [OUTPUT],
    },
    () => undefined,
  );
  if (run.ok) return ok(new Blob([new Uint8Array(run.value[0] ?? [])]));
  if (/matches no streams/.test(run.detail)) return failure('no-video-track', `This ${kind} file holds no video.`);
  if (/Invalid data|could not find codec parameters/i.test(run.detail)) {
    return failure('damaged', `This ${kind} file is damaged: nothing in it could be read.`);
  }
  return run;
};
