/** A window of hours: more frames than a call may have arguments, copied all the same. */
import { expect, test } from 'vitest';
import { copyCut } from '../../../../workers/trim/copy-cut.ts';
import type { EdgeEncoder } from '../../../../workers/trim/edge-encoder.ts';
import { buildAvcC } from '../../../../workers/trim/h264.ts';
import { IDENTITY_MATRIX, writeMp4 } from '../../../../workers/trim/mp4-writer.ts';
import { lengthPrefixed } from '../../../../workers/trim/nal-units.ts';
import { avcSampleEntry } from '../../../../workers/trim/sample-entries.ts';
import { openSource } from '../../../../workers/trim/source.ts';
import { readVideoTable } from '../../../../workers/trim/video-packets.ts';

/** Four hours at 15 frames a second, a keyframe every 4 s. */
const FRAMES = 216_000;
const [TIMESCALE, GROUP] = [15, 60];

/** x264's High profile sets for 1920×1080: SPS id 0, PPS id 0. */
const SPS = Uint8Array.from([0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x5a, 0x80]);
const PPS = Uint8Array.from([0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0]);
const [IDR, SLICE] = [Uint8Array.from([0x65, 0x88, 0x84]), Uint8Array.from([0x41, 0x9a, 0x24])];

const recording = (): Blob => {
  const [key, other] = [lengthPrefixed([IDR]), lengthPrefixed([SLICE])];
  const visual = { width: 1920, height: 1080, pixelAspect: { num: 1, den: 1 }, colour: null };
  const bytes = writeMp4([
    {
      kind: 'video',
      timescale: TIMESCALE,
      samples: Array.from({ length: FRAMES }, (_, ticks) => {
        const sync = ticks % GROUP === 0;
        return { data: sync ? key : other, ticks, sync };
      }),
      endTicks: FRAMES,
      sampleEntry: avcSampleEntry(visual, buildAvcC({ sps: [SPS], pps: [PPS] })),
      delay: 0,
      width: 1920,
      height: 1080,
      matrix: IDENTITY_MATRIX,
    },
  ]);
  return new Blob([bytes]);
};

/** Both ends of the window lie on keyframes. */
const NOTHING_TO_ENCODE: EdgeEncoder = { encode: () => Promise.reject(new Error('nothing is to be encoded')) };

test('hours are copied', async () => {
  const opened = await openSource(recording());
  if (!opened.ok) throw new Error(opened.detail);
  const { video, input } = opened.value;
  const { openStream } = video;
  if (!openStream) throw new Error('not in one piece');
  const job = { from: 4, to: FRAMES / TIMESCALE, mode: 'exact', mute: true, boxes: [] } as const;
  const table = await readVideoTable({ ...video, openStream }, job.from, job.to, 0, () => undefined);
  if (!table.ok) throw new Error(table.detail);
  const cut = await copyCut(video, table.value, job, 0, NOTHING_TO_ENCODE, () => undefined);
  input.dispose();
  expect(cut).toMatchObject({
    ok: true,
    value: {
      framesInWindow: FRAMES - GROUP,
      framesOriginal: FRAMES - GROUP,
      windowSpan: { first: 4, last: (FRAMES - 1) / TIMESCALE },
      missingAt: [],
      doubtful: [],
    },
  });
});
