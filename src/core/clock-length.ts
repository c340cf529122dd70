/** A length of time as clocks show it. */
import type { Ms } from '../contracts/units.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `00:02:10`, up to a hundred hours; beyond that in days. A part of a second counts as one. */
export const clockLength = (ms: Ms): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 100) return `${Math.round(hours / 24)} days`;
  return `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};
