/** The audit's own readers of recordings: every frame and sound packet at the time that native ffprobe shows, in every container. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { openSource } from '../../../../workers/inspect/sources/open-source.ts';
import type { SourcePacket } from '../../../../workers/inspect/sources/source.ts';
import { run } from '../../../support/run.ts';
import { make } from './families.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const packetsOf = async (blob: Blob, from = -1e9): Promise<readonly SourcePacket[]> => {
  const file = await openSource(blob);
  const packets: SourcePacket[] = [];
  for await (const packet of file.video.packets(from)) packets.push(packet);
  file.close();
  return packets;
};

/** Times of the frames that ffprobe shows; NaN for those it has no time for. */
const shownBy = async (path: string): Promise<readonly number[]> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...[
      '-v',
      'quiet',
      '-select_streams',
      'V:0',
      '-show_entries',
      'frame=best_effort_timestamp_time',
      '-of',
      'csv=p=0',
      path,
    ],
  ]);
  // Frames with side data are followed by lines of their own.
  const lines = stdout.split('\n').filter((line) => /^(\d|N\/A|-)/.test(line));
  return lines.map((line) => Number(line.split(',')[0]));
};

const B_FRAMES = ['-bf', '2', '-g', '30'];
test.each([
  ['part2.avi', ['-c:v', 'mpeg4', ...B_FRAMES, '-c:a', 'libmp3lame']],
  ['part2-no-b.avi', ['-c:v', 'mpeg4', '-bf', '0', '-c:a', 'pcm_s16le']],
  ['h264.avi', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...B_FRAMES, '-c:a', 'pcm_alaw']],
  [
    'hevc.avi',
    ['-c:v', 'libx265', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none:bframes=2', '-tag:v', 'HEVC', '-an'],
  ],
  ['h264-no-b.avi', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '0', '-c:a', 'ac3']],
  ['jpeg.avi', ['-c:v', 'mjpeg', '-c:a', 'adpcm_ms']],
  ['h264.flv', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...B_FRAMES, '-c:a', 'aac', '-ar', '44100']],
  ['sorenson.flv', ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100']],
  ['media.wmv', ['-c:v', 'wmv2', '-c:a', 'wmav2']],
  ['h264.asf', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...B_FRAMES, '-c:a', 'aac']],
  ['mpeg2.mpg', ['-c:v', 'mpeg2video', ...B_FRAMES, '-c:a', 'mp2', '-f', 'vob']],
  ['mpeg2.ts', ['-c:v', 'mpeg2video', ...B_FRAMES, '-c:a', 'mp2']],
  ['h263.3gp', ['-s', '176x144', '-c:v', 'h263', '-an']],
  [
    'fragments.mp4',
    [
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      ...B_FRAMES,
      '-an',
      '-movflags',
      'frag_keyframe+empty_moov+negative_cts_offsets',
    ],
  ],
] as const)('%s: every frame at its time', async (name, options) => {
  const path = await make(folder, name, options);
  const expected = await shownBy(path);
  const found = (await packetsOf(new Blob([await readFile(path)]))).map(({ at }) => at).toSorted((a, b) => a - b);
  expect(found).toHaveLength(expected.length);
  const apart = found.filter((at, index) => {
    const other = expected[index] ?? NaN;
    return !Number.isNaN(other) && Math.abs(at - other) > 2e-5;
  });
  expect(apart).toEqual([]);
  expect(expected.filter(Number.isNaN).length).toBeLessThanOrEqual(2);
});

test('sound in WebM: every packet lasts as long as its samples, the last of a cluster too', async () => {
  const path = await make(folder, 'opus.webm', [
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-g',
    '15',
    '-c:a',
    'libopus',
  ]);
  const file = await openSource(new Blob([await readFile(path)]));
  const durations: number[] = [];
  for await (const { duration } of file.audio?.packets(-1) ?? []) durations.push(duration);
  file.close();
  expect(durations.length).toBeGreaterThan(100);
  // Times are whole milliseconds, and the last packet of all may be shorter.
  expect(durations.slice(0, -1).filter((duration) => Math.abs(duration - 0.02) > 0.0015)).toEqual([]);
});

describe('a long recording', () => {
  test('is read around the window only', async () => {
    const path = await make(folder, 'long.mp4', [
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        '-bf',
        '0',
        '-g',
        '15',
        '-c:a',
        'aac',
        '-b:v',
        '2M',
      ],
    ]);
    const blob = new Blob([await readFile(path)]);
    const file = await openSource(blob);
    const index = file.bytesRead();
    let wanted = 0;
    for await (const packet of file.video.packets(3)) {
      if (packet.at >= 4) break;
      wanted += (await packet.load()).length;
    }
    expect(file.bytesRead() - index).toBeGreaterThanOrEqual(wanted);
    expect(file.bytesRead() - index).toBeLessThan(wanted * 1.2);
    expect(wanted).toBeLessThan(blob.size / 2);
    file.close();
  });
});

const FIXTURES = join(
  process.env['PORCHLIGHT_FIXTURES'] ?? resolve(import.meta.dirname, '../../../../../shared/fixtures'),
  'video',
);
/** No picture, or none that ffprobe can play. */
const UNPLAYABLE = /^(bad-|audio-only|android-media-cut-away)/;

describe.skipIf(!existsSync(FIXTURES))('real recordings', () => {
  const files = existsSync(FIXTURES)
    ? readdirSync(FIXTURES).filter((name) => /\.(mp4|mov|3gp)$/.test(name) && !UNPLAYABLE.test(name))
    : [];
  test('edit lists of every kind: each packet is shown or hidden, and timed, as ffprobe has it', async () => {
    for (const name of files) {
      const path = join(FIXTURES, name);
      const { stdout } = await run(nativeTool('ffprobe'), [
        ...['-v', 'quiet', '-select_streams', 'V:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', path],
      ]);
      const expected = stdout
        .trim()
        .split('\n')
        .map((line) => {
          const [time = '', flags = ''] = line.split(',');
          return `${Number(time).toFixed(4)} ${flags.includes('D') ? 'hidden' : 'shown'}`;
        });
      const found = (await packetsOf(new Blob([await readFile(path)]))).map(
        ({ at, shown }) => `${(Math.round(at * 1e6) / 1e6).toFixed(4)} ${shown ? 'shown' : 'hidden'}`,
      );
      expect(found, name).toEqual(expected);
    }
  }, 120_000);
});
