/** Films made for the cut's proof by native ffmpeg and a few changed bytes: what the folder of real recordings has none of. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TrimRefusal } from '../../../src/contracts/trim-api.ts';
import { ask } from '../native.ts';
import type { FileResult } from '../run.ts';
import { movieTimescale, trackTimescale, withEdits, withUnitLengths, type Edit } from './patch-mp4.ts';

export interface Film {
  /** Its ending tells the container. */
  readonly name: string;
  readonly why: string;
  readonly make: (path: string) => Promise<void>;
  /** The one reason for which it must be refused; cut in every window otherwise. */
  readonly refused?: TrimRefusal;
}

const SECONDS = 5;
const RATE = 25;
/** A moving picture; a keyframe every second. */
const picture = (size = '320x180'): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=${RATE}:duration=${SECONDS}`,
];
const tone = (rate = 48_000): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=frequency=330:sample_rate=${rate}:duration=${SECONDS}`,
];
const KEYS = ['-g', `${RATE}`, '-keyint_min', `${RATE}`, '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];

const ffmpeg = async (...args: readonly string[]): Promise<void> => {
  const { status, stderr } = await ask('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}\n${stderr}`);
};

/** A picture encoded so, with a tone if told how. */
const film =
  (video: readonly string[], audio: readonly string[] = [], more: readonly string[] = []) =>
  (path: string): Promise<void> =>
    ffmpeg(...picture(), ...(audio.length > 0 ? tone() : []), ...KEYS, ...video, ...audio, ...more, path);

const x264 = (parameters = ''): readonly string[] => [
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-x264-params',
  `bframes=2:${parameters}`,
];
const x265 = (parameters: string): readonly string[] => [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-x265-params',
  `log-level=none:keyint=${RATE}:min-keyint=${RATE}:scenecut=0:${parameters}`,
  '-tag:v',
  'hvc1',
];
const AAC = ['-c:a', 'aac', '-b:a', '64k'];

/** A film made as `make` does, its bytes then changed. */
const changed =
  (make: (path: string) => Promise<void>, change: (file: Buffer) => Buffer) =>
  async (path: string): Promise<void> => {
    await make(path);
    await writeFile(path, change(await readFile(path)));
  };

/** Edits in seconds, of an H.264 film with reordered pictures. */
const edited = (edits: (seconds: { movie(s: number): number; track(s: number): number }) => readonly Edit[]) =>
  changed(film(x264()), (file) => {
    const [movie, track] = [movieTimescale(file), trackTimescale(file)];
    return withEdits(file, edits({ movie: (s) => Math.round(s * movie), track: (s) => Math.round(s * track) }));
  });

/** Two encodings, one behind the other in one stream without reordering, 25 pictures a second. */
const joined =
  (first: readonly string[], second: readonly string[], sizes: readonly [string, string], joinSets = false) =>
  async (path: string): Promise<void> => {
    const parts = await Promise.all(
      [first, second].map(async (parameters, index) => {
        const part = `${path}.${index}.h264`;
        await ffmpeg(
          ...picture(sizes[index]),
          ...KEYS,
          '-c:v',
          'libx264',
          '-preset',
          'veryfast',
          '-bf',
          '0',
          ...parameters,
          '-t',
          '2.4',
          part,
        );
        return readFile(part);
      }),
    );
    const raw = `${path}.h264`;
    // The sets of the second before the first picture too: both are then in the container's description.
    const [, own = Buffer.alloc(0)] = parts;
    await writeFile(raw, Buffer.concat([...(joinSets ? [setsOf(own)] : []), ...parts]));
    // Of MPEG-TS's clock, and of the one that ffmpeg chooses for MP4.
    const ticks = path.endsWith('.ts') ? 3600 : 512;
    await ffmpeg('-r', `${RATE}`, '-i', raw, '-c', 'copy', '-bsf:v', `setts=ts=N*${ticks}`, path);
  };

/** Everything before an H.264 stream's first picture or message: its parameter sets. */
const setsOf = (stream: Buffer): Buffer => {
  const end = ['\0\0\x01\x65', '\0\0\x01\x06']
    .map((start) => stream.indexOf(start, 0, 'latin1'))
    .filter((at) => at > 0);
  return stream.subarray(0, Math.min(...end));
};

const throughCopy =
  (make: (path: string) => Promise<void>, ending: string, ...args: readonly string[]) =>
  async (path: string): Promise<void> => {
    await make(`${path}.${ending}`);
    await ffmpeg('-i', `${path}.${ending}`, '-c', 'copy', ...args, path);
  };

/** AVI without its index at the end, as a camera leaves it that lost its power. */
const withoutAviIndex = (file: Buffer): Buffer => file.subarray(0, file.lastIndexOf('idx1'));

export const FILMS: readonly Film[] = [
  {
    name: 'open-gop.mp4',
    why: 'H.264 whose groups are open: recovery points, leading pictures',
    make: film(x264('open-gop=1:bframes=3'), AAC),
  },
  {
    name: 'pyramid-16-refs.mkv',
    why: 'H.264 reordered deeply',
    make: film(
      ['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', 'bframes=16:b-adapt=0:b-pyramid=normal:ref=8'],
      AAC,
    ),
  },
  {
    name: 'mbaff.mp4',
    why: 'interlaced H.264, field and frame macroblocks',
    make: film([...x264('tff=1'), '-flags', '+ildct+ilme'], AAC),
  },
  { name: 'baseline-cavlc.mp4', why: 'H.264 baseline', make: film(['-c:v', 'libx264', '-profile:v', 'baseline'], AAC) },
  {
    name: 'sliced-intra-refresh.mp4',
    why: 'H.264 without keyframes but for recovery points',
    make: film(x264('intra-refresh=1:bframes=0:slices=4')),
  },
  {
    name: 'unit-length-2.mp4',
    why: 'H.264 units with 2-byte lengths',
    make: changed(film(x264()), (file) => withUnitLengths(file, 2)),
  },
  {
    name: 'unit-length-1.mp4',
    why: 'H.264 units with 1-byte lengths',
    make: changed(
      (path) =>
        ffmpeg(
          '-f',
          'lavfi',
          '-i',
          'testsrc=size=48x32:rate=25:duration=5',
          ...KEYS,
          '-c:v',
          'libx264',
          '-x264-params',
          'slice-max-size=200:info=0',
          '-qp',
          '45',
          '-bsf:v',
          'filter_units=remove_types=6',
          path,
        ),
      (file) => withUnitLengths(file, 1),
    ),
  },
  ...[15, 30, 31].map((id): Film => ({
    name: `set-id-${id}.mp4`,
    why: `H.264 whose sets have the id ${id}`,
    make: film(x264(`sps-id=${id}`), AAC),
  })),
  {
    name: 'two-sets-in-band.ts',
    why: 'H.264 with another set midway',
    make: joined(['-x264-params', 'sps-id=0'], ['-x264-params', 'sps-id=1:cabac=0'], ['320x180', '320x180']),
  },
  {
    name: 'two-sets-described.mp4',
    why: 'H.264 with two sets in its description',
    make: joined(['-x264-params', 'sps-id=0'], ['-x264-params', 'sps-id=1:cabac=0'], ['320x180', '320x180'], true),
  },
  {
    name: 'same-id-new-set.ts',
    why: 'H.264 whose set changes under one id',
    make: joined(['-x264-params', 'cabac=1'], ['-x264-params', 'cabac=0:ref=1'], ['320x180', '320x180']),
  },
  { name: 'two-resolutions.ts', why: 'the size changes midway', make: joined([], [], ['320x180', '480x270']) },
  {
    name: 'first-no-keyframe.ts',
    why: 'begins between keyframes',
    make: throughCopy(film(x264()), 'mp4', '-ss', '0.5', '-copyinkf'),
  },
  {
    name: 'first-no-keyframe.mp4',
    why: 'begins between keyframes',
    make: throughCopy(film(x264('bframes=0')), 'mkv', '-ss', '0.5', '-copyinkf'),
  },
  {
    name: 'hevc-cra.mp4',
    why: 'HEVC with open groups: CRA and RASL pictures',
    make: film(x265('open-gop=1:bframes=3'), AAC),
  },
  {
    name: 'hevc-cra-10bit.mp4',
    why: 'the same with 10 bits',
    make: film([...x265('open-gop=1:bframes=3'), '-pix_fmt', 'yuv420p10le'], AAC),
  },
  { name: 'hevc-idr.mkv', why: 'HEVC with closed groups', make: film(x265('open-gop=0:bframes=3'), AAC) },
  {
    name: 'hevc-radl.ts',
    why: 'HEVC with decodable leading pictures',
    make: film(x265('open-gop=0:radl=2:bframes=3'), AAC),
  },
  { name: 'pcm.mov', why: 'PCM sound, little-endian', make: film(x264(), ['-c:a', 'pcm_s16le']) },
  { name: 'pcm-24.mov', why: 'PCM of 24 bits, big-endian', make: film(x264(), ['-c:a', 'pcm_s24be', '-ac', '2']) },
  { name: 'pcm-float.mkv', why: 'PCM, floating point', make: film(x264(), ['-c:a', 'pcm_f32le']) },
  { name: 'g711-a.mov', why: 'G.711 A-law at 8 kHz', make: film(x264(), ['-c:a', 'pcm_alaw', '-ar', '8000']) },
  { name: 'g711-u.mkv', why: 'G.711 µ-law at 8 kHz', make: film(x264(), ['-c:a', 'pcm_mulaw', '-ar', '8000']) },
  { name: 'mp3.mp4', why: 'MP3', make: film(x264(), ['-c:a', 'libmp3lame']) },
  { name: 'ac3.mkv', why: 'AC-3', make: film(x264(), ['-c:a', 'ac3']) },
  { name: 'eac3.mp4', why: 'E-AC-3', make: film(x264(), ['-c:a', 'eac3']) },
  { name: 'opus.mp4', why: 'Opus', make: film(x264(), ['-c:a', 'libopus']) },
  { name: 'flac.mkv', why: 'FLAC', make: film(x264(), ['-c:a', 'flac']) },
  { name: 'vorbis.mkv', why: 'Vorbis: coded anew', make: film(x264(), ['-c:a', 'libvorbis']) },
  { name: 'adpcm.mov', why: 'ADPCM: coded anew', make: film(x264(), ['-c:a', 'adpcm_ima_qt']) },
  { name: 'mp2.ts', why: 'MP2: coded anew', make: film(x264(), ['-c:a', 'mp2']) },
  {
    name: 'day-of-stamps.mkv',
    why: 'begins 24 h into its clock',
    make: film(x264(), AAC, ['-output_ts_offset', '86390']),
  },
  {
    name: 'clock-wraps.ts',
    why: 'MPEG-TS whose clock of 33 bits runs over',
    make: film(x264(), AAC, ['-output_ts_offset', '95440']),
  },
  {
    name: 'day-long.mp4',
    why: 'lasts 24 h, a picture every ten minutes',
    make: (path) =>
      ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=320x180:rate=1/600:duration=86400',
        ...KEYS.slice(0, 1),
        '12',
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-pix_fmt',
        'yuv420p',
        path,
      ),
  },
  {
    name: 'edit-starts-late.mp4',
    why: 'an edit that begins inside a group',
    make: edited(({ movie, track }) => [{ duration: movie(3), mediaTime: track(1.52) }]),
  },
  {
    name: 'edit-empty-first.mp4',
    why: 'nothing is shown for 2 s',
    make: edited(({ movie, track }) => [
      { duration: movie(2), mediaTime: -1 },
      { duration: movie(5), mediaTime: track(0.08) },
    ]),
  },
  {
    name: 'edit-huge.mp4',
    why: 'an edit of a year',
    make: edited(({ movie, track }) => [{ duration: movie(31_536_000), mediaTime: track(0.08) }]),
  },
  {
    name: 'edits-several.mp4',
    why: 'three pieces edited together',
    make: edited(({ movie, track }) => [
      { duration: movie(1), mediaTime: track(0.08) },
      { duration: movie(0.5), mediaTime: -1 },
      { duration: movie(2), mediaTime: track(2.6) },
    ]),
  },
  {
    name: 'vfr.mp4',
    why: 'gaps of all lengths',
    make: film(x264(), AAC, ['-vf', "select='gt(random(7),0.5)'", '-fps_mode', 'vfr']),
  },
  {
    name: 'fragmented.mp4',
    why: 'fragments, each with its own index',
    make: film(x264(), AAC, ['-movflags', '+frag_keyframe+empty_moov+default_base_moof']),
  },
  { name: 'index-first.mp4', why: 'the index in front', make: film(x264(), AAC, ['-movflags', '+faststart']) },
  {
    name: 'turned.mp4',
    why: 'turned by a quarter',
    make: throughCopy(film(x264(), AAC), 'mkv', '-metadata:s:v:0', 'rotate=90'),
  },
  { name: 'h264.flv', why: 'FLV', make: film(x264(), ['-c:a', 'aac', '-ar', '44100']) },
  {
    name: 'sorenson.flv',
    why: 'FLV with Sorenson H.263',
    make: film(['-c:v', 'flv'], ['-c:a', 'libmp3lame', '-ar', '44100']),
  },
  { name: 'h264.avi', why: 'H.264 in AVI', make: film(x264('bframes=0'), ['-c:a', 'libmp3lame']) },
  {
    name: 'mpeg4.avi',
    why: 'MPEG-4 part 2 with B-frames in AVI',
    make: film(['-c:v', 'mpeg4', '-bf', '2', '-vtag', 'XVID'], ['-c:a', 'libmp3lame']),
  },
  {
    name: 'no-index.avi',
    why: 'AVI that lost its index',
    make: changed(film(['-c:v', 'mpeg4', '-vtag', 'XVID'], ['-c:a', 'pcm_s16le']), withoutAviIndex),
  },
  {
    name: 'mjpeg.avi',
    why: 'Motion JPEG',
    make: film(['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '4'], ['-c:a', 'pcm_u8']),
  },
  {
    name: 'mjpeg.mov',
    why: 'Motion JPEG in MOV',
    make: film(['-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p', '-q:v', '4'], ['-c:a', 'pcm_mulaw', '-ar', '8000']),
  },
  { name: 'msmpeg4.avi', why: 'MS-MPEG-4 version 3', make: film(['-c:v', 'msmpeg4'], ['-c:a', 'adpcm_ms']) },
  {
    name: 'mpeg2.mpg',
    why: 'MPEG-2 in a programme stream',
    make: film(['-c:v', 'mpeg2video', '-bf', '2'], ['-c:a', 'mp2'], ['-f', 'vob']),
  },
  { name: 'h264.mpg', why: 'H.264 in a programme stream', make: film(x264(), ['-c:a', 'mp2'], ['-f', 'vob']) },
  {
    name: 'mpeg2.ts',
    why: 'MPEG-2 in a transport stream',
    make: film(['-c:v', 'mpeg2video', '-bf', '2'], ['-c:a', 'ac3']),
  },
  {
    name: 'h263.3gp',
    why: 'H.263',
    make: (path) => ffmpeg(...picture('176x144'), ...tone(8000), '-c:v', 'h263', '-g', `${RATE}`, '-c:a', 'aac', path),
  },
  { name: 'wmv.wmv', why: 'Windows Media', make: film(['-c:v', 'wmv2'], ['-c:a', 'wmav2']) },
  {
    name: 'vp8.webm',
    why: 'VP8 with Opus',
    make: film(['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k'], ['-c:a', 'libopus']),
  },
  {
    name: 'vp8-vorbis.webm',
    why: 'VP8 with hidden reference pictures, and Vorbis',
    make: film(
      [
        '-c:v',
        'libvpx',
        '-deadline',
        'good',
        '-cpu-used',
        '5',
        '-auto-alt-ref',
        '1',
        '-lag-in-frames',
        '12',
        '-b:v',
        '400k',
      ],
      ['-c:a', 'libvorbis'],
    ),
  },
  {
    name: 'vp9-hidden.webm',
    why: 'VP9 with hidden reference pictures',
    make: film(
      [
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'good',
        '-cpu-used',
        '5',
        '-auto-alt-ref',
        '1',
        '-lag-in-frames',
        '12',
        '-b:v',
        '400k',
      ],
      ['-c:a', 'libopus'],
    ),
  },
  {
    name: 'av1.mp4',
    why: 'AV1',
    make: film(['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-b:v', '400k'], AAC),
  },
  {
    name: 'prores.mov',
    why: 'an editor’s format, every picture a keyframe',
    make: film(['-c:v', 'prores', '-pix_fmt', 'yuv422p10le']),
  },
  { name: 'h264-10bit.mp4', why: 'H.264 of 10 bits', make: film([...x264(), '-pix_fmt', 'yuv420p10le'], AAC) },
  {
    name: 'odd-size.mp4',
    why: 'an odd size, which H.264 crops',
    make: (path) => ffmpeg(...picture('318x178'), ...KEYS, ...x264(), '-vf', 'setsar=4/3', path),
  },
  {
    name: 'sound-starts-late.mp4',
    why: 'the sound begins 2 s later',
    make: (path) =>
      ffmpeg(...picture(), '-itsoffset', '2', ...tone(), ...KEYS, ...x264(), ...AAC, '-t', `${SECONDS}`, path),
  },
  {
    name: 'encrypted.mp4',
    why: 'encrypted by its maker',
    refused: 'encrypted',
    make: film(
      x264(),
      [],
      [
        '-encryption_scheme',
        'cenc-aes-ctr',
        '-encryption_key',
        '00112233445566778899aabbccddeeff',
        '-encryption_kid',
        '112233445566778899aabbccddeeff00',
      ],
    ),
  },
];

/** Files that no program plays, with the reasons that may be given for them. */
export const UNPLAYABLE: readonly Film[] = [
  {
    name: 'cut-off-index.mp4',
    why: 'ends inside its index',
    make: changed(film(x264(), AAC), (file) => file.subarray(0, file.length - 900)),
  },
  {
    name: 'no-index.mp4',
    why: 'a camera that lost its power before the index',
    make: changed(film(x264(), AAC), (file) => file.subarray(0, file.lastIndexOf('moov') - 4)),
  },
  { name: 'sound-only.mp4', why: 'sound alone', make: (path) => ffmpeg(...tone(), ...AAC, path) },
];

/** Where films are kept between runs; a change of how they are made goes with a new number. */
const CACHE = resolve(import.meta.dirname, '../../../.cache/films-1');

/** Makes the film, unless it is there already; its path. */
export const makeFilm = async ({ name, make }: Film): Promise<string> => {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  const folder = join(CACHE, `making-${process.pid}-${name}`);
  await mkdir(folder, { recursive: true });
  await make(join(folder, name));
  await rename(join(folder, name), path);
  await rm(folder, { recursive: true });
  return path;
};

/** What is wrong with how a film was refused, or with its not being refused; null when all is as it must be. */
export const refusalProblem = ({ name, refused }: Film, { judged }: FileResult): string | null => {
  const [first] = judged;
  if (refused === undefined || !first) return null;
  const answer = first.verdict.kind === 'refused' ? first.verdict.reason : 'a clip';
  return answer === refused ? null : `${name}: ${answer} instead of ${refused}`;
};
