/** When was this recording made? Candidates from the name, the container and the file system, and what may be believed of them. */
import type { RecordingTime, TimeCandidate } from '../contracts/library.ts';
import type { EpochMs, Ms, ZoneId } from '../contracts/units.ts';
import { NAME_RULES, type NameRule, type WrittenTime } from './camera-clocks-rules.ts';
import { asUtc, resolveLocal } from './local-time.ts';

/** Two clocks that differ by no more than this agree; names carry whole seconds. */
export const AGREEMENT_MS: Ms = 2_000;

/** No doorbell camera recorded before this: older times are clocks never set, or 0. */
const EARLIEST_MS: EpochMs = Date.UTC(2000, 0, 1);

export interface FileClues {
  /** The path under the picked folder, or the name alone; `/` or `\` between folders. */
  readonly relativePath: string;
  readonly lastModified: EpochMs;
  /** `creation_time` of the container; null when absent. */
  readonly creationMs: EpochMs | null;
  readonly durationMs: Ms;
  /** The camera's zone, in which local names are read. Must be known to this browser. */
  readonly zone: ZoneId;
}

interface Readings {
  readonly startsMs: readonly EpochMs[];
  readonly skippedMs: readonly [EpochMs, EpochMs] | null;
}

/** Null for a date that is in no calendar. */
const readingsOf = (written: WrittenTime, zone: ZoneId): Readings | null => {
  switch (written.kind) {
    case 'instant':
      return { startsMs: [written.at], skippedMs: null };
    case 'utc': {
      const at = asUtc(written.at);
      return at === null ? null : { startsMs: [at], skippedMs: null };
    }
    case 'local': {
      const resolved = resolveLocal(written.at, zone);
      return resolved && { startsMs: resolved.instants, skippedMs: resolved.skipped };
    }
  }
};

const nameCandidate = (rule: NameRule, path: string, zone: ZoneId): TimeCandidate | null => {
  const text = rule.on === 'path' ? path : path.slice(path.lastIndexOf('/') + 1);
  const match = rule.pattern.exec(text);
  if (!match) return null;
  const { start, end } = rule.read(match.groups ?? {});
  const common = { source: rule.source, basis: rule.basis, evidence: `${match[0]} in the ${rule.on}` } as const;
  if (!start) return { ...common, zone: 'camera-local', startsMs: [] };
  const readings = readingsOf(start, zone);
  if (!readings || readings.startsMs.concat(readings.skippedMs ?? []).some((at) => at < EARLIEST_MS)) return null;
  const ends = end && readingsOf(end, zone)?.startsMs;
  return {
    ...common,
    zone: start.kind === 'local' ? 'camera-local' : 'utc',
    startsMs: readings.startsMs,
    ...(ends && { endsMs: ends }),
    ...(readings.skippedMs && { skippedMs: readings.skippedMs }),
  };
};

const fileCandidates = ({ creationMs, lastModified, durationMs }: FileClues): readonly TimeCandidate[] => {
  const found: TimeCandidate[] = [];
  if (creationMs !== null && creationMs >= EARLIEST_MS) {
    const evidence = `creation_time ${new Date(creationMs).toISOString()}`;
    found.push({ source: 'creation-time', basis: 'start', zone: 'utc', startsMs: [creationMs], evidence });
  }
  if (lastModified >= EARLIEST_MS) {
    // A camera touches a file last when it has written its end.
    const evidence = `last modified ${new Date(lastModified).toISOString()}`;
    found.push({ source: 'modified', basis: 'end', zone: 'utc', startsMs: [lastModified - durationMs], evidence });
  }
  return found;
};

/** How far a candidate is to be believed, best first: an instant or a UTC time, local start–end, local start, container, file system. */
const rank = (candidate: TimeCandidate): number => {
  if (candidate.source === 'person') return 0;
  if (candidate.source === 'modified') return 6;
  if (candidate.source === 'creation-time') return 5;
  if (candidate.basis !== 'start') return 4;
  if (candidate.zone !== 'camera-local') return 1;
  return candidate.endsMs ? 2 : 3;
};

const nameCandidates = (relativePath: string, zone: ZoneId): readonly TimeCandidate[] => {
  const path = relativePath.replaceAll('\\', '/');
  return NAME_RULES.map((rule) => nameCandidate(rule, path, zone)).filter((found) => found !== null);
};

/** Every candidate for a file, best first. A name may fit more than one rule; a name that fits none contributes nothing. */
export const timeCandidates = (clues: FileClues): readonly TimeCandidate[] =>
  [...nameCandidates(clues.relativePath, clues.zone), ...fileCandidates(clues)].toSorted((a, b) => rank(a) - rank(b));

const agree = (a: EpochMs, b: EpochMs): boolean => Math.abs(a - b) <= AGREEMENT_MS;

/** The starts that fit the end and the duration; all of them where no end is given. */
const fittingStarts = ({ startsMs, endsMs }: TimeCandidate, durationMs: Ms): readonly EpochMs[] =>
  endsMs ? startsMs.filter((start) => endsMs.some((end) => agree(end - start, durationMs))) : startsMs;

const isName = ({ source }: TimeCandidate): boolean => source !== 'creation-time' && source !== 'modified';

/** What the file itself says, read as a start and as an end: cameras and muxers differ in which of the two they write. */
const fileStarts = ({ source, startsMs }: TimeCandidate, durationMs: Ms): readonly EpochMs[] =>
  startsMs.flatMap((at) => (source === 'modified' ? [at, at + durationMs] : [at, at - durationMs]));

const acceptedStart = (candidate: TimeCandidate, all: readonly TimeCandidate[], durationMs: Ms): EpochMs | null => {
  const starts = fittingStarts(candidate, durationMs);
  const [start] = starts;
  const alone =
    candidate.basis === 'start' &&
    isName(candidate) &&
    (candidate.zone !== 'camera-local' || candidate.endsMs !== undefined);
  if (alone && starts.length === 1 && start !== undefined) return start;
  if (isName(candidate)) {
    const clocks = all.filter((other) => !isName(other)).flatMap((other) => fileStarts(other, durationMs));
    const confirmed = starts.filter((at) => clocks.some((clock) => agree(at, clock)));
    return confirmed.length === 1 ? (confirmed[0] ?? null) : null;
  }
  // An export or a download stamps both of a file's own times with the same wrong moment. Only when the file was finished one
  // duration after its creation, and that is longer than chance, was it written while the camera filmed.
  if (
    candidate.source !== 'creation-time' ||
    all.some(({ basis }) => basis === 'saved') ||
    durationMs <= 2 * AGREEMENT_MS
  )
    return null;
  const modified = all.find(({ source }) => source === 'modified')?.startsMs[0];
  return start !== undefined && modified !== undefined && agree(start, modified) ? start : null;
};

/**
 * What may be believed: the best candidate that is beyond doubt (an instant or UTC time in the name; local start and end that fit the
 * duration within 2 s) or that a second, independent one confirms within 2 s. Otherwise the best guess, `unconfirmed`, with both
 * readings where a clock change made it ambiguous or skipped it.
 */
export const decideTime = (candidates: readonly TimeCandidate[], durationMs: Ms): RecordingTime => {
  const ranked = candidates.toSorted((a, b) => rank(a) - rank(b));
  for (const candidate of ranked) {
    const startMs = acceptedStart(candidate, ranked, durationMs);
    if (startMs !== null) return { startMs, confidence: 'accepted', source: candidate.source, candidates: ranked };
    // A name that says when outranks the file's own times, even where it leaves doubt.
    if (isName(candidate) && (candidate.startsMs.length > 0 || candidate.skippedMs)) break;
  }
  const best = ranked.find(({ startsMs, skippedMs }) => startsMs.length > 0 || skippedMs);
  if (!best) return { startMs: null, confidence: 'unconfirmed', source: null, candidates: ranked };
  const [startMs = null, otherStartMs] = best.startsMs.length > 0 ? best.startsMs : (best.skippedMs ?? []);
  return {
    startMs,
    ...(otherStartMs !== undefined && { otherStartMs }),
    confidence: 'unconfirmed',
    source: best.source,
    candidates: ranked,
  };
};

/** Decides anew after the camera's zone was changed: local names are read again, what the file itself says stays. */
export const decideInZone = (
  recording: { readonly relativePath: string; readonly durationMs: Ms; readonly time: RecordingTime },
  zone: ZoneId,
): RecordingTime => {
  const own = recording.time.candidates.filter((candidate) => !isName(candidate));
  return decideTime([...nameCandidates(recording.relativePath, zone), ...own], recording.durationMs);
};
