/** What one confirmed start means for the other recordings of the same camera and rule. */
import type { Recording, RecordingTime } from '../../contracts/library.ts';
import type { EpochMs, Ms } from '../../contracts/units.ts';

export const confirmedAt = (time: RecordingTime, startMs: EpochMs): RecordingTime => ({
  startMs,
  confidence: 'confirmed',
  source: 'person',
  candidates: time.candidates,
});

/** By how much the person moved the recording from the nearest reading of its rule; null when the rule gave none. */
const correction = ({ startMs, otherStartMs }: RecordingTime, confirmed: EpochMs): Ms | null => {
  if (startMs === null) return null;
  const shifts = [startMs, ...(otherStartMs === undefined ? [] : [otherStartMs])].map((reading) => confirmed - reading);
  return shifts.reduce((least, shift) => (Math.abs(shift) < Math.abs(least) ? shift : least));
};

/**
 * Confirms every other unconfirmed recording of the same camera and rule at its own reading, moved by the same correction. One with two
 * readings is left to be asked about.
 */
export const sameRuleConfirmed = (
  confirmed: Recording,
  startMs: EpochMs,
  all: readonly Recording[],
): readonly Recording[] => {
  const shift = correction(confirmed.time, startMs);
  if (shift === null || confirmed.time.source === null || confirmed.time.source === 'person') return [];
  return all.flatMap((other) => {
    const { startMs: own, otherStartMs, confidence, source } = other.time;
    const same = other.id !== confirmed.id && other.cameraId === confirmed.cameraId && source === confirmed.time.source;
    if (!same || confidence !== 'unconfirmed' || own === null || otherStartMs !== undefined) return [];
    return [{ ...other, time: confirmedAt(other.time, own + shift) }];
  });
};
