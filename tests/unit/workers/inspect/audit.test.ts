/** The audit passes what it should and refuses each kind of tampering under its own rule. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditJob, AuditRule } from '../../../../src/contracts/inspect-api.ts';
import { nativeTool } from '../../../../tools/find-native.ts';
import { Findings } from '../../../../workers/inspect/findings.ts';
import { findLeaks } from '../../../../workers/inspect/leaks.ts';
import { audit } from '../../../../workers/inspect/audit.ts';
import {
  avc1,
  box,
  bytes,
  patched,
  payloadOf,
  u32,
  writeClip,
  type WrittenSample,
} from '../../../support/clip-writer.ts';
import { run } from '../../../support/run.ts';
import {
  clipOf,
  cut,
  makeSource,
  mergedConfig,
  readWhole,
  userData,
  withoutMessages,
  type Cut,
  type Source,
} from './clips.ts';

const WINDOW: AuditJob = { from: 4, to: 7.5, mode: 'exact', mute: false };

let folder: string;
let source: Source;
let good: Cut;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-audit-'));
  source = await makeSource(folder, 'source.mp4', [
    '-bf',
    '0',
    '-metadata',
    'creation_time=2026-03-01T10:00:00Z',
    '-metadata',
    'location=+37.3349-122.0090/',
  ]);
  good = cut(source, WINDOW.from, WINDOW.to);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = async (
  clip: Uint8Array<ArrayBuffer>,
  job: AuditJob = WINDOW,
  of: Blob = source.blob,
): Promise<AuditRule | 'passed'> => {
  const result = await audit(clip, of, job);
  return result.ok ? 'passed' : result.reason;
};

const withVideo = (change: (samples: readonly WrittenSample[]) => readonly WrittenSample[]): Cut => ({
  ...good,
  video: { ...good.video, samples: change(good.video.samples) },
});

describe('a clip of exactly the window', () => {
  test('passes, and the report says what is in it', async () => {
    const clip = clipOf(good);
    const result = await audit(clip, source.blob, WINDOW);
    if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
    const { value: report } = result;
    expect(report.sha256).toBe(createHash('sha256').update(clip).digest('hex'));
    expect(report.frames).toHaveLength(53);
    expect(report.frames.every(({ origin }) => origin === 'original')).toBe(true);
    expect(report.frames[0]?.at).toBeCloseTo(4, 6);
    expect(report.frames.at(-1)?.at).toBeCloseTo(4 + 52 / 15, 4);
    expect(report.audio?.from).toBeGreaterThanOrEqual(4);
    expect(report.audio?.to).toBeLessThanOrEqual(7.5);
    expect(report.boxes.filter(({ path }) => !path.includes('/')).reduce((sum, each) => sum + each.bytes, 0)).toBe(
      clip.length,
    );
    expect(report.boxes.every(({ meaning }) => meaning !== '')).toBe(true);
    expect(report.checked).toHaveLength(5);
    expect(report.sourceMetadata.join('\n')).toMatch(/location/);
    expect(report.sourceMetadata.join('\n')).toMatch(/creation time 2026-03-01T10:00:00.000Z/);
  });

  test('tells of messages among the source’s frames', async () => {
    const result = await audit(clipOf(cut(source, 0, 2)), source.blob, { ...WINDOW, from: 0, to: 2 });
    expect(result.ok && result.value.sourceMetadata.join('\n')).toMatch(
      /embedded messages \(SEI\) in frames around the window: 1/,
    );
  });

  test('passes with a head that was encoded anew, and says which frames', async () => {
    const head = join(folder, 'head.mp4');
    await run(nativeTool('ffmpeg'), [
      ...[
        '-v',
        'error',
        '-y',
        '-i',
        source.path,
        '-an',
        '-vf',
        'trim=start_frame=50:end_frame=60,setpts=PTS-STARTPTS',
        '-c:v',
        'libx264',
        '-bf',
        '0',
      ],
      ...['-preset', 'ultrafast', '-x264-params', 'sps-id=5:bframes=0', '-video_track_timescale', '15360', head],
    ]);
    const encoded = await readWhole(head);
    const job = { ...WINDOW, from: 50 / 15 - 0.001 };
    const body = cut(source, job.from, job.to);
    const samples = body.video.samples.map((sample, index) => {
      const replacement = encoded.video[index];
      return replacement === undefined
        ? sample
        : { ...sample, data: withoutMessages(replacement.data), sync: index === 0 };
    });
    const clip = clipOf({
      ...body,
      video: { ...body.video, samples, entry: avc1(160, 120, mergedConfig(source.avcC, encoded.avcC)) },
    });
    const result = await audit(clip, source.blob, job);
    if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
    expect(result.value.frames.map(({ origin }) => origin)).toEqual([
      ...new Array<string>(10).fill('re-encoded'),
      ...new Array<string>(53).fill('original'),
    ]);
    expect(await refusal(clip, { ...job, mode: 'original' })).toBe('altered-frame');
    // The same frames encoded anew where the camera's could have stayed.
    const late = samples.map((sample, index) =>
      index === 20 ? { ...sample, data: withoutMessages(encoded.video[3]?.data ?? new Uint8Array()) } : sample,
    );
    expect(
      await refusal(
        clipOf({
          ...body,
          video: { ...body.video, samples: late, entry: avc1(160, 120, mergedConfig(source.avcC, encoded.avcC)) },
        }),
        job,
      ),
    ).toBe('altered-frame');
  });

  test('passes muted only without sound, and unmuted only with it', async () => {
    const silent = { ...WINDOW, mute: true };
    const { video } = good;
    const clip = writeClip([video]);
    expect(await refusal(clip, silent)).toBe('passed');
    expect(await refusal(clip)).toBe('frame-missing');
    expect(await refusal(clipOf(good), silent)).toBe('extra-track');
  });

  test('in original mode may lack frames at its ends, not in its middle', async () => {
    const job: AuditJob = { ...WINDOW, from: 3.1, mode: 'original' };
    expect(await refusal(clipOf(good), job)).toBe('passed');
    expect(await refusal(clipOf(good), { ...job, mode: 'exact' })).toBe('frame-missing');
    expect(await refusal(clipOf(withVideo((samples) => samples.filter((_, index) => index !== 9))), job)).toBe(
      'frame-missing',
    );
  });
});

describe('sabotage', () => {
  const cases: readonly (readonly [string, AuditRule, () => Uint8Array<ArrayBuffer>])[] = [
    ['a frame from before the window', 'sample-outside-window', () => clipOf(cut(source, 2, 7.5))],
    [
      'a frame from after the window',
      'sample-outside-window',
      () => clipOf({ ...good, video: cut(source, 4, 7.6).video }),
    ],
    [
      'a frame of the window replaced by one from outside',
      'sample-outside-window',
      () => {
        const outside = cut(source, 2, 4).video.samples[7];
        return clipOf(
          withVideo((samples) =>
            samples.map((sample, index) => (index === 20 ? { ...sample, data: outside?.data ?? sample.data } : sample)),
          ),
        );
      },
    ],
    [
      'sound from before the window',
      'sample-outside-window',
      () => clipOf({ ...good, audio: cut(source, 3.5, 7.5).audio }),
    ],
    [
      'sound that is not the source’s',
      'sample-outside-window',
      () =>
        clipOf({
          ...good,
          audio: {
            ...good.audio,
            samples: good.audio.samples.map((s, i) => (i === 5 ? { ...s, data: bytes(s.data, [1]) } : s)),
          },
        }),
    ],
    [
      'a missing frame',
      'frame-missing',
      () => clipOf(withVideo((samples) => samples.filter((_, index) => index !== 20))),
    ],
    ['a missing last frame', 'frame-missing', () => clipOf(withVideo((samples) => samples.slice(0, -1)))],
    [
      'missing sound',
      'frame-missing',
      () =>
        clipOf({ ...good, audio: { ...good.audio, samples: good.audio.samples.filter((_, index) => index !== 5) } }),
    ],
    [
      'a repeated frame',
      'frame-extra',
      () =>
        clipOf(
          withVideo((samples) => [
            ...samples,
            { ...(samples.at(-1) ?? { data: new Uint8Array(), pts: 0 }), pts: (samples.at(-1)?.pts ?? 0) + 1 },
          ]),
        ),
    ],
    [
      'a frame at the wrong time',
      'wrong-timestamp',
      () => clipOf(withVideo((samples) => samples.map((s, i) => (i === 20 ? { ...s, pts: s.pts + 200 } : s)))),
    ],
    [
      'sound out of step',
      'wrong-timestamp',
      () => clipOf({ ...good, audio: { ...good.audio, delay: (good.audio.delay ?? 0) + 400 } }),
    ],
    ['bytes before the samples', 'unaccounted-bytes', () => clipOf(good, { mdatBefore: bytes('hidden') })],
    ['bytes after the samples', 'unaccounted-bytes', () => clipOf(good, { mdatAfter: bytes('hidden') })],
    ['bytes after the last box', 'unaccounted-bytes', () => clipOf(good, { trailing: bytes('x') })],
    [
      'reserved bytes in use',
      'unaccounted-bytes',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'mvhd') + 30, [7]),
    ],
    [
      'a language',
      'unaccounted-bytes',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'mdhd') + 20, [0x15, 0xc7]),
    ],
    [
      'the length of the whole recording',
      'unaccounted-bytes',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'mvhd') + 16, u32(12 * 15_360)),
    ],
    ['a free box', 'unknown-box', () => clipOf(good, { top: box('free', 'leftover') })],
    ['user data', 'unknown-box', () => clipOf(good, { moov: box('udta', box('name', 'Porch')) })],
    ['a private box', 'unknown-box', () => clipOf(good, { top: box('uuid', new Uint8Array(16)) })],
    ['a sample group table', 'unknown-box', () => clipOf(good, { stbl: box('sgpd', new Uint8Array(12)) })],
    [
      'a place',
      'location',
      () => clipOf(good, { moov: box('udta', box('\xa9xyz', [0, 18, 0x15, 0xc7], '+37.3349-122.0090/')) }),
    ],
    [
      'a creation time of the movie',
      'creation-time',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'mvhd') + 4, u32(0xe3000000)),
    ],
    [
      'a modification time of a track',
      'creation-time',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'tkhd', 1) + 8, u32(0xe3000000)),
    ],
    [
      'a creation time of the media',
      'creation-time',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'mdhd') + 4, u32(0xe3000000)),
    ],
    [
      'a compressor’s name',
      'encoder-string',
      () => patched(clipOf(good), payloadOf(clipOf(good), 'avc1') + 42, [3, 65, 66, 67]),
    ],
    ['a handler’s name', 'encoder-string', () => patched(clipOf(good), payloadOf(clipOf(good), 'hdlr') + 24, [65])],
    [
      'user data among the pictures',
      'sei-user-data',
      () =>
        clipOf(
          withVideo((samples) => samples.map((s, i) => (i === 3 ? { ...s, data: bytes(userData(), s.data) } : s))),
        ),
    ],
    [
      'a private unit among the pictures',
      'unaccounted-bytes',
      () =>
        clipOf(
          withVideo((samples) =>
            samples.map((s, i) => (i === 3 ? { ...s, data: bytes([0, 0, 0, 3, 30, 1, 2], s.data) } : s)),
          ),
        ),
    ],
    ['a first frame that needs another', 'not-a-clip', () => clipOf(cut(source, 4.2, 7.5))],
    ['an empty file', 'not-a-clip', () => new Uint8Array()],
    ['a text', 'not-a-clip', () => bytes('This is not a clip, and longer than sixteen bytes.')],
    ['the source itself', 'sample-outside-window', () => sourceBytes],
  ];
  let sourceBytes: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    sourceBytes = Uint8Array.from(await readFile(source.path));
  });

  test.each(cases)('%s is refused as %s', async (name, rule, make) => {
    const job = name.startsWith('a first frame') ? { ...WINDOW, from: 4.2 } : WINDOW;
    expect(await refusal(make(), job)).toBe(rule);
  });

  test('a frame that was to be blacked out and is the camera’s own', async () => {
    expect(await refusal(clipOf(good), { ...WINDOW, mode: 'redacted' })).toBe('not-redacted');
  });

  test('a third track, or one of another kind', async () => {
    expect(await refusal(writeClip([good.video, good.audio, good.audio]))).toBe('extra-track');
    expect(await refusal(writeClip([good.video, good.audio, { ...good.audio, handler: 'meta' }]))).toBe('extra-track');
  });

  test('a source that cannot be read again', async () => {
    expect(await refusal(clipOf(good), WINDOW, new Blob(['gone']))).toBe('source-unreadable');
  });

  test('the detail names the sample and its time', async () => {
    const result = await audit(clipOf(cut(source, 2, 7.5)), source.blob, WINDOW);
    expect(result.ok ? '' : result.detail).toMatch(
      /Video sample 1 is the source’s frame of 2\.000 s, byte for byte, outside 4\.000 s–7\.500 s/,
    );
  });
});

describe('cuts that look right in a player', () => {
  test('ffmpeg -c copy hides frames behind an edit list and is refused for them', async () => {
    const path = join(folder, 'copy.mp4');
    await run(nativeTool('ffmpeg'), [
      '-v',
      'error',
      '-y',
      '-ss',
      '5.1',
      '-to',
      '7.5',
      '-i',
      source.path,
      '-c',
      'copy',
      '-fflags',
      '+bitexact',
      '-map_metadata',
      '-1',
      path,
    ]);
    const result = await audit(Uint8Array.from(await readFile(path)), source.blob, { ...WINDOW, from: 5.1 });
    expect(result).toMatchObject({ ok: false, reason: 'sample-outside-window' });
    expect(result.ok ? '' : result.detail).toMatch(/4\.000 s, byte for byte/);
  });

  test('a version of ffmpeg left in the sound is found; with that note blanked the sound still counts as the camera’s', async () => {
    const noisy = await makeSource(folder, 'noisy.mp4', ['-flags:a', '-bitexact', '-bf', '0']);
    const job = { ...WINDOW, from: 4, to: 8 };
    const made = cut(noisy, job.from, job.to);
    expect(await refusal(clipOf(made), job, noisy.blob)).toBe('encoder-string');
    const blank = made.audio.samples.map((sample) => {
      const at = Buffer.from(sample.data).indexOf('Lavc');
      return at < 0 ? sample : { ...sample, data: patched(sample.data, at, new Array<number>(12).fill(0)) };
    });
    expect(await refusal(clipOf({ ...made, audio: { ...made.audio, samples: blank } }), job, noisy.blob)).toBe(
      'passed',
    );
  });
});

describe('texts in the index', () => {
  const found = (text: string): string | null => {
    const findings = new Findings();
    const file = bytes(text);
    findLeaks(file, { start: file.length, end: file.length }, [], findings);
    return findings.gravest()?.rule ?? null;
  };

  test.each([
    ['Lavf60.3.100', 'encoder-string'],
    ['x264', 'encoder-string'],
    ['Mediabunny', 'encoder-string'],
    ['+37.7749-122.4194/', 'location'],
  ])('%s is found', (text, rule) => {
    expect(found(`\0\0${text}\0`)).toBe(rule);
  });

  test('an avcC box of 0x4c bytes is not mistaken for a name', () => {
    expect(found('\0\0\0LavcC\u0001B')).toBeNull();
  });
});

describe('settings that come by turns under one id', () => {
  test('a frame without those that came with it is decoded by others, and refused', async () => {
    const spsEnd = 8 + new DataView(source.avcC.buffer, source.avcC.byteOffset).getUint16(6);
    const pps = source.avcC.slice(spsEnd + 3);
    const unit = (...set: Uint8Array[]): Uint8Array => bytes(u32(bytes(...set).length), ...set);
    const whole = cut(source, 0, 12).video;
    const path = join(folder, 'by-turns.mp4');
    const samples = whole.samples.map((sample, index) => ({
      ...sample,
      data: bytes(...(index === 70 ? [unit(pps, bytes([1]))] : index === 80 ? [unit(pps)] : []), sample.data),
    }));
    await writeFile(path, writeClip([{ ...whole, samples }]));
    const byTurns = await readWhole(path);
    const good = cut(byTurns, 4, 7.5).video;
    const job: AuditJob = { ...WINDOW, mute: true };
    expect(await refusal(writeClip([good]), job, byTurns.blob)).toBe('passed');
    for (const index of [70, 80]) {
      const without = good.samples.with(index - 60, whole.samples[index] ?? { data: new Uint8Array(), pts: 0 });
      const timed = without.map((sample, at) => ({ ...sample, pts: good.samples[at]?.pts ?? 0 }));
      expect(await refusal(writeClip([{ ...good, samples: timed }]), job, byTurns.blob)).toBe('altered-frame');
    }
  });
});

describe('reordered frames', () => {
  test('B-frames of the window pass', async () => {
    const reordered = await makeSource(folder, 'b.mp4', ['-bf', '2', '-b_strategy', '0']);
    expect(
      reordered.video.some(({ timestamp }, index) => timestamp < (reordered.video[index - 1]?.timestamp ?? 0)),
    ).toBe(true);
    const job = { ...WINDOW, from: 4, to: 8 };
    expect(await refusal(clipOf(cut(reordered, job.from, job.to)), job, reordered.blob)).toBe('passed');
  });
});

describe('a source whose own edit list ends before its media', () => {
  test('frames behind that end are shown by nobody: a clip has none of them', async () => {
    const whole = writeClip([{ ...cut(source, 0, 12).video, delay: 1_536 }]);
    // The second edit's duration, after version, count and the first edit: eight seconds of twelve.
    const path = join(folder, 'edited.mp4');
    await writeFile(path, patched(whole, payloadOf(whole, 'elst') + 20, u32(8 * 15_360)));
    const edited = await readWhole(path);
    const job: AuditJob = { from: 4.1, to: 12, mode: 'exact', mute: true };
    expect(await refusal(writeClip([cut(edited, 4.09, 8.09).video]), job, edited.blob)).toBe('passed');
    expect(await refusal(writeClip([cut(edited, 4.09, 9).video]), job, edited.blob)).toBe('sample-outside-window');
    expect(await refusal(writeClip([cut(edited, 4.09, 7).video]), job, edited.blob)).toBe('frame-missing');
  });
});

describe('garbage', () => {
  test('any changed bytes end in an answer', async () => {
    const clip = clipOf(good);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(clip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (changes, inIndex) => {
          const mutated = Uint8Array.from(clip);
          // Half of the runs change the index only, where a byte does the most harm.
          for (const [at, value] of changes) mutated[inIndex ? at % 4_000 : at] = value;
          const result = await audit(mutated, source.blob, WINDOW);
          if (!result.ok) expect(result.detail).not.toBe('');
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  test('a changed byte in any frame or sound never passes', async () => {
    const clip = clipOf(good);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: payloadOf(clip, 'mdat'), max: clip.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          // Every byte of the media is a camera's: changing any one of them must be noticed.
          expect(await refusal(patched(clip, at, [(clip[at] ?? 0) ^ flip]))).not.toBe('passed');
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  test('cut short anywhere', async () => {
    const clip = clipOf(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(clip.length - 1), async (length) => {
        expect(await refusal(clip.slice(0, length))).not.toBe('passed');
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
