/** File names of real cameras and apps, and what is believed of them. */
import { describe, expect, it } from 'vitest';
import type { TimeCandidate, TimeSource } from '../../../src/contracts/library.ts';
import { decideTime, type FileClues, timeCandidates } from '../../../src/core/camera-clocks.ts';

const ZONE = 'America/Los_Angeles';
const iso = (text: string): number => Date.parse(text);

/** A file that says nothing beyond its name: no creation time, never modified. */
const clues = (relativePath: string, change: Partial<FileClues> = {}): FileClues => ({
  relativePath,
  lastModified: 0,
  creationMs: null,
  durationMs: 30_000,
  zone: ZONE,
  ...change,
});
const decide = (relativePath: string, change: Partial<FileClues> = {}) => {
  const found = clues(relativePath, change);
  return decideTime(timeCandidates(found), found.durationMs);
};

describe('names and the start they give', () => {
  it.each<[string, TimeSource, string[]]>([
    ['RingVideo_20260326_233100.mp4', 'ring-app', []],
    ['RingVideo_20251101_013000.MP4', 'ring-app', []],
    ['downloads/RingVideo_20260326_233100 (1).mp4', 'ring-app', []],
    ['Ring_FrontDoor_202408061842.mp4', 'ring-export', ['2024-08-07T01:42:00Z']],
    ['Ring_Back_Yard_20240806_1842.mp4', 'ring-export', ['2024-08-07T01:42:00Z']],
    ['front-door-2024-01-15t14-30-22z.mp4', 'blink-utc', ['2024-01-15T14:30:22Z']],
    ['blink/garage-2025-07-01T00-00-01Z.mp4', 'blink-utc', ['2025-07-01T00:00:01Z']],
    ['20221206_144408_Kitchen.mp4', 'blink-local', ['2022-12-06T22:44:08Z']],
    ['20260704_000000_Front Door.mp4', 'blink-local', ['2026-07-04T07:00:00Z']],
    ['20261101_013000_Porch.mp4', 'blink-local', ['2026-11-01T08:30:00Z', '2026-11-01T09:30:00Z']],
    ['RecM02_DST20240827_090302_090334_0_6D28808_18DC01.mp4', 'reolink', ['2024-08-27T16:03:02Z']],
    ['RecS03_20250115_235950_000020_0_1.mp4', 'reolink', ['2025-01-16T07:59:50Z']],
    ['Mp4Record/2025-01-15/RecM01_20250115_120000_000000_0_1.mp4', 'reolink', ['2025-01-15T20:00:00Z']],
    ['FCECDA8FE96B_0_1578622522000_1578625200000.mp4', 'unifi-download', ['2020-01-10T02:15:22Z']],
    ['fcecda8fe96b_1_1754000000123_1754000030123.mp4', 'unifi-download', ['2025-07-31T22:13:20.123Z']],
    ['2026-05-11/14/front_door/00.00.mp4', 'frigate-recording', ['2026-05-11T14:00:00Z']],
    ['media/frigate/recordings/2026-05-11/23/cam/59.50.mp4', 'frigate-recording', ['2026-05-11T23:59:50Z']],
    ['recordings\\2026-05-11\\14\\front_door\\00.10.mp4', 'frigate-recording', ['2026-05-11T14:00:10Z']],
    ['cam_20260511_140000-20260511_150000_abc123.mp4', 'frigate-export', ['2026-05-11T21:00:00Z']],
    ['front_door_20260111_235900-20260112_000100_x.mp4', 'frigate-export', ['2026-01-12T07:59:00Z']],
    ['front-1606742747.272411-0lbwng.mp4', 'frigate-clip', ['2020-11-30T13:25:47.272Z']],
    ['back-yard-1750000000.5-zz.mp4', 'frigate-clip', ['2025-06-15T15:06:40.500Z']],
    ['1706108297-1706108310.mp4', 'tapo', ['2024-01-24T14:58:17Z']],
    ['tapo/1750000000-1750000030.mp4', 'tapo', ['2025-06-15T15:06:40Z']],
  ])('%s is %s', (path, source, starts) => {
    const found = timeCandidates(clues(path));
    expect(found.map((candidate) => candidate.source)).toEqual([source]);
    expect(found[0]?.startsMs.map((ms) => new Date(ms).toISOString())).toEqual(
      starts.map((text) => new Date(text).toISOString()),
    );
  });

  it.each([
    '948987989.mp4',
    'IMG_1234.MOV',
    'clip.mp4',
    '20221306_144408_Kitchen.mp4',
    '20220230_144408_Kitchen.mp4',
    '19700101_000000_Porch.mp4',
    '0000000001-0000000031.mp4',
    '1706108297.mp4',
    'front_door/00.00.mp4',
  ])('%s says nothing about time', (path) => {
    expect(timeCandidates(clues(path))).toEqual([]);
    expect(decide(path)).toEqual({ startMs: null, confidence: 'unconfirmed', source: null, candidates: [] });
  });

  it('says nothing of a local time that was skipped, but keeps both readings to match under', () => {
    const time = decide('20260308_023000_Porch.mp4');
    expect(time.candidates[0]?.startsMs).toEqual([]);
    expect(time).toMatchObject({
      confidence: 'unconfirmed',
      startMs: iso('2026-03-08T09:30:00Z'),
      otherStartMs: iso('2026-03-08T10:30:00Z'),
    });
  });

  it('leaves out a creation time of 0, of 1904 and a modification time of 0', () => {
    expect(timeCandidates(clues('clip.mp4', { creationMs: 0, lastModified: 0 }))).toEqual([]);
    expect(timeCandidates(clues('clip.mp4', { creationMs: Date.UTC(1904, 0, 1) }))).toEqual([]);
  });
});

describe('what is accepted', () => {
  const start = iso('2026-05-11T21:00:00Z');

  it.each<[string, string, Partial<FileClues>, number]>([
    ['a UTC name alone', 'front-2026-05-11t21-00-00z.mp4', {}, start],
    ['a UTC path alone', '2026-05-11/21/front/00.00.mp4', {}, start],
    [
      "a UTC name against the file's own times",
      'front-2026-05-11t21-00-00z.mp4',
      { creationMs: start + 86_400_000, lastModified: start + 99_000_000 },
      start,
    ],
    ['epoch start and end that fit', '1706108297-1706108310.mp4', { durationMs: 13_400 }, 1_706_108_297_000],
    [
      'epoch milliseconds that fit',
      'FCECDA8FE96B_0_1578622522000_1578625200000.mp4',
      { durationMs: 2_678_000 },
      1_578_622_522_000,
    ],
    ['local start and end that fit', 'RecM02_DST20260511_140000_140030_0_1.mp4', { durationMs: 31_500 }, start],
    ['local start and end over midnight', 'RecM02_DST20260510_235950_000020_0_1.mp4', {}, iso('2026-05-11T06:59:50Z')],
    ['a Frigate export that fits', 'cam_20260511_140000-20260511_150000_a.mp4', { durationMs: 3_600_000 }, start],
    ['a local start that creation_time confirms', '20260511_140000_Porch.mp4', { creationMs: start + 1_500 }, start],
    [
      'a local start that creation_time confirms as an end',
      '20260511_140000_Porch.mp4',
      { creationMs: start + 30_000 },
      start,
    ],
    [
      'a local start that the modification time confirms',
      '20260511_140000_Porch.mp4',
      { lastModified: start + 31_000 },
      start,
    ],
    [
      'an unknown end, confirmed by creation_time',
      'RecM02_DST20260511_140000_000000_0_1.mp4',
      { creationMs: start },
      start,
    ],
    [
      'creation_time and a modification one duration later',
      'clip.mp4',
      { creationMs: start, lastModified: start + 31_000 },
      start,
    ],
    [
      'an ambiguous local time that creation_time decides',
      '20261101_013000_Porch.mp4',
      { creationMs: iso('2026-11-01T09:30:01Z') },
      iso('2026-11-01T09:30:00Z'),
    ],
    [
      'an ambiguous start whose end, after the clocks went back, decides',
      'cam_20261101_015950-20261101_010020_a.mp4',
      {},
      iso('2026-11-01T08:59:50Z'),
    ],
  ])('%s', (_, path, change, startMs) => {
    expect(decide(path, change)).toMatchObject({ confidence: 'accepted', startMs });
  });

  it.each<[string, string, Partial<FileClues>, number | null, TimeSource | null]>([
    ['a saving time', 'RingVideo_20260511_140000.mp4', {}, null, null],
    [
      'a saving time, and file times that only repeat it',
      'RingVideo_20260511_140000.mp4',
      { creationMs: start, lastModified: start + 30_000 },
      start,
      'creation-time',
    ],
    ['a Ring export to the minute', 'Ring_FrontDoor_202605111400.mp4', {}, start, 'ring-export'],
    ['a lone local start', '20260511_140000_Porch.mp4', {}, start, 'blink-local'],
    [
      'a local start that the file contradicts',
      '20260511_140000_Porch.mp4',
      { creationMs: start + 3_600_000, lastModified: start + 9e6 },
      start,
      'blink-local',
    ],
    [
      "an event time, which is not the clip's start",
      'front-1606742747.272411-0lbwng.mp4',
      {},
      1_606_742_747_272,
      'frigate-clip',
    ],
    ['a lone creation_time', 'clip.mp4', { creationMs: start }, start, 'creation-time'],
    ['a lone modification time', 'clip.mp4', { lastModified: start }, start - 30_000, 'modified'],
    [
      'an export that stamped both at once',
      'clip.mp4',
      { creationMs: start, lastModified: start + 500 },
      start,
      'creation-time',
    ],
    [
      'two that agree by the shortness of the clip',
      'clip.mp4',
      { creationMs: start, lastModified: start + 500, durationMs: 1_000 },
      start,
      'creation-time',
    ],
    [
      'start and end that do not fit the duration',
      'RecM02_DST20260511_140000_140030_0_1.mp4',
      { durationMs: 60_000 },
      start,
      'reolink',
    ],
    [
      'epoch start and end that do not fit',
      '1706108297-1706108310.mp4',
      { durationMs: 60_000 },
      1_706_108_297_000,
      'tapo',
    ],
  ])('not: %s', (_, path, change, startMs, source) => {
    expect(decide(path, change)).toMatchObject({ confidence: 'unconfirmed', startMs, source });
  });

  it('keeps both readings of an ambiguous local time', () => {
    const bounds = { startMs: iso('2026-11-01T08:30:00Z'), otherStartMs: iso('2026-11-01T09:30:00Z') };
    expect(decide('20261101_013000_Porch.mp4')).toMatchObject({ confidence: 'unconfirmed', ...bounds });
    expect(decide('RecM02_20261101_013000_013030_0_1.mp4')).toMatchObject({ confidence: 'unconfirmed', ...bounds });
  });

  it('takes the agreement as exactly two seconds', () => {
    expect(decide('20260511_140000_Porch.mp4', { creationMs: start + 2_000 }).confidence).toBe('accepted');
    expect(decide('20260511_140000_Porch.mp4', { creationMs: start + 2_001 }).confidence).toBe('unconfirmed');
    expect(decide('1706108297-1706108310.mp4', { durationMs: 15_000 }).confidence).toBe('accepted');
    expect(decide('1706108297-1706108310.mp4', { durationMs: 15_001 }).confidence).toBe('unconfirmed');
  });

  it('does not depend on the order in which candidates come', () => {
    const candidates: readonly TimeCandidate[] = timeCandidates(
      clues('20260511_140000_Porch.mp4', { creationMs: start, lastModified: start + 30_000 }),
    );
    expect(decideTime(candidates.toReversed(), 30_000)).toEqual(decideTime(candidates, 30_000));
  });
});
