/** Films made for the cut's proof: what the folder of real recordings has none of. */
import type { TrimRefusal } from '../../../src/contracts/trim-api.ts';
import {
  AAC,
  changed,
  copied,
  edited,
  encoded,
  ffmpeg,
  joined,
  KEYS,
  picture,
  sounding,
  tone,
  x264,
  x265,
} from './encode.ts';
import { RATE, SECONDS, type Make } from './encode.ts';
import { withUnitLengths } from './patch-mp4.ts';

export interface Film {
  /** Its ending tells the container. */
  readonly name: string;
  readonly why: string;
  readonly make: Make;
  /** The one reason for which it must be refused; cut in every window otherwise. */
  readonly refused?: TrimRefusal;
}

const film = (name: string, why: string, make: Make): Film => ({ name, why, make });

const MESSAGES_OFF = ['-bsf:v', 'filter_units=remove_types=6'];
/** So small and coarse that no unit is longer than 255 bytes. */
const tiny: Make = (path) =>
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc=size=48x32:rate=${RATE}:duration=${SECONDS}`, ...KEYS, '-c:v', 'libx264'],
    ...['-x264-params', 'slice-max-size=200', '-qp', '45', ...MESSAGES_OFF, path],
  );

const H264: readonly Film[] = [
  film(
    'open-gop.mp4',
    'groups are open: recovery points, leading pictures',
    encoded(x264('open-gop=1:bframes=3'), AAC),
  ),
  film(
    'reordered-deeply.mkv',
    '16 reordered pictures',
    encoded(x264('bframes=16:b-adapt=0:b-pyramid=normal:ref=8'), AAC),
  ),
  film('mbaff.mp4', 'interlaced macroblocks', encoded([...x264('tff=1'), '-flags', '+ildct+ilme'], AAC)),
  film('baseline.mp4', 'baseline profile', encoded(['-c:v', 'libx264', '-profile:v', 'baseline'], AAC)),
  film(
    'intra-refresh.mp4',
    'one keyframe, then recovery points alone',
    encoded(x264('intra-refresh=1:bframes=0:slices=4')),
  ),
  film(
    'unit-length-2.mp4',
    '2-byte lengths',
    changed(encoded(x264()), (file) => withUnitLengths(file, 2)),
  ),
  film(
    'unit-length-1.mp4',
    '1-byte lengths',
    changed(tiny, (file) => withUnitLengths(file, 1)),
  ),
  ...[15, 30, 31].map((id) => film(`set-id-${id}.mp4`, `sets with the id ${id}`, encoded(x264(`sps-id=${id}`), AAC))),
  film('two-sets-in-band.ts', 'another set midway', joined({}, { parameters: 'sps-id=1:cabac=0' })),
  film('two-sets-described.mp4', 'two sets in the description', joined({}, { parameters: 'sps-id=1:cabac=0' }, true)),
  film('same-id-new-set.ts', 'a set changes under its id', joined({}, { parameters: 'cabac=0:ref=1' })),
  film('sets-by-turns.ts', 'a set comes back under its id', joined({}, { parameters: 'cabac=0:ref=1' }, false, {})),
  film('two-resolutions.ts', 'the size changes midway', joined({}, { size: '480x270' })),
  film('first-no-keyframe.ts', 'begins amid a group', copied(encoded(x264()), 'mp4', '-ss', '0.5', '-copyinkf')),
  film(
    'first-no-keyframe.mp4',
    'begins amid a group',
    copied(encoded(x264('bframes=0')), 'mkv', '-ss', '0.5', '-copyinkf'),
  ),
  film('h264-10bit.mp4', '10 bits', encoded([...x264(), '-pix_fmt', 'yuv420p10le'], AAC)),
  film('odd-size.mp4', 'a cropped size, oblong pixels', (path) =>
    ffmpeg(...picture('318x178'), ...KEYS, ...x264(), '-vf', 'setsar=4/3', path),
  ),
  film('turned.mp4', 'turned by a quarter', copied(encoded(x264(), AAC), 'mkv', '-metadata:s:v:0', 'rotate=90')),
];

const VPX = ['-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k'];
const VPX_HIDDEN = [
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
];
const OPUS = ['-c:a', 'libopus'];

const OTHER_PICTURES: readonly Film[] = [
  film('hevc-cra.mp4', 'HEVC with open groups: CRA and RASL pictures', encoded(x265('open-gop=1:bframes=3'), AAC)),
  film(
    'hevc-cra-10bit.mp4',
    'the same with 10 bits',
    encoded([...x265('open-gop=1:bframes=3'), '-pix_fmt', 'yuv420p10le'], AAC),
  ),
  film('hevc-idr.mkv', 'HEVC with closed groups', encoded(x265('open-gop=0:bframes=3'), AAC)),
  film('hevc-radl.ts', 'HEVC with decodable leading pictures', encoded(x265('open-gop=0:radl=2:bframes=3'), AAC)),
  film('vp8.webm', 'VP8 with Opus', encoded(['-c:v', 'libvpx', ...VPX], OPUS)),
  film(
    'vp8-hidden.webm',
    'VP8 with hidden pictures, and Vorbis',
    encoded(['-c:v', 'libvpx', ...VPX_HIDDEN], ['-c:a', 'libvorbis']),
  ),
  film('vp9-hidden.webm', 'VP9 with hidden pictures', encoded(['-c:v', 'libvpx-vp9', ...VPX_HIDDEN], OPUS)),
  film('av1.mp4', 'AV1', encoded(['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-b:v', '400k'], AAC)),
  film(
    'prores.mov',
    'an editor’s format, every picture a keyframe',
    encoded(['-c:v', 'prores', '-pix_fmt', 'yuv422p10le']),
  ),
];

const SOUNDS: readonly Film[] = [
  film('pcm.mov', 'PCM, little-endian', sounding('-c:a', 'pcm_s16le')),
  film('pcm-24.mov', 'PCM of 24 bits, big-endian, stereo', sounding('-c:a', 'pcm_s24be', '-ac', '2')),
  film('pcm-float.mkv', 'PCM, floating point', sounding('-c:a', 'pcm_f32le')),
  film('g711-a.mov', 'G.711 A-law at 8 kHz', sounding('-c:a', 'pcm_alaw', '-ar', '8000')),
  film('g711-u.mkv', 'G.711 µ-law at 8 kHz', sounding('-c:a', 'pcm_mulaw', '-ar', '8000')),
  film('mp3.mp4', 'MP3', sounding('-c:a', 'libmp3lame')),
  film('ac3.mkv', 'AC-3', sounding('-c:a', 'ac3')),
  film('eac3.mp4', 'E-AC-3', sounding('-c:a', 'eac3')),
  film('opus.mp4', 'Opus', sounding(...OPUS)),
  film('flac.mkv', 'FLAC', sounding('-c:a', 'flac')),
  film('vorbis.mkv', 'Vorbis: coded anew', sounding('-c:a', 'libvorbis')),
  film('adpcm.mov', 'ADPCM: coded anew', sounding('-c:a', 'adpcm_ima_qt')),
  film('mp2.ts', 'MP2: coded anew', sounding('-c:a', 'mp2')),
  film('sound-starts-late.mp4', 'the sound begins 2 s later', (path) =>
    ffmpeg(...picture(), '-itsoffset', '2', ...tone(), ...KEYS, ...x264(), ...AAC, '-t', `${SECONDS}`, path),
  ),
];

const A_DAY = [
  '-f',
  'lavfi',
  '-i',
  'testsrc2=size=320x180:rate=1/600:duration=86400',
  '-g',
  '12',
  '-pix_fmt',
  'yuv420p',
];

/** A picture every two seconds for two minutes and a half. */
const SLOW = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=1/2:duration=150', '-pix_fmt', 'yuv420p'];

const TIMES: readonly Film[] = [
  film('day-of-stamps.mkv', 'begins 24 h into its clock', encoded(x264(), AAC, ['-output_ts_offset', '86390'])),
  film('clock-wraps.ts', 'a clock of 33 bits runs over', encoded(x264(), AAC, ['-output_ts_offset', '95440'])),
  film(
    'clock-wraps-mp2.ts',
    'a clock runs over, MPEG-2 and MP2: coded anew',
    encoded(['-c:v', 'mpeg2video', '-bf', '2'], ['-c:a', 'mp2'], ['-output_ts_offset', '95440']),
  ),
  film('clock-wraps-later.ts', 'a clock runs over after more than a minute', (path) =>
    ffmpeg(...SLOW, ...x264(), '-g', '10', '-output_ts_offset', '95350', path),
  ),
  film('day-long.mp4', '24 h, a picture every ten minutes', (path) => ffmpeg(...A_DAY, ...x264(), path)),
  film('edit-starts-amid.mp4', 'an edit that begins inside a group', edited([3, 1.52])),
  film('edit-empty-first.mp4', 'nothing is shown for 2 s', edited([2, -1], [5, 0.08])),
  film('edit-huge.mp4', 'an edit of a year', edited([31_536_000, 0.08])),
  film('edits-several.mp4', 'three pieces edited together', edited([1, 0.08], [0.5, -1], [2, 2.6])),
  film(
    'vfr.mp4',
    'gaps of all lengths',
    encoded(x264(), AAC, ['-vf', "select='gt(random(7),0.5)'", '-fps_mode', 'vfr']),
  ),
];

const XVID = ['-c:v', 'mpeg4', '-vtag', 'XVID'];
const FRAGMENTS = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'];

/** AVI without its index at the end, as a camera leaves it that lost its power. */
const withoutAviIndex = (file: Buffer): Buffer => file.subarray(0, file.lastIndexOf('idx1'));

const CONTAINERS: readonly Film[] = [
  film('fragmented.mp4', 'fragments, each with its own index', encoded(x264(), AAC, FRAGMENTS)),
  film('index-first.mp4', 'the index in front', encoded(x264(), AAC, ['-movflags', '+faststart'])),
  film('h264.flv', 'FLV', encoded(x264(), ['-c:a', 'aac', '-ar', '44100'])),
  film('sorenson.flv', 'FLV with Sorenson H.263', encoded(['-c:v', 'flv'], ['-c:a', 'libmp3lame', '-ar', '44100'])),
  film('h264.avi', 'H.264 in AVI', encoded(x264('bframes=0'), ['-c:a', 'libmp3lame'])),
  film('reordered.avi', 'AVI, which has decoding times only', encoded(x264('bframes=3'), ['-c:a', 'aac'])),
  film(
    'hevc-reordered.avi',
    'the same with HEVC',
    encoded(
      ['-c:v', 'libx265', '-x265-params', 'log-level=0:keyint=50:bframes=3', '-tag:v', 'HEVC'],
      ['-c:a', 'pcm_s16le'],
    ),
  ),
  film('mpeg4.avi', 'MPEG-4 part 2 with B-frames', encoded([...XVID, '-bf', '2'], ['-c:a', 'libmp3lame'])),
  film('no-index.avi', 'AVI that lost its index', changed(encoded(XVID, ['-c:a', 'pcm_s16le']), withoutAviIndex)),
  film('mjpeg.avi', 'Motion JPEG', encoded(['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '4'], ['-c:a', 'pcm_u8'])),
  film(
    'mjpeg.mov',
    'Motion JPEG, 4:2:2',
    encoded(['-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p', '-q:v', '4'], ['-c:a', 'pcm_mulaw', '-ar', '8000']),
  ),
  film('msmpeg4.avi', 'MS-MPEG-4 version 3', encoded(['-c:v', 'msmpeg4'], ['-c:a', 'adpcm_ms'])),
  film(
    'mpeg2.mpg',
    'MPEG-2 in a programme stream',
    encoded(['-c:v', 'mpeg2video', '-bf', '2'], ['-c:a', 'mp2'], ['-f', 'vob']),
  ),
  film('h264.mpg', 'H.264 in a programme stream', encoded(x264(), ['-c:a', 'mp2'], ['-f', 'vob'])),
  film('mpeg2.ts', 'MPEG-2 in a transport stream', encoded(['-c:v', 'mpeg2video', '-bf', '2'], ['-c:a', 'ac3'])),
  film('h263.3gp', 'H.263', (path) =>
    ffmpeg(...picture('176x144'), ...tone(8000), '-c:v', 'h263', '-g', `${RATE}`, '-c:a', 'aac', path),
  ),
  film('wmv.wmv', 'Windows Media', encoded(['-c:v', 'wmv2'], ['-c:a', 'wmav2'])),
];

const KEY = [
  '-encryption_key',
  '00112233445566778899aabbccddeeff',
  '-encryption_kid',
  '112233445566778899aabbccddeeff00',
];

export const FILMS: readonly Film[] = [
  ...[...H264, ...OTHER_PICTURES, ...SOUNDS, ...TIMES, ...CONTAINERS],
  {
    ...film(
      'encrypted.mp4',
      'encrypted by its maker',
      encoded(x264(), [], ['-encryption_scheme', 'cenc-aes-ctr', ...KEY]),
    ),
    refused: 'encrypted',
  },
];

/** Files that no program plays. */
export const UNPLAYABLE: readonly Film[] = [
  film(
    'cut-off-index.mp4',
    'ends inside its index',
    changed(sounding(...AAC), (file) => file.subarray(0, file.length - 900)),
  ),
  film(
    'no-index.mp4',
    'no index: the camera lost its power',
    changed(sounding(...AAC), (file) => file.subarray(0, file.lastIndexOf('moov') - 4)),
  ),
  film('sound-only.mp4', 'sound alone', (path) => ffmpeg(...tone(), ...AAC, path)),
];
