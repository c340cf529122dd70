/** Every kind of picture: a clip of exactly the window passes, and each kind of tampering is refused under its own rule. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditRule } from '../../../../src/contracts/inspect-api.ts';
import { esds, hvcC, visualEntry } from '../../../support/clip-entries.ts';
import {
  box,
  bytes,
  u16,
  u32,
  writeClip,
  type WrittenSample,
  type WrittenTrack,
} from '../../../support/clip-writer.ts';
import { boxOf, make, probeFile, trackOf, verdict, type Made, type ProbedPacket } from './families.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-pictures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inside = (packets: readonly ProbedPacket[], from: number, to: number): readonly ProbedPacket[] =>
  packets.filter(({ seconds }) => seconds >= from - 1e-6 && seconds < to - 1e-6);

/** Rewrites length-prefixed units: those that `keep` refuses go, `more` come before or behind. */
const units = (
  frame: Uint8Array,
  keep: (type: number) => boolean,
  { before = [], behind = [] }: { before?: readonly Uint8Array[]; behind?: readonly Uint8Array[] } = {},
): Uint8Array => {
  const kept: Uint8Array[] = [];
  for (let at = 0; at + 4 <= frame.length;) {
    const end = at + 4 + new DataView(frame.buffer, frame.byteOffset).getUint32(at);
    if (keep(((frame[at + 4] ?? 0) >> 1) & 63)) kept.push(frame.subarray(at, end));
    at = end;
  }
  const prefixed = (unit: Uint8Array): Uint8Array => bytes(u32(unit.length), unit);
  return bytes(...before.map(prefixed), ...kept, ...behind.map(prefixed));
};

const withSample = (
  track: WrittenTrack,
  index: number,
  change: (sample: WrittenSample) => WrittenSample,
): WrittenTrack => ({
  ...track,
  samples: track.samples.map((sample, at) => (at === index ? change(sample) : sample)),
});

/** Tampering that is alike for every codec: another frame's bytes, one frame more, one fewer, one at another time. */
const common = (track: WrittenTrack, outside: Uint8Array): readonly (readonly [string, AuditRule, WrittenTrack])[] => [
  [
    'a frame replaced by one from outside',
    'sample-outside-window',
    withSample(track, 4, (sample) => ({ ...sample, data: outside })),
  ],
  ['a missing frame', 'frame-missing', { ...track, samples: track.samples.toSpliced(5, 1) }],
  [
    'a frame at the wrong time',
    'wrong-timestamp',
    withSample(track, 6, (sample) => ({ ...sample, pts: sample.pts + Math.round(track.timescale / 60) })),
  ],
];

const judge = async (
  source: Made,
  from: number,
  to: number,
  good: WrittenTrack,
  cases: readonly (readonly [string, AuditRule, WrittenTrack])[],
): Promise<void> => {
  expect(await verdict(writeClip([good]), source.blob, { from, to })).toEqual({ rule: 'passed', detail: '' });
  for (const [name, rule, track] of cases) {
    expect((await verdict(writeClip([track]), source.blob, { from, to })).rule, name).toBe(rule);
  }
};

describe('HEVC', () => {
  const COPIED = (type: number): boolean => type < 32;
  const x265 = (params: string): readonly string[] => [
    ...['-an', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=none:${params}`, '-tag:v', 'hvc1'],
  ];
  const userData = bytes([39 << 1, 1, 5, 20], new Uint8Array(16).fill(7), 'porc', [0x80]);
  const timeCode = bytes([39 << 1, 1, 136, 3, 1, 2, 3, 0x80]);

  test('closed groups of pictures', async () => {
    const source = await probeFile(
      await make(folder, 'closed.mp4', x265('keyint=30:min-keyint=30:open-gop=0:bframes=2')),
    );
    const entry = visualEntry('hvc1', hvcC(boxOf(source.bytes, 'hvcC')));
    const clean = (data: Uint8Array): Uint8Array => units(data, COPIED);
    const good = trackOf('vide', source.videoScale, entry, inside(source.video, 2, 4), clean);
    const first = source.video.find(({ seconds }) => seconds >= 2)?.data ?? new Uint8Array();
    await judge(source, 2, 4, good, [
      ...common(good, clean(source.video[5]?.data ?? new Uint8Array())),
      [
        'user data',
        'sei-user-data',
        withSample(good, 0, (s) => ({ ...s, data: units(first, COPIED, { before: [userData] }) })),
      ],
      [
        'a time code',
        'sei-user-data',
        withSample(good, 0, (s) => ({ ...s, data: units(first, COPIED, { before: [timeCode] }) })),
      ],
      [
        'user data behind the picture',
        'sei-user-data',
        withSample(good, 0, (s) => ({
          ...s,
          data: units(first, COPIED, { behind: [bytes([40 << 1], userData.subarray(1))] }),
        })),
      ],
      [
        'a private unit',
        'unaccounted-bytes',
        withSample(good, 0, (s) => ({ ...s, data: units(first, COPIED, { before: [bytes([48 << 1, 1, 9, 9])] }) })),
      ],
      [
        'two pictures in one sample',
        'frame-extra',
        withSample(good, 3, (s) => ({ ...s, data: bytes(s.data, clean(source.video[4]?.data ?? new Uint8Array())) })),
      ],
      [
        'messages in the settings',
        'unaccounted-bytes',
        { ...good, entry: visualEntry('hvc1', withMessage(hvcC(boxOf(source.bytes, 'hvcC')))) },
      ],
    ]);
  });

  const withMessage = (settings: Uint8Array): Uint8Array => {
    const body = Uint8Array.from(settings.subarray(8));
    body[22] = 4;
    return box('hvcC', body, [39], u16(1), u16(userData.length), userData);
  };

  test('open groups: a window may begin with a picture that others before it lean on, which the clip leaves out', async () => {
    const source = await probeFile(
      await make(folder, 'open.mp4', x265('keyint=30:min-keyint=30:open-gop=1:bframes=2:b-adapt=0')),
    );
    const other = await probeFile(await make(folder, 'other.mp4', x265('keyint=30:min-keyint=30:bframes=0:crf=40')));
    const keyType = (data: Uint8Array): number => {
      for (let at = 0; at + 4 < data.length; at += 4 + new DataView(data.buffer, data.byteOffset).getUint32(at)) {
        const type = ((data[at + 4] ?? 0) >> 1) & 63;
        if (type < 32) return type;
      }
      return -1;
    };
    expect(source.video.some(({ data }) => keyType(data) === 21)).toBe(true);
    expect(source.video.some(({ data }) => keyType(data) === 8 || keyType(data) === 9)).toBe(true);
    const cra = source.video.find(({ data }) => keyType(data) === 21)?.seconds ?? 0;
    const next = source.video.find(({ data, seconds }) => seconds > cra && keyType(data) === 21)?.seconds ?? 0;
    const to = Math.min(
      ...source.video
        .filter(({ data, seconds }) => seconds > cra + 0.5 && seconds < next && [8, 9].includes(keyType(data)))
        .map(({ seconds }) => seconds),
    );
    const sets = boxOf(source.bytes, 'hvcC');
    const clean = (data: Uint8Array): Uint8Array => units(data, COPIED);
    const good = trackOf(
      'vide',
      source.videoScale,
      visualEntry('hvc1', hvcC(sets)),
      inside(source.video, cra, to),
      clean,
    );
    await judge(source, cra, to, good, common(good, clean(source.video[5]?.data ?? new Uint8Array())));

    // Four frames before it, encoded anew from another film: the audit does not look at pictures, and these are nobody's.
    const from = cra - 4 / 15;
    const before = inside(source.video, from, cra).toSorted((a, b) => a.pts - b.pts);
    const encoded = before.map((packet, index) => ({
      ...packet,
      key: index === 0,
      data: other.video[index]?.data ?? new Uint8Array(),
    }));
    const head = (end: readonly Uint8Array[]): WrittenTrack =>
      trackOf(
        'vide',
        source.videoScale,
        visualEntry('hvc1', hvcC(sets, boxOf(other.bytes, 'hvcC'))),
        [...encoded, ...inside(source.video, cra, to)].map((packet, index) => ({
          ...packet,
          data: units(packet.data, COPIED, { behind: index === before.length - 1 ? end : [] }),
        })),
      );
    const END_OF_SEQUENCE = bytes([36 << 1, 1]);
    expect(await verdict(writeClip([head([END_OF_SEQUENCE])]), source.blob, { from, to })).toEqual({
      rule: 'passed',
      detail: '',
    });
    expect(await verdict(writeClip([head([])]), source.blob, { from, to })).toMatchObject({
      rule: 'not-a-clip',
      detail: expect.stringMatching(/does not end the sequence/) as string,
    });
  });
});

describe('Motion JPEG', () => {
  test('comments, application segments and strays are not part of a picture, and not of a clip', async () => {
    const source = await probeFile(await make(folder, 'jpeg.mov', ['-an', '-c:v', 'mjpeg', '-flags', '+bitexact']));
    const entry = visualEntry('mp4v', esds(0x6c, 0x11));
    const clean = (data: Uint8Array): Uint8Array => withoutComments(data);
    const good = trackOf('vide', source.videoScale, entry, inside(source.video, 2.1, 4.1), clean);
    const inFirst = (...more: readonly number[]): WrittenTrack =>
      withSample(good, 2, (sample) => ({
        ...sample,
        data: bytes(sample.data.subarray(0, 2), more, sample.data.subarray(2)),
      }));
    await judge(source, 2.1, 4.1, good, [
      ...common(good, clean(source.video[25]?.data ?? new Uint8Array())).filter(
        ([name]) => name !== 'a frame at the wrong time',
      ),
      ['a comment', 'sei-user-data', inFirst(0xff, 0xfe, 0, 4, 65, 66)],
      ['an Exif segment', 'sei-user-data', inFirst(0xff, 0xe1, 0, 8, 69, 120, 105, 102, 0, 0)],
      [
        'a second JFIF segment',
        'unaccounted-bytes',
        inFirst(0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1, 1, 0, 0, 9, 0, 9, 0, 0),
      ],
      [
        'bytes behind the picture',
        'unaccounted-bytes',
        withSample(good, 2, (sample) => ({ ...sample, data: bytes(sample.data, 'hidden') })),
      ],
      [
        'a changed table',
        'altered-frame',
        withSample(good, 2, (sample) => ({ ...sample, data: changed(sample.data, sample.data.length - 30) })),
      ],
      [
        'a bit rate in its settings',
        'unaccounted-bytes',
        { ...good, entry: visualEntry('mp4v', esds(0x6c, 0x11, [0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0])) },
      ],
    ]);
  });

  const changed = (data: Uint8Array, at: number): Uint8Array => {
    const copy = Uint8Array.from(data);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };

  const withoutComments = (data: Uint8Array): Uint8Array => {
    const kept: Uint8Array[] = [data.subarray(0, 2)];
    let at = 2;
    while (data[at] === 0xff && data[at + 1] !== 0xda) {
      const end = at + 2 + (((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0));
      if (data[at + 1] !== 0xfe) kept.push(data.subarray(at, end));
      at = end;
    }
    return bytes(...kept, data.subarray(at));
  };
});

describe('VP9', () => {
  const vpcC = box('vpcC', [1, 0, 0, 0, 0, 10, 0x82, 2, 2, 2, 0, 0]);

  test('superframes: one picture shown for each sample, and no byte of nobody’s', async () => {
    const source = await probeFile(
      await make(folder, 'vp9.mp4', [
        '-an',
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-lag-in-frames',
        '0',
        '-g',
        '30',
      ]),
    );
    const good = trackOf('vide', source.videoScale, visualEntry('vp09', vpcC), inside(source.video, 2, 4));
    const superframe = (...frames: readonly Uint8Array[]): Uint8Array => {
      const marker = 0xc0 | (1 << 3) | (frames.length - 1);
      return bytes(...frames, [marker], ...frames.map(({ length }) => [length & 255, length >> 8]), [marker]);
    };
    const more = source.video[4]?.data ?? new Uint8Array();
    await judge(source, 2, 4, good, [
      ...common(good, source.video[5]?.data ?? new Uint8Array()),
      [
        'a frame too many',
        'frame-extra',
        withSample(good, 3, (sample) => ({ ...sample, data: superframe(sample.data, more) })),
      ],
      [
        'bytes that no frame owns',
        'altered-frame',
        withSample(good, 3, (sample) => {
          const whole = superframe(sample.data);
          return { ...sample, data: bytes(whole.subarray(0, -4), 'hidden', whole.subarray(-4)) };
        }),
      ],
      [
        'settings with data',
        'unaccounted-bytes',
        { ...good, entry: visualEntry('vp09', box('vpcC', [1, 0, 0, 0, 0, 10, 0x82, 2, 2, 2, 0, 2, 65, 66])) },
      ],
    ]);
  });
});

describe('AV1', () => {
  test('metadata and padding units', async () => {
    const source = await probeFile(
      await make(folder, 'av1.mp4', [
        ...[
          '-an',
          '-c:v',
          'libaom-av1',
          '-usage',
          'realtime',
          '-cpu-used',
          '8',
          '-lag-in-frames',
          '0',
          '-g',
          '30',
          '-pix_fmt',
          'yuv420p',
        ],
      ]),
    );
    const settings = boxOf(source.bytes, 'av1C');
    const good = trackOf(
      'vide',
      source.videoScale,
      visualEntry('av01', box('av1C', settings)),
      inside(source.video, 2, 4),
    );
    const withUnit = (type: number, ...payload: readonly number[]): WrittenTrack =>
      withSample(good, 3, (sample) => ({
        ...sample,
        data: bytes([(type << 3) | 2, payload.length], payload, sample.data),
      }));
    await judge(source, 2, 4, good, [
      ...common(good, source.video[5]?.data ?? new Uint8Array()),
      ['a registered message', 'sei-user-data', withUnit(5, 4, 0xb5, 0, 0x3c, 65, 66, 0x80)],
      ['a time code', 'sei-user-data', withUnit(5, 5, 1, 2, 3, 0x80)],
      ['padding', 'unaccounted-bytes', withUnit(15, 72, 105, 0x80)],
      ['a filled delimiter', 'unaccounted-bytes', withUnit(2, 72, 105)],
      ['a sequence header of its own', 'unaccounted-bytes', withUnit(1, 8, 0, 0, 0, 66)],
      [
        'a second picture',
        'frame-extra',
        withSample(good, 3, (s) => ({ ...s, data: bytes(s.data, [(3 << 3) | 2, 1, 0x88]) })),
      ],
      [
        'messages in the settings',
        'unaccounted-bytes',
        { ...good, entry: visualEntry('av01', box('av1C', settings, [(5 << 3) | 2, 2, 4, 0x80])) },
      ],
    ]);
  });
});

describe('a source in a codec that clips never hold', () => {
  test('the whole window as H.264: as many frames, at the same times, in no other codec', async () => {
    const source = await probeFile(await make(folder, 'part2.mp4', ['-an', '-c:v', 'mpeg4', '-bf', '0', '-g', '30']));
    const h264 = await probeFile(
      await make(folder, 'h264.mp4', [
        '-an',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-bf',
        '0',
        '-pix_fmt',
        'yuv420p',
        '-video_track_timescale',
        String(source.videoScale),
      ]),
    );
    const clean = (data: Uint8Array): Uint8Array => {
      const kept: Uint8Array[] = [];
      for (let at = 0; at + 4 <= data.length;) {
        const end = at + 4 + new DataView(data.buffer, data.byteOffset).getUint32(at);
        if (((data[at + 4] ?? 0) & 31) !== 6) kept.push(data.subarray(at, end));
        at = end;
      }
      return bytes(...kept);
    };
    const count = inside(source.video, 2.1, 4.1).length;
    const entry = visualEntry('avc1', box('avcC', boxOf(h264.bytes, 'avcC')));
    const good = trackOf('vide', source.videoScale, entry, h264.video.slice(0, count), clean);
    await judge(source, 2.1, 4.1, good, [
      ['a missing frame', 'frame-missing', { ...good, samples: good.samples.slice(0, -1) }],
      [
        'a frame too many',
        'sample-outside-window',
        trackOf('vide', source.videoScale, entry, h264.video.slice(0, count + 1), clean),
      ],
      [
        'two pictures in one sample',
        'frame-extra',
        withSample(good, 3, (sample) => ({
          ...sample,
          data: bytes(sample.data, clean(h264.video[30]?.data ?? new Uint8Array())),
        })),
      ],
    ]);
    const damaged = { ...good, samples: good.samples.slice(0, -3) };
    const job = { from: 2.1, to: 4.1, missing: [{ from: 3.8, to: 4.1 }] };
    expect((await verdict(writeClip([damaged]), source.blob, job)).rule).toBe('passed');
  });

  test('an H.264 recording may not become another’s codec as a whole', async () => {
    const h264 = await probeFile(
      await make(folder, 'plain.mp4', [
        '-an',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-bf',
        '0',
        '-g',
        '30',
        '-pix_fmt',
        'yuv420p',
        '-video_track_timescale',
        '15360',
      ]),
    );
    const vp9 = await probeFile(
      await make(folder, 'as-vp9.mp4', [
        '-an',
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-lag-in-frames',
        '0',
        '-video_track_timescale',
        '15360',
      ]),
    );
    const track = trackOf(
      'vide',
      15_360,
      visualEntry('vp09', box('vpcC', [1, 0, 0, 0, 0, 10, 0x82, 2, 2, 2, 0, 0])),
      vp9.video.slice(0, 30),
    );
    expect((await verdict(writeClip([track]), h264.blob, { from: 2, to: 4 })).rule).toBe('altered-frame');
  });
});
