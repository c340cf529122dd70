/** When was this recording made? Candidates from the container, the name and the file system, and what may be believed of them. */
import type { RecordingTime, TimeCandidate, TimeSource } from '../contracts/library.ts';
import type { EpochMs, Ms, ZoneId } from '../contracts/units.ts';
import { NAME_RULES, type NameRule } from './camera-clocks-rules.ts';
import { fromWallClock, type Readings, readingsOf, wallClockOf, type WrittenTime } from './written-time.ts';

/** Two clocks that differ by no more than this agree; names carry whole seconds. */
export const AGREEMENT_MS: Ms = 2_000;

/** No doorbell camera recorded before this: older times are clocks never set, or 0. */
const EARLIEST_MS: EpochMs = Date.UTC(2000, 0, 1);

export interface FileClues {
  /** The path under the picked folder, or the name alone; `/` or `\` between folders. */
  readonly relativePath: string;
  readonly lastModified: EpochMs;
  /** `creation_time` of the container, as if it were UTC; null when absent. */
  readonly creationMs: EpochMs | null;
  /** A creation time that is local by its format (AVI): `2026-05-11T14:00:00`. */
  readonly creationWallClock?: string | null;
  /** The first frame's instant by the container's own start time (ONVIF `cstb`). */
  readonly startBoxMs?: EpochMs | null;
  readonly durationMs: Ms;
  /** The camera's zone, in which local names are read. Must be known to this browser. */
  readonly zone: ZoneId;
}

const alternatives = (first: Readings | null, second: Readings | null): Readings | null => {
  if (!first || !second) return first ?? second;
  const startsMs = [...new Set([...first.startsMs, ...second.startsMs])].toSorted((a, b) => a - b);
  return { startsMs, skippedMs: first.skippedMs ?? second.skippedMs };
};

const zoneOf = (written: WrittenTime): TimeCandidate['zone'] => {
  if (written.kind === 'local') return 'camera-local';
  return written.kind === 'offset' ? 'offset' : 'utc';
};

const isTooEarly = ({ startsMs, skippedMs }: Readings): boolean =>
  [...startsMs, ...(skippedMs ?? [])].some((at) => at < EARLIEST_MS);

const nameCandidate = (rule: NameRule, path: string, { zone, durationMs }: NameClues): TimeCandidate | null => {
  const text = rule.on === 'path' ? path : path.slice(path.lastIndexOf('/') + 1);
  const match = rule.pattern.exec(text);
  if (!match) return null;
  const { start, orStart, end } = rule.read(match.groups ?? {});
  const evidence = `${match[0].replace(/^[/_]|^ - /, '')} in the ${rule.on}`;
  const common = { source: rule.source, basis: rule.basis, evidence } as const;
  const ends = end && readingsOf(end, zone);
  if (!start && !end) return { ...common, zone: 'camera-local', startsMs: [] };
  if (!start && end) {
    if (!ends || isTooEarly(ends)) return null;
    const startsMs = ends.startsMs.map((at) => at - durationMs);
    return { ...common, zone: zoneOf(end), startsMs, endsMs: ends.startsMs };
  }
  if (!start) return null;
  const readings = alternatives(readingsOf(start, zone), orStart ? readingsOf(orStart, zone) : null);
  if (!readings || isTooEarly(readings)) return null;
  return {
    ...common,
    zone: zoneOf(start),
    startsMs: readings.startsMs,
    ...(ends && { endsMs: ends.startsMs }),
    ...(readings.skippedMs && { skippedMs: readings.skippedMs }),
  };
};

type NameClues = Pick<FileClues, 'zone' | 'durationMs'>;

const nameCandidates = (relativePath: string, clues: NameClues): readonly TimeCandidate[] => {
  const path = relativePath.replaceAll('\\', '/');
  return NAME_RULES.map((rule) => nameCandidate(rule, path, clues)).filter((found) => found !== null);
};

const localCreation = (wallClock: string, zone: ZoneId, evidence: string): readonly TimeCandidate[] => {
  const readings = readingsOf(fromWallClock(wallClock), zone);
  if (!readings || isTooEarly(readings)) return [];
  const { startsMs, skippedMs } = readings;
  const found = {
    source: 'creation-time',
    basis: 'start',
    zone: 'camera-local',
    startsMs,
    wallClock,
    evidence,
  } as const;
  return [skippedMs ? { ...found, skippedMs } : found];
};

/**
 * `creation_time` is UTC and the start by its specification. Cameras are known to write local time into it, and to write the end:
 * so each is a reading of its own, and only the first is believed without a person.
 */
const creationCandidates = ({ creationMs, durationMs, zone }: FileClues): readonly TimeCandidate[] => {
  if (creationMs === null || creationMs < EARLIEST_MS) return [];
  const text = `creation_time ${new Date(creationMs).toISOString()}`;
  const common = { source: 'creation-time', zone: 'utc' } as const;
  const wall = localCreation(wallClockOf(creationMs), zone, `${text}, if it is local time`);
  return [
    { ...common, basis: 'start', startsMs: [creationMs], evidence: text },
    ...(durationMs > AGREEMENT_MS
      ? [
          {
            ...common,
            basis: 'end' as const,
            startsMs: [creationMs - durationMs],
            endsMs: [creationMs],
            evidence: `${text}, if it is the end`,
          },
        ]
      : []),
    ...wall.filter(({ startsMs }) => !startsMs.includes(creationMs - (creationMs % 1_000))),
  ];
};

const fileCandidates = (clues: FileClues): readonly TimeCandidate[] => {
  const { startBoxMs = null, creationWallClock = null, lastModified, durationMs, zone } = clues;
  const found: TimeCandidate[] = [];
  if (startBoxMs !== null && startBoxMs >= EARLIEST_MS) {
    const evidence = `start time ${new Date(startBoxMs).toISOString()} in the file`;
    found.push({ source: 'start-box', basis: 'start', zone: 'utc', startsMs: [startBoxMs], evidence });
  }
  found.push(...creationCandidates(clues));
  if (creationWallClock !== null) {
    found.push(...localCreation(creationWallClock, zone, `digitized ${creationWallClock.replace('T', ' ')}`));
  }
  if (lastModified >= EARLIEST_MS) {
    // A camera touches a file last when it has written its end.
    const evidence = `last modified ${new Date(lastModified).toISOString()}`;
    found.push({ source: 'modified', basis: 'end', zone: 'utc', startsMs: [lastModified - durationMs], evidence });
  }
  return found;
};

/** How far a candidate is to be believed, best first (design: the container's start, epoch or UTC, offset, local start and end, the rest). */
const rank = ({ source, basis, zone, endsMs }: TimeCandidate): number => {
  if (source === 'person') return 0;
  if (source === 'start-box') return 1;
  if (source === 'modified') return 8;
  if (source === 'creation-time') return zone === 'utc' ? (basis === 'start' ? 7 : 7.1) : 7.2;
  if (basis !== 'start') return 6;
  if (zone !== 'camera-local') return zone === 'utc' ? 2 : 3;
  return endsMs ? 4 : 5;
};

const ranked = (candidates: readonly TimeCandidate[]): readonly TimeCandidate[] =>
  candidates.toSorted((a, b) => rank(a) - rank(b));

/** Every candidate for a file, best first. A name may fit more than one rule; a name that fits none contributes nothing. */
export const timeCandidates = (clues: FileClues): readonly TimeCandidate[] =>
  ranked([...nameCandidates(clues.relativePath, clues), ...fileCandidates(clues)]);

const agree = (a: EpochMs, b: EpochMs): boolean => Math.abs(a - b) <= AGREEMENT_MS;

/** Zones lie quarters of an hour apart, from −12 to +14 hours: a difference that only a wrong zone explains. */
const differsByZone = (a: EpochMs, b: EpochMs): boolean => {
  const quarters = Math.round((a - b) / 900_000);
  return quarters !== 0 && Math.abs(quarters) <= 26 * 4 && agree(a - b, quarters * 900_000);
};

const OWN: ReadonlySet<TimeSource> = new Set(['creation-time', 'modified', 'start-box']);
const isName = ({ source }: TimeCandidate): boolean => !OWN.has(source);

/** The starts that fit the end and the duration; all of them where no end is given. */
const fittingStarts = ({ startsMs, endsMs }: TimeCandidate, durationMs: Ms): readonly EpochMs[] =>
  endsMs ? startsMs.filter((start) => endsMs.some((end) => agree(end - start, durationMs))) : startsMs;

/** Clocks independent of the name, as UTC and both as start and as end: cameras and muxers differ in which of the two they write. */
const ownClocks = (all: readonly TimeCandidate[], durationMs: Ms, source: TimeSource): readonly EpochMs[] =>
  all
    .filter((own) => own.source === source && own.zone === 'utc' && own.startsMs.length === 1)
    .flatMap(({ startsMs }) => startsMs.flatMap((at) => (source === 'modified' ? [at, at + durationMs] : [at])));

/** The one start that a candidate gives beyond doubt by itself; null when it leaves any. */
const certainStart = (candidate: TimeCandidate, all: readonly TimeCandidate[], durationMs: Ms): EpochMs | null => {
  const { basis, source, zone, endsMs } = candidate;
  const [start, ...others] = fittingStarts(candidate, durationMs);
  if (basis !== 'start' || start === undefined || others.length > 0) return null;
  if (source === 'start-box') return start;
  if (!isName(candidate)) return null;
  if (zone !== 'camera-local') return start;
  if (!endsMs) return null;
  // The file's own UTC says that the zone is another one than the camera's: whichever of the two is wrong, it is asked about.
  const clocks = ownClocks(all, durationMs, 'creation-time');
  return clocks.some((clock) => differsByZone(clock, start)) && !clocks.some((clock) => agree(clock, start))
    ? null
    : start;
};

/** The start of a doubtful name that an independent clock of the file agrees with. */
const seconded = (candidate: TimeCandidate, all: readonly TimeCandidate[], durationMs: Ms): EpochMs | null => {
  const clocks = [...ownClocks(all, durationMs, 'creation-time'), ...ownClocks(all, durationMs, 'modified')];
  const [start, ...others] = fittingStarts(candidate, durationMs).filter((at) =>
    clocks.some((clock) => agree(at, clock)),
  );
  return start !== undefined && others.length === 0 ? start : null;
};

/**
 * An export or a download stamps both of a file's own times with the same wrong moment. Only when the file was finished one duration
 * after its creation, and that is longer than chance, was it written while the camera filmed.
 */
const writtenWhileFilming = (all: readonly TimeCandidate[], durationMs: Ms): EpochMs | null => {
  if (all.some(({ basis }) => basis === 'saved') || durationMs <= 2 * AGREEMENT_MS) return null;
  const created = all.find(
    ({ source, basis, zone }) => source === 'creation-time' && basis === 'start' && zone === 'utc',
  );
  const [start] = created?.startsMs ?? [];
  const [finished] = all.find(({ source }) => source === 'modified')?.startsMs ?? [];
  return start !== undefined && finished !== undefined && agree(start, finished) ? start : null;
};

const acceptedOf = (
  all: readonly TimeCandidate[],
  durationMs: Ms,
): { readonly startMs: EpochMs; readonly source: TimeSource } | null => {
  const certain = all.flatMap((candidate) => {
    const startMs = certainStart(candidate, all, durationMs);
    return startMs === null ? [] : [{ startMs, candidate }];
  });
  const [best] = certain;
  if (best) {
    // Two that are each beyond doubt and disagree are both in doubt. A camera-local name is no match for an instant.
    const rivals = certain.filter(({ candidate }) => candidate.zone !== 'camera-local');
    return rivals.some(({ startMs }) => !agree(startMs, best.startMs))
      ? null
      : { startMs: best.startMs, source: best.candidate.source };
  }
  // A name that says when outranks the file's own times, even where it leaves doubt.
  const named = all.find((found) => isName(found) && (found.startsMs.length > 0 || found.skippedMs));
  const startMs = named ? seconded(named, all, durationMs) : writtenWhileFilming(all, durationMs);
  return startMs === null ? null : { startMs, source: named?.source ?? 'creation-time' };
};

/**
 * What may be believed: the best candidate that is beyond doubt (the container's own start; an instant, UTC time or time with an offset in
 * the name; local start and end that fit the duration within 2 s) or that a second, independent one confirms within 2 s. Otherwise
 * the best guess, `unconfirmed`, with both readings where the time can be read in two ways or was skipped.
 */
export const decideTime = (candidates: readonly TimeCandidate[], durationMs: Ms): RecordingTime => {
  const all = ranked(candidates);
  const accepted = acceptedOf(all, durationMs);
  if (accepted) return { ...accepted, confidence: 'accepted', candidates: all };
  const best = all.find(({ startsMs, skippedMs }) => startsMs.length > 0 || skippedMs);
  if (!best) return { startMs: null, confidence: 'unconfirmed', source: null, candidates: all };
  const readings = best.startsMs.length > 0 ? best.startsMs : (best.skippedMs ?? []);
  const [startMs = null] = readings;
  const otherStartMs = readings.length > 1 ? readings.at(-1) : undefined;
  return {
    startMs,
    ...(otherStartMs !== undefined && { otherStartMs }),
    confidence: 'unconfirmed',
    source: best.source,
    candidates: all,
  };
};

/** Decides anew after the camera's zone was changed: local times are read again, what is UTC stays. */
export const decideInZone = (
  recording: { readonly relativePath: string; readonly durationMs: Ms; readonly time: RecordingTime },
  zone: ZoneId,
): RecordingTime => {
  const { relativePath, durationMs, time } = recording;
  const own = (source: TimeSource): TimeCandidate | undefined =>
    time.candidates.find((found) => found.source === source && found.basis !== 'end' && found.zone === 'utc');
  const creationMs = own('creation-time')?.startsMs[0] ?? null;
  const [modified] = time.candidates.find(({ source }) => source === 'modified')?.startsMs ?? [];
  const wallClock = time.candidates.find((found) => found.wallClock !== undefined)?.wallClock ?? null;
  return decideTime(
    timeCandidates({
      relativePath,
      durationMs,
      zone,
      creationMs,
      creationWallClock: creationMs === null ? wallClock : null,
      startBoxMs: own('start-box')?.startsMs[0] ?? null,
      lastModified: modified === undefined ? 0 : modified + durationMs,
    }),
    durationMs,
  );
};
