/**
 * The demo town as pure data: Wrenfield, an invented town laid out on a dry lake bed in Nevada where nobody lives.
 * Everything is placed and timed relative to an anchor instant, so that "yesterday" is always yesterday.
 */
import { Temporal } from 'temporal-polyfill';
import type { DemoTownFile } from '../../src/contracts/demo.ts';
import type { Camera } from '../../src/contracts/library.ts';
import type { Agency, Reviewer } from '../../src/contracts/request.ts';
import type { EpochMs, Position, Seconds } from '../../src/contracts/units.ts';
import { townRequests } from './town-requests.ts';
import type { TownRequest } from './town-sketch.ts';

export const TOWN_NAME = 'Wrenfield';
export const TOWN_ZONE = 'America/Los_Angeles';

/** What the tooling draws into a demo recording. */
export type Scene = 'porch-day' | 'driveway-dusk' | 'street-night' | 'shop-front';

export interface TownRecording {
  /** Path under `/demo/recordings/`, in the style of one vendor (docs of core/camera-clocks). */
  readonly path: string;
  readonly cameraId: string;
  /** True start; every demo camera's clock is right. */
  readonly startMs: EpochMs;
  readonly durationS: Seconds;
  readonly scene: Scene;
  readonly lastModified: EpochMs;
}

export interface DemoTown {
  readonly anchor: EpochMs;
  /** Keys and recipients are added by documents.ts. */
  readonly agencies: readonly (Omit<Agency, 'keys' | 'recipients'> & { readonly signer: 'police' | 'fire' })[];
  readonly reviewer: Omit<Reviewer, 'keys'>;
  readonly cameras: readonly Camera[];
  readonly recordings: readonly TownRecording[];
  /** Oldest first. */
  readonly requests: readonly TownRequest[];
}

/** The instant at a wall-clock time in town, `days` after the anchor's local day. `at` is `HH:MM:SS`. */
export const townInstant = (anchor: EpochMs, days: number, at: string): EpochMs =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(anchor))
    .toZonedDateTimeISO(TOWN_ZONE)
    .toPlainDate()
    .add({ days })
    .toZonedDateTime({ timeZone: TOWN_ZONE, plainTime: at }).epochMilliseconds;

const HOME: Position = [-119.05, 40.87];

const cameras = (anchor: EpochMs): Camera[] => {
  const camera = (id: string, name: string, place: Position): Camera => ({
    id,
    name,
    place,
    zone: TOWN_ZONE,
    clockOffsetMs: 0,
    createdAt: anchor,
  });
  return [
    camera('front-porch', 'Front porch', HOME),
    camera('driveway', 'Driveway', [-119.05018, 40.87006]),
    camera('back-gate', 'Back gate', [-119.04988, 40.86975]),
    camera('shop-door', 'Shop door, Main Street', [-119.0585, 40.8798]),
    camera('cabin', 'Cabin at Dry Creek', [-119.31, 40.79]),
  ];
};

const recordings = (anchor: EpochMs): TownRecording[] => {
  const local = (instant: EpochMs) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(TOWN_ZONE);
  const digits = (instant: EpochMs, from: number, to: number): string =>
    local(instant).toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:T]/g, '').slice(from, to);
  const utc = (instant: EpochMs): string => new Date(instant).toISOString();
  const make = (
    cameraId: string,
    at: string,
    durationS: Seconds,
    scene: Scene,
    path: (start: EpochMs, end: EpochMs) => string,
    savedLaterS: Seconds = 0,
  ): TownRecording => {
    const startMs = townInstant(anchor, -1, at);
    const endMs = startMs + durationS * 1000;
    return {
      path: path(startMs, endMs),
      cameraId,
      startMs,
      durationS,
      scene,
      lastModified: endMs + savedLaterS * 1000,
    };
  };
  return [
    // Blink through blinkpy: the start in UTC.
    make('front-porch', '09:30:22', 60, 'porch-day', (start) => {
      const [date = '', time = ''] = utc(start).slice(0, 19).split('T');
      return `front-porch-${date}t${time.replaceAll(':', '-')}z.mp4`;
    }),
    // Ring, exported: the minute only, zone unproven, and downloaded 40 minutes later: a person must confirm it.
    make(
      'front-porch',
      '18:42:17',
      40,
      'driveway-dusk',
      (start) => `Ring_FrontPorch_${digits(start, 0, 12)}.mp4`,
      2400,
    ),
    // Reolink: start and end by the camera's clock; DST marks summer time.
    make('driveway', '18:50:10', 45, 'driveway-dusk', (start, end) => {
      const summer = local(start).offsetNanoseconds > local(Date.UTC(2026, 0, 1)).offsetNanoseconds;
      return `RecM02_${summer ? 'DST' : ''}${digits(start, 0, 8)}_${digits(start, 8, 14)}_${digits(end, 8, 14)}_0_A714C0A000_18A2F.mp4`;
    }),
    // UniFi: start and end in epoch milliseconds.
    make('back-gate', '22:14:05', 50, 'street-night', (start, end) => `FCECDA8FE96B_0_${start}_${end}.mp4`),
    // Frigate: UTC date and hour as folders, minute and second as the name.
    make('shop-door', '12:05:10', 30, 'shop-front', (start) => {
      const at = utc(start);
      return `${at.slice(0, 10)}/${at.slice(11, 13)}/shop_door/${at.slice(14, 16)}.${at.slice(17, 19)}.mp4`;
    }),
    // Tapo through Home Assistant: start and end in epoch seconds.
    make('cabin', '09:31:00', 30, 'porch-day', (start, end) => `${start / 1000}-${end / 1000}.mp4`),
  ];
};

/** The whole town, timed so that its day of events is the day before `anchor`'s local day. */
export const demoTown = (anchor: EpochMs): DemoTown => ({
  anchor,
  agencies: [
    {
      id: 'wrenfield-police',
      signer: 'police',
      name: 'Wrenfield Police Department',
      kind: 'police',
      place: 'Wrenfield, Nevada (invented)',
      contact: 'records@police.wrenfield.example',
      status: 'active',
    },
    {
      id: 'wrenfield-fire',
      signer: 'fire',
      name: 'Wrenfield Fire and Rescue',
      kind: 'fire',
      place: 'Wrenfield, Nevada (invented)',
      contact: 'investigations@fire.wrenfield.example',
      status: 'active',
    },
  ],
  reviewer: { id: 'reviewer-okafor', name: 'N. Okafor, request reviewer' },
  cameras: cameras(anchor),
  recordings: recordings(anchor),
  requests: townRequests((days, at) => townInstant(anchor, days, at), anchor),
});

/** What `/demo/town.json` says. `sizes` gives each made file's length in bytes by its path; files not made are left out. */
export const demoTownFile = (town: DemoTown, sizes: Readonly<Record<string, number>>): DemoTownFile => ({
  cameras: town.cameras,
  recordings: town.recordings.flatMap(({ path, cameraId, lastModified }) => {
    const bytes = sizes[path];
    return bytes === undefined ? [] : [{ path, cameraId, bytes, lastModified }];
  }),
});
