/** The windows that every recording is cut by: ends, middles, single frames, none, and boundaries on and beside a frame's time. */
import type { Seconds } from '../../src/contracts/units.ts';
import type { TrimMode } from '../../src/contracts/trim-api.ts';

export interface Window {
  /** What is special about it, in a word or three; unique for one recording. */
  readonly kind: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly mode: TrimMode;
  readonly mute: boolean;
}

/** Re-encoding every picture in the browser is slow: a redacted window has at most so many, and lasts at most so long. */
const MOST_REDACTED = { frames: 40, us: 2_000_000 } as const;
/** How far a window may reach over the recording's ends: cameras and requests disagree by minutes. */
const BEYOND = { beforeUs: 5_000_000, afterUs: 60_000_000 } as const;

/**
 * Windows over a recording whose pictures are shown at `shown` (microseconds, ascending, not empty) and whose
 * keyframes are at `keys`. Kinds that a recording is too short for are left out.
 */
export const windowsFor = (shown: readonly number[], keys: readonly number[]): readonly Window[] => {
  const count = shown.length;
  const at = (index: number): number => shown[Math.min(count - 1, Math.max(0, Math.floor(index)))] ?? 0;
  const first = at(0);
  const last = at(count - 1);
  const place = (share: number): number => Math.round(first + (last - first) * share);
  const window = (kind: string, fromUs: number, toUs: number, mode: TrimMode = 'exact', mute = false): Window => ({
    ...{ kind, mode, mute },
    ...{ from: Number((fromUs / 1e6).toFixed(6)), to: Number((toUs / 1e6).toFixed(6)) },
  });
  const windows = [
    window('start', first, Math.max(first + 1, place(0.4))),
    window('both ends', first, last + 1),
    window('beyond both ends', first - BEYOND.beforeUs, last + BEYOND.afterUs),
  ];
  if (count < 3) return windows;

  const [groupFrom, groupTo] = longestGroup(first, last, keys);
  const middle = Math.floor(count / 2);
  const [begin, end] = frameBounds(shown, keys);
  const redactFrom = Math.floor(count * 0.31);
  const redactTo = Math.min(place(0.31) + MOST_REDACTED.us, at(redactFrom + MOST_REDACTED.frames));
  windows.push(
    window('middle', place(0.31), place(0.72)),
    window('inside a group', groupFrom + (groupTo - groupFrom) * 0.25, groupFrom + (groupTo - groupFrom) * 0.75),
    window('end', place(0.55), last + 5_000_000),
    window('one frame', at(middle), at(middle + 1)),
    window('no frame', at(middle) + 1, at(middle + 1)),
    window('on frames', begin, end),
    window('1 µs after frames', begin + 1, end + 1),
    window('1 µs before frames', begin - 1, end - 1),
    window(
      'original',
      keys.some((key) => key > place(0.2) && key < place(0.6)) ? place(0.2) : first,
      place(0.8),
      'original',
    ),
    window('redacted, mute', at(redactFrom), Math.max(at(redactFrom) + 1, redactTo), 'redacted', true),
  );
  return windows.filter(({ from, to }) => from < to);
};

/** The longest stretch between neighbouring keyframes (the recording's end counts as one). */
const longestGroup = (first: number, last: number, keys: readonly number[]): readonly [number, number] => {
  const marks = [...new Set([first, ...keys.filter((key) => key > first && key < last), last])].sort((a, b) => a - b);
  const groups = marks.slice(1).map((mark, index) => [marks[index] ?? first, mark] as const);
  return groups.reduce((longest, group) => (group[1] - group[0] > longest[1] - longest[0] ? group : longest));
};

/** Two frames' times: one in the first half; a keyframe's, where there is one, in the second. */
const frameBounds = (shown: readonly number[], keys: readonly number[]): readonly [number, number] => {
  const begin = shown[Math.floor(shown.length * 0.3)] ?? 0;
  const later = shown.filter((us) => us > begin);
  const keyframe = keys.filter((us) => later.includes(us)).at(-1);
  return [begin, keyframe ?? later[Math.floor(later.length * 0.7)] ?? begin + 1];
};

/** Every kind of window turns up as one goes from recording to recording, though each has only `most` of them. */
export const someOf = (windows: readonly Window[], recording: number, most: number): readonly Window[] =>
  windows.length <= most
    ? windows
    : Array.from({ length: most }, (_, step) => windows[(recording * most + step * 5) % windows.length]).filter(
        (window, index, all): window is Window => window !== undefined && all.indexOf(window) === index,
      );
