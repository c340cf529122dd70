/** Gathers the sound that lies wholly inside the window, on the source's timeline, as samples of a clip. */
import type { SoundFormat, WebmSound } from './audio-format.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { ClipSample } from './mp4-writer.ts';

export interface AudioCut {
  readonly timescale: number;
  /** For MP4; without a byte where that has no place for this sound. */
  readonly sampleEntry: Bytes;
  /** For WebM; null where it has no place for this sound. */
  readonly webm: WebmSound | null;
  /** Ticks count from the first sample. Never empty. */
  readonly samples: readonly ClipSample[];
  readonly endTicks: number;
  /** Presentation time of the first sample on the source's timeline, in seconds. */
  readonly startsAt: number;
}

/** A stretch of coded sound on the source's timeline, in seconds. */
export interface SoundPacket {
  readonly data: Uint8Array;
  readonly at: number;
  readonly duration: number;
}

export interface SoundWindow {
  readonly from: number;
  readonly to: number;
  /** Sound before this is for the decoder alone (priming): 0, or −∞ where a stream's own clock may lie below 0. */
  readonly shownFrom: number;
  /** Where the source's own edit list ends the track, in seconds; Infinity when it does not. */
  readonly shownUntil: number;
}

export interface SoundGatherer {
  /** Takes a packet, in the order of the file. */
  offer(packet: SoundPacket): void;
  /** Null when nothing lies wholly inside the window. */
  cut(): AudioCut | null;
}

interface Piece {
  readonly data: Uint8Array;
  readonly at: number;
  readonly duration: number;
}

const microseconds = (seconds: number): number => Math.round(seconds * 1e6);

/** `from ≤ start` and `end ≤ to`, in whole microseconds; nothing that the source hides before its beginning or behind its end. */
const belongs = (window: SoundWindow, start: number, end: number): boolean =>
  start >= window.shownFrom &&
  start < window.shownUntil &&
  microseconds(start) >= microseconds(window.from) &&
  microseconds(end) <= microseconds(window.to);

/** Packets stay whole. `timescale` is the source's, in ticks a second. */
export const gatherPackets = (format: SoundFormat, window: SoundWindow, timescale: number): SoundGatherer => {
  const kept: Piece[] = [];
  return {
    offer: (packet) => {
      if (!belongs(window, packet.at, packet.at + packet.duration)) return;
      const data = format.clean(packet.data);
      if (data) kept.push({ ...packet, data });
    },
    cut: () => {
      const [first] = kept;
      if (!first) return null;
      const start = Math.round(first.at * timescale);
      const samples: ClipSample[] = [];
      let end = 0;
      for (const { data, at, duration } of kept) {
        // Timestamps that stand still or go back a little cannot be written: such a packet follows one tick behind.
        const ticks = Math.max(Math.round(at * timescale) - start, (samples.at(-1)?.ticks ?? -1) + 1);
        samples.push({ data, ticks, sync: true });
        end = ticks + Math.max(1, Math.round((at + duration) * timescale) - Math.round(at * timescale));
      }
      return {
        timescale,
        sampleEntry: format.sampleEntry ?? new Uint8Array(),
        webm: format.webm,
        samples,
        endTicks: end,
        startsAt: start / timescale,
      };
    },
  };
};

/** A stretch this long becomes one object, whatever the source's packets are: chunks interleave well with the picture. */
const PIECE_SECONDS = 0.25;
/** Timestamps of containers that count milliseconds wander by one of them around an even flow of samples. */
const JITTER_SECONDS = 0.0021;

/**
 * Plain samples are cut to the very frame: frame i of a packet sounds from `at + i / rate` to `at + (i + 1) / rate`. They flow on
 * evenly, as they were sampled; where the source's timestamps leave a gap longer than their own rounding, the gap is kept.
 */
export const gatherFrames = (
  format: SoundFormat,
  { frameBytes, rate }: NonNullable<SoundFormat['pcm']>,
  window: SoundWindow,
): SoundGatherer => {
  const samples: ClipSample[] = [];
  let startsAt = 0;
  let end = 0;
  return {
    offer: (packet) => {
      const inside = framesInside(packet, frameBytes, rate, window);
      if (inside.count === 0) return;
      const at = packet.at + inside.first / rate;
      if (samples.length === 0) startsAt = at;
      const stamped = Math.round((at - startsAt) * rate);
      let ticks = stamped - end > Math.max(1, JITTER_SECONDS * rate) ? stamped : end;
      const most = Math.max(1, Math.floor(PIECE_SECONDS * rate));
      for (let done = 0; done < inside.count; done += most) {
        const units = Math.min(most, inside.count - done);
        const begin = (inside.first + done) * frameBytes;
        samples.push({ data: packet.data.subarray(begin, begin + units * frameBytes), ticks, sync: true, units });
        ticks += units;
      }
      end = ticks;
    },
    cut: () =>
      samples.length === 0
        ? null
        : {
            timescale: rate,
            sampleEntry: format.sampleEntry ?? new Uint8Array(),
            webm: format.webm,
            samples,
            endTicks: end,
            startsAt,
          },
  };
};

const SLACK_FRAMES = 4;

const framesInside = (
  packet: SoundPacket,
  frameBytes: number,
  rate: number,
  window: SoundWindow,
): { readonly first: number; readonly count: number } => {
  const frames = Math.floor(packet.data.length / frameBytes);
  const isInside = (index: number): boolean =>
    belongs(window, packet.at + index / rate, packet.at + (index + 1) / rate);
  // One to each side of what arithmetic says, since the test is in whole microseconds.
  const least = Math.floor((Math.max(window.shownFrom, window.from) - packet.at) * rate) - 1;
  const most = Math.ceil((Math.min(window.to, window.shownUntil) - packet.at) * rate) + 1;
  let first = clamp(least, 0, frames);
  let end = clamp(most, first, frames);
  while (first < end && first < least + SLACK_FRAMES && !isInside(first)) first++;
  while (first < end && end > most - SLACK_FRAMES && !isInside(end - 1)) end--;
  return { first, count: end - first };
};

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
