/** The demo town's requests, good and bad: which of them match, and why the others do not. */
import type { EpochMs } from '../../src/contracts/units.ts';
import { openRequests } from './town-open-requests.ts';
import { closedOrBadRequests, earlierRequests } from './town-other-requests.ts';
import { DAY, MINUTE, type Instant, type TownRequest } from './town-sketch.ts';

/** All requests of the town, oldest first. `at` gives instants by days from the anchor's local day and wall-clock time. */
export const townRequests = (at: Instant, anchor: EpochMs): TownRequest[] => {
  const common = { posted: anchor - 30 * MINUTE, expires: anchor + 14 * DAY };
  return [...earlierRequests(at, anchor), ...openRequests(at, common), ...closedOrBadRequests(at, common)];
};
