/** Which doubtful clocks are still to be asked about: one question for each camera and naming rule, however many recordings wait for it. */
import type { Camera, Recording, TimeSource } from '../contracts/library.ts';

export interface ClockQuestion {
  readonly camera: Camera;
  readonly source: TimeSource;
  /** The recordings that one answer settles. */
  readonly recordings: number;
  /** The one to look at: the newest, since it is remembered best. */
  readonly example: Recording;
}

/**
 * By camera, those with the most recordings first. Not asked: what was answered before, what no rule found a time for, and times that
 * can be read in two ways, which no answer for others settles.
 */
export const clockQuestions = (
  cameras: readonly Camera[],
  recordings: readonly Recording[],
): readonly ClockQuestion[] =>
  cameras.flatMap((camera) => {
    const waiting = recordings.filter(
      ({ cameraId, time }) =>
        cameraId === camera.id &&
        time.confidence === 'unconfirmed' &&
        time.otherStartMs === undefined &&
        time.source !== null &&
        camera.confirmedRules?.[time.source] === undefined,
    );
    return [...Map.groupBy(waiting, ({ time }) => time.source)]
      .flatMap(([source, own]) => {
        const [example] = own.toSorted((a, b) => (b.time.startMs ?? 0) - (a.time.startMs ?? 0));
        return source !== null && example ? [{ camera, source, recordings: own.length, example }] : [];
      })
      .toSorted((a, b) => b.recordings - a.recordings);
  });
