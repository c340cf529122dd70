/**
 * Judges the picture of a clip whose recording is damaged there. What a decoder shows of damaged pictures, and at which time, depends on
 * what it has seen before, so that even the recording, decoded twice, differs: what is judged are the packets, by the index that ffprobe reads.
 */
import type { Seconds } from '../../src/contracts/units.ts';
import type { Packet } from './probe.ts';
import type { Source } from './source.ts';
import type { Window } from './windows.ts';

export interface Stretch {
  readonly from: Seconds;
  readonly to: Seconds;
}

const ROUNDING_US = 1.01;
const micros = ({ from }: Packet): number => Math.round(from * 1e6);

/** Whether a time lies in one of these, from first to last frame. */
export const isWithin = (us: number, stretches: readonly Stretch[]): boolean =>
  stretches.some(({ from, to }) => us >= Math.round(from * 1e6) && us <= Math.round(to * 1e6));

/** The recording's packets of the window that the clip must hold, in presentation order: all but those that are told to be missing. */
export const packetsOf = (source: Source, window: Window, missing: readonly Stretch[]): readonly Packet[] =>
  source.probe.packets
    .filter(
      (packet) =>
        packet.stream === source.video.index &&
        !packet.isDiscarded &&
        micros(packet) >= Math.round(window.from * 1e6) &&
        micros(packet) < Math.round(window.to * 1e6) &&
        !isWithin(micros(packet), missing),
    )
    .toSorted((a, b) => a.from - b.from);

/** `wanted` are the recording's packets, `samples` the clip's in any order; `original` clips may lack some at both ends. */
export const judgeDamaged = (
  wanted: readonly Packet[],
  samples: readonly Packet[],
  { mode }: Window,
  tickUs: number,
): readonly string[] => {
  const found = samples.map(micros).toSorted((a, b) => a - b);
  const own = wanted.map(micros);
  const isInStep = (offset: number): boolean =>
    found.every(
      (us, index) =>
        Math.abs(us - (found[0] ?? 0) - ((own[offset + index] ?? NaN) - (own[offset] ?? NaN))) <= tickUs + ROUNDING_US,
    );
  if (mode === 'original') {
    return own.some((_, offset) => isInStep(offset)) ? [] : ['the packets are no stretch of the damaged recording'];
  }
  if (found.length !== own.length) return [`${found.length} packets instead of ${own.length} of a damaged stretch`];
  return isInStep(0) ? [] : ['packets of a damaged stretch are not at their times'];
};
