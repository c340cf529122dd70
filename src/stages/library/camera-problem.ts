/** What is wrong with a camera before it is saved. */
import type { Camera } from '../../contracts/library.ts';
import { isZone } from '../../core/local-time.ts';

const LONGEST_NAME = 80;
/** A clock further off than this is not set at all: the person should type times instead. */
const LARGEST_OFFSET_MS = 50 * 365 * 86_400_000;

/** One sentence for the person, or null. */
export const cameraProblem = ({ name, place, zone, clockOffsetMs }: Camera): string | null => {
  if (name.trim() === '') return 'Give the camera a name.';
  if (name.length > LONGEST_NAME) return `The camera's name is longer than ${LONGEST_NAME} characters.`;
  if (!isZone(zone))
    return `${zone || 'Nothing'} is not a time zone that this browser knows. Use a name such as America/Los_Angeles.`;
  if (place) {
    const [lng, lat] = place;
    if (!(Math.abs(lat) <= 90)) return 'The latitude must lie between −90 and 90 degrees.';
    if (!(Math.abs(lng) <= 180)) return 'The longitude must lie between −180 and 180 degrees.';
  }
  return Math.abs(clockOffsetMs) <= LARGEST_OFFSET_MS ? null : 'The clock offset is not a usable length of time.';
};
