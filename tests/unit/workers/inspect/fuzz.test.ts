/** Harmed clips and harmed recordings, the same ones in every run: each gets an answer, in time, and no harmed clip passes for another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../../../workers/inspect/audit.ts';
import { visualEntry } from '../../../support/clip-entries.ts';
import { box, writeClip } from '../../../support/clip-writer.ts';
import { MUTATIONS, seeded } from '../../../support/mutate.ts';
import { boxOf, make, probeFile, trackOf } from './families.ts';

const SEED = 20_261_124;
const ROUNDS = 8;
/** Far more than any answer takes, for machines that do other things too. */
const SLOWEST_MS = 5_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-bf', '0'];

test.each([
  ['plain.mp4', [...H264, '-c:a', 'aac']],
  ['fragments.mp4', [...H264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov']],
  ['plain.avi', [...H264, '-c:a', 'pcm_s16le']],
  ['plain.flv', [...H264, '-c:a', 'aac', '-ar', '44100']],
  ['plain.wmv', ['-c:v', 'wmv2', '-c:a', 'wmav2']],
  ['plain.mpg', ['-c:v', 'mpeg2video', '-g', '15', '-c:a', 'mp2', '-f', 'vob']],
  ['plain.ts', ['-c:v', 'mpeg2video', '-g', '15', '-c:a', 'mp2']],
  ['plain.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-c:a', 'libopus']],
] as const)(
  '%s, harmed',
  async (name, options) => {
    const path = await make(folder, name, options);
    const source = await probeFile(path);
    const any = await probeFile(await make(folder, `clip-of-${name}.mp4`, [...H264, '-an']));
    const track = trackOf(
      'vide',
      any.videoScale,
      visualEntry('avc1', box('avcC', boxOf(any.bytes, 'avcC'))),
      any.video.slice(30, 60),
    );
    const clip = writeClip([track]);
    const random = seeded(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name: harm, apply } of MUTATIONS) {
        const harmed = Uint8Array.from(apply(Buffer.from(source.bytes), random));
        const harmedClip = Uint8Array.from(apply(Buffer.from(name.endsWith('.webm') ? source.bytes : clip), random));
        for (const [made, of] of [
          [clip, harmed],
          [harmedClip, source.bytes],
        ] as const) {
          const begun = performance.now();
          const result = await audit(made, new Blob([of]), { from: 2, to: 4, mode: 'exact', mute: true });
          expect(performance.now() - begun, harm).toBeLessThan(SLOWEST_MS);
          if (!result.ok) expect(result.detail, harm).not.toBe('');
        }
      }
    }
  },
  240_000,
);
