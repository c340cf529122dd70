/** A worker thread that paints, sounds and encodes one demo recording (H.264 and AAC in MP4), and answers with its bytes. */
import { parentPort, workerData } from 'node:worker_threads';
import { Temporal } from 'temporal-polyfill';
import type { EpochMs, Seconds, ZoneId } from '../../src/contracts/units.ts';
import { type Core, loadCore } from './ffmpeg-core.ts';
import { drawText, textWidth } from './recordings-font.ts';
import { newPicture, type Picture } from './recordings-picture.ts';
import { type MovingScene, SCENE_HEIGHT, SCENE_WIDTH, SCENES } from './recordings-scenes.ts';
import { SAMPLE_RATE, sceneSound } from './recordings-sound.ts';
import type { Scene } from './town.ts';

/** What one recording shall be. */
export interface RecordingOrder {
  readonly scene: Scene;
  readonly cameraName: string;
  readonly zone: ZoneId;
  readonly startMs: EpochMs;
  readonly durationS: Seconds;
  readonly framesPerSecond: number;
  readonly sound: boolean;
  readonly bFrames: boolean;
}

export type RecordingAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly detail: string };

const KEYFRAME_EVERY_S = 4;
const LOG_LINES_KEPT = 12;

/** The burnt-in clock, to the hundredth so that a tester can see where a cut begins. */
const clockText = (instant: EpochMs, zone: ZoneId): string => {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(instant)).toZonedDateTimeISO(zone);
  return local.toPlainDateTime().toString({ smallestUnit: 'millisecond' }).replace('T', ' ').slice(0, -1);
};

const paintFrame = (
  picture: Picture,
  still: Uint8Array,
  scene: MovingScene,
  order: RecordingOrder,
  index: number,
): void => {
  const t = index / order.framesPerSecond;
  picture.bytes.set(still);
  scene.moment(picture, t);
  drawText(picture, clockText(order.startMs + t * 1000, order.zone), 8, 8);
  drawText(picture, order.cameraName, SCENE_WIDTH - textWidth(order.cameraName) - 8, SCENE_HEIGHT - 30);
};

/** A character device from which ffmpeg reads frames as they are painted, so that the raw video never lies in memory whole. */
const mountFrames = (core: Core, path: string, order: RecordingOrder): void => {
  const scene = SCENES[order.scene];
  const background = newPicture(SCENE_WIDTH, SCENE_HEIGHT);
  scene.background(background);
  const picture = newPicture(SCENE_WIDTH, SCENE_HEIGHT);
  const frameBytes = picture.bytes.length;
  const total = Math.round(order.durationS * order.framesPerSecond) * frameBytes;
  let at = 0;
  const device = core.FS.makedev(64, 0);
  core.FS.registerDevice(device, {
    open: () => undefined,
    close: () => undefined,
    read: (_stream, buffer, offset, length) => {
      let copied = 0;
      while (copied < length && at < total) {
        const within = at % frameBytes;
        if (within === 0) paintFrame(picture, background.bytes, scene, order, at / frameBytes);
        const piece = picture.bytes.subarray(within, Math.min(frameBytes, within + length - copied));
        buffer.set(piece, offset + copied);
        copied += piece.length;
        at += piece.length;
      }
      return copied;
    },
  });
  core.FS.mkdev(path, device);
};

/** ffmpeg's arguments for an order: H.264 main profile with a keyframe every 4 s, AAC, and the start as `creation_time`. */
const encoderArguments = (order: RecordingOrder): string[] => {
  const { framesPerSecond, sound, bFrames } = order;
  const keyframeEvery = String(KEYFRAME_EVERY_S * framesPerSecond);
  return [
    ...[
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-s',
      `${SCENE_WIDTH}x${SCENE_HEIGHT}`,
      '-r',
      String(framesPerSecond),
      '-i',
      'frames',
    ],
    ...(sound
      ? ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', 'sound', '-c:a', 'aac', '-b:a', '48k']
      : []),
    ...['-c:v', 'libx264', '-preset', 'superfast', '-profile:v', 'main', '-crf', '27', '-threads', '1'],
    ...['-g', keyframeEvery, '-keyint_min', keyframeEvery, '-sc_threshold', '0', '-bf', bFrames ? '2' : '0'],
    ...['-metadata', `creation_time=${new Date(order.startMs).toISOString()}`, '-movflags', '+faststart', 'out.mp4'],
  ];
};

const make = async (order: RecordingOrder): Promise<RecordingAnswer> => {
  const core = await loadCore();
  const log: string[] = [];
  core.setLogger(({ message }) => {
    log.push(message);
    if (log.length > LOG_LINES_KEPT) log.shift();
  });
  mountFrames(core, 'frames', order);
  if (order.sound) {
    core.FS.writeFile('sound', new Uint8Array(sceneSound(SCENES[order.scene], order.durationS).buffer));
  }
  const exitCode = core.exec(...encoderArguments(order));
  if (exitCode !== 0) return { ok: false, detail: `ffmpeg ended with ${exitCode}: ${log.join(' | ')}` };
  return { ok: true, bytes: core.FS.readFile('out.mp4') };
};

const answer = await make(workerData as RecordingOrder);
parentPort?.postMessage(answer, answer.ok ? [answer.bytes.buffer] : []);
