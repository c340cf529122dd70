/** Seeded worlds for the match: cameras in a town, what they recorded, and circles that ask. */
import type { NumberedRequest } from '../../../src/contracts/match-api.ts';
import type { Position } from '../../../src/contracts/units.ts';
import { metresPerDegree } from '../../../src/core/geodesy.ts';
import { seededRandom } from '../../common/statistics.ts';

export interface SceneSize {
  readonly name: string;
  readonly cameras: number;
  readonly recordings: number;
  readonly requests: number;
  /** Sides of the squares in which cameras and requests lie, in metres, around one middle. */
  readonly homesM: number;
  readonly townM: number;
}

export const SIZES: Readonly<Record<string, SceneSize>> = {
  HOME: { name: 'HOME', cameras: 8, recordings: 20_000, requests: 5_000, homesM: 30, townM: 6_000 },
  SMALL: { name: 'SMALL', cameras: 100, recordings: 50_000, requests: 10_000, homesM: 300, townM: 6_000 },
  BLOCK: { name: 'BLOCK', cameras: 500, recordings: 1_000_000, requests: 100_000, homesM: 600, townM: 6_000 },
  MID: { name: 'MID', cameras: 5_000, recordings: 500_000, requests: 100_000, homesM: 20_000, townM: 20_000 },
  STRESS: {
    name: 'STRESS',
    cameras: 50_000,
    recordings: 5_000_000,
    requests: 1_000_000,
    homesM: 100_000,
    townM: 100_000,
  },
};

export const T0 = 1_790_000_000_000;
const MIDDLE: Position = [-122.27, 37.8];
const DAYS_MS = 30 * 86_400_000;

export interface Scene {
  readonly places: readonly Position[];
  /** Per camera, by start; whole milliseconds. */
  readonly starts: readonly Float64Array[];
  readonly lengths: readonly Float64Array[];
  readonly requests: readonly NumberedRequest[];
}

/** What one camera recorded, by start; whole milliseconds. */
export interface SceneCamera {
  readonly place: Position;
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
}

/** The same for the same size, wherever it is made: all cameras first, then all requests, none of which is kept here. */
export const sceneOf = (
  size: SceneSize,
  seed = 4,
): { readonly cameras: Iterable<SceneCamera>; readonly requests: Iterable<NumberedRequest> } => {
  const random = seededRandom(seed);
  const scale = metresPerDegree(MIDDLE[1]);
  const within = (side: number): Position => [
    MIDDLE[0] + ((random() - 0.5) * side) / scale.lng,
    MIDDLE[1] + ((random() - 0.5) * side) / scale.lat,
  ];
  const each = size.recordings / size.cameras;
  return {
    cameras: (function* () {
      for (let camera = 0; camera < size.cameras; camera += 1) {
        const place = within(size.homesM);
        const starts = Float64Array.from({ length: each }, () => T0 + Math.floor(random() * DAYS_MS)).sort();
        const lengths = Float64Array.from({ length: each }, () => 20_000 + Math.floor(random() * 70_000));
        yield { place, starts, lengths };
      }
    })(),
    requests: (function* () {
      for (let number = 0; number < size.requests; number += 1) {
        const [lng, lat] = within(size.townM);
        const from = T0 + Math.floor(random() * DAYS_MS);
        yield {
          id: `request-${number}`,
          number,
          area: { type: 'Circle', center: [lng, lat], radiusM: 100 + random() * 704 },
          window: { from, to: from + 900_000 + Math.floor(random() * 12_600_000) },
        };
      }
    })(),
  };
};

export const makeScene = (size: SceneSize): Scene => {
  const { cameras, requests } = sceneOf(size);
  const made = [...cameras];
  return {
    places: made.map(({ place }) => place),
    starts: made.map(({ starts }) => starts),
    lengths: made.map(({ lengths }) => lengths),
    requests: [...requests],
  };
};

/** The first request from some point of the list on that asks about the cameras' own neighbourhood; others concern nobody. */
export const askedHere = ({ requests }: Scene, i: number): NumberedRequest | undefined => {
  const scale = metresPerDegree(MIDDLE[1]);
  for (let k = 0; k < requests.length; k += 1) {
    const request = requests[(i * 7_919 + k) % requests.length];
    if (request?.area.type !== 'Circle') continue;
    const [lng, lat] = request.area.center;
    const far = Math.hypot((lng - MIDDLE[0]) * scale.lng, (lat - MIDDLE[1]) * scale.lat);
    if (far < request.area.radiusM) return request;
  }
  return undefined;
};

/** Sums that any engine can make of its matches, in any order; two different results hardly have the same. */
export interface Sums {
  readonly count: number;
  readonly pairs: number;
  readonly from: number;
  readonly to: number;
}

export const PRIME = 1_000_003;

/** `recording` is counted over all cameras, each camera's after the one before. */
export const createSums = () => {
  let [count, pairs, from, to] = [0, 0, 0, 0];
  return {
    add: (request: number, recording: number, start: number, end: number): void => {
      count += 1;
      pairs += ((request + 1) * (recording + 1)) % PRIME;
      from += (start - T0) % PRIME;
      to += (end - T0) % PRIME;
    },
    get: (): Sums => ({ count, pairs, from, to }),
  };
};

export const describeSums = ({ count, pairs, from, to }: Sums): string => `${count} ${pairs} ${from} ${to}`;
