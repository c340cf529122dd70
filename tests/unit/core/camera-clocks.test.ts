/** File names of real cameras and apps, and what is believed of them. */
import { describe, expect, it } from 'vitest';
import type { TimeCandidate, TimeSource } from '../../../src/contracts/library.ts';
import { decideInZone, decideTime, type FileClues, timeCandidates } from '../../../src/core/camera-clocks.ts';
import { recorderBlock } from '../../../src/core/camera-clocks-rules.ts';

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
    ['Front_Door_2023-10-24_09.42.18_motion_7293501234567890123.mp4', 'ring-event', ['2023-10-24T16:42:18Z']],
    ['Front_Door_2023-10-24_09.42.18-07.00_motion_729.mp4', 'ring-event', ['2023-10-24T16:42:18Z']],
    ['Back_2023-10-24_16.42.18.123456+00.00_ding_1.mp4', 'ring-event', ['2023-10-24T16:42:18Z']],
    ['Garage_2026-01-05_23.59.59+0530_on_demand_1.mp4', 'ring-event', ['2026-01-05T18:29:59Z']],
    ['52A1234567890_0001a4_20260912_142200.mp4', 'arlo', ['2026-09-12T21:22:00Z']],
    ['arlo/000000/48B14CBAA1234_00ff0c_20260112_000001.mp4', 'arlo', ['2026-01-12T08:00:01Z']],
    ['A0B1C2D3E4F5G_000001_20261101_013000.mp4', 'arlo', ['2026-11-01T08:30:00Z', '2026-11-01T09:30:00Z']],
    ['Front Door - 2-9-2020, 11.21.12pm.mp4', 'unifi-web', ['2020-02-10T07:21:12Z', '2020-09-03T06:21:12Z']],
    ['G4 Doorbell - 12-25-2025, 12.05.00am.mp4', 'unifi-web', ['2025-12-25T08:05:00Z']],
    ['Yard - 25-12-2025, 12.05.00 PM.mp4', 'unifi-web', ['2025-12-25T20:05:00Z']],
    ['Hall - 7-7-2026, 1.02.03pm.mp4', 'unifi-web', ['2026-07-07T20:02:03Z']],
    ['Exterior (5f1e) - 2020-01-08 - 23.00.00+0000.mp4', 'protect-archiver', ['2020-01-08T23:00:00Z']],
    ['Porch (ab) - 2026-07-01 - 08.30.15-0700.mp4', 'protect-archiver', ['2026-07-01T15:30:15Z']],
    ['Shed (ab) - 2026-07-01 - 08.30.15+0545.mp4', 'protect-archiver', ['2026-07-01T02:45:15Z']],
    ['2024-01-15T14-30-22 smartDetectZone (person).mp4', 'unifi-backup', ['2024-01-15T22:29:52Z']],
    ['Front/2026-07-04/2026-07-04T00-00-10 motion.mp4', 'unifi-backup', ['2026-07-04T06:59:40Z']],
    ['2019-05-09/001/dav/21/21.04.49-21.05.14[M][0@0][0].mp4', 'dahua-card', ['2019-05-10T04:04:49Z']],
    ['SD/2026-01-02/pic_001/23.59.50-00.00.20[R][0@0][0].mp4', 'dahua-card', ['2026-01-03T07:59:50Z']],
    [
      '2026-11-01/001/dav/01/01.30.00-01.30.30[M][0@0][0].mp4',
      'dahua-card',
      ['2026-11-01T08:30:00Z', '2026-11-01T09:30:00Z'],
    ],
    ['21.04.49-21.05.14[M][0@0][0].mp4', 'dahua-card', []],
    ['NVR_ch1_main_20260828162000_20260828162002.mp4', 'dahua-recorder', ['2026-08-28T23:20:00Z']],
    ['XVR_ch12_extra_20260101235959_20260102000100.mp4', 'dahua-recorder', ['2026-01-02T07:59:59Z']],
    ['ch01_00000000001000000_20260127075543_20260127075842.mp4', 'hikvision', ['2026-01-27T15:55:43Z']],
    ['export/ch04_08000000042000100_20260701235959_20260702000300.mp4', 'hikvision', ['2026-07-02T06:59:59Z']],
    ['2024-01-24 14_58_17-2024-01-24 14_58_30.mp4', 'pytapo', ['2024-01-24T14:58:17Z']],
    ['tapo/2025-12-31 23_59_50-2026-01-01 00_00_20.mp4', 'pytapo', ['2025-12-31T23:59:50Z']],
    ['record/20220114/23/04.mp4', 'wyze', ['2022-01-15T07:04:00Z']],
    ['card\\record\\20260704\\00\\59.mp4', 'wyze', ['2026-07-04T07:59:00Z']],
    ['record/20260308/01/59.mp4', 'wyze', ['2026-03-08T09:59:00Z']],
    ['2025060107/46M14S_1748735174.mp4', 'xiaomi', ['2025-05-31T23:46:14Z']],
    ['00M59S_1750000000.mp4', 'xiaomi', ['2025-06-15T15:06:40Z']],
    ['record/2026Y01M24D14H/22M37S23.mp4', 'yi', ['2026-01-24T22:22:37Z']],
    ['2026070423/59M50S30.mp4', 'yi', ['2026-07-05T06:59:50Z']],
    ['record/2026Y11M01D01H/E30M00S30.mp4', 'yi', ['2026-11-01T08:30:00Z', '2026-11-01T09:30:00Z']],
    ['22M37S23.mp4', 'yi', []],
  ])('%s is %s', (path, source, starts) => {
    const found = timeCandidates(clues(path));
    expect(found.map((candidate) => candidate.source)).toEqual([source]);
    expect(found[0]?.startsMs.map((ms) => new Date(ms).toISOString())).toEqual(
      starts.map((text) => new Date(text).toISOString()),
    );
  });

  it.each([
    '948987989.mp4',
    '123456789.mp4',
    'blink/000000001.mp4',
    'IMG_1234.MOV',
    'clip.mp4',
    '20221306_144408_Kitchen.mp4',
    '20220230_144408_Kitchen.mp4',
    '19700101_000000_Porch.mp4',
    '0000000001-0000000031.mp4',
    '1706108297.mp4',
    'front_door/00.00.mp4',
    'ch01_00000000001000000.mp4',
    'record/20221399/23/04.mp4',
    '2024-01-24 25_58_17-2024-01-24 25_58_30.mp4',
    'Exterior - 2020-02-31 - 23.00.00+0000.mp4',
    '46M14S_0000000001.mp4',
    '04.mp4',
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

it.each(['hiv00000.mp4', 'card/datadir0/hiv00142.mp4', 'D:\\datadir0\\HIV00001.MP4'])(
  '%s is a block of a disk',
  (path) => {
    expect(recorderBlock(path)).toMatch(/Hikvision.*app/);
  },
);

it.each(['hive00000.mp4', 'hiv00000x.mp4', 'my hiv00000.mp4', 'ch01_00000000001000000.mp4'])('%s is none', (path) => {
  expect(recorderBlock(path)).toBeNull();
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
    [
      "the container's own start, whatever the name says",
      '20260511_120000_Porch.mp4',
      { startBoxMs: start, creationMs: start + 9e6 },
      start,
    ],
    ['a start with its offset alone', 'Porch (ab) - 2026-05-11 - 16.00.00+0200.mp4', {}, start - 7 * 3_600_000],
    ['a UTC start and end that fit', '2026-05-11 21_00_00-2026-05-11 21_00_30.mp4', {}, start],
    ['an epoch start alone', '00M00S_1778533200.mp4', {}, start],
    ['a folder date with a start and an end', '2026-05-11/001/dav/14/14.00.00-14.00.30[M][0@0][0].mp4', {}, start],
    ['a start and a length that fit', 'record/2026Y05M11D14H/00M00S30.mp4', { durationMs: 29_100 }, start],
    [
      "a recorder's start and end over midnight",
      'NVR_ch1_main_20260510235950_20260511000020.mp4',
      {},
      iso('2026-05-11T06:59:50Z'),
    ],
    [
      'a local start and end, whose UTC creation_time confirms the zone',
      'cam_20260511_140000-20260511_140030_a.mp4',
      { creationMs: start + 1_000 },
      start,
    ],
    [
      'the end of an event, confirmed as the end by creation_time',
      '2026-05-11T14-00-30 motion.mp4',
      { creationMs: start + 30_000 },
      start,
    ],
    [
      'an event time that is the start by creation_time',
      'front-1778533200.5-x.mp4',
      { creationMs: start },
      start + 500,
    ],
    ['day and month told apart by creation_time', 'Door - 5-11-2026, 2.00.00pm.mp4', { creationMs: start }, start],
    [
      'a card file a minute long, confirmed',
      'record/20260511/14/00.mp4',
      { durationMs: 60_000, lastModified: start + 60_500 },
      start,
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
    ['the end of an event', '2026-05-11T14-00-30 motion.mp4', {}, start, 'unifi-backup'],
    ['an event time of another vendor', 'Door_2026-05-11_14.00.00_motion_1.mp4', {}, start, 'ring-event'],
    ["a lone start by the hub's clock", '52A1234567890_0001a4_20260511_140000.mp4', {}, start, 'arlo'],
    ['a lone start on a card', 'record/20260511/14/00.mp4', { durationMs: 60_000 }, start, 'wyze'],
    [
      'a web download without its zone',
      'Door - 5-31-2026, 2.00.00pm.mp4',
      {},
      iso('2026-05-31T21:00:00Z'),
      'unifi-web',
    ],
    ['a length that does not fit', 'record/2026Y05M11D14H/00M00S30.mp4', { durationMs: 35_000 }, start, 'yi'],
    ['a name whose date is in a folder that is missing', '22M37S23.mp4', {}, null, null],
    [
      'a minute, which is no second',
      'Ring_FrontDoor_202605111400.mp4',
      { creationMs: start + 37_000 },
      start,
      'ring-export',
    ],
    [
      'a start and an end that the file puts into another zone',
      'cam_20260511_140000-20260511_140030_a.mp4',
      { creationMs: start - 7 * 3_600_000 },
      start,
      'frigate-export',
    ],
    [
      'a local start and a creation_time that is the same wall clock: both local, or both UTC',
      '20260511_140000_Porch.mp4',
      { creationMs: start - 7 * 3_600_000 },
      start,
      'blink-local',
    ],
    [
      'two instants that contradict each other',
      '2026-05-11 21_00_00-2026-05-11 21_00_30.mp4',
      { startBoxMs: start + 60_000 },
      start + 60_000,
      'start-box',
    ],
    [
      'a creation time that is local by its format',
      'clip.avi',
      { creationWallClock: '2026-05-11T14:00:00' },
      start,
      'creation-time',
    ],
  ])('not: %s', (_, path, change, startMs, source) => {
    expect(decide(path, change)).toMatchObject({ confidence: 'unconfirmed', startMs, source });
  });

  it('keeps both readings of an ambiguous local time', () => {
    const bounds = { startMs: iso('2026-11-01T08:30:00Z'), otherStartMs: iso('2026-11-01T09:30:00Z') };
    expect(decide('20261101_013000_Porch.mp4')).toMatchObject({ confidence: 'unconfirmed', ...bounds });
    expect(decide('RecM02_20261101_013000_013030_0_1.mp4')).toMatchObject({ confidence: 'unconfirmed', ...bounds });
  });

  it('offers creation_time as start, as end, and as local time', () => {
    expect(timeCandidates(clues('clip.mp4', { creationMs: start })).map(({ startsMs }) => startsMs)).toEqual([
      [start],
      [start - 30_000],
      [start + 7 * 3_600_000],
    ]);
    expect(timeCandidates(clues('clip.mp4', { creationMs: start, zone: 'UTC' }))).toHaveLength(2);
  });

  it('keeps both readings of a day and a month that could change places', () => {
    expect(decide('Front Door - 2-9-2020, 11.21.12pm.mp4')).toMatchObject({
      confidence: 'unconfirmed',
      startMs: iso('2020-02-10T07:21:12Z'),
      otherStartMs: iso('2020-09-03T06:21:12Z'),
    });
  });

  it('reads local times again in another zone, and nothing else', () => {
    const said = { relativePath: '20260511_140000_Porch.mp4', durationMs: 30_000 };
    const time = decide(said.relativePath, { creationMs: start + 5e6, lastModified: start + 9e6 });
    const moved = decideInZone({ ...said, time }, 'America/New_York');
    expect(moved).toMatchObject({ startMs: start - 3 * 3_600_000, confidence: 'unconfirmed' });
    expect(decideInZone({ ...said, time: moved }, ZONE)).toEqual(time);
    const avi = { relativePath: 'clip.avi', durationMs: 30_000 };
    const digitized = decide('clip.avi', { creationWallClock: '2026-05-11T14:00:00' });
    expect(decideInZone({ ...avi, time: digitized }, 'UTC').startMs).toBe(start - 7 * 3_600_000);
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
