/** The demo recordings as native ffprobe and ffmpeg see them: codecs, length, creation time, and that something always moves. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { encodeRecording, keptTown, orderFor } from '../../../../tools/demo/recordings.ts';
import { demoTown } from '../../../../tools/demo/town.ts';
import { run } from '../../../support/run.ts';

const NOW = Date.UTC(2026, 10, 23, 20);
const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'porchlight-demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Probe {
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly has_b_frames?: number;
  }[];
  readonly format: { readonly duration: string; readonly tags: Readonly<Record<string, string>> };
}

const town = demoTown(NOW);
/** One recording of each scene, shortened: the first nine seconds take less time to make than the whole minute. */
const SHORT_S = 9;
const samples = town.recordings.filter(
  ({ scene }, index, all) => all.findIndex((other) => other.scene === scene) === index,
);

describe.each(samples)('the recording $path', (recording) => {
  const order = { ...orderFor(recording, town), durationS: SHORT_S };
  const file = join(folder, `${recording.scene}.mp4`);

  test('is H.264 with AAC or no sound, as long as it says, and dated', { timeout: 60_000 }, async () => {
    await writeFile(file, await encodeRecording(order));
    const { stdout } = await run(nativeTool('ffprobe'), [
      '-v',
      'error',
      '-show_streams',
      '-show_format',
      '-of',
      'json',
      file,
    ]);
    const { streams, format } = JSON.parse(stdout) as Probe;
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(order.sound ? ['h264', 'aac'] : ['h264']);
    expect((streams[0]?.has_b_frames ?? 0) > 0).toBe(order.bFrames);
    expect(Number(format.duration)).toBeCloseTo(SHORT_S, 1);
    expect(Date.parse(format.tags['creation_time'] ?? '')).toBe(recording.startMs);
  });

  test('has a keyframe every four seconds', async () => {
    const { stdout } = await run(nativeTool('ffprobe'), [
      ...[
        '-v',
        'error',
        '-select_streams',
        'v',
        '-skip_frame',
        'nokey',
        '-show_entries',
        'frame=pts_time',
        '-of',
        'csv=p=0',
        file,
      ],
    ]);
    expect(
      stdout
        .split('\n')
        .filter((line) => /^\d/.test(line))
        .map(Number.parseFloat),
    ).toEqual([0, 4, 8]);
  });

  test('never shows the same picture twice in a row', async () => {
    const { stdout } = await run(nativeTool('ffmpeg'), [
      '-v',
      'error',
      '-i',
      file,
      '-map',
      '0:v',
      '-f',
      'framemd5',
      '-',
    ]);
    const hashes = stdout
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(',').at(-1));
    expect(hashes).toHaveLength(SHORT_S * order.framesPerSecond);
    expect(hashes.filter((hash, index) => hash === hashes[index - 1])).toEqual([]);
  });
});

describe('a kept town', () => {
  const keep = async (anchor: number, version = 1): Promise<string> => {
    const kept = join(folder, `kept-${anchor}-${version}`);
    await mkdir(kept, { recursive: true });
    await writeFile(join(kept, 'anchor.json'), JSON.stringify({ version, anchor }));
    return kept;
  };

  test('is used for five days', async () => {
    expect(await keptTown(await keep(NOW - 4 * DAY), NOW)).toBe(NOW - 4 * DAY);
    expect(await keptTown(await keep(NOW - 6 * DAY), NOW)).toBeNull();
  });

  test('is made anew when it is of another version, or missing', async () => {
    expect(await keptTown(await keep(NOW, 0), NOW)).toBeNull();
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    expect(await keptTown(join(folder, 'nowhere'), NOW)).toBeNull();
  });
});
