/** Cameras, recordings and databases of their own for the storage tests. */
import type { Camera, Recording } from '../../../src/contracts/library.ts';

let count = 0;

/** A database name no other test uses. */
export const freshName = (): string => `test-${Date.now()}-${(count += 1)}`;

export const camera = (change: Partial<Camera> = {}): Camera => ({
  id: 'cam-1',
  name: 'Front door',
  place: [-122.27, 37.8],
  zone: 'America/Los_Angeles',
  clockOffsetMs: 0,
  createdAt: 1_700_000_000_000,
  ...change,
});

export const recording = (id: string, change: Partial<Recording> = {}): Recording => ({
  id,
  cameraId: 'cam-1',
  fileName: `${id}.mp4`,
  relativePath: `${id}.mp4`,
  bytes: 5,
  sha256: id.padEnd(64, '-'),
  durationMs: 60_000,
  firstFrameAt: 0,
  video: { codec: 'avc1.640028', width: 1920, height: 1080, rotation: 0 },
  audio: null,
  time: { startMs: 1_700_000_000_000, confidence: 'accepted', source: 'tapo', candidates: [] },
  importedAt: 1_700_000_100_000,
  ...change,
});
