/** Times of pictures whose container leaves them open, against what native ffprobe shows of the same stream. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { bytesOf } from '../../../../workers/trim/bytes-of.ts';
import { outputOrderReader, statedDepth } from '../../../../workers/trim/output-order.ts';
import { timesBetweenGiven, timesFromDecoding } from '../../../../workers/trim/presentation-times.ts';
import { run } from '../../../support/run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-times-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FRAMES = 90;
const RATE = 25;

/** The same stream in MP4, which says when each picture is shown, and in AVI, which does not. */
const encode = async (name: string, options: readonly string[]): Promise<{ mp4: string; avi: string }> => {
  const [mp4, avi] = [join(folder, `${name}.mp4`), join(folder, `${name}.avi`)];
  const source = `testsrc2=size=128x96:rate=${RATE}:duration=${FRAMES / RATE}`;
  const ffmpeg = nativeTool('ffmpeg');
  await run(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, '-pix_fmt', 'yuv420p', ...options, mp4]);
  await run(ffmpeg, ['-v', 'error', '-i', mp4, '-c', 'copy', avi]);
  return { mp4, avi };
};

const shownBy = async (path: string): Promise<readonly number[]> => {
  const entries = ['-select_streams', 'v', '-show_entries', 'frame=best_effort_timestamp_time', '-of', 'csv=p=0'];
  const { stdout } = await run(nativeTool('ffprobe'), ['-v', 'quiet', ...entries, path]);
  return stdout.split('\n').flatMap((line) => (/^\d/.test(line) ? [Math.round(parseFloat(line) * RATE)] : []));
};

test.each([
  ['bidirectional', 'avc', ['-c:v', 'libx264', '-bf', '2', '-g', '25']],
  ['pyramid', 'avc', ['-c:v', 'libx264', '-bf', '5', '-x264-params', 'b-pyramid=normal:b-adapt=0', '-g', '40']],
  ['open groups', 'avc', ['-c:v', 'libx264', '-bf', '3', '-x264-params', 'open-gop=1:keyint=20:min-keyint=20']],
  ['forward only', 'avc', ['-c:v', 'libx264', '-bf', '0', '-g', '25']],
  ['fields', 'avc', ['-c:v', 'libx264', '-bf', '2', '-flags', '+ildct+ilme', '-g', '25']],
  [
    'hevc that says more than it does',
    'hevc',
    ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=2:b-adapt=2'],
  ],
  ['hevc', 'hevc', ['-c:v', 'libx265', '-x265-params', 'log-level=none:keyint=30:bframes=3']],
  ['hevc open groups', 'hevc', ['-c:v', 'libx265', '-x265-params', 'log-level=none:keyint=20:open-gop=1:bframes=4']],
] as const)(
  '%s: pictures at the times that ffprobe shows of the AVI, in the order that the MP4 has',
  async (name, codec, options) => {
    const { mp4, avi } = await encode(name, options);
    using input = new Input({ source: new BufferSource(await readFile(mp4)), formats: ALL_FORMATS });
    const track = await input.getPrimaryVideoTrack();
    const config = (await track?.getDecoderConfig())?.description;
    const description = config ? bytesOf(config) : null;
    const read = outputOrderReader(codec, description);
    const pictures = [];
    const shown: number[] = [];
    if (track) {
      for await (const packet of new EncodedPacketSink(track).packets()) {
        const order = read?.(packet.data);
        if (!order) throw new Error('a picture without an order');
        pictures.push({ ...order, dts: pictures.length, pts: null });
        shown.push(Math.round(packet.timestamp * RATE));
      }
    }
    const times = timesFromDecoding(pictures, statedDepth(codec, description));
    const delay = Math.min(...times);
    expect(times.map((at) => at - delay)).toEqual(shown.map((at) => at - Math.min(...shown)));
    const expected = await shownBy(avi);
    expect(expected.length).toBeGreaterThanOrEqual(FRAMES - 4);
    expect(times.toSorted((a, b) => a - b).slice(0, expected.length)).toEqual(expected);
  },
);

const picture = (order: number, pts: number | null, restarts = false) => ({ order, restarts, pts, dts: 0 });

describe('times between given ones', () => {
  test('lie evenly in the order in which pictures are shown', () => {
    const decoded = [picture(0, 100, true), picture(8, 500), picture(4, null), picture(2, 200), picture(6, null)];
    expect(timesBetweenGiven(decoded)).toEqual([100, 500, 300, 200, 400]);
  });

  test('are counted on at both ends as far as the nearest two are apart', () => {
    const decoded = [picture(0, null, true), picture(4, 300), picture(2, 200), picture(6, null), picture(8, null)];
    expect(timesBetweenGiven(decoded)).toEqual([100, 300, 200, 400, 500]);
  });

  test('begin a new count with each sequence', () => {
    const decoded = [picture(0, 0, true), picture(2, 10), picture(0, null, true), picture(4, 40), picture(2, 30)];
    expect(timesBetweenGiven(decoded)).toEqual([0, 10, 20, 40, 30]);
  });

  test('a stream that says how far it is reordered is believed', () => {
    const decoded = [0, 1, 2, 3].map((index) => ({ order: index, restarts: index === 0, pts: null, dts: index * 10 }));
    expect(timesFromDecoding(decoded, 2)).toEqual([20, 30, 40, 50]);
  });
});
