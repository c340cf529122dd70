/** Rules 1 and 2 for sound that is kept packet for packet: only whole packets of the window, the camera's own bytes. */
import type { AuditJob, AuditReport } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import { align, toleranceOf, type Placed } from './align.ts';
import type { ClipTrack } from './clip-file.ts';
import type { Findings } from './findings.ts';
import type { SourceSound } from './source-sound.ts';
import { intervalBelongs, show } from './window.ts';

/** Microseconds by which a packet at the very edge may be left out: decimal times of the same instant differ by as much. */
const EDGE_SLACK = 2;

export interface ClipPacket extends Placed {
  /** 1-based, in decode order. */
  readonly number: number;
  readonly duration: Seconds;
}

export interface SoundVerdict {
  readonly audio: NonNullable<AuditReport['audio']> | null;
  /** Add to the track's media time to get the source's. */
  readonly offset: Seconds;
  readonly tolerance: Seconds;
}

/** Compares the clip's packets with the source's. Everything wrong goes into `findings`. */
export const compareAudio = (
  track: ClipTrack,
  clipPackets: readonly ClipPacket[],
  source: SourceSound,
  job: AuditJob,
  findings: Findings,
): SoundVerdict => {
  const packets = clipPackets.toSorted((a, b) => a.at - b.at);
  const inside = source.samples.filter((sample) => intervalBelongs(job, sample.at, sample.duration));
  const tolerance = toleranceOf(1 / track.timescale, source.tick);
  const { offset, matches } = align(packets, source.samples, (inside[0]?.at ?? 0) - (packets[0]?.at ?? 0), tolerance);
  const claimed = new Set<number>();
  let audio: { from: Seconds; to: Seconds; packets: number } | null = null;

  packets.forEach((packet, position) => {
    const match = matches[position];
    const index = match?.index ?? null;
    const own = index === null ? undefined : source.samples[index];
    const at = packet.at + offset;
    // A packet that is not the source's cannot be shown to lie in the window at all.
    if (own === undefined || own.hash !== packet.hash || !intervalBelongs(job, own.at, own.duration, EDGE_SLACK)) {
      const what =
        own?.hash === packet.hash
          ? `is the source’s sound of ${show(own.at)}–${show(own.at + own.duration)}`
          : `at ${show(at)} is not a packet of the source`;
      findings.add(
        'sample-outside-window',
        `Sound sample ${packet.number} ${what}; the window is ${show(job.from)}–${show(job.to)}.`,
      );
      return;
    }
    if (match?.by === 'bytes')
      findings.add(
        'wrong-timestamp',
        `Sound sample ${packet.number} lies at ${show(at)} and belongs at ${show(own.at)}.`,
      );
    if (index !== null && claimed.has(index))
      findings.add('frame-extra', `Sound sample ${packet.number} repeats the source’s sound of ${show(own.at)}.`);
    if (index !== null) claimed.add(index);
    audio = {
      from: Math.min(audio?.from ?? own.at, own.at),
      to: Math.max(audio?.to ?? 0, own.at + own.duration),
      packets: (audio?.packets ?? 0) + 1,
    };
  });

  const numbers = [...claimed].toSorted((a, b) => a - b);
  source.samples.forEach((sample, index) => {
    const atAnEnd = job.mode === 'original' && (index < (numbers[0] ?? 0) || index > (numbers.at(-1) ?? Infinity));
    if (claimed.has(index) || atAnEnd || !intervalBelongs(job, sample.at, sample.duration, -EDGE_SLACK)) return;
    findings.add(
      'frame-missing',
      `The source’s sound of ${show(sample.at)} belongs to the window and is not in the clip.`,
    );
  });
  return { audio, offset, tolerance };
};
