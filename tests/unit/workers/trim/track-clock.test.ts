/** Frames are where ffprobe shows them, on their own track's clock: a window that begins at the very time of one holds it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mainStream, probe, type Packet } from '../../../../tools/cut-table/probe.ts';
import { openSource } from '../../../../workers/trim/source.ts';
import { readVideoTable } from '../../../../workers/trim/video-packets.ts';
import { make } from '../inspect/families.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-clock-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const X264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2'];

const framesOf = async (path: string): Promise<readonly Packet[]> => {
  const told = await probe(path, 'honouring');
  const stream = told && mainStream(told, 'video');
  if (!told || !stream) throw new Error(`${path} has no picture`);
  return told.packets
    .filter((packet) => packet.stream === stream.index && !packet.isDiscarded)
    .toSorted((a, b) => a.from - b.from);
};

test('frames behind an empty edit that ends between two ticks of their track', async () => {
  // The movie's clock counts milliseconds: 8333 of them are 127 994.88 ticks of the track's.
  const late = ['-output_ts_offset', '8.333', '-video_track_timescale', '15360', '-an'];
  const path = await make(folder, 'late.mp4', [...X264, ...late]);
  const shown = await framesOf(path);
  expect(shown[0]?.from).toBe(8.333008);
  const blob = new Blob([Uint8Array.from(await readFile(path))]);
  for (const { from } of shown) {
    const opened = await openSource(blob);
    if (!opened.ok) throw new Error(opened.detail);
    const { video, input } = opened.value;
    const { openStream } = video;
    if (!openStream) throw new Error('not in one piece');
    const table = await readVideoTable({ ...video, openStream }, from, from + 0.1, 0, () => undefined);
    input.dispose();
    if (!table.ok) throw new Error(table.detail);
    const held = table.value.packets
      .filter(({ belongs }) => belongs)
      .map(({ ticks }) => Number((ticks / video.timescale).toFixed(6)));
    const wanted = shown
      .map((packet) => packet.from)
      .filter((at) => at >= from && at < Number((from + 0.1).toFixed(6)));
    expect(held.toSorted((a, b) => a - b)).toEqual(wanted);
  }
});
