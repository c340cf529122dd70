/** The recordings that are cut: a doorbell camera's minute, made by native ffmpeg from a fixed seed, and longer ones of the same packets. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { nativeTool } from '../../tools/find-native.ts';

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, '../../.cache/bench');
/** Change it when the recordings change. */
const VERSION = 1;

/** Keyframe every 4 s, no reordering, 2 Mbit/s, AAC at 16 kHz: what cameras at a door write. 15.5 MB a minute. */
export const minute = async (): Promise<string> => {
  const path = join(CACHE, `minute-${VERSION}.mp4`);
  if (existsSync(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const making = `${path}.${process.pid}.mp4`;
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=15'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=16000', '-t', '60'],
    ...['-vf', 'noise=alls=8:allf=t:all_seed=1', '-c:v', 'libx264', '-preset', 'superfast', '-threads', '1'],
    ...['-b:v', '2M', '-maxrate', '2M', '-bufsize', '4M', '-bf', '0', '-g', '60', '-keyint_min', '60'],
    ...['-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '48k', making],
  ]);
  await rename(making, path);
  return path;
};

/** `minutes` minutes of the same packets over and over, in `folder`: 60 make 930 MB, 280 make 4.3 GB. */
export const longRecording = async (folder: string, minutes: number): Promise<string> => {
  const path = join(folder, `${minutes}-minutes.mp4`);
  const loop = String(minutes - 1);
  await run(nativeTool('ffmpeg'), [
    '-v',
    'error',
    '-y',
    '-stream_loop',
    loop,
    '-i',
    await minute(),
    '-c',
    'copy',
    path,
  ]);
  return path;
};

/** How long a recording is by its container, in seconds. */
export const durationOf = async (path: string): Promise<number> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path],
  ]);
  return Number(stdout);
};

export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

/** Native ffmpeg on the same task, all encoded anew: a reference for what the machine can do outside a browser. Milliseconds. */
export const cutNatively = async (input: string, from: number, to: number, output: string): Promise<number> => {
  const began = performance.now();
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-ss', String(from), '-to', String(to), '-i', input],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'copy', output],
  ]);
  return performance.now() - began;
};
