/** VP9 as the audit reads it: superframes, and which of their frames are shown (VP9 bitstream specification, §6.1, annex B). */
import type { Finding } from '../findings.ts';
import { Bits } from './nal-units.ts';
import { NO_CONFIGURATION, type FrameParts, type VideoRules } from './video-rules.ts';

interface Superframe {
  readonly frames: readonly Uint8Array[];
  /** Bytes that no frame owns. */
  readonly waste: number;
}

/** Annex B: an index at the end, framed by the same marker byte twice; without one the packet is one frame. */
const framesOf = (packet: Uint8Array): Superframe | null => {
  const marker = packet.at(-1) ?? 0;
  const count = (marker & 7) + 1;
  const width = ((marker >> 3) & 3) + 1;
  const index = 2 + count * width;
  if (marker >> 5 !== 6 || packet.length < index || packet[packet.length - index] !== marker) {
    return { frames: [packet], waste: 0 };
  }
  const frames: Uint8Array[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame += 1) {
    let size = 0;
    const field = packet.length - index + 1 + frame * width;
    for (let byte = width - 1; byte >= 0; byte -= 1) size = size * 256 + (packet[field + byte] ?? 0);
    if (at + size > packet.length - index) return null;
    if (size > 0) frames.push(packet.subarray(at, at + size));
    at += size;
  }
  return { frames, waste: packet.length - index - at };
};

interface FrameFacts {
  readonly key: boolean;
  readonly shown: boolean;
}

/** The beginning of the uncompressed header, §6.2; null when it is no VP9 frame. */
const factsOf = (frame: Uint8Array): FrameFacts | null => {
  const bits = new Bits(frame.subarray(0, 4));
  if (bits.take(2) !== 2) return null;
  const low = bits.bit();
  const profile = bits.bit() * 2 + low;
  if (profile === 3) bits.bit();
  if (bits.bit() === 1) return { key: false, shown: true };
  const key = bits.bit() === 0;
  return { key, shown: bits.bit() === 1 };
};

const split = (packet: Uint8Array): FrameParts | null => {
  const found = framesOf(packet);
  if (found === null || found.frames.length === 0) return null;
  const facts = found.frames.map(factsOf);
  const findings: Finding[] = [];
  if (found.waste > 0)
    findings.push({
      rule: 'unaccounted-bytes',
      detail: `${found.waste} bytes that belong to no frame of its superframe`,
    });
  if (facts.some((each) => each === null)) return null;
  const shows = facts.filter((each) => each?.shown === true).length;
  return {
    picture: [packet],
    companions: [],
    cleanStart: facts[0]?.key === true && facts[0].shown,
    openStart: facts[0]?.key === true,
    leading: false,
    shows,
    hides: facts.length - shows,
    endsSequence: false,
    needsEnd: false,
    findings,
  };
};

export const VP9_RULES: VideoRules = {
  codec: 'vp9',
  configuration: () => NO_CONFIGURATION,
  split,
  formatOf: () => null,
};
