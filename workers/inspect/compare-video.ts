/** Rules 1, 2 and 5 for the picture: every frame of the window, no other, at its own time, the camera's own bits where they could stay. */
import type { AuditedFrame, AuditJob, FrameOrigin } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import { align, nearest, toleranceOf, type Alignment } from './align.ts';
import type { ClipTrack } from './clip-file.ts';
import type { Findings } from './findings.ts';
import { mayBeEncoded, mayStay, mayTellOfLater, mustStay } from './must-encode.ts';
import type { SourceSample, SourceVideo } from './source-video.ts';
import { frameBelongs, show } from './window.ts';

/** A clip's frame after it was taken apart. */
export interface ClipFrame {
  /** 1-based, in decode order. */
  readonly number: number;
  /** Media time, edit lists ignored. */
  readonly at: Seconds;
  readonly bytes: number;
  readonly hash: string;
  /** Hashes of the picture's units that are long enough to carry a picture. */
  readonly pieces: readonly string[];
  readonly companions: readonly string[];
  readonly shows: number;
  readonly hides: number;
  readonly endsSequence: boolean;
  readonly needsEnd: boolean;
}

export interface VideoVerdict {
  readonly frames: readonly AuditedFrame[];
  readonly offset: Seconds;
  readonly tolerance: Seconds;
}

/** So many frames of the window's beginning may be absent before the clip's first. */
const LATE_FIRSTS = 32;

/**
 * The offset at which the clip's first frame is the window's; where frames need not be there (damage) and the clip's spacing then does not
 * fit, the one that fits most frames. Frames encoded anew have no bytes to go by.
 */
const expectedOffset = (
  frames: readonly ClipFrame[],
  inside: readonly SourceSample[],
  allowed: readonly SourceSample[],
  tolerance: Seconds,
): Seconds => {
  const begins = frames[0]?.at ?? 0;
  const fitting = (offset: Seconds): number =>
    frames.filter(
      ({ at }) => Math.abs((allowed[nearest(allowed, at + offset)]?.at ?? Infinity) - at - offset) <= tolerance,
    ).length;
  let expected = (inside[0]?.at ?? 0) - begins;
  let most = fitting(expected);
  for (const { at } of allowed.slice(0, LATE_FIRSTS)) {
    if (most === frames.length) break;
    const count = fitting(at - begins);
    if (count > most) [expected, most] = [at - begins, count];
  }
  return expected;
};

/** Which source frame a clip's frame is, with what is wrong with its place as findings; null when it is none that may stay. */
const checkPlace = (
  frame: ClipFrame,
  position: number,
  { matches, offset }: Alignment,
  samples: readonly SourceSample[],
  job: AuditJob,
  findings: Findings,
): SourceSample | null => {
  const match = matches[position];
  const sample = samples[match?.index ?? -1];
  const at = frame.at + offset;
  if (sample === undefined) {
    const close = samples[samples.length === 0 ? 0 : nearest(samples, at)];
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
  if (!mayStay(job, sample)) {
    const same = sample.hash !== '' && sample.hash === frame.hash ? ', byte for byte' : '';
    const where = sample.shown ? `outside ${show(job.from)}–${show(job.to)}` : 'which its own edit list hides';
    findings.add(
      'sample-outside-window',
      `Video sample ${frame.number} is the source’s frame of ${show(sample.at)}${same}, ${where}.`,
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

/** A frame that is not its own source frame must not be, or hold, another one either. */
const checkDisguise = (
  frame: ClipFrame,
  own: SourceSample,
  others: ReadonlyMap<string, SourceSample>,
  job: AuditJob,
  findings: Findings,
): void => {
  const other = frame.pieces.map((piece) => others.get(piece)).find((found) => found !== undefined);
  if (other === undefined || other === own) return;
  const rule = frameBelongs(job, other.at) ? 'wrong-timestamp' : 'sample-outside-window';
  findings.add(
    rule,
    `Video sample ${frame.number} stands at ${show(own.at)} and carries the source’s frame of ${show(other.at)}.`,
  );
};

/** One picture for one frame: more would show, or hide, what nobody asked for. */
const checkPictures = (frame: ClipFrame, own: SourceSample, origin: FrameOrigin, findings: Findings): void => {
  const original = origin === 'original';
  if (frame.shows > (original ? Math.max(1, own.shows) : Math.min(2, Math.max(1, own.shows)))) {
    findings.add('frame-extra', `Video sample ${frame.number} at ${show(own.at)} holds ${frame.shows} pictures.`);
  }
  if (frame.shows === 0 && !(original && own.shows === 0)) {
    findings.add('frame-extra', `Video sample ${frame.number} at ${show(own.at)} is a picture that no player shows.`);
  }
  if (frame.hides > 0 && !original) {
    findings.add(
      'frame-extra',
      `Video sample ${frame.number} at ${show(own.at)} was encoded anew and holds a picture that no player shows.`,
    );
  }
};

/** Companions such as parameter sets within the stream may be there only if the source’s frame has them too. */
const checkCompanions = (
  frame: ClipFrame,
  own: SourceSample,
  origin: FrameOrigin,
  allowed: ReadonlySet<string>,
  codec: string,
  findings: Findings,
): void => {
  // An encoder's own AV1 sequence header comes with its key frames and has no id by which others could be told from it.
  const tolerated = origin === 're-encoded' && codec === 'av1';
  if (!tolerated && frame.companions.some((unit) => !own.companions.includes(unit) && !allowed.has(unit))) {
    findings.add(
      'unaccounted-bytes',
      `Video sample ${frame.number} holds a unit that is neither picture nor part of the source’s frame.`,
    );
  }
};

/**
 * A frame's settings come with it, or lie in the clip's header, unless a frame before it has brought others: a camera may send several
 * of one id by turns, and a decoder takes the last.
 */
const checkSettings = (
  frames: readonly ClipFrame[],
  kept: ReadonlyMap<number, SourceSample>,
  settings: ReadonlySet<string>,
  header: ReadonlySet<string>,
  findings: Findings,
): void => {
  let hasOthers = false;
  for (const { number, companions } of frames.toSorted((a, b) => a.number - b.number)) {
    const own = kept.get(number)?.companions ?? [];
    if (own.some((unit) => settings.has(unit) && !companions.includes(unit) && (hasOthers || !header.has(unit)))) {
      findings.add('altered-frame', `Video sample ${number} is without the decoder settings that came with it.`);
    }
    hasOthers ||= companions.some((unit) => !header.has(unit));
  }
};

/** Where a camera's picture that refers to the sequence before it (HEVC CRA) follows a frame encoded anew, that one ends its sequence. */
const checkSeams = (
  frames: readonly ClipFrame[],
  originals: ReadonlyMap<number, SourceSample>,
  findings: Findings,
): void => {
  const decoded = frames.toSorted((a, b) => a.number - b.number);
  decoded.forEach((frame, index) => {
    const before = decoded[index - 1];
    if (!frame.needsEnd || before === undefined || before.endsSequence) return;
    if (originals.has(frame.number) && !originals.has(before.number)) {
      findings.add(
        'not-a-clip',
        `Video sample ${frame.number} begins the camera’s own pictures, and sample ${before.number} does not end the sequence before it.`,
      );
    }
  });
};

/** Which frame each unit is of; units that several frames have, such as tables, tell nothing. */
const piecesOf = (samples: readonly SourceSample[]): ReadonlyMap<string, SourceSample> => {
  const owners = new Map<string, SourceSample | null>();
  for (const sample of samples) {
    for (const piece of sample.pieces) {
      const owner = owners.get(piece);
      owners.set(piece, owner === undefined || owner === sample ? sample : null);
    }
  }
  return new Map([...owners].flatMap(([piece, owner]) => (owner === null ? [] : [[piece, owner] as const])));
};

/** Compares the clip's frames (any order) with the source's. Everything wrong goes into `findings`. */
export const compareVideo = (
  track: ClipTrack,
  clipFrames: readonly ClipFrame[],
  parameterSets: readonly string[],
  source: SourceVideo,
  job: AuditJob,
  findings: Findings,
): VideoVerdict => {
  const frames = clipFrames.toSorted((a, b) => a.at - b.at || a.number - b.number);
  const inside = source.samples.filter((sample) => mustStay(job, sample));
  const tolerance = toleranceOf(1 / track.timescale, source.tick);
  // An edit list can hide a frame at the very time at which it shows another, or the same, elsewhere.
  const shownAt = source.samples.filter(({ shown }) => shown);
  const candidates = source.samples.filter(
    ({ at, shown, duration }) =>
      shown || shownAt.length === 0 || Math.abs((shownAt[nearest(shownAt, at)]?.at ?? Infinity) - at) > duration / 2,
  );
  const allowed = source.samples.filter((sample) => mayStay(job, sample));
  const alignment = align(frames, candidates, expectedOffset(frames, inside, allowed, tolerance), tolerance);
  const others = piecesOf(source.samples);
  const mayEncode = mayBeEncoded(source, track.coding.codec, job);
  const tellsOfLater = mayTellOfLater(source, job);
  const allowedUnits = new Set(parameterSets);
  const claimed = new Set<SourceSample>();
  const originals = new Map<number, SourceSample>();
  const audited: AuditedFrame[] = [];

  frames.forEach((frame, position) => {
    const own = checkPlace(frame, position, alignment, candidates, job, findings);
    if (own === null) return;
    if (claimed.has(own))
      findings.add('frame-extra', `Video sample ${frame.number} repeats the source’s frame of ${show(own.at)}.`);
    claimed.add(own);
    const origin: FrameOrigin = own.hash !== '' && own.hash === frame.hash ? 'original' : 're-encoded';
    if (origin === 'original') originals.set(frame.number, own);
    if (origin === 're-encoded') {
      checkDisguise(frame, own, others, job, findings);
      if (!mayEncode(own)) {
        findings.add(
          'altered-frame',
          `Video sample ${frame.number} at ${show(own.at)} is not the camera’s own and could have stayed so.`,
        );
      }
    }
    if (origin === 'original' && tellsOfLater(own)) {
      findings.add(
        'sample-outside-window',
        `Video sample ${frame.number} at ${show(own.at)} holds a picture that no player shows there, of a moment that may lie after ${show(job.to)}.`,
      );
    }
    if (origin === 'original' && job.mode === 'redacted') {
      findings.add(
        'not-redacted',
        `Video sample ${frame.number} at ${show(own.at)} is the camera’s own frame, which a redacted clip never has.`,
      );
    }
    checkPictures(frame, own, origin, findings);
    checkCompanions(frame, own, origin, allowedUnits, track.coding.codec, findings);
    if (frame.shows > 0) audited.push({ at: own.at, origin, bytes: frame.bytes });
  });
  checkSeams(frames, originals, findings);
  checkSettings(frames, originals, source.settings, allowedUnits, findings);

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
