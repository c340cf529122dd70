/** What is said of a damaged stretch: how much, when by the wall clock, and why. */
import type { DamagedStretch } from '../core/clip-damage.ts';
import type { ZoneId } from '../contracts/units.ts';
import { clockTime, clockTimeMs, duration, timeRange, zoneName } from './format.ts';

/** Below this the second alone does not say which pictures are meant. */
const SHORT_MS = 2_000;

/** `4 s of the picture are missing from 18:03:10 PST: the recording is damaged there.` */
export const damageSentence = ({ kind, from, to }: DamagedStretch, zone: ZoneId): string => {
  const start = to - from < SHORT_MS ? clockTimeMs(from, zone) : clockTime(from, zone, true);
  return kind === 'missing'
    ? `${duration(to - from)} of the picture are missing from ${start} ${zoneName(from, zone)}: the recording is damaged there.`
    : `The recording is damaged at ${timeRange({ from, to }, zone, true)} (${duration(to - from)}): the clip shows what a player makes of it.`;
};
