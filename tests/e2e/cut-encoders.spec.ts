/**
 * Both encoders of a cut's edges, each forced, on what makes edges hard: reordered pictures, uneven times, odd sizes, rotation,
 * pixels that are not square, full range. Native ffmpeg judges: the frames, their times, and how near the encoded ones come.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { EncoderChoice } from '../../src/contracts/trim-api.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { framesOf, type DecodedFrame } from '../support/oracle.ts';
import { run } from '../support/run.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WINDOW = { from: 1.3, to: 4.41 } as const;
/** A clip's track may count time in other units than its source's. */
const TICK = 0.0011;
/** Least peak signal-to-noise ratio of an encoded frame against its source frame, in dB; 40 is hard to tell apart. */
const LEAST_PSNR = 36;

const X264 = ['-c:v', 'libx264', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
const COLOURS = ['-color_range', 'pc', '-colorspace', 'bt470bg', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
const X265_FULL = [
  ...['-vf', 'scale=out_range=pc', '-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuvj420p', ...COLOURS],
  ...['-x265-params', 'keyint=50:min-keyint=50:scenecut=0:open-gop=0:log-level=none'],
];
const WEBM = ['-g', '50', '-b:v', '1M', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p'];

interface Source {
  readonly name: string;
  readonly file: string;
  readonly size: string;
  readonly args: readonly string[];
  /** Encoders that cannot make its edges: forced to, the cut is refused. */
  readonly beyond?: readonly EncoderChoice[];
  /** Those that are tried, when not both. */
  readonly by?: readonly EncoderChoice[];
}

const SOURCES: readonly Source[] = [
  { name: 'reordered pictures', file: 'b.mp4', size: '640x360', args: [...X264, '-bf', '3'] },
  {
    name: 'uneven times',
    file: 'vfr.mp4',
    size: '640x360',
    args: [
      ...['-vf', "settb=1/90000,setpts='N*3600+1500*sin(N)'", '-fps_mode', 'passthrough', '-enc_time_base', '1/90000'],
      ...[...X264, '-bf', '2', '-video_track_timescale', '90000'],
    ],
  },
  { name: 'a cropped size', file: 'cropped.mp4', size: '486x274', args: X264 },
  {
    name: 'wide pixels in full range',
    file: 'wide.mp4',
    size: '720x576',
    args: ['-vf', 'scale=out_range=pc,setsar=16/15', ...X264, ...COLOURS],
  },
  { name: 'a rotated picture', file: 'rotated.mp4', size: '640x360', args: [...X264, '-metadata:s:v', 'rotate=90'] },
  {
    name: 'interlaced pictures',
    file: 'interlaced.mp4',
    size: '640x360',
    args: [...X264, '-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
    beyond: ['webcodecs'],
  },
  { name: 'VP8', file: 'vp8.webm', size: '640x360', args: ['-c:v', 'libvpx', ...WEBM, '-auto-alt-ref', '0'] },
  {
    name: 'VP9 of an odd size',
    file: 'vp9-odd.mp4',
    size: '641x359',
    args: ['-c:v', 'libvpx-vp9', ...WEBM],
    // The core's libvpx-vp9 crashes on most pictures.
    beyond: ['ffmpeg'],
  },
  {
    name: 'AV1',
    file: 'av1.mp4',
    size: '640x360',
    args: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50', '-pix_fmt', 'yuv420p'],
    beyond: ['ffmpeg'],
  },
  // Browsers encode no HEVC here: the window would be H.264 throughout.
  { name: 'HEVC in full range', file: 'hevc-full.mp4', size: '320x180', args: X265_FULL, by: ['ffmpeg'] },
];
/** `auto` takes one of the two; what only one of them can do is cut with it all the same. */
const encodersFor = ({ beyond, by }: Source): readonly EncoderChoice[] =>
  by ?? (beyond ? ['webcodecs', 'ffmpeg', 'auto'] : ['webcodecs', 'ffmpeg']);

interface Report {
  readonly ok: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly framesOriginal: number;
  readonly framesReencoded: number;
}

let folder = '';
const clipOf = ({ file }: Source, encoder: EncoderChoice): string => join(folder, `${encoder}-${file}`);
const reportOf = async (source: Source, encoder: EncoderChoice): Promise<Report> =>
  JSON.parse(await readFile(`${clipOf(source, encoder)}.json`, 'utf8')) as Report;

/** All sources are made, and all cuts done in one browser, before the first is judged. */
test.beforeAll(async () => {
  test.setTimeout(300_000);
  folder = await mkdtemp(join(tmpdir(), 'porchlight-encoders-'));
  for (const { file, size, args } of SOURCES) {
    await run(nativeTool('ffmpeg'), [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=6`],
      ...['-an', ...args, join(folder, file)],
    ]);
  }
  const jobs = SOURCES.flatMap((source) =>
    encodersFor(source).map((encoder) => ({
      ...WINDOW,
      encoder,
      input: join(folder, source.file),
      output: clipOf(source, encoder),
      report: `${clipOf(source, encoder)}.json`,
    })),
  );
  const list = join(folder, 'jobs.json');
  await writeFile(list, JSON.stringify(jobs));
  const { status, stderr } = spawnSync(process.execPath, ['tools/cut.ts', '--batch', list], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  // Which of them are refused, and whether they should be, each test sees for itself.
  expect([0, 3], stderr).toContain(status);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** The source's frames of the window, with the number of the first of them. */
const windowOf = async (source: Source): Promise<{ frames: readonly DecodedFrame[]; first: number }> => {
  const all = await framesOf(join(folder, source.file), 'honouring');
  const inside = (at: number): boolean =>
    Math.round(at * 1e6) >= WINDOW.from * 1e6 && Math.round(at * 1e6) < WINDOW.to * 1e6;
  return { frames: all.filter(({ at }) => inside(at)), first: all.findIndex(({ at }) => inside(at)) };
};

/** The least PSNR over the clip's frames against the source's, frame by frame. */
const leastPsnr = async (source: Source, clip: string, first: number, count: number): Promise<number> => {
  const stats = join(folder, 'psnr.txt');
  const plain = 'settb=1/25,setpts=N,setsar=1';
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-noautorotate', '-i', join(folder, source.file), '-noautorotate', '-i', clip, '-lavfi'],
    `[0:v]select='between(n,${first},${first + count - 1})',${plain}[a];[1:v]${plain}[b];[b][a]psnr=stats_file=${stats}`,
    ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
  ]);
  const lines = (await readFile(stats, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(count);
  return Math.min(...lines.map((line) => Number(/psnr_avg:([\d.]+|inf)/.exec(line)?.[1]?.replace('inf', '999'))));
};

/** How the frames of a file are to be shown: each way that occurs, once. */
const shapesOf = async (file: string): Promise<ReadonlySet<string>> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', '-select_streams', 'v', '-of', 'compact=p=0:nk=1', '-show_entries'],
    ...['frame=width,height,sample_aspect_ratio,color_range,color_space,pix_fmt', file],
  ]);
  const shapes = stdout.replaceAll('|N/A|', '|1:1|').match(/^\d+\|\d+\|[^|]+\|[^|]+\|[^|]+\|[^|\n]+/gm);
  return new Set(shapes);
};

for (const source of SOURCES) {
  for (const encoder of encodersFor(source)) {
    test(`${source.name}, edges by ${encoder}`, async () => {
      const report = await reportOf(source, encoder);
      if (source.beyond?.includes(encoder) === true) {
        expect(report.ok).toBe(false);
        return;
      }
      expect(report.ok, report.detail).toBe(true);
      const clip = clipOf(source, encoder);
      const { frames, first } = await windowOf(source);
      const found = await framesOf(clip, clip.endsWith('.mp4') ? 'ignoring' : 'honouring');
      expect(found).toHaveLength(frames.length);
      const offset = (frames[0]?.at ?? 0) - (found[0]?.at ?? 0);
      expect(found.filter(({ at }, index) => Math.abs(at + offset - (frames[index]?.at ?? NaN)) > TICK)).toEqual([]);
      const identical = found.filter(({ md5 }, index) => md5 === frames[index]?.md5).length;
      expect(identical).toBeGreaterThanOrEqual(report.framesOriginal);
      expect(report.framesOriginal).toBeGreaterThan(20);
      expect(report.framesReencoded).toBeGreaterThan(10);
      expect(await leastPsnr(source, clip, first, frames.length)).toBeGreaterThan(LEAST_PSNR);
      // Size, pixel shape, colours and range are the camera's, all through the clip.
      expect(await shapesOf(clip)).toEqual(await shapesOf(join(folder, source.file)));
      const { stderr } = await run(nativeTool('ffmpeg'), [
        ...['-v', 'warning', '-i', clip, '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-'],
      ]);
      expect(stderr).toBe('');
    });
  }
}
