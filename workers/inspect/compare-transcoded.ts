/** Sound encoded anew, where clips cannot hold the source's codec: nothing proves its content, but its place and length must be the window's. */
import type { AuditJob } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import type { ClipTrack } from './clip-file.ts';
import type { SoundVerdict } from './compare-audio.ts';
import type { Findings } from './findings.ts';
import type { SourceSound } from './source-sound.ts';
import { intervalBelongs, show } from './window.ts';

/** An encoder's frame at the lowest usual rate (1024 samples at 8000 Hz), and rounding: as much may be lost at each end. */
const LOST_AT_AN_END: Seconds = 0.13;
/** Microseconds by which decimal times of the same instant may differ. */
const EDGE_SLACK = 2;

/** `sourceTimeOf` says where on the source's timeline a moment of the track's media lies, going by the picture, give or take `rounding`. */
export const compareTranscoded = (
  track: ClipTrack,
  source: SourceSound,
  job: AuditJob,
  sourceTimeOf: (mediaTime: Seconds) => Seconds,
  rounding: Seconds,
  findings: Findings,
): SoundVerdict => {
  const { from } = job;
  let first = Infinity;
  let last = -Infinity;
  for (const { number, pts, duration } of track.samples) {
    const at = sourceTimeOf(pts / track.timescale);
    const length = duration / track.timescale;
    first = Math.min(first, at);
    last = Math.max(last, at + length);
    if (!intervalBelongs(job, at, length, EDGE_SLACK + rounding * 1e6)) {
      findings.add(
        'sample-outside-window',
        `Sound sample ${number} lies at ${show(at)}–${show(at + length)}; the window is ${show(job.from)}–${show(job.to)}.`,
      );
    }
  }
  const sourceFirst = source.samples.find(({ at, duration }) => at + duration > from && at < job.to);
  const sourceLast = source.samples.findLast(({ at, duration }) => at + duration > from && at < job.to);
  const wantedFrom = Math.max(from, sourceFirst?.at ?? job.to);
  const wantedTo = Math.min(job.to, sourceLast === undefined ? from : sourceLast.at + sourceLast.duration);
  if (wantedTo <= wantedFrom) {
    findings.add('sample-outside-window', 'The clip has sound and the recording has none in the window.');
  } else if (job.mode !== 'original' && (first > wantedFrom + LOST_AT_AN_END || last < wantedTo - LOST_AT_AN_END)) {
    findings.add(
      'frame-missing',
      `The clip’s sound lasts from ${show(first)} to ${show(last)}; the recording’s in the window from ${show(wantedFrom)} to ${show(wantedTo)}.`,
    );
  }
  const firstAt = (track.samples[0]?.pts ?? 0) / track.timescale;
  return {
    audio: { from: first, to: last, packets: track.samples.length },
    offset: sourceTimeOf(firstAt) - firstAt,
    tolerance: 0,
  };
};
