/** The demo town's requests that its hub accepts and publishes; some match the demo recordings. */
import {
  ALDER_STREET,
  circle,
  documentBy,
  GRAIN_STORE,
  type Instant,
  MAIN_STREET,
  MINUTE,
  rectangle,
  type Sketch,
  type TownRequest,
} from './town-sketch.ts';

/** Requests that the hub accepts: all open, some matching. */
export const openRequests = (at: Instant, common: Pick<Sketch, 'posted' | 'expires'>): TownRequest[] => [
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
