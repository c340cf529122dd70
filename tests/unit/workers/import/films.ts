/** Short films in every container, made by native ffmpeg; and ffprobe's word on what is in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nativeTool } from '../../../../tools/find-native.ts';
import { run } from '../../../support/run.ts';

/** Two seconds of 25 frames, 176 × 144, with a tone; `options` say codecs and muxer. */
export const makeFilm = async (folder: string, name: string, options: readonly string[]): Promise<Blob> => {
  const path = join(folder, name);
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=176x144:rate=25:duration=2'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=2', '-pix_fmt', 'yuv420p'],
    ...options,
    path,
  ]);
  return new Blob([await readFile(path)]);
};

export interface Shown {
  readonly first: number;
  readonly end: number;
  readonly width: number;
  readonly height: number;
}

/** When ffprobe says the first frame is shown and the last one ends. */
export const shownBy = async (folder: string, name: string): Promise<Shown> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...[
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      'packet=pts_time,dts_time:stream=width,height',
      '-of',
      'json',
    ],
    join(folder, name),
  ]);
  const read = JSON.parse(stdout) as {
    packets: { pts_time?: string; dts_time?: string }[];
    streams: { width: number; height: number }[];
  };
  const stamps = (key: 'pts_time' | 'dts_time'): readonly number[] =>
    read.packets.flatMap((packet) => (packet[key] === undefined ? [] : [Number(packet[key])]));
  // AVI has no presentation times of its own.
  const times = stamps('pts_time').length > 0 ? stamps('pts_time') : stamps('dts_time');
  const { width = 0, height = 0 } = read.streams[0] ?? {};
  return { first: Math.min(...times), end: Math.max(...times) + 1 / 25, width, height };
};
