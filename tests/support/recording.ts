/** Camera recordings made by native ffmpeg, with all that a camera leaves in a file and nobody should pass on. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EpochMs, Seconds } from '../../src/contracts/units.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { run } from './run.ts';

/** Encoding a minute of 1080p takes seconds: the bare film is kept between runs, and only dated anew. */
const CACHE = resolve(import.meta.dirname, '../../.cache/test-recordings');
const BARE_VERSION = 1;

/** What is written into the files as their place (ISO 6709), maker and note; the tests look for it in what leaves. */
export const SECRETS = {
  location: '+37.3349-122.0090/',
  maker: 'PorchCam 9000',
  note: 'serial 4711-0815',
} as const;

export interface RecordingKind {
  readonly durationS?: Seconds;
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  readonly bFrames?: boolean;
  readonly sound?: boolean;
}

const KEYFRAME_EVERY_S = 4;

const bareFilm = async (kind: RecordingKind): Promise<string> => {
  const { durationS = 60, width = 1920, height = 1080, framesPerSecond = 15, bFrames = false, sound = true } = kind;
  const name = [
    BARE_VERSION,
    durationS,
    `${width}x${height}`,
    framesPerSecond,
    bFrames ? 'b' : 'p',
    sound ? 'aac' : 'silent',
  ];
  const path = join(CACHE, `${name.join('-')}.mp4`);
  if (existsSync(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const keyframeEvery = String(KEYFRAME_EVERY_S * framesPerSecond);
  const making = `${path}.${process.pid}.mp4`;
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${framesPerSecond}`],
    ...(sound ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac', '-b:a', '96k'] : []),
    ...['-t', String(durationS), '-c:v', 'libx264', '-preset', bFrames ? 'superfast' : 'ultrafast', '-crf', '28'],
    ...['-pix_fmt', 'yuv420p', '-bf', bFrames ? '2' : '0', '-g', keyframeEvery, '-keyint_min', keyframeEvery],
    ...['-sc_threshold', '0', making],
  ]);
  await rename(making, path);
  return path;
};

const box = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};

/** Appends the `©xyz` box that telephones and cameras write to `moov/udta`, which ffmpeg puts at the file's end. */
const addXyz = (file: Buffer): Buffer => {
  const text = Buffer.from(SECRETS.location, 'latin1');
  const body = Buffer.concat([Buffer.from([0, text.length, 0x15, 0xc7]), text]);
  const xyz = box('\u00a9xyz', body);
  const udta = file.lastIndexOf(Buffer.from('udta')) - 4;
  const moov = file.indexOf(Buffer.from('moov')) - 4;
  if (udta + file.readUInt32BE(udta) !== file.length || moov + file.readUInt32BE(moov) !== file.length) {
    throw new Error('ffmpeg did not put moov/udta at the end');
  }
  file.writeUInt32BE(file.readUInt32BE(udta) + xyz.length, udta);
  file.writeUInt32BE(file.readUInt32BE(moov) + xyz.length, moov);
  return Buffer.concat([file, xyz]);
};

/**
 * Writes `folder/name`: 60 s of 1080p15 H.264 with AAC unless `kind` says otherwise, a keyframe every 4 s, dated `startMs`
 * (`creation_time`), with a GPS place (`loci` and `©xyz`), a maker and a note. Gives back its path.
 */
export const makeRecording = async (
  folder: string,
  name: string,
  startMs: EpochMs,
  kind: RecordingKind = {},
): Promise<string> => {
  const bare = await bareFilm(kind);
  const path = join(folder, name);
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-i', bare, '-map', '0', '-c', 'copy'],
    ...['-metadata', `creation_time=${new Date(startMs).toISOString()}`, '-metadata', `location=${SECRETS.location}`],
    ...['-metadata', `artist=${SECRETS.maker}`, '-metadata', `comment=${SECRETS.note}`, path],
  ]);
  await writeFile(path, addXyz(await readFile(path)));
  return path;
};

/** A recording's name as blinkpy writes it: its start in UTC, to the second. */
export const blinkName = (camera: string, startMs: EpochMs): string => {
  const [date = '', time = ''] = new Date(startMs).toISOString().slice(0, 19).split('T');
  return `${camera}-${date}t${time.replaceAll(':', '-')}z.mp4`;
};
