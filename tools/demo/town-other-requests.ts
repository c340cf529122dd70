/** The demo town's requests that nothing may be matched with: rejected, unreviewed, forged, expired, wrongly approved. */
import type { EpochMs } from '../../src/contracts/units.ts';
import {
  ALDER_STREET,
  circle,
  DAY,
  documentBy,
  type Instant,
  iso,
  MAIN_STREET,
  MINUTE,
  type Sketch,
  type TownRequest,
} from './town-sketch.ts';

/** Requests that no page may match, each for a reason of its own. */
export const closedOrBadRequests = (at: Instant, common: Pick<Sketch, 'posted' | 'expires'>): TownRequest[] => [
  {
    // What the rules are for: the reviewer says no, and everybody can read it in the agency's history.
    signer: 'police',
    entry: 'rejected',
    document: documentBy('police', {
      ...common,
      id: 'wpd-main-march',
      case: '26-1048',
      title: 'Who took part in the march on Main Street?',
      description: 'Send everything that shows people on their way to or from the march.',
      incidentType: 'Public assembly',
      crime: 'None known',
      incident: MAIN_STREET,
      placeName: 'Main Street',
      area: circle(MAIN_STREET, 350),
      window: [at(-1, '14:00:00'), at(-1, '16:00:00')],
      policy: 'npss',
    }),
    rejection: {
      code: 'lawful-activity',
      reason: 'A march is lawful activity. Ask about one incident, not about who was there.',
      at: common.posted + 15 * MINUTE,
    },
  },
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
export const earlierRequests = (at: Instant, anchor: EpochMs): TownRequest[] => [
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
