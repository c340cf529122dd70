/**
 * Makes the demo town's recordings and keeps them in a folder: painted, sounded and encoded by this project's own code and
 * the very ffmpeg core that the page uses, so that nothing has to be downloaded and nobody's real street is shown.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import type { RecordingAnswer, RecordingOrder } from './recordings-worker.ts';
import { type DemoTown, demoTown, demoTownFile, type TownRecording } from './town.ts';

/** Requests expire and "yesterday" moves on: a town older than this is made anew. */
const KEPT_FOR: Ms = 5 * 86_400_000;
/** Raised when the recordings change in kind, so that kept ones are made anew. */
const MAKE_VERSION = 1;

interface Stamp {
  readonly version: number;
  readonly anchor: EpochMs;
}

/** What encoding one of the town's recordings asks for: the night street is silent, and the shop's encoder uses B-frames. */
export const orderFor = (recording: TownRecording, town: DemoTown): RecordingOrder => {
  const camera = town.cameras.find(({ id }) => id === recording.cameraId);
  if (camera === undefined) throw new Error(`the demo town has no camera ${recording.cameraId}`);
  return {
    scene: recording.scene,
    cameraName: camera.name,
    zone: camera.zone,
    startMs: recording.startMs,
    durationS: recording.durationS,
    framesPerSecond: 12,
    sound: recording.scene !== 'street-night',
    bFrames: recording.scene === 'shop-front',
  };
};

/** Encodes one recording in a thread of its own. Throws Error with ffmpeg's last words when that fails: that is a bug. */
export const encodeRecording = async (order: RecordingOrder): Promise<Uint8Array<ArrayBuffer>> => {
  const worker = new Worker(new URL('recordings-worker.ts', import.meta.url), { workerData: order });
  try {
    const answer = await new Promise<RecordingAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the encoder's thread ended with ${code}`)));
    });
    if (!answer.ok) throw new Error(answer.detail);
    return answer.bytes;
  } finally {
    await worker.terminate();
  }
};

const readStamp = async (folder: string): Promise<Stamp | null> => {
  const path = join(folder, 'anchor.json');
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as Stamp) : null;
};

/** The anchor of the town kept in `folder`; null when there is none, or it is too old or of another version. */
export const keptTown = async (folder: string, now: EpochMs): Promise<EpochMs | null> => {
  const stamp = await readStamp(folder);
  if (stamp === null || stamp.version !== MAKE_VERSION || Math.abs(now - stamp.anchor) > KEPT_FOR) return null;
  return stamp.anchor;
};

/** Makes every recording of the town anchored at `now` into `folder` (`recordings/…`, `town.json`), replacing what lay there. */
export const makeTown = async (
  folder: string,
  now: EpochMs,
  onProgress: (made: number, total: number) => void,
): Promise<EpochMs> => {
  const town = demoTown(now);
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  const sizes: Record<string, number> = {};
  const waiting = [...town.recordings].toSorted((a, b) => b.durationS - a.durationS);
  const makeNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const bytes = await encodeRecording(orderFor(next, town));
      const path = join(making, 'recordings', next.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      sizes[next.path] = bytes.length;
      onProgress(Object.keys(sizes).length, town.recordings.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, makeNext));
  await writeFile(join(making, 'town.json'), JSON.stringify(demoTownFile(town, sizes), null, 2));
  const stamp: Stamp = { version: MAKE_VERSION, anchor: now };
  await writeFile(join(making, 'anchor.json'), JSON.stringify(stamp));
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  return now;
};

/** The kept town if it is fresh, else a new one; the anchor by which its requests and recordings are timed. */
export const ensureTown = async (
  folder: string,
  now: EpochMs,
  onProgress: (made: number, total: number) => void,
): Promise<EpochMs> => (await keptTown(folder, now)) ?? makeTown(folder, now, onProgress);
