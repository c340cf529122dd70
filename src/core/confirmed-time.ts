/** What one confirmed start means for other recordings of the same camera and rule: asked once, applied to all, also to those still to come. */
import {
  type Camera,
  type ConfirmedRule,
  type RecordingTime,
  type TimeCandidate,
  timeRuleKey,
} from '../contracts/library.ts';
import type { EpochMs, Ms } from '../contracts/units.ts';
import { AGREEMENT_MS } from './camera-clocks.ts';

export const confirmedAt = (time: RecordingTime, startMs: EpochMs): RecordingTime => ({
  startMs,
  confidence: 'confirmed',
  source: 'person',
  candidates: time.candidates,
});

/** By how much the person moved the nearest reading of a candidate; null when it has none. */
const correction = ({ startsMs, skippedMs }: TimeCandidate, confirmed: EpochMs): Ms | null =>
  [...startsMs, ...(skippedMs ?? [])]
    .map((reading) => confirmed - reading)
    .reduce<Ms | null>((least, shift) => (least === null || Math.abs(shift) < Math.abs(least) ? shift : least), null);

/**
 * The answer that a confirmed start gives for its rule: the reading it agrees with, and by how much that is off. The rule that was asked
 * about when it agrees; else the nearest of all readings, as when a camera writes the end into `creation_time`. The file system's
 * date, which any copy changes, only where it was what was asked about. Null when nothing was read at all.
 */
export const ruleConfirmedBy = (time: RecordingTime, confirmed: EpochMs): ConfirmedRule | null => {
  const answers = time.candidates.flatMap((candidate) => {
    const correctionMs = correction(candidate, confirmed);
    const asked = candidate.source === time.source;
    if (correctionMs === null || (candidate.source === 'modified' && !asked)) return [];
    const agrees = asked && Math.abs(correctionMs) <= AGREEMENT_MS;
    return [{ reading: timeRuleKey(candidate), correctionMs, distance: agrees ? -1 : Math.abs(correctionMs) }];
  });
  const [best] = answers.toSorted((a, b) => a.distance - b.distance);
  return best ? { reading: best.reading, correctionMs: best.correctionMs } : null;
};

/**
 * An unconfirmed time, confirmed by the answer given for its rule; null when it must still be asked about: another rule, a reading this
 * recording lacks, or one that could be read in two ways.
 */
export const confirmedByRule = (
  time: RecordingTime,
  { reading, correctionMs }: ConfirmedRule,
): RecordingTime | null => {
  if (time.confidence !== 'unconfirmed' || time.otherStartMs !== undefined) return null;
  const found = time.candidates.filter((candidate) => timeRuleKey(candidate) === reading);
  const [start, ...others] = found.flatMap(({ startsMs }) => startsMs);
  return start === undefined || others.length > 0 ? null : confirmedAt(time, start + correctionMs);
};

/** The time of a new recording in the light of what was confirmed for its camera before. */
export const withConfirmedRules = (time: RecordingTime, { confirmedRules }: Camera): RecordingTime => {
  const rule = time.source === null ? undefined : confirmedRules?.[time.source];
  return (rule && rule !== 'ask-each' && confirmedByRule(time, rule)) || time;
};
