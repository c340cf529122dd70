/** Rules 1, 2 and 5 for the picture: every frame of the window, no other, at its own time, the camera's own bits where they could stay. */
import type { AuditedFrame, AuditJob, FrameOrigin } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import { align, nearest, toleranceOf, type Alignment } from './align.ts';
import type { ClipTrack } from './clip-track.ts';
import type { Findings } from './findings.ts';
import type { SourceSample, SourceTrack } from './source-tracks.ts';
import { frameBelongs, show } from './window.ts';

/** A clip's frame after it was taken apart. */
export interface ClipFrame {
  /** 1-based, in decode order. */
  readonly number: number;
  /** Media time, edit lists ignored. */
  readonly at: Seconds;
  readonly bytes: number;
  readonly hash: string;
  readonly companions: readonly string[];
}

export interface VideoVerdict {
  readonly frames: readonly AuditedFrame[];
  readonly offset: Seconds;
  readonly tolerance: Seconds;
}

/**
 * Which frames an exact cut has to encode anew: those shown before the window's first IDR, and those that decode order puts behind a
 * frame from after the window or after the end of the source's own edit list. Where the codec changed, or there is no IDR, all of them.
 */
const needsEncoding = (source: SourceTrack, clipCodec: string, job: AuditJob): ((sample: SourceSample) => boolean) => {
  if (source.codec !== clipCodec || job.mode === 'redacted') return () => true;
  if (job.mode === 'original') return () => false;
  const firstClean = source.samples.find((sample) => sample.cleanStart && frameBelongs(job, sample.at));
  if (firstClean === undefined) return () => true;
  const isLater = ({ at, decodeIndex }: SourceSample): boolean =>
    decodeIndex > firstClean.decodeIndex &&
    at > firstClean.at &&
    (!frameBelongs(job, at) || at >= source.shownUntil - source.tick);
  const later = source.samples.filter(isLater);
  const firstLater = later.reduce((least, sample) => Math.min(least, sample.decodeIndex), Infinity);
  return (sample) => sample.at < firstClean.at || sample.decodeIndex > firstLater;
};

/** Whether a source frame may be in the clip: in the window, and not behind the end of the source's own edit list. */
const mayStay = (source: SourceTrack, job: AuditJob, { at }: SourceSample): boolean =>
  frameBelongs(job, at) && at <= source.shownUntil + source.tick;

/** Whether it must be: a frame within a tick of the edit list's end is shown or not as the player rounds. */
const mustStay = (source: SourceTrack, job: AuditJob, { at }: SourceSample): boolean =>
  frameBelongs(job, at) && at < source.shownUntil - source.tick;

const expectedOffset = (frames: readonly ClipFrame[], inside: readonly SourceSample[]): Seconds =>
  (inside[0]?.at ?? 0) - (frames[0]?.at ?? 0);

/** What is wrong with one frame's place, as a finding; null when nothing is. */
const checkPlace = (
  frame: ClipFrame,
  position: number,
  { matches, offset }: Alignment,
  source: SourceTrack,
  job: AuditJob,
  findings: Findings,
): SourceSample | null => {
  const match = matches[position];
  const sample = source.samples[match?.index ?? -1];
  const at = frame.at + offset;
  if (sample === undefined) {
    const close = source.samples[source.samples.length === 0 ? 0 : nearest(source.samples, at)];
    const half = (close?.duration ?? 0) / 2;
    if (!frameBelongs(job, at)) {
      findings.add(
        'sample-outside-window',
        `Video sample ${frame.number} lies at ${show(at)}, outside ${show(job.from)}–${show(job.to)}.`,
      );
    } else if (close !== undefined && Math.abs(close.at - at) <= half) {
      findings.add(
        'wrong-timestamp',
        `Video sample ${frame.number} lies at ${show(at)}; the source’s frame is at ${show(close.at)}.`,
      );
      return close;
    } else {
      findings.add('frame-extra', `Video sample ${frame.number} at ${show(at)} is no frame of the source.`);
    }
    return null;
  }
  if (!mayStay(source, job, sample)) {
    const same = sample.hash !== '' && sample.hash === frame.hash ? ', byte for byte' : '';
    findings.add(
      'sample-outside-window',
      `Video sample ${frame.number} is the source’s frame of ${show(sample.at)}${same}, outside ${show(job.from)}–${show(job.to)}.`,
    );
    return null;
  }
  if (match?.by === 'bytes') {
    findings.add(
      'wrong-timestamp',
      `Video sample ${frame.number} lies at ${show(at)} and is the source’s frame of ${show(sample.at)}.`,
    );
  }
  return sample;
};

/** A frame that is not its own source frame must not be another one either. */
const checkDisguise = (
  frame: ClipFrame,
  own: SourceSample,
  others: ReadonlyMap<string, SourceSample>,
  job: AuditJob,
  findings: Findings,
): void => {
  const other = others.get(frame.hash);
  if (other === undefined) return;
  const rule = frameBelongs(job, other.at) ? 'wrong-timestamp' : 'sample-outside-window';
  findings.add(
    rule,
    `Video sample ${frame.number} stands at ${show(own.at)} and carries the source’s frame of ${show(other.at)}.`,
  );
};

/** Companions such as parameter sets within the stream may be there only if the source’s frame has them too. */
const checkCompanions = (
  frame: ClipFrame,
  own: SourceSample,
  allowed: ReadonlySet<string>,
  findings: Findings,
): void => {
  if (frame.companions.some((unit) => !own.companions.includes(unit) && !allowed.has(unit))) {
    findings.add(
      'unaccounted-bytes',
      `Video sample ${frame.number} holds a unit that is neither picture nor part of the source’s frame.`,
    );
  }
};

/** Compares the clip's frames (any order) with the source's. Everything wrong goes into `findings`. */
export const compareVideo = (
  track: ClipTrack,
  clipFrames: readonly ClipFrame[],
  parameterSets: readonly string[],
  source: SourceTrack,
  job: AuditJob,
  findings: Findings,
): VideoVerdict => {
  const frames = clipFrames.toSorted((a, b) => a.at - b.at);
  const inside = source.samples.filter((sample) => mustStay(source, job, sample));
  const tolerance = toleranceOf(1 / track.timescale, source.tick);
  const alignment = align(frames, source.samples, expectedOffset(frames, inside), tolerance);
  const byHash = new Map(source.samples.filter(({ hash }) => hash !== '').map((sample) => [sample.hash, sample]));
  const mayEncode = needsEncoding(source, track.coding.codec, job);
  const allowedUnits = new Set(parameterSets);
  const claimed = new Set<SourceSample>();
  const audited: AuditedFrame[] = [];

  frames.forEach((frame, position) => {
    const own = checkPlace(frame, position, alignment, source, job, findings);
    if (own === null) return;
    if (claimed.has(own))
      findings.add('frame-extra', `Video sample ${frame.number} repeats the source’s frame of ${show(own.at)}.`);
    claimed.add(own);
    const origin: FrameOrigin = own.hash !== '' && own.hash === frame.hash ? 'original' : 're-encoded';
    if (origin === 're-encoded') {
      checkDisguise(frame, own, byHash, job, findings);
      if (!mayEncode(own)) {
        findings.add(
          'altered-frame',
          `Video sample ${frame.number} at ${show(own.at)} is not the camera’s own and could have stayed so.`,
        );
      }
    }
    if (origin === 'original' && job.mode === 'redacted') {
      findings.add(
        'not-redacted',
        `Video sample ${frame.number} at ${show(own.at)} is the camera’s own frame, which a redacted clip never has.`,
      );
    }
    checkCompanions(frame, own, allowedUnits, findings);
    audited.push({ at: own.at, origin, bytes: frame.bytes });
  });

  const first = inside.findIndex((sample) => claimed.has(sample));
  const last = inside.findLastIndex((sample) => claimed.has(sample));
  inside.forEach((sample, index) => {
    const atAnEnd = job.mode === 'original' && (index < first || index > last);
    if (!claimed.has(sample) && !atAnEnd)
      findings.add(
        'frame-missing',
        `The source’s frame of ${show(sample.at)} belongs to the window and is not in the clip.`,
      );
  });

  const known = new Set([...source.configuration, ...source.samples.flatMap((sample) => sample.companions)]);
  if (audited.every(({ origin }) => origin === 'original') && parameterSets.some((set) => !known.has(set))) {
    findings.add(
      'unaccounted-bytes',
      'The clip carries decoder settings that are not the camera’s, and no frame that needs them.',
    );
  }
  return { frames: audited, offset: alignment.offset, tolerance };
};
