/** The demo town's requests, good and bad: which of them match, and why the others do not. */
import type { Area, FootageRequest } from '../../src/contracts/request.ts';
import type { EpochMs, Position } from '../../src/contracts/units.ts';

/** How a request enters the record; everything but `approved` and `unreviewed` is what the hub itself would refuse. */
export type Entry =
  /** Posted and approved through the hub's API. */
  | 'approved'
  /** Posted through the API and not yet approved, and shown in the feed all the same. */
  | 'unreviewed'
  /** Signed, approved and published long ago; expired since. */
  | 'published-earlier'
  /** Signed and approved although it breaks its policy. */
  | 'approved-wrongly'
  /** Its text was changed after it was signed. */
  | 'altered'
  /** Signed by somebody whom the directory does not know. */
  | 'unknown-agency';

export interface TownRequest {
  readonly signer: 'police' | 'fire' | 'stranger';
  readonly entry: Entry;
  readonly document: Omit<FootageRequest, 'seq' | 'prev'>;
  /** For `altered`: what the forger changed. */
  readonly alteration?: Partial<FootageRequest>;
  readonly status?: { readonly status: 'resolved' | 'withdrawn'; readonly reason: string; readonly at: EpochMs };
}

const MINUTE = 60_000;
const DAY = 86_400_000;

const ALDER_STREET: Position = [-119.0507, 40.8704];
const MAIN_STREET: Position = [-119.0586, 40.8795];
const GRAIN_STORE: Position = [-119.012, 40.868];

/** A closed rectangle of half-widths in degrees, counter-clockwise. */
const rectangle = ([lng, lat]: Position, halfLng: number, halfLat: number): Position[] => [
  [lng - halfLng, lat - halfLat],
  [lng + halfLng, lat - halfLat],
  [lng + halfLng, lat + halfLat],
  [lng - halfLng, lat + halfLat],
  [lng - halfLng, lat - halfLat],
];

const circle = (center: Position, radiusM: number): Area => ({ type: 'Circle', center, radiusM });

const DETECTIVE = {
  name: 'Det. Maria Lindqvist',
  email: 'm.lindqvist@police.wrenfield.example',
  telephone: '+1 775 555 0142',
};
const FIRE_INVESTIGATOR = { name: 'Lt. Tom Abara', email: 't.abara@fire.wrenfield.example' };

type Instant = (days: number, at: string) => EpochMs;

interface Sketch {
  readonly id: string;
  readonly case: string;
  readonly title: string;
  readonly description: string;
  readonly incidentType: string;
  readonly crime?: string;
  readonly incident: Position;
  readonly placeName: string;
  readonly area: Area;
  readonly window: readonly [EpochMs, EpochMs];
  readonly posted: EpochMs;
  readonly expires: EpochMs;
  readonly policy: FootageRequest['policy'];
}

const iso = (instant: EpochMs): string => new Date(instant).toISOString();

const documentBy = (signer: TownRequest['signer'], sketch: Sketch): TownRequest['document'] => ({
  id: sketch.id,
  agency: signer === 'stranger' ? 'basin-task-force' : `wrenfield-${signer}`,
  caseNumber: sketch.case,
  incidentType: sketch.incidentType,
  suspectedCrime: sketch.crime ?? '',
  title: sketch.title,
  description: sketch.description,
  investigator: signer === 'fire' ? FIRE_INVESTIGATOR : DETECTIVE,
  incident: sketch.incident,
  placeName: sketch.placeName,
  area: sketch.area,
  window: { from: iso(sketch.window[0]), to: iso(sketch.window[1]), zone: 'America/Los_Angeles' },
  posted: iso(sketch.posted),
  expires: iso(sketch.expires),
  policy: sketch.policy,
});

/** Requests that the hub accepts: all open, some matching. */
const openRequests = (at: Instant, common: Pick<Sketch, 'posted' | 'expires'>): TownRequest[] => [
  {
    // Twelve minutes around the porch's 60-second recording of 09:30:22; the cabin recorded then too, far away.
    signer: 'police',
    entry: 'approved',
    document: documentBy('police', {
      ...common,
      id: 'wpd-alder-parcels',
      case: '26-1041',
      title: 'Parcels taken from porches on Alder Street',
      description: 'Three parcels were taken within minutes. We look for a person on foot with a blue hand cart.',
      incidentType: 'Theft',
      crime: 'Petit larceny of parcels',
      incident: ALDER_STREET,
      placeName: 'Alder Street at Second',
      area: circle(ALDER_STREET, 400),
      window: [at(-1, '09:24:00'), at(-1, '09:36:00')],
      policy: 'npss',
    }),
  },
  {
    // Half an hour around the driveway's recording; the porch's Ring export lies inside it, once its time is confirmed.
    signer: 'police',
    entry: 'approved',
    document: documentBy('police', {
      ...common,
      id: 'wpd-second-hit-and-run',
      case: '26-1044',
      title: 'Cyclist struck at Second Street, driver left',
      description: 'A light-coloured van with a roof rack left towards the highway. The cyclist is recovering.',
      incidentType: 'Traffic collision',
      crime: 'Hit and run with injury',
      incident: [-119.0512, 40.8696],
      placeName: 'Second Street at Birch Lane',
      area: { type: 'Polygon', coordinates: [rectangle([-119.051, 40.8699], 0.003, 0.002)] },
      window: [at(-1, '18:40:00'), at(-1, '19:10:00')],
      policy: 'rfa-2021',
    }),
  },
  {
    // Twenty seconds inside the back gate's 50-second recording of 22:14:05.
    signer: 'fire',
    entry: 'approved',
    document: documentBy('fire', {
      ...common,
      id: 'wfr-alder-shed',
      case: 'F26-207',
      title: 'How did the shed behind Alder Street catch fire?',
      description: 'A flash was reported at a known moment. We ask for these twenty seconds only.',
      incidentType: 'Structure fire',
      incident: [-119.0493, 40.8693],
      placeName: 'Alley behind Alder Street',
      area: circle([-119.0493, 40.8693], 250),
      window: [at(-1, '22:14:15'), at(-1, '22:14:35')],
      policy: 'npss',
    }),
  },
  {
    // Two blocks of Main Street with the fire station's yard cut out of one; the shop's recording of 12:05:10.
    signer: 'fire',
    entry: 'approved',
    document: documentBy('fire', {
      ...common,
      id: 'wfr-main-smoke',
      case: 'F26-209',
      title: 'Smoke over Main Street at noon',
      description: 'We want to see from which roof the first smoke rose.',
      incidentType: 'Smoke investigation',
      incident: MAIN_STREET,
      placeName: 'Main Street at the old bank',
      area: {
        type: 'MultiPolygon',
        coordinates: [
          [rectangle([-119.0585, 40.88], 0.002, 0.0015), rectangle([-119.0575, 40.8808], 0.0004, 0.0003)],
          [rectangle([-119.0585, 40.877], 0.002, 0.001)],
        ],
      },
      window: [at(-1, '12:00:00'), at(-1, '12:15:00')],
      policy: 'npss',
    }),
  },
  {
    // The right time, three kilometres away: no camera is inside.
    signer: 'police',
    entry: 'approved',
    document: documentBy('police', {
      ...common,
      id: 'wpd-grain-store',
      case: '26-1042',
      title: 'Break-in at the grain store',
      description: 'A side door was forced. Any vehicle on Mill Road is of interest.',
      incidentType: 'Burglary',
      crime: 'Commercial burglary',
      incident: GRAIN_STORE,
      placeName: 'Mill Road 9',
      area: circle(GRAIN_STORE, 500),
      window: [at(-1, '09:00:00'), at(-1, '10:00:00')],
      policy: 'rfa-2021',
    }),
  },
  {
    // The right place, at night when no camera of the household recorded.
    signer: 'police',
    entry: 'approved',
    document: documentBy('police', {
      ...common,
      id: 'wpd-alder-windows',
      case: '26-1046',
      title: 'Car windows broken in the small hours',
      description: 'Five parked cars were damaged between the bakery and the school.',
      incidentType: 'Vandalism',
      crime: 'Malicious destruction of property',
      incident: ALDER_STREET,
      placeName: 'Alder Street',
      area: circle(ALDER_STREET, 350),
      window: [at(-1, '02:00:00'), at(-1, '05:00:00')],
      policy: 'rfa-2021',
    }),
  },
  {
    // Answered: the agency closed it itself.
    signer: 'fire',
    entry: 'approved',
    document: documentBy('fire', {
      ...common,
      id: 'wfr-hydrant',
      case: 'F26-206',
      title: 'Hydrant sheared off on Alder Street',
      description: 'We look for the vehicle that hit the hydrant.',
      incidentType: 'Damage to a hydrant',
      incident: ALDER_STREET,
      placeName: 'Alder Street at First',
      area: circle(ALDER_STREET, 300),
      window: [at(-1, '09:00:00'), at(-1, '10:00:00')],
      policy: 'npss',
    }),
    status: { status: 'resolved', reason: 'The driver came forward.', at: common.posted + 20 * MINUTE },
  },
];

/** Requests that no page may match, each for a reason of its own. */
const closedOrBadRequests = (at: Instant, common: Pick<Sketch, 'posted' | 'expires'>): TownRequest[] => [
  {
    // Waits for its reviewer.
    signer: 'fire',
    entry: 'unreviewed',
    document: documentBy('fire', {
      ...common,
      id: 'wfr-bins',
      case: 'F26-210',
      title: 'Burning bins behind the school',
      description: 'Who was near the bins in the evening?',
      incidentType: 'Rubbish fire',
      incident: ALDER_STREET,
      placeName: 'School yard, Alder Street',
      area: circle(ALDER_STREET, 300),
      window: [at(-1, '18:30:00'), at(-1, '19:30:00')],
      policy: 'npss',
    }),
  },
  {
    // Signed for an area of 300 m; somebody widened it, and the window, afterwards.
    signer: 'police',
    entry: 'altered',
    document: documentBy('police', {
      ...common,
      id: 'wpd-bicycle',
      case: '26-1047',
      title: 'Bicycle taken from Birch Lane',
      description: 'A child’s bicycle was taken from a front garden.',
      incidentType: 'Theft',
      crime: 'Petit larceny of a bicycle',
      incident: ALDER_STREET,
      placeName: 'Birch Lane 3',
      area: circle(ALDER_STREET, 300),
      window: [at(-1, '18:45:00'), at(-1, '18:55:00')],
      policy: 'npss',
    }),
    alteration: {
      area: circle(ALDER_STREET, 800),
      window: { from: iso(at(-1, '08:00:00')), to: iso(at(-1, '20:00:00')), zone: 'America/Los_Angeles' },
    },
  },
  {
    // A name that sounds official, in nobody's directory.
    signer: 'stranger',
    entry: 'unknown-agency',
    document: documentBy('stranger', {
      ...common,
      id: 'btf-vehicles',
      case: 'BTF-3',
      title: 'All vehicles on Alder Street',
      description: 'The task force wants to know who came and went.',
      incidentType: 'Surveillance',
      crime: 'Unspecified',
      incident: ALDER_STREET,
      placeName: 'Alder Street',
      area: circle(ALDER_STREET, 500),
      window: [at(-1, '09:00:00'), at(-1, '19:00:00')],
      policy: 'npss',
    }),
  },
];

/** Requests of earlier days: published before the hub's checks could see them as they are now. */
const earlierRequests = (at: Instant, anchor: EpochMs): TownRequest[] => [
  {
    signer: 'police',
    entry: 'published-earlier',
    document: documentBy('police', {
      id: 'wpd-garage',
      case: '26-0998',
      title: 'Tools taken from a garage on Birch Lane',
      description: 'Nobody needs to look any more: this request has run out.',
      incidentType: 'Burglary',
      crime: 'Residential burglary',
      incident: ALDER_STREET,
      placeName: 'Birch Lane 11',
      area: circle(ALDER_STREET, 300),
      window: [at(-9, '13:00:00'), at(-9, '15:00:00')],
      posted: at(-8, '10:00:00'),
      expires: anchor - DAY,
      policy: 'npss',
    }),
  },
  {
    // The reviewer should not have approved this: 36 hours, and more than a mile across.
    signer: 'police',
    entry: 'approved-wrongly',
    document: documentBy('police', {
      id: 'wpd-wide-net',
      case: '26-1031',
      title: 'Anything unusual in the west of town',
      description: 'Send everything you have.',
      incidentType: 'Suspicious circumstances',
      crime: 'Loitering',
      incident: ALDER_STREET,
      placeName: 'West Wrenfield',
      area: circle(ALDER_STREET, 2_000),
      window: [at(-2, '08:00:00'), at(-1, '20:00:00')],
      posted: anchor - 40 * MINUTE,
      expires: anchor + 10 * DAY,
      policy: 'npss',
    }),
  },
];

/** All requests of the town, oldest first. `at` gives instants by days from the anchor's local day and wall-clock time. */
export const townRequests = (at: Instant, anchor: EpochMs): TownRequest[] => {
  const common = { posted: anchor - 30 * MINUTE, expires: anchor + 14 * DAY };
  return [...earlierRequests(at, anchor), ...openRequests(at, common), ...closedOrBadRequests(at, common)];
};
